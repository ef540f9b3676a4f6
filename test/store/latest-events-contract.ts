/** What every store must do when it is asked for its newest events, and for its revision. */
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/event/event.js';
import type { LatestEventsQuestion } from '../../src/store/event-selection.js';
import type { Store } from '../../src/store/store.js';
import { click, conversion, micros, segmentOf } from '../support/events.js';
import { EVERYTHING } from '../support/questions.js';
import { CLICKS, CONVERSIONS, EVENTS_WITH_CREDIT, REFUNDS } from './events-with-credit.js';
import type { StoreHandles } from './store-contract.js';

const ANY: LatestEventsQuestion = {
  sinceMicros: null,
  untilMicros: null,
  campaignId: null,
  where: new Map(),
  limit: 100,
};

export function latestEventsContract(engine: string, open: () => StoreHandles): void {
  async function filled(...events: Event[]): Promise<Store> {
    const { store } = open();
    await store.commit([segmentOf(events)]);
    return store;
  }

  /** The events as they were stored, told by moment and user, which no two of them share. */
  async function found(store: Store, question: Partial<LatestEventsQuestion>): Promise<Event[]> {
    const events = await store.latestEvents({ ...ANY, ...question });
    return events.map(({ timestampMicros, user_id }) => {
      const event = EVENTS_WITH_CREDIT.find(
        (each) => each.timestampMicros === timestampMicros && each.user_id === user_id,
      );
      if (!event) throw new Error(`${user_id} at ${timestampMicros} was never stored`);
      return event;
    });
  }

  describe(`the latest events of a ${engine} store`, () => {
    it('are the newest, newest first, with the campaign and the click that get the credit', async () => {
      const store = await filled(...EVENTS_WITH_CREDIT);
      expect(await store.latestEvents({ ...ANY, limit: 4 })).toEqual([
        {
          type: 'refund',
          timestampMicros: micros('2026-08-01T00:00:00Z'),
          amountMicros: 500_000n,
          user_id: 'u1',
          campaign_id: 'a',
          source: 'google',
          medium: 'cpc',
          ad_id: 'ad1',
          product: 'hat',
          currency: 'USD',
        },
        {
          type: 'conversion',
          timestampMicros: micros('2026-07-15T00:00:00Z'),
          amountMicros: 4_000_000n,
          user_id: 'u2',
          campaign_id: 'a',
          product: 'hat',
          currency: 'USD',
        },
        {
          type: 'refund',
          timestampMicros: micros('2026-06-06T00:00:00Z'),
          amountMicros: 250_000n,
          user_id: 'u7',
          campaign_id: 'a',
          currency: 'USD',
        },
        {
          type: 'conversion',
          timestampMicros: micros('2026-06-05T01:00:00Z'),
          amountMicros: 16_000_000n,
          user_id: 'u9',
          currency: 'USD',
        },
      ]);
      expect(await found(store, {})).toHaveLength(EVENTS_WITH_CREDIT.length);
    });

    it('are narrowed to a campaign, a period and a value, by what they are credited to', async () => {
      const store = await filled(...EVENTS_WITH_CREDIT);
      expect(await found(store, { campaignId: 'b' })).toEqual([CONVERSIONS.unnamed, CLICKS.bing]);
      expect(await found(store, { where: new Map([['source', 'google']]) })).toEqual([
        REFUNDS.hat,
        CONVERSIONS.hat,
        CLICKS.googleByMail,
        CLICKS.google,
      ]);
      expect(await found(store, { where: new Map([['product', null]]), limit: 2 })).toEqual([
        REFUNDS.neverBought,
        CONVERSIONS.strange,
      ]);
      const june = {
        sinceMicros: micros('2026-06-01T02:00:00Z'),
        untilMicros: micros('2026-06-04T00:00:00Z'),
      };
      expect(await found(store, june)).toEqual([CONVERSIONS.hat, CLICKS.bing, CLICKS.unknown]);
      expect(await found(store, { campaignId: 'never heard of' })).toEqual([]);
    });

    it('are found behind any number of newer ones that are not asked for', async () => {
      const newer = Array.from({ length: 25_000 }, (_, i) =>
        click(`v${i % 100}`, 'z', '2026-09-01T00:00:00Z', { source: `s${i % 10}` }),
      );
      const newest = click('w', 'y', '2026-09-02T00:00:00Z');
      const store = await filled(...EVENTS_WITH_CREDIT, ...newer, newest);
      expect(await found(store, { where: new Map([['source', 'bing']]) })).toEqual([
        CONVERSIONS.unnamed,
        CLICKS.bing,
      ]);
      expect(await store.latestEvents({ ...ANY, limit: 3 })).toMatchObject([
        { campaign_id: 'y' },
        { campaign_id: 'z' },
        { campaign_id: 'z' },
      ]);
      const since = { sinceMicros: micros('2026-09-02T00:00:00Z') };
      expect(await store.latestEvents({ ...ANY, ...since })).toEqual([newest]);
    });

    it('are in the same order whatever the order of arrival, what follows from another before it', async () => {
      const time = '2026-06-01T00:00:00Z';
      const events = [
        ...['u1', 'u2', 'u3', 'u4', 'u5'].map((user) => click(user, 'a', time)),
        conversion('u1', 100, time, { campaign_id: 'a' }),
      ];
      const one = await (await filled(...events)).latestEvents(ANY);
      const other = await (await filled(...events.toReversed())).latestEvents(ANY);
      expect(other).toEqual(one);
      expect(one.map(({ type }) => type)).toEqual(['conversion', ...Array<string>(5).fill('click')]);
    });

    it('are none in a store that does not exist yet, or holds none', async () => {
      const { store } = open();
      expect(await store.latestEvents(ANY)).toEqual([]);
      await store.commit([segmentOf([])]);
      expect(await store.latestEvents(ANY)).toEqual([]);
    });
  });

  describe(`the revision of a ${engine} store`, () => {
    it('is none before the first commit, and another after each, whoever asks and whoever commits', async () => {
      const { store, reopen } = open();
      expect(await store.revision()).toBeNull();
      const before = Date.now();
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) {
        const committer = i % 2 ? store : reopen();
        await committer.commit([segmentOf([click(`u${i}`, 'a', '2026-06-01T00:00:00Z')])]);
        await committer.close();
        const revision = await store.revision();
        expect(await reopen().revision()).toEqual(revision);
        expect(revision?.committedAt.getTime()).toBeGreaterThan(before - 1000);
        expect(revision?.committedAt.getTime()).toBeLessThan(Date.now() + 1000);
        ids.push(revision?.id ?? '');
      }
      expect(new Set(ids).size).toBe(5);
      for (const id of ids) expect(id).toMatch(/^[\w.~-]{1,100}$/);
    });

    it('stays the same while it is only read', async () => {
      const { store, reopen } = open();
      await store.commit([segmentOf(EVENTS_WITH_CREDIT)]);
      await store.close();
      const revision = await store.revision();
      await reopen().report({ ...EVERYTHING, breakdowns: ['source', 'day'] });
      await reopen().latestEvents(ANY);
      await reopen().readCheckpoints();
      expect(await store.revision()).toEqual(revision);
    });
  });
}
