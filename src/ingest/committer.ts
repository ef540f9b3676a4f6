/**
 * Gathers decoded batches into commits: large ones, as each costs the store a fixed price. While one is being written
 * the next is gathered; when that is full too, whoever brings more has to wait, and so the reading does.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { TEXT_FIELDS } from '../event/event.js';
import { failPoint } from '../fail-point.js';
import type { Segment } from '../store/store.js';
import type { DecodedBatch, RejectedLine } from '../decode/decoded-batch.js';
import type { EventCounter } from './event-counter.js';
import type { EventSink } from './memory-sink.js';
import type { MarkedBatch, Reading } from './reading.js';
import type { RunAccount } from './run-account.js';

/** Four of DuckDB's row groups, which it writes without gathering them again. */
export const COMMIT_EVENTS = 491_520;
const MIN_COMMIT_EVENTS = 61_440;
const COMMIT_GROWTH = 8;
/** Of what its batches hold in memory. */
const MAX_COMMIT_BYTES = 10 << 20;
const MAX_COMMIT_READINGS = 64;
/** A live stream is committed this often, however little has come; … */
const LIVE_COMMIT_MS = 1_000;
/** … so it is looked this often whether it is time. */
const LIVE_LOOK_MS = 250;
/** Between two batches that are counted while a commit is written, whose many small steps need this thread, too. */
const COUNT_PAUSE_MS = 3;

type Group = Map<Reading, MarkedBatch[]>;

interface CommittedBatch {
  readonly decoded: DecodedBatch;
  /** Row numbers, ascending. */
  readonly duplicates: readonly number[];
}

/** Takes the rejected lines of an input, once what was read with them is durable. */
export type RejectsListener = (input: string, lines: readonly RejectedLine[]) => Promise<void>;

export class Committer {
  readonly #sink: EventSink;
  readonly #counter: EventCounter;
  readonly #account: RunAccount;
  readonly #onRejected: RejectsListener;
  readonly #maxCommitEvents: number;
  /** Small at first, so that the first figures come soon. */
  #commitEvents: number;
  #group: Group = new Map();
  #events = 0;
  /** Held by them. */
  #bytes = 0;
  /** The commit under way, or the last one. */
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #lastStartMs = performance.now();
  /** What has been committed is counted while the next commit is written. */
  #counting: Promise<void> = Promise.resolve();

  constructor(
    sink: EventSink,
    counter: EventCounter,
    account: RunAccount,
    onRejected: RejectsListener,
    commitEvents: number,
  ) {
    this.#maxCommitEvents = commitEvents;
    this.#commitEvents = Math.min(MIN_COMMIT_EVENTS, commitEvents);
    this.#sink = sink;
    this.#counter = counter;
    this.#account = account;
    this.#onRejected = onRejected;
  }

  /** Takes a batch; resolves when there is room for more. */
  async add(reading: Reading, batch: MarkedBatch): Promise<void> {
    const batches = this.#group.get(reading);
    if (batches) batches.push(batch);
    else this.#group.set(reading, [batch]);
    this.#events += batch.decoded.events.length + batch.decoded.countedEvents;
    this.#bytes += heldBytes(batch);
    if (
      this.#events >= this.#commitEvents ||
      // While another thread has yet to tell its sums, these are added up.
      batch.decoded.sums !== null ||
      this.#bytes >= MAX_COMMIT_BYTES ||
      this.#group.size >= MAX_COMMIT_READINGS
    ) {
      await this.#startCommit();
    }
  }

  /**
   * Has what little there is of a live stream committed when it is time, until the function that it gives is called. Where
   * much comes, commits are full before that, and as large as suits the store.
   */
  whenDue(commit: () => void): () => void {
    const timer = setInterval(() => {
      if (performance.now() - this.#lastStartMs > LIVE_COMMIT_MS - LIVE_LOOK_MS) commit();
    }, LIVE_LOOK_MS);
    return () => {
      clearInterval(timer);
    };
  }

  /** Commits what has been gathered; resolves when all of it is durable and counted. */
  async flush(): Promise<void> {
    await this.#startCommit();
    await this.#writing;
    await this.#counting;
  }

  /** Begins to write the group once the one before is written. */
  async #startCommit(): Promise<void> {
    // Another caller may have begun the next one meanwhile.
    for (let awaited: Promise<void> | null = null; awaited !== this.#writing;) {
      awaited = this.#writing;
      await awaited;
    }
    if (this.#group.size === 0) return;
    this.#commitEvents = Math.min(this.#commitEvents * COMMIT_GROWTH, this.#maxCommitEvents);
    this.#lastStartMs = performance.now();
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
    this.#isWriting = true;
    failPoint('ingest.before-commit');
    const outcome = await this.#sink.commit(segments).finally(() => (this.#isWriting = false));
    if (outcome.kind === 'overtaken') {
      for (const i of outcome.segments) {
        const reading = entries[i]?.[0];
        if (reading) reading.overtaken = true;
      }
      await this.#write(group);
      return;
    }
    failPoint('ingest.committed');
    // No more than one commit waits to be counted.
    await this.#counting;
    entries.forEach(([reading, batches], i) => {
      batches.forEach(({ decoded, bytes }, j) => {
        this.#account.add(decoded, outcome.duplicates[i]?.[j]?.length ?? 0, bytes);
      });
      reading.committed(batches);
    });
    this.#counting = this.#count(
      entries.flatMap(([, batches], i) =>
        batches.map(({ decoded }, j) => ({ decoded, duplicates: outcome.duplicates[i]?.[j] ?? [] })),
      ),
    );
    // Whoever waits for it next hears of a failure.
    this.#counting.catch(() => undefined);
    failPoint('ingest.before-rejects');
    for (const [{ source }, batches] of entries) {
      for (const { decoded } of batches) await this.#onRejected(source.name, decoded.rejects);
    }
    failPoint('ingest.rejects-written');
  }

  /** Batch by batch, so that what the store waits for is not kept waiting. */
  async #count(batches: readonly CommittedBatch[]): Promise<void> {
    for (const { decoded, duplicates } of batches) {
      if (decoded.events.length > 0) {
        await (this.#isWriting ? sleep(COUNT_PAUSE_MS) : nextTurn());
        this.#counter.add(decoded.events, duplicates);
      }
      if (decoded.sums) this.#counter.merge(decoded.sums);
      decoded.giveBack?.();
    }
    failPoint('ingest.counted');
  }
}

/** About what the texts of a batch take. Of plain strings, which belong to many batches, it is as much as was read. */
function heldBytes({ decoded: { events }, bytes }: MarkedBatch): number {
  let held = 0;
  for (const field of TEXT_FIELDS) {
    const { ownBytes, size } = events.texts[field].dictionary;
    if (size === 1) continue;
    if (ownBytes === undefined) return bytes;
    held += ownBytes;
  }
  return held;
}
