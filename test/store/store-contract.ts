/** What every store must do, whatever engine is behind it. A new engine runs this suite and nothing else is asked of it. */
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/event/event.js';
import type { Dimension } from '../../src/report/report.js';
import type { ReportAnswer, ReportQuestion } from '../../src/store/report-question.js';
import type { Store } from '../../src/store/store.js';
import { checkpointAt, click, conversion, micros, refund, segmentOf } from '../support/events.js';
import { EVERYTHING } from '../support/questions.js';
import { examineContract } from './examine-contract.js';
import { filterContract } from './filter-contract.js';
import { latestEventsContract } from './latest-events-contract.js';

export interface StoreHandles {
  readonly store: Store;
  readonly reopen: () => Store;
}

/** `open` gives a store that holds nothing; `reopen` another handle on the same data, as another process would have. */
export function storeContract(engine: string, open: () => StoreHandles): void {
  filterContract(engine, open);
  latestEventsContract(engine, open);
  examineContract(engine, open);

  async function filled(...events: Event[]): Promise<Store> {
    const { store } = open();
    await store.commit([segmentOf(events)]);
    return store;
  }

  async function ask(store: Store, more: Partial<ReportQuestion> = {}): Promise<ReportAnswer> {
    return store.report({ ...EVERYTHING, ...more });
  }

  /** Key → clicks, conversions, refunds, cents. */
  function figures(rows: ReportAnswer['campaigns'] | undefined): Record<string, readonly number[]> {
    return Object.fromEntries(
      (rows ?? []).map((row) => [
        row.key ?? 'null',
        [row.clicks, row.conversions, row.refunds, Number(row.revenueMicros / 10_000n)],
      ]),
    );
  }

  async function breakdown(
    store: Store,
    dimension: Dimension,
    more: Partial<ReportQuestion> = {},
  ): Promise<unknown> {
    return figures((await ask(store, { breakdowns: [dimension], ...more })).breakdowns.get(dimension));
  }

  describe(`a ${engine} store`, () => {
    it('counts clicks, conversions, refunds, money and users per campaign and in total', async () => {
      const store = await filled(
        click('u1', 'a', '2026-06-01T10:00:00Z'),
        click('u2', 'a', '2026-06-01T11:00:00Z'),
        click('u1', 'b', '2026-06-01T12:00:00Z'),
        conversion('u1', 1999, '2026-06-02T10:00:00Z', { campaign_id: 'a', order_id: 'o1' }),
        refund('u1', 500, '2026-06-03T10:00:00Z', { order_id: 'o1' }),
      );
      const answer = await ask(store);
      expect(figures(answer.campaigns)).toEqual({ a: [2, 1, 1, 1499], b: [1, 0, 0, 0] });
      expect(answer.totals).toEqual({
        clicks: 3,
        conversions: 1,
        refunds: 1,
        revenueMicros: 14_990_000n,
        revenueConversions: 1,
        uniqueUsers: 2,
        firstEventMicros: micros('2026-06-01T10:00:00Z'),
        lastEventMicros: micros('2026-06-03T10:00:00Z'),
      });
    });

    it('keeps money exact where a float would not', async () => {
      const large = 9_000_000_000_000_000_001n; // micros, far past 2^53
      const events = [1, 2, 3].map((n) =>
        conversion('u', 0, '2026-06-01T00:00:00Z', {
          campaign_id: 'a',
          amountMicros: large,
          order_id: `o${n}`,
        }),
      );
      expect((await ask(await filled(...events))).totals.revenueMicros).toBe(27_000_000_000_000_000_003n);
    });

    it('gives back names as they are: hostile, empty of meaning, long, with NUL in them', async () => {
      const names = [
        '__proto__',
        'constructor',
        "'; DROP TABLE x; --",
        'a\0b',
        '\u202eabc',
        'é',
        'x'.repeat(65_536),
        '=1+1',
      ];
      const store = await filled(...names.map((name) => click('u', name, '2026-06-01T00:00:00Z')));
      const keys = (await ask(store)).campaigns.map(({ key }) => key);
      expect(new Set(keys)).toEqual(new Set(names));
    });

    it('counts an event once by its event_id or by its order, in one commit or in several', async () => {
      const { store } = open();
      const events = [
        click('u1', 'a', '2026-06-01T00:00:00Z', { event_id: 'e1' }),
        click('u1', 'a', '2026-06-01T00:00:00Z', { event_id: 'e1' }),
        conversion('u1', 100, '2026-06-01T00:00:01Z', { campaign_id: 'a', order_id: 'o1', event_id: 'e2' }),
        conversion('u1', 100, '2026-06-01T00:00:01Z', { campaign_id: 'a', order_id: 'o1', event_id: 'e3' }),
        refund('u1', 40, '2026-06-01T00:00:02Z', { order_id: 'o1' }),
      ];
      expect(await store.commit([segmentOf(events)])).toEqual({ kind: 'committed', duplicates: [[[1, 3]]] });
      expect(await store.commit([segmentOf(events)])).toEqual({
        kind: 'committed',
        duplicates: [[[0, 1, 2, 3, 4]]],
      });
      expect(figures((await ask(store)).campaigns)).toEqual({ a: [1, 1, 1, 60] });
    });

    it('keeps the earlier of two events that claim the same order, in whichever order they come', async () => {
      const early = conversion('u1', 100, '2026-06-01T00:00:00Z', { campaign_id: 'a', order_id: 'o1' });
      const late = conversion('u1', 300, '2026-06-02T00:00:00Z', { campaign_id: 'b', order_id: 'o1' });
      for (const order of [
        [early, late],
        [late, early],
      ]) {
        const { store } = open();
        for (const event of order) await store.commit([segmentOf([event])]);
        expect(figures((await ask(store)).campaigns)).toEqual({ a: [0, 1, 0, 100] });
        expect(figures((await ask(await filled(...order))).campaigns)).toEqual({ a: [0, 1, 0, 100] });
      }
    });

    it('credits a conversion to the last click of its user in the campaign, at or before it, within 30 days', async () => {
      const store = await filled(
        click('u1', 'a', '2026-06-01T00:00:00Z', { source: 'google' }),
        click('u1', 'a', '2026-06-02T00:00:00Z', { source: 'bing' }),
        click('u1', 'b', '2026-06-03T00:00:00Z', { source: 'tiktok' }),
        conversion('u1', 100, '2026-06-02T00:00:00Z', { campaign_id: 'a' }), // at the very moment: bing
        conversion('u1', 200, '2026-07-02T00:00:00Z', { campaign_id: 'a' }), // exactly 30 days later: bing
        conversion('u1', 400, '2026-07-02T00:00:01Z', { campaign_id: 'a' }), // a second more: nobody
        conversion('u1', 800, '2026-06-01T12:00:00Z', { campaign_id: 'a' }), // between them: google
        conversion('u2', 1600, '2026-06-05T00:00:00Z', { campaign_id: 'a' }), // never clicked
      );
      const expected = { google: [1, 1, 0, 800], bing: [1, 2, 0, 300], null: [0, 2, 0, 2000] };
      expect(await breakdown(store, 'source', { campaignId: 'a' })).toEqual(expected);
      expect(await breakdown(store, 'source')).toEqual({ ...expected, tiktok: [1, 0, 0, 0] });
    });

    it('gives a conversion without a campaign to that of its user’s last click, and looks back beyond the period', async () => {
      const store = await filled(
        click('u1', 'a', '2026-06-01T00:00:00Z', { source: 'google' }),
        click('u1', 'b', '2026-06-02T00:00:00Z', { source: 'bing' }),
        conversion('u1', 100, '2026-06-20T00:00:00Z'),
        conversion('u1', 200, '2026-08-20T00:00:00Z'),
        conversion('u2', 400, '2026-06-20T00:00:00Z'),
      );
      expect(figures((await ask(store)).campaigns)).toEqual({
        a: [1, 0, 0, 0],
        b: [1, 1, 0, 100],
        null: [0, 2, 0, 600],
      });
      const period = {
        sinceMicros: micros('2026-06-20T00:00:00Z'),
        untilMicros: micros('2026-06-21T00:00:00Z'),
      };
      expect(figures((await ask(store, period)).campaigns)).toEqual({
        b: [0, 1, 0, 100],
        null: [0, 1, 0, 400],
      });
    });

    it('lets a refund follow the conversion of its order, also one that comes first', async () => {
      const { store } = open();
      await store.commit([
        segmentOf([refund('u1', 30, '2026-06-09T00:00:00Z', { order_id: 'o1', campaign_id: 'wrong' })]),
      ]);
      await store.commit([
        segmentOf([
          click('u1', 'a', '2026-06-01T00:00:00Z', { source: 'google' }),
          conversion('u1', 100, '2026-06-02T00:00:00Z', { order_id: 'o1', product: 'hat' }),
          refund('u1', 5, '2026-06-09T00:00:00Z', { order_id: 'never-bought', campaign_id: 'a' }),
        ]),
      ]);
      expect(figures((await ask(store)).campaigns)).toEqual({ a: [1, 1, 2, 65] });
      expect(await breakdown(store, 'product', { campaignId: 'a' })).toEqual({
        hat: [0, 1, 1, 70],
        null: [0, 0, 1, -5],
      });
      expect(await breakdown(store, 'source', { campaignId: 'a' })).toEqual({
        google: [1, 1, 1, 70],
        null: [0, 0, 1, -5],
      });
    });

    it('answers the same whatever the order of arrival', async () => {
      const events = Array.from({ length: 60 }, (_, i) => {
        const time = new Date(Date.UTC(2026, 5, 1) + ((i * 37) % 60) * 3_600_000).toISOString();
        const user = `u${i % 7}`;
        if (i % 3 === 0)
          return conversion(user, 100 + i, time, { order_id: `o${i % 12}`, product: `p${i % 2}` });
        if (i % 11 === 0) return refund(user, i, time, { order_id: `o${i % 12}` });
        return click(user, `c${i % 4}`, time, { source: `s${i % 5}`, event_id: `e${i % 50}` });
      });
      const shuffled = events.map((_, i) => events[(i * 23 + 5) % 60]).filter((event) => event !== undefined);
      const question = { breakdowns: ['source', 'product', 'day', 'hour'] as const };
      expect(shuffled).toHaveLength(60);
      expect(await ask(await filled(...shuffled), question)).toEqual(
        await ask(await filled(...events), question),
      );
    });

    it('takes since as inclusive and until as exclusive', async () => {
      const times = ['2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z', '2026-06-03T00:00:00Z'];
      const store = await filled(...times.map((time) => click('u', 'a', time)));
      const { totals } = await ask(store, {
        sinceMicros: micros('2026-06-01T00:00:00Z'),
        untilMicros: micros('2026-06-03T00:00:00Z'),
      });
      expect(totals.clicks).toBe(2);
    });

    it('cuts days and hours where the zone does, daylight saving included', async () => {
      // In Berlin 2026-10-25 has 25 hours: 02:00 comes twice, first at +02:00, then at +01:00.
      const store = await filled(
        click('u', 'a', '2026-10-24T21:59:59Z'),
        click('u', 'a', '2026-10-24T22:00:00Z'),
        click('u', 'a', '2026-10-25T00:30:00Z'),
        click('u', 'a', '2026-10-25T01:30:00Z'),
        click('u', 'a', '2026-10-25T22:59:59Z'),
        click('u', 'a', '2026-10-25T23:00:00Z'),
      );
      const berlin = { timeZone: 'Europe/Berlin' };
      expect(await breakdown(store, 'day', berlin)).toEqual({
        '2026-10-24': [1, 0, 0, 0],
        '2026-10-25': [4, 0, 0, 0],
        '2026-10-26': [1, 0, 0, 0],
      });
      expect(await breakdown(store, 'hour', berlin)).toMatchObject({
        '2026-10-25T02:00:00+02:00': [1, 0, 0, 0],
        '2026-10-25T02:00:00+01:00': [1, 0, 0, 0],
      });
      const { timeline } = await ask(store, berlin);
      expect(timeline?.interval).toBe('hour');
      expect(
        timeline?.points.map(({ startMicros }) => new Date(Number(startMicros / 1000n)).toISOString()),
      ).toEqual([
        '2026-10-24T21:00:00.000Z',
        '2026-10-24T22:00:00.000Z',
        '2026-10-25T00:00:00.000Z',
        '2026-10-25T01:00:00.000Z',
        '2026-10-25T22:00:00.000Z',
        '2026-10-25T23:00:00.000Z',
      ]);
    });

    it('never mixes currencies', async () => {
      const store = await filled(
        conversion('u1', 100, '2026-06-01T00:00:00Z', { campaign_id: 'a' }),
        conversion('u2', 700, '2026-06-01T00:00:00Z', { campaign_id: 'a', currency: 'EUR' }),
        conversion('u3', 900, '2026-06-01T00:00:00Z', { campaign_id: 'a', currency: 'EUR' }),
      );
      const inDefault = await ask(store);
      expect(inDefault).toMatchObject({
        currency: 'USD',
        totals: { conversions: 3, revenueMicros: 1_000_000n },
      });
      expect(inDefault.totals.revenueConversions).toBe(1);
      expect(inDefault.otherCurrencies).toEqual([
        { currency: 'EUR', conversions: 2, refunds: 0, revenueMicros: 16_000_000n },
      ]);
      expect(await ask(store, { currency: 'EUR' })).toMatchObject({ totals: { revenueMicros: 16_000_000n } });
      expect(await ask(store, { defaultCurrency: 'GBP' })).toMatchObject({ currency: 'EUR' });
    });

    it('keeps a run’s checkpoint of an input, and puts the next in its place', async () => {
      const { store, reopen } = open();
      expect(await store.readCheckpoints()).toEqual([]);
      await store.commit([
        segmentOf([click('u', 'a', '2026-06-01T00:00:00Z')], { checkpoint: checkpointAt(10) }),
      ]);
      const next = checkpointAt(20, {
        openOffset: 15,
        provisionalKey: 18_446_744_073_709_551_615n,
        source: 'x',
      });
      await store.commit([segmentOf([], { checkpoint: next })]);
      const other = checkpointAt(5, { inputNumber: 1, device: null, inode: null });
      await store.commit([segmentOf([], { checkpoint: other })]);
      expect(await reopen().readCheckpoints()).toEqual([next, other]);
    });

    it('stores nothing at all of a commit in which one input was overtaken', async () => {
      const { store } = open();
      await store.commit([segmentOf([], { checkpoint: checkpointAt(10) })]);
      const fresh = segmentOf([click('u', 'a', '2026-06-01T00:00:00Z')], {
        checkpoint: checkpointAt(1, { runId: 'r2' }),
      });
      const late = segmentOf([click('u', 'b', '2026-06-01T00:00:00Z')], {
        checkpoint: checkpointAt(5, { runId: 'r3' }),
        overtakenBy: (checkpoints) => Promise.resolve(checkpoints.find(({ offset }) => offset >= 10) ?? null),
      });
      expect(await store.commit([fresh, late])).toEqual({ kind: 'overtaken', segments: [1] });
      expect((await ask(store)).totals.clicks).toBe(0);
      expect(await store.readCheckpoints()).toHaveLength(1);
      expect(await store.commit([fresh])).toMatchObject({ kind: 'committed' });
      expect((await ask(store)).totals.clicks).toBe(1);
    });

    it('takes the event of an open line back, and only that', async () => {
      const { store } = open();
      const events = [click('u1', 'a', '2026-06-01T00:00:00Z'), click('u2', 'a', '2026-06-01T00:00:00Z')];
      await store.commit([segmentOf(events, { provisionalKey: 77n, provisionalEvents: 1 })]);
      const grown = [click('u23', 'a', '2026-06-01T00:00:00Z')];
      await store.commit([segmentOf(grown, { retractKey: 77n })]);
      expect((await ask(store)).totals).toMatchObject({ clicks: 2, uniqueUsers: 2 });
    });

    it('knows no campaign that it was never told of, and lists those it knows', async () => {
      const store = await filled(
        click('u', 'summer_sale', '2026-06-01T00:00:00Z'),
        click('u', 'b', '2026-06-01T00:00:00Z'),
      );
      expect((await ask(store, { campaignId: 'summer' })).knownCampaigns).toEqual(['b', 'summer_sale']);
      expect((await ask(store, { campaignId: 'b' })).knownCampaigns).toBeNull();
      const outside = { campaignId: 'b', sinceMicros: micros('2027-01-01T00:00:00Z') };
      expect(await ask(store, outside)).toMatchObject({ knownCampaigns: null, totals: { clicks: 0 } });
    });

    it('takes several commits at once from several handles', async () => {
      const { store, reopen } = open();
      const handles = [store, reopen(), reopen()];
      await Promise.all(
        Array.from({ length: 9 }, (_, i) =>
          (handles[i % 3] ?? store).commit([
            segmentOf([click(`u${i}`, 'a', '2026-06-01T00:00:00Z', { event_id: `e${i % 6}` })]),
          ]),
        ),
      );
      expect((await ask(store)).totals.clicks).toBe(6);
    });
  });
}
