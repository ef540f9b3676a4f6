/** Events and batches for tests of stores and aggregators. */
import { EventBatchBuilder, type EventBatch } from '../../src/event/event-batch.js';
import type { Event } from '../../src/event/event.js';
import type { Checkpoint } from '../../src/store/checkpoint.js';
import type { Segment } from '../../src/store/store.js';

/** Microseconds since the epoch of an RFC 3339 text, by the platform's own parser. */
export function micros(time: string): bigint {
  return BigInt(Date.parse(time)) * 1000n;
}

export function click(user_id: string, campaign_id: string, time: string, more: Partial<Event> = {}): Event {
  return { type: 'click', user_id, campaign_id, timestampMicros: micros(time), amountMicros: 0n, ...more };
}

/** `amount` in whole cents, so that no float comes near it. */
export function conversion(user_id: string, cents: number, time: string, more: Partial<Event> = {}): Event {
  const money = { amountMicros: BigInt(cents) * 10_000n, currency: 'USD' };
  return { type: 'conversion', user_id, timestampMicros: micros(time), ...money, ...more };
}

export function refund(user_id: string, cents: number, time: string, more: Partial<Event> = {}): Event {
  return { ...conversion(user_id, cents, time), type: 'refund', ...more };
}

export function batchOf(events: readonly Event[]): EventBatch {
  const builder = new EventBatchBuilder(Math.max(1, events.length));
  for (const event of events) builder.add(event);
  return builder.build();
}

export function segmentOf(events: readonly Event[], more: Partial<Segment> = {}): Segment {
  return {
    batches: [batchOf(events)],
    checkpoint: null,
    overtakenBy: () => Promise.resolve(null),
    retractKey: 0n,
    provisionalKey: 0n,
    provisionalEvents: 0,
    ...more,
  };
}

export function checkpointAt(offset: number, more: Partial<Checkpoint> = {}): Checkpoint {
  return {
    runId: 'run-1',
    inputNumber: 0,
    name: 'app.log',
    source: null,
    device: 2049n,
    inode: 18_446_744_073_709_551_615n,
    headLength: Math.min(1024, offset),
    headHash: 'aa',
    tailLength: Math.min(1024, offset),
    tailHash: 'bb',
    offset,
    lines: 1,
    openOffset: null,
    provisionalKey: 0n,
    rereads: false,
    ...more,
  };
}
