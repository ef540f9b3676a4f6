/** Counts a run's events into its aggregator: by way of the kernel where there are many, else one by one. */
import { Aggregator, type AggregateSums } from '../aggregate/aggregator.js';
import { KernelCounter } from '../decode/kernel/kernel-counter.js';
import type { EventBatch } from '../event/event-batch.js';
import { createCountingKernel } from './load-kernel.js';

/** From so many events in one batch on it pays to start a kernel. */
const MIN_EVENTS_FOR_KERNEL = 1_024;
/** How old totals may be that are looked at while the run goes on: to take them out of the kernel has its price. */
const MAX_AGE_MS = 1_000;

export class EventCounter {
  readonly #aggregator = new Aggregator();
  readonly #usesKernel: boolean;
  #kernel: KernelCounter | null = null;
  #takenMs = performance.now();

  constructor(usesKernel: boolean) {
    this.#usesKernel = usesKernel;
  }

  /** Adds the rows of a batch but those in `except` (row numbers, ascending). */
  add(batch: EventBatch, except: readonly number[]): void {
    if (batch.length === except.length) return;
    if (this.#usesKernel && batch.length >= MIN_EVENTS_FOR_KERNEL) {
      this.#kernel ??= new KernelCounter(createCountingKernel());
      if (this.#kernel.add(batch, except)) return;
    }
    this.#aggregator.add(batch, except);
  }

  merge(sums: AggregateSums): void {
    this.#aggregator.merge(sums);
  }

  /** All that was counted. */
  totals(): Aggregator {
    const sums = this.#kernel?.take();
    if (sums) this.#aggregator.merge(sums);
    this.#takenMs = performance.now();
    return this.#aggregator;
  }

  /** The same, or what it was a moment ago. */
  recentTotals(): Aggregator {
    return performance.now() - this.#takenMs < MAX_AGE_MS ? this.#aggregator : this.totals();
  }
}
