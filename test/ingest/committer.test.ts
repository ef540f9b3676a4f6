/** When a live stream is committed: little of it after about a second, much of it as it is full. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Aggregator } from '../../src/aggregate/aggregator.js';
import { Committer } from '../../src/ingest/committer.js';
import { EventCounter } from '../../src/ingest/event-counter.js';
import { MemorySink } from '../../src/ingest/memory-sink.js';
import { onlySums } from '../../src/ingest/pieces/read-pieces.js';
import type { MarkedBatch, Reading } from '../../src/ingest/reading.js';
import { RunAccount } from '../../src/ingest/run-account.js';

const COMMIT_EVENTS = 1_000;

/** What a committer asks of a reading. */
const READING = {
  overtaken: false,
  source: { name: '-' },
  segment: () => ({ batches: [] }),
  committed: () => undefined,
} as unknown as Reading;

function batchOf(events: number): MarkedBatch {
  const decoded = { ...onlySums(new Aggregator(), 0), sums: null, countedEvents: events };
  return { decoded, checkpoint: null, bytes: 0 };
}

function committerOf(): Committer {
  const ignore = (): Promise<void> => Promise.resolve();
  return new Committer(new MemorySink(), new EventCounter(false), new RunAccount(), ignore, COMMIT_EVENTS);
}

describe('a live stream', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('of which little comes is committed about once a second', async () => {
    const committer = committerOf();
    const commit = vi.fn(() => void committer.flush());
    const stop = committer.whenDue(commit);
    for (let i = 0; i < 100; i++) {
      await committer.add(READING, batchOf(1));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(commit.mock.calls.length).toBeGreaterThanOrEqual(9);
    expect(commit.mock.calls.length).toBeLessThanOrEqual(12);
    stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(commit.mock.calls.length).toBeLessThanOrEqual(12);
  });

  it('of which much comes is not committed before a commit is full', async () => {
    const committer = committerOf();
    const commit = vi.fn(() => void committer.flush());
    const stop = committer.whenDue(commit);
    for (let i = 0; i < 100; i++) {
      await committer.add(READING, batchOf(COMMIT_EVENTS / 5));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(commit).not.toHaveBeenCalled();
    // What is left when no more comes is.
    await committer.add(READING, batchOf(1));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(commit).toHaveBeenCalled();
    stop();
  });
});
