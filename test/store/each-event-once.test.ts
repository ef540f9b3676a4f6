/**
 * Each event once, against a plain model: of the events with one identity the earliest is kept (of several at one moment,
 * that of the smallest amount), and all but the first to come are duplicates, however they are spread over commits,
 * segments and batches.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../scripts/random.mjs';
import type { Event } from '../../src/event/event.js';
import type { Checkpoint } from '../../src/store/checkpoint.js';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import type { Segment } from '../../src/store/store.js';
import { temporaryFolder } from '../support/cli.js';
import { batchOf, checkpointAt, conversion, segmentOf } from '../support/events.js';

const timeOf = (minute: number): string => new Date(Date.UTC(2026, 5, 1, 10, minute)).toISOString();

const EVERYTHING = {
  sinceMicros: null,
  untilMicros: null,
  campaignId: null,
  where: new Map(),
  limit: 10_000,
};

const told = ({ user_id, timestampMicros, amountMicros }: Event): string =>
  `${user_id}: ${amountMicros} at ${timestampMicros}`;

function goesBefore(a: Event, b: Event): boolean {
  if (a.timestampMicros !== b.timestampMicros) return a.timestampMicros < b.timestampMicros;
  return a.amountMicros < b.amountMicros;
}

/** An event that names its identity as its user, too. */
function drawn(random: Random, ids: number): Event {
  const id = random.integer(1, ids);
  const time = timeOf(random.integer(0, 1));
  const cents = random.pick([100, 200]);
  return id % 3 === 0
    ? conversion(`order ${id}`, cents, time, { order_id: `${id}` })
    : conversion(`event ${id}`, cents, time, { event_id: `${id}` });
}

/** Cuts a list into so many parts, some of them empty. */
function cut<T>(random: Random, items: readonly T[], parts: number): T[][] {
  const cuts = Array.from({ length: parts - 1 }, () => random.integer(0, items.length)).toSorted(
    (a, b) => a - b,
  );
  return [0, ...cuts].map((from, i) => items.slice(from, cuts[i] ?? items.length));
}

it.each([
  // Of most identities one event or two; many that differ; hardly any that differ.
  { seed: 1, events: 600, ids: 400 },
  { seed: 2, events: 600, ids: 12 },
  { seed: 3, events: 400, ids: 2 },
  { seed: 4, events: 3_000, ids: 900 },
  { seed: 5, events: 200, ids: 3_000 },
])('$events events of $ids identities', async ({ seed, events, ids }) => {
  const random = createRandom(seed);
  const store = new DuckdbStore(join(temporaryFolder(), 's.duckdb'));
  const kept = new Map<string, Event>();
  for (const ofCommit of cut(
    random,
    Array.from({ length: events }, () => drawn(random, ids)),
    6,
  )) {
    const segments: Segment[] = [];
    const expected: number[][][] = [];
    for (const ofSegment of cut(random, ofCommit, 2)) {
      const batches = cut(random, ofSegment, 3).filter((rows) => rows.length > 0);
      segments.push({ ...segmentOf([]), batches: batches.map(batchOf) });
      expected.push(
        batches.map((batch) =>
          batch.flatMap((event, row) => {
            const before = kept.get(event.user_id);
            if (before === undefined || goesBefore(event, before)) kept.set(event.user_id, event);
            return before === undefined ? [] : [row];
          }),
        ),
      );
    }
    expect(await store.commit(segments)).toEqual({ kind: 'committed', duplicates: expected });
  }
  const stored = await store.latestEvents(EVERYTHING);
  expect(stored.map(told).toSorted()).toEqual([...kept.values()].map(told).toSorted());
  await store.close();
});

const differently: [string, readonly Partial<Event>[]][] = [
  ['source', ['a', 'b', 'c'].map((source) => ({ source }))],
  ['product', ['a', 'b', 'c'].map((product) => ({ product }))],
  ['term', ['a', 'b', 'c'].map((term) => ({ term }))],
];

/** The first one is kept. */
const inOrder: [string, readonly Partial<Event>[]][] = [
  ['type', [{ type: 'conversion' }, { type: 'refund' }]],
  ['amount', [{ amountMicros: -5n }, { amountMicros: 5n }, { amountMicros: 1n << 40n }]],
  ['moment', [{ timestampMicros: -5n }, { timestampMicros: 0n }, { timestampMicros: 1n << 33n }]],
];

it.each([...differently, ...inOrder])(
  'of those that differ in the %s the same one is kept',
  async (name, differing) => {
    const events = differing.map((more) => conversion('u', 100, timeOf(0), { event_id: 'e', ...more }));
    const kept: unknown[] = [];
    for (const order of [events, events.toReversed()]) {
      for (const commits of [order.map((event) => [event]), [order]]) {
        const store = new DuckdbStore(join(temporaryFolder(), 's.duckdb'));
        for (const ofCommit of commits) await store.commit([segmentOf(ofCommit)]);
        kept.push(await store.latestEvents(EVERYTHING));
        await store.close();
      }
    }
    expect(kept[0]).toHaveLength(1);
    expect(kept).toEqual(Array.from({ length: 4 }, () => kept[0]));
    if (inOrder.some(([ordered]) => ordered === name)) expect(kept[0]).toMatchObject([{ ...differing[0] }]);
  },
);

/** Of three events the second one has the identities of both others. */
const inChains: [string, readonly Partial<Event>[]][] = [
  ['its order', [{ event_id: 'e' }, { event_id: 'e', order_id: 'o' }, { order_id: 'o' }]],
  ['its event id', [{ order_id: 'o' }, { event_id: 'e', order_id: 'o' }, { event_id: 'e' }]],
  [
    'the order of its type',
    [
      { event_id: 'e', order_id: 'o' },
      { event_id: 'e', order_id: 'o', type: 'refund' },
      { order_id: 'o', type: 'refund' },
    ],
  ],
];

it.each(inChains)('what gives way keeps out others within its commit by %s', async (_, chain) => {
  const events = chain.map((more, i) => conversion('u', 100, timeOf(i), more));
  const [first, ...others] = events.map((event) => [event]);
  for (const commits of [[events], [first ?? [], others.flat()]]) {
    const store = new DuckdbStore(join(temporaryFolder(), 's.duckdb'));
    const duplicates: unknown[] = [];
    for (const ofCommit of commits) {
      const outcome = await store.commit([segmentOf(ofCommit)]);
      if (outcome.kind === 'committed') duplicates.push(...outcome.duplicates.flat());
    }
    expect(duplicates).toEqual(commits.length === 1 ? [[1, 2]] : [[], [0, 1]]);
    expect(await store.latestEvents(EVERYTHING)).toHaveLength(1);
    await store.close();
  }
});

describe('an event whose line may still grow', () => {
  const event = conversion('u', 100, timeOf(0), { event_id: 'e' });
  const open = (more: Partial<Segment>): Segment =>
    segmentOf([event], { provisionalKey: 7n, provisionalEvents: 1, ...more });
  const grown = segmentOf([conversion('other', 100, timeOf(0))], { retractKey: 7n });

  it.each<[string, readonly Segment[][]]>([
    ['stored before it', [[open({})], [segmentOf([event])]]],
    ['of the same commit', [[open({}), segmentOf([event])]]],
  ])('does not keep out its like, %s', async (_, commits) => {
    const store = new DuckdbStore(join(temporaryFolder(), 's.duckdb'));
    for (const segments of commits) await store.commit(segments);
    await store.commit([grown]);
    const users = (await store.latestEvents(EVERYTHING)).map(({ user_id }) => user_id);
    expect(users.toSorted()).toEqual(['other', 'u']);
    await store.close();
  });

  it.each<[string, (checkpoint: Checkpoint) => readonly Segment[][]]>([
    ['stored', (checkpoint) => [[segmentOf([event])], [open({ checkpoint })]]],
    ['of the same commit', (checkpoint) => [[segmentOf([event]), open({ checkpoint })]]],
  ])('is to be read anew where its like is %s', async (_, commitsOf) => {
    const store = new DuckdbStore(join(temporaryFolder(), 's.duckdb'));
    for (const segments of commitsOf(checkpointAt(100, { provisionalKey: 7n }))) await store.commit(segments);
    expect(await store.readCheckpoints()).toMatchObject([{ offset: 100, rereads: true }]);
    expect(await store.latestEvents(EVERYTHING)).toHaveLength(1);
    await store.close();
  });
});
