/** A store that remembers whether its last work went well, so that the server's health can be told without more work. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '../event/event.js';
import type { Checkpoint } from '../store/checkpoint.js';
import type { LatestEventsQuestion } from '../store/event-selection.js';
import type { StoreExamination } from '../store/examination.js';
import type { ReportAnswer, ReportQuestion } from '../store/report-question.js';
import type { StoreRevision } from '../store/store-revision.js';
import type { CommitOutcome, Segment, Store } from '../store/store.js';

export class WatchedStore implements Store {
  readonly location: string;
  /** Whether the last commit or answer failed. */
  isFailing = false;
  readonly #store: Store;
  #retrying: Promise<void> | null = null;

  constructor(store: Store) {
    this.#store = store;
    this.location = store.location;
  }

  readCheckpoints(): Promise<readonly Checkpoint[]> {
    return this.#watch(this.#store.readCheckpoints());
  }

  commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    return this.#watch(this.#store.commit(segments));
  }

  report(question: ReportQuestion): Promise<ReportAnswer> {
    return this.#watch(this.#store.report(question));
  }

  latestEvents(question: LatestEventsQuestion): Promise<readonly Event[]> {
    return this.#watch(this.#store.latestEvents(question));
  }

  revision(): Promise<StoreRevision | null> {
    return this.#store.revision();
  }

  examine(options?: { readonly crashedBy: string }): Promise<StoreExamination> {
    return this.#store.examine(options);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** After a failure: tries whether the store can be read again. Resolves when that is known, or after `maxMs`. */
  async retry(maxMs: number): Promise<void> {
    if (!this.isFailing) return;
    this.#retrying ??= this.readCheckpoints().then(
      () => {
        this.#retrying = null;
      },
      () => {
        this.#retrying = null;
      },
    );
    await Promise.race([this.#retrying, sleep(maxMs, undefined, { ref: false })]);
  }

  async #watch<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      this.isFailing = false;
      return result;
    } catch (error) {
      this.isFailing = true;
      throw error;
    }
  }
}
