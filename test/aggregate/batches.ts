/** What the tests of aggregating share: batches of events, and an aggregator's groups as plain data. */
import type { Aggregator } from '../../src/aggregate/aggregator.js';
import { LIVE_DIMENSIONS } from '../../src/aggregate/aggregator.js';
import type { Group } from '../../src/aggregate/group.js';
import type { TimeBuckets } from '../../src/aggregate/time-buckets.js';
import { EventBatchBuilder, type EventBatch } from '../../src/event/event-batch.js';
import type { Event } from '../../src/event/event.js';

export function batchOf(events: readonly Event[]): EventBatch {
  const builder = new EventBatchBuilder(events.length);
  for (const event of events) builder.add(event);
  return builder.build();
}

export function click(fields: Partial<Event> = {}): Event {
  return { type: 'click', timestampMicros: 0n, amountMicros: 0n, campaign_id: 'c', user_id: 'u', ...fields };
}

export function conversion(amountMicros: bigint, fields: Partial<Event> = {}): Event {
  return { ...click({ currency: 'USD', ...fields }), type: 'conversion', amountMicros };
}

export function refund(amountMicros: bigint, fields: Partial<Event> = {}): Event {
  return { ...conversion(amountMicros, fields), type: 'refund' };
}

export function groupData(group: Group): unknown {
  const { clicks, conversions, refunds, firstEventMicros, lastEventMicros, users } = group;
  const takings = [...group.takings].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    clicks,
    conversions,
    refunds,
    firstEventMicros,
    lastEventMicros,
    users: users.count,
    exact: users.exact,
    takings,
  };
}

function bucketData(buckets: TimeBuckets): unknown {
  return { width: buckets.bucketMicros, entries: buckets.entries() };
}

/** Everything an aggregator knows, in an order of its own. */
export function contentOf(aggregator: Aggregator): unknown {
  const byKey = <T>(groups: ReadonlyMap<string | null, T>): [string | null, T][] =>
    [...groups].sort(([a], [b]) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return {
    totals: groupData(aggregator.totals),
    timeline: bucketData(aggregator.timeline),
    campaigns: byKey(aggregator.campaigns.groups).map(([key, group]) => [
      key,
      groupData(group),
      bucketData(group.trend),
    ]),
    dimensions: LIVE_DIMENSIONS.map((field) =>
      byKey(aggregator.dimensions[field].groups).map(([key, group]) => [key, groupData(group)]),
    ),
  };
}

/** A group may be called `null`, and another one be of no text. */
function sortKey(key: string | null): string {
  return key === null ? '' : `=${key}`;
}
