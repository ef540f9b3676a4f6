/**
 * Commits that come close together share one opening of the file: opening and closing it costs more than a small
 * commit. Each is durable as soon as its own transaction is; the file is kept from others only for a moment longer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MapipeError } from '../../errors.js';
import type { CommitOutcome, Segment } from '../store.js';
import { WriterTurn } from './commit.js';
import type { DuckdbSession } from './engine.js';
import type { TextTable } from './text-table.js';

/** Commits within this time are close together. */
const LIVELY_MS = 60;
const LINGER_STEP_MS = 2;
/** How long it is left to others between two openings. */
const REST_MS = 25;

export interface Pace {
  /** After this long the file is closed even while more commits come, for others to have their turn. */
  readonly holdMs: number;
  /** How long an open file waits for a further commit. */
  readonly lingerMs: number;
  /** Whether it waits also where the last two commits did not come close together. */
  readonly lingersAlways: boolean;
}

interface QueuedCommit {
  readonly segments: readonly Segment[];
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A file open for writing, ready to take a commit. */
export interface Writer {
  readonly session: DuckdbSession;
  /** Which file it is; null where it is not in its place any more. */
  readonly identity: () => Promise<string | null>;
}

/** Opens the file, runs `work` and closes it. */
export type WithWriter = (work: (writer: Writer) => Promise<void>) => Promise<void>;

export class WriteQueue {
  readonly #withWriter: WithWriter;
  readonly #texts: TextTable;
  readonly #queue: QueuedCommit[] = [];
  #running: Promise<void> | null = null;
  #open: Promise<void> = Promise.resolve();
  /** The one that the texts are known to be in. */
  #file: string | null = null;
  #lastCommitMs = -Infinity;
  #isLively = false;
  #isClosing = false;
  readonly #pace: Pace;

  constructor(withWriter: WithWriter, texts: TextTable, pace: Pace) {
    this.#pace = pace;
    this.#withWriter = withWriter;
    this.#texts = texts;
  }

  commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    const nowMs = performance.now();
    this.#isLively = nowMs - this.#lastCommitMs < LIVELY_MS;
    this.#lastCommitMs = nowMs;
    const outcome = new Promise<CommitOutcome>((resolve, reject) => {
      this.#queue.push({ segments, resolve, reject });
    });
    // It never rejects: each commit hears of its own fate.
    this.#running ??= this.#run();
    return outcome;
  }

  /** Resolves when the file is closed, be it for a moment; at once while it is yet to be opened. */
  closed(): Promise<void> {
    return this.#open;
  }

  /** Whether no further commit is to come. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Resolves when the file is closed and nothing waits to be committed. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
    this.#isClosing = false;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      let closed: () => void = () => undefined;
      try {
        await this.#withWriter(async (writer) => {
          this.#open = new Promise((resolve) => (closed = resolve));
          await this.#drain(writer);
        });
      } catch (error) {
        // The file could not be opened for any of them, or not be closed in order: then none of them waits any more.
        for (const { reject } of this.#queue.splice(0)) reject(error);
      }
      closed();
      if (this.#queue.length > 0) await sleep(REST_MS);
    }
    this.#running = null;
  }

  async #drain({ session, identity }: Writer): Promise<void> {
    const file = await identity();
    // What is known to be in one file is not in another.
    if (file !== this.#file) this.#texts.forget();
    this.#file = file;
    const closeAtMs = performance.now() + this.#pace.holdMs;
    const turn = new WriterTurn(session, this.#texts);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      try {
        const outcome = await turn.commit(next.segments);
        if (file === null || (await identity()) !== file) {
          throw new MapipeError(
            'MAPIPE_STORE_FAILED',
            'the file of the store was deleted or replaced while it was written',
            { hint: 'send or ingest the same again: it is not in the file that is there now' },
          );
        }
        next.resolve(outcome);
      } catch (error) {
        next.reject(error);
        return;
      }
      if (performance.now() >= closeAtMs) return;
      if (this.#queue.length === 0) await this.#linger();
    }
  }

  /** Waits for a further commit, if one is to be expected. */
  async #linger(): Promise<void> {
    // Whoever has just heard of the last one may have the next one ready.
    await new Promise((next) => setImmediate(next));
    const { lingerMs, lingersAlways } = this.#pace;
    const untilMs = performance.now() + (this.#isLively || lingersAlways ? lingerMs : 0);
    while (this.#queue.length === 0 && !this.#isClosing && performance.now() < untilMs) {
      await sleep(LINGER_STEP_MS);
    }
  }
}
