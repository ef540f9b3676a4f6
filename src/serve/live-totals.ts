/**
 * Watches the store for commits, by whichever process, and tells everyone who listens the new totals. What is told is
 * a state, not a change: whoever missed some is up to date with the next.
 */
import { buildReport, type ReportRequest } from '../report/build-report.js';
import { stringifyExact, type ExactJson } from '../report/render/exact-json.js';
import { metricFields } from '../report/render/metric-fields.js';
import type { Store } from '../store/store.js';

export interface LiveTotals {
  readonly revision: string;
  /** The body `mapipe.totals/1`, on one line. */
  readonly json: string;
}

export type Listener = (totals: LiveTotals) => void;

/** The store is looked at this often while anyone listens. */
const LOOK_MS = 1_000;
/** At most this share of the time goes into totals, however large the store. */
const MAX_BUSY_SHARE = 0.2;

export class TotalsWatcher {
  readonly #store: Store;
  readonly #question: ReportRequest;
  readonly #onError: (error: unknown) => void;
  /** Each with the revision it heard of last. */
  readonly #listeners = new Map<Listener, string | null>();
  #latest: LiveTotals | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #notBeforeMs = 0;

  constructor(store: Store, question: ReportRequest, onError: (error: unknown) => void) {
    this.#store = store;
    this.#question = question;
    this.#onError = onError;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** The totals as they stand are told at once, later ones as they change. Gives the way to stop. */
  listen(listener: Listener): () => void {
    this.#listeners.set(listener, null);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS);
    void this.#look();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0 || !this.#timer) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    await this.#refresh();
    this.#looking = false;
    const latest = this.#latest;
    if (!latest) return;
    for (const [listener, heard] of this.#listeners) {
      if (heard === latest.revision) continue;
      this.#listeners.set(listener, latest.revision);
      listener(latest);
    }
  }

  async #refresh(): Promise<void> {
    try {
      const revision = await this.#store.revision();
      if (revision === null || revision.id === this.#latest?.revision) return;
      const startedMs = performance.now();
      if (startedMs < this.#notBeforeMs) return;
      const { totals, currency, exact } = await buildReport(this.#store, this.#question);
      const endedMs = performance.now();
      this.#notBeforeMs = endedMs + (endedMs - startedMs) * (1 / MAX_BUSY_SHARE - 1);
      const json = stringifyExact(
        new Map<string, ExactJson>([
          ['schema', 'mapipe.totals/1'],
          ['revision', revision.id],
          ['committed_at', revision.committedAt.toISOString()],
          ['currency', currency],
          ['exact', { unique_users: exact.uniqueUsers }],
          ['totals', new Map<string, ExactJson>([['campaigns', totals.campaigns], ...metricFields(totals)])],
        ]),
      );
      this.#latest = { revision: revision.id, json };
    } catch (error) {
      this.#onError(error);
    }
  }
}
