/**
 * Gathers decoded batches into commits: large ones, as each costs the store a fixed price. While one is being written
 * the next is gathered; when that is full too, whoever brings more has to wait, and so the reading does.
 */
import type { Aggregator } from '../aggregate/aggregator.js';
import type { Segment } from '../store/store.js';
import type { RejectedLine } from '../decode/decoded-batch.js';
import type { EventSink } from './memory-sink.js';
import type { MarkedBatch, Reading } from './reading.js';
import type { RunAccount } from './run-account.js';

/** Eight of DuckDB's row groups, which it writes without gathering them again. */
export const COMMIT_EVENTS = 983_040;
const MIN_COMMIT_EVENTS = 1 << 14;
const MAX_COMMIT_BYTES = 64 << 20;
const MAX_COMMIT_READINGS = 64;

type Group = Map<Reading, MarkedBatch[]>;

/** Takes the rejected lines of an input, once what was read with them is durable. */
export type RejectsListener = (input: string, lines: readonly RejectedLine[]) => Promise<void>;

export class Committer {
  readonly #sink: EventSink;
  readonly #aggregator: Aggregator;
  readonly #account: RunAccount;
  readonly #onRejected: RejectsListener;
  readonly #maxCommitEvents: number;
  /** Small at first, so that the first figures come soon. */
  #commitEvents = MIN_COMMIT_EVENTS;
  #group: Group = new Map();
  #events = 0;
  /** Of input. */
  #bytes = 0;
  /** The commit under way, or the last one. */
  #writing: Promise<void> = Promise.resolve();

  constructor(
    sink: EventSink,
    aggregator: Aggregator,
    account: RunAccount,
    onRejected: RejectsListener,
    commitEvents: number,
  ) {
    this.#maxCommitEvents = commitEvents;
    this.#sink = sink;
    this.#aggregator = aggregator;
    this.#account = account;
    this.#onRejected = onRejected;
  }

  /** Takes a batch; resolves when there is room for more. */
  async add(reading: Reading, batch: MarkedBatch): Promise<void> {
    const batches = this.#group.get(reading);
    if (batches) batches.push(batch);
    else this.#group.set(reading, [batch]);
    this.#events += batch.decoded.events.length + batch.decoded.countedEvents;
    this.#bytes += batch.bytes;
    if (
      this.#events >= this.#commitEvents ||
      this.#bytes >= MAX_COMMIT_BYTES ||
      this.#group.size >= MAX_COMMIT_READINGS
    ) {
      await this.#startCommit();
    }
  }

  /** Commits what has been gathered; resolves when all of it is durable. */
  async flush(): Promise<void> {
    await this.#startCommit();
    await this.#writing;
  }

  /** Begins to write the group once the one before is written. */
  async #startCommit(): Promise<void> {
    // Another caller may have begun the next one meanwhile.
    for (let awaited: Promise<void> | null = null; awaited !== this.#writing;) {
      awaited = this.#writing;
      await awaited;
    }
    if (this.#group.size === 0) return;
    this.#commitEvents = Math.min(this.#commitEvents * 2, this.#maxCommitEvents);
    const group = this.#group;
    this.#group = new Map();
    this.#events = 0;
    this.#bytes = 0;
    this.#writing = this.#write(group);
    // Whoever waits for it next hears of a failure; until then it must not count as unhandled.
    this.#writing.catch(() => undefined);
  }

  async #write(group: Group): Promise<void> {
    for (const reading of group.keys()) if (reading.overtaken) group.delete(reading);
    const entries = [...group];
    if (entries.length === 0) return;
    const segments: Segment[] = entries.map(([reading, batches]) => reading.segment(batches));
    const outcome = await this.#sink.commit(segments);
    if (outcome.kind === 'overtaken') {
      for (const i of outcome.segments) {
        const reading = entries[i]?.[0];
        if (reading) reading.overtaken = true;
      }
      await this.#write(group);
      return;
    }
    entries.forEach(([reading, batches], i) => {
      batches.forEach(({ decoded, bytes }, j) => {
        const duplicates = outcome.duplicates[i]?.[j] ?? [];
        this.#aggregator.add(decoded.events, duplicates);
        if (decoded.sums) this.#aggregator.merge(decoded.sums);
        this.#account.add(decoded, duplicates.length, bytes);
      });
      reading.committed(batches);
    });
    for (const [{ source }, batches] of entries) {
      for (const { decoded } of batches) await this.#onRejected(source.name, decoded.rejects);
    }
  }
}
