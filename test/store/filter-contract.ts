/** What every store must do with a question that asks for one value of a field. */
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/event/event.js';
import type { FilterField, GroupRow } from '../../src/report/report.js';
import type { ReportQuestion } from '../../src/store/report-question.js';
import { click, conversion, micros, refund, segmentOf } from '../support/events.js';
import { EVERYTHING } from '../support/questions.js';
import { EVENTS_WITH_CREDIT } from './events-with-credit.js';
import type { StoreHandles } from './store-contract.js';

type Filters = readonly (readonly [FilterField, string | null])[];

export function filterContract(engine: string, open: () => StoreHandles): void {
  /** Asks a fresh store with these events; rows as key → clicks, conversions, refunds, cents. */
  async function asking(events: readonly Event[]) {
    const { store } = open();
    await store.commit([segmentOf(events)]);
    const figures = (rows: readonly GroupRow[] = []): Record<string, readonly number[]> =>
      Object.fromEntries(
        rows.map((row) => [
          row.key ?? 'null',
          [row.clicks, row.conversions, row.refunds, Number(row.revenueMicros / 10_000n)],
        ]),
      );
    const ask = (where: Filters, more: Partial<ReportQuestion> = {}) =>
      store.report({ ...EVERYTHING, where: new Map(where), ...more });
    return {
      ask,
      campaigns: async (where: Filters, more?: Partial<ReportQuestion>) =>
        figures((await ask(where, more)).campaigns),
      breakdown: async (dimension: FilterField, where: Filters) =>
        figures((await ask(where, { breakdowns: [dimension] })).breakdowns.get(dimension)),
    };
  }

  describe(`a ${engine} store, asked for one value of a field`, () => {
    it.each<[string, Filters, Record<string, readonly number[]>]>([
      ['a source', [['source', 'google']], { a: [2, 1, 1, 50] }],
      ['a source that only a look back tells', [['source', 'bing']], { b: [1, 1, 0, 200] }],
      ['no source', [['source', null]], { a: [1, 2, 1, 1175], null: [0, 1, 0, 1600] }],
      ['a medium', [['medium', 'cpc']], { a: [1, 1, 1, 50] }],
      ['an ad', [['ad_id', 'ad1']], { a: [1, 1, 1, 50] }],
      ['a term', [['term', 'shoes']], { a: [1, 0, 0, 0] }],
      [
        'two fields',
        [
          ['source', 'google'],
          ['medium', 'email'],
        ],
        { a: [1, 0, 0, 0] },
      ],
      ['a product, which no click has', [['product', 'hat']], { a: [0, 2, 1, 450] }],
      [
        'no product, which says nothing of clicks',
        [['product', null]],
        { a: [0, 1, 1, 775], b: [0, 1, 0, 200], null: [0, 1, 0, 1600] },
      ],
      [
        'a product of a source',
        [
          ['product', 'hat'],
          ['source', 'google'],
        ],
        { a: [0, 1, 1, 50] },
      ],
      ['a value that nothing has', [['source', 'nobody']], {}],
      ['a value of another field', [['medium', 'google']], {}],
    ])('keeps what is credited to %s', async (_, where, expected) => {
      const { campaigns } = await asking(EVENTS_WITH_CREDIT);
      expect(await campaigns(where)).toEqual(expected);
    });

    it('counts totals, users, other breakdowns and the timeline of these events alone', async () => {
      const { ask, breakdown } = await asking(EVENTS_WITH_CREDIT);
      const { totals, timeline } = await ask([['source', 'google']]);
      expect(totals).toMatchObject({ clicks: 2, conversions: 1, uniqueUsers: 2, revenueMicros: 500_000n });
      expect(timeline?.points).toEqual([
        { startMicros: micros('2026-06-01T00:00:00Z'), clicks: 2, conversions: 0, revenueMicros: 0n },
        { startMicros: micros('2026-06-03T00:00:00Z'), clicks: 0, conversions: 1, revenueMicros: 1_000_000n },
        { startMicros: micros('2026-08-01T00:00:00Z'), clicks: 0, conversions: 0, revenueMicros: -500_000n },
      ]);
      expect(await breakdown('product', [['source', 'google']])).toEqual({ hat: [0, 1, 1, 50] });
      expect(await breakdown('source', [['product', 'hat']])).toEqual({
        google: [0, 1, 1, 50],
        null: [0, 1, 0, 400],
      });
    });

    it('narrows a campaign and a period further, and looks back beyond the period', async () => {
      const { ask, campaigns } = await asking(EVENTS_WITH_CREDIT);
      expect(await campaigns([['source', 'google']], { campaignId: 'a' })).toEqual({ a: [2, 1, 1, 50] });
      const elsewhere = await ask([['source', 'google']], { campaignId: 'b' });
      expect(elsewhere).toMatchObject({ knownCampaigns: null, totals: { clicks: 0, conversions: 0 } });
      const fromJuly = { sinceMicros: micros('2026-07-01T00:00:00Z') };
      expect(await campaigns([['source', 'google']], fromJuly)).toEqual({ a: [0, 0, 1, -50] });
      const thirdOfJune = {
        sinceMicros: micros('2026-06-03T00:00:00Z'),
        untilMicros: micros('2026-06-04T00:00:00Z'),
      };
      expect(await campaigns([['source', 'google']], thirdOfJune)).toEqual({ a: [0, 1, 0, 100] });
      expect(await campaigns([['source', 'bing']], thirdOfJune)).toEqual({});
    });

    it('gives for each value what the breakdown has in its row', async () => {
      const events = Array.from({ length: 200 }, (_, i) => {
        const time = new Date(Date.UTC(2026, 5, 1) + ((i * 37) % 101) * 12 * 3_600_000).toISOString();
        const user = `u${i % 11}`;
        const order = { order_id: `o${i % 60}` };
        if (i % 3 === 0)
          return conversion(user, 100 + i, time, {
            ...order,
            ...(i % 2 ? { campaign_id: `c${i % 4}` } : {}),
            ...(i % 5 ? { product: `p${i % 3}` } : {}),
          });
        if (i % 7 === 0) return refund(user, i, time, order);
        return click(user, `c${i % 4}`, time, i % 5 ? { source: `s${i % 3}`, medium: `m${i % 2}` } : {});
      });
      const { ask } = await asking(events);
      const periods = [
        {},
        { campaignId: 'c1' },
        { sinceMicros: micros('2026-06-20T00:00:00Z'), untilMicros: micros('2026-07-05T00:00:00Z') },
      ];
      for (const period of periods) {
        for (const field of ['source', 'medium', 'product'] as const) {
          const rows = (await ask([], { ...period, breakdowns: [field] })).breakdowns.get(field) ?? [];
          expect(rows.length).toBeGreaterThan(1);
          for (const { key, ...metrics } of rows) {
            expect((await ask([[field, key]], period)).totals, `${field} ${key ?? 'null'}`).toEqual(metrics);
          }
        }
      }
    });

    it('takes a value as text, whatever it holds', async () => {
      const names = ["'; DROP TABLE x; --", '__proto__', 'a\0b', '%', '春のセール', 'x'.repeat(65_536)];
      const { ask } = await asking(
        names.map((source) => click('u', 'a', '2026-06-01T00:00:00Z', { source })),
      );
      for (const name of names) expect((await ask([['source', name]])).totals.clicks).toBe(1);
    });
  });
}
