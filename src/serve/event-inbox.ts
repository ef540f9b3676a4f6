/**
 * Single events, stored in groups: while one commit is being written the next one gathers, so that each event is
 * durable when its promise resolves and yet thousands a second can be.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MapipeError } from '../errors.js';
import { EventBatchBuilder } from '../event/event-batch.js';
import type { Event } from '../event/event.js';
import { failPoint } from '../fail-point.js';
import type { Store } from '../store/store.js';

const MAX_COMMIT_EVENTS = 16_384;
/** Beyond this many waiting, more are refused rather than kept in memory. */
const MAX_WAITING_EVENTS = 65_536;
/** From so many on the next group gathers for as long as the last commit took: half the commits, nearly half the work. */
const BUSY_EVENTS = 256;
const MAX_GATHER_MS = 15;

export type StoredAs = 'stored' | 'duplicate';

export interface InboxObserver {
  /** After each commit: how many of its events were new and how many known, and what it took. */
  readonly committed: (commit: { stored: number; duplicates: number; seconds: number }) => void;
  readonly failed: (error: unknown) => void;
}

interface Waiting {
  readonly event: Event;
  readonly sinceMs: number;
  readonly resolve: (as: StoredAs) => void;
  readonly reject: (error: unknown) => void;
}

export class EventInbox {
  readonly #store: Store;
  readonly #observer: InboxObserver;
  #waiting: Waiting[] = [];
  /** In the commit under way. */
  #writing: readonly Waiting[] = [];
  #running: Promise<void> | null = null;

  constructor(store: Store, observer: InboxObserver) {
    this.#store = store;
    this.#observer = observer;
  }

  /** Resolves once the event is durable. */
  submit(event: Event): Promise<StoredAs> {
    if (this.#waiting.length >= MAX_WAITING_EVENTS) {
      const full = new MapipeError(
        'MAPIPE_QUEUE_FULL',
        `${MAX_WAITING_EVENTS} events are waiting to be stored`,
        {
          hint: 'try again a little later; the event was not taken',
        },
      );
      return Promise.reject(full);
    }
    const stored = new Promise<StoredAs>((resolve, reject) => {
      this.#waiting.push({ event, sinceMs: performance.now(), resolve, reject });
    });
    // It never rejects: each event hears of its own fate.
    this.#running ??= this.#run();
    return stored;
  }

  /** Events taken and not durable yet. */
  get pending(): number {
    return this.#waiting.length + this.#writing.length;
  }

  /** For how long the oldest of them has waited; 0 where there is none. */
  get lagMs(): number {
    const oldest = this.#writing[0] ?? this.#waiting[0];
    return oldest ? performance.now() - oldest.sinceMs : 0;
  }

  /** Resolves when nothing is pending. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // What arrives in the same turn of the event loop goes together.
    await new Promise((next) => setImmediate(next));
    while (this.#waiting.length > 0) {
      this.#writing = this.#waiting.splice(0, MAX_COMMIT_EVENTS);
      const startedMs = performance.now();
      await this.#commit(this.#writing);
      this.#writing = [];
      if (this.#waiting.length >= BUSY_EVENTS)
        await sleep(Math.min(performance.now() - startedMs, MAX_GATHER_MS));
    }
    this.#running = null;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const startedMs = performance.now();
    try {
      const builder = new EventBatchBuilder(group.length);
      for (const { event } of group) builder.add(event);
      failPoint('inbox.before-commit');
      const outcome = await this.#store.commit([
        {
          batches: [builder.build()],
          checkpoint: null,
          overtakenBy: () => Promise.resolve(null),
          retractKey: 0n,
          provisionalKey: 0n,
          provisionalEvents: 0,
        },
      ]);
      failPoint('inbox.committed');
      const duplicates = new Set(outcome.kind === 'committed' ? outcome.duplicates[0]?.[0] : []);
      group.forEach(({ resolve }, row) => {
        resolve(duplicates.has(row) ? 'duplicate' : 'stored');
      });
      this.#observer.committed({
        stored: group.length - duplicates.size,
        duplicates: duplicates.size,
        seconds: (performance.now() - startedMs) / 1000,
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
      this.#observer.failed(error);
    }
  }
}
