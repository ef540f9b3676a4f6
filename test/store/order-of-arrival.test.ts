/** A stored report does not depend on the order in which events came, nor on the commits and the copies they came in. */
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Event } from '../../src/event/event.js';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import type { ReportAnswer } from '../../src/store/report-question.js';
import { temporaryFolder } from '../support/cli.js';
import { click, conversion, refund, segmentOf } from '../support/events.js';
import { EVERYTHING } from '../support/questions.js';

const RUNS = Number(process.env['MAPIPE_ORDERS'] ?? 16);

/** Few users, campaigns and minutes, so that much of it meets: clicks to choose from, orders to be refunded, copies. */
const moment = fc
  .tuple(fc.constantFrom(1, 2, 30, 40), fc.integer({ min: 0, max: 1 }))
  .map(([day, minute]) => new Date(Date.UTC(2026, 5, day, 10, minute)).toISOString());
const user = fc.constantFrom('u1', 'u2', 'u3');
const campaign = fc.constantFrom('a', 'b', 'c');
const source = fc.constantFrom({}, { source: 'google' }, { source: 'news', medium: 'email' });
const maybeCampaign = fc.constantFrom({}, { campaign_id: 'a' }, { campaign_id: 'b' });

const events = fc
  .array(
    fc.oneof(
      fc.record({ kind: fc.constant('click'), user, campaign, moment, more: source }),
      fc.record({ kind: fc.constant('conversion'), user, campaign, moment, more: maybeCampaign }),
      fc.record({ kind: fc.constant('refund'), user, campaign, moment, more: maybeCampaign }),
    ),
    { minLength: 5, maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map(({ kind, user, campaign, moment, more }, i): Event => {
      if (kind === 'click') return click(user, campaign, moment, { event_id: `e${i}`, ...more });
      // An order of its own each, every third one refunded by the refund that follows it.
      if (kind === 'conversion') return conversion(user, 100 + i, moment, { order_id: `o${i}`, ...more });
      return refund(user, 10 + i, moment, { order_id: `o${Math.max(0, i - 1)}`, event_id: `r${i}`, ...more });
    }),
  );

/** All events, some twice, in any order. */
const arrivals = events.chain((all) =>
  fc.record({
    all: fc.constant(all),
    copies: fc.subarray(all),
    order: fc.array(fc.double({ noNaN: true }), { minLength: 2 * all.length, maxLength: 2 * all.length }),
    commits: fc.integer({ min: 1, max: 6 }),
  }),
);

async function stored(commits: readonly (readonly Event[])[]): Promise<ReportAnswer> {
  const store = new DuckdbStore(join(temporaryFolder(), 's.duckdb'));
  for (const commit of commits) await store.commit([segmentOf(commit)]);
  const answer = await store.report({
    ...EVERYTHING,
    breakdowns: ['source', 'medium', 'product'],
  });
  await store.close();
  return answer;
}

it('a report is the same whatever the order, the commits and the copies', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, async ({ all, copies, order, commits }) => {
      const inTime = all.toSorted((a, b) => (a.timestampMicros < b.timestampMicros ? -1 : 1));
      const shuffled = [...all, ...copies]
        .map((event, i) => ({ event, at: order[i] ?? 0 }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ event }) => event);
      const size = Math.ceil(shuffled.length / commits);
      const parts = Array.from({ length: commits }, (_, i) => shuffled.slice(i * size, (i + 1) * size));
      expect(await stored(parts)).toEqual(await stored([inTime]));
    }),
    { numRuns: RUNS },
  );
});
