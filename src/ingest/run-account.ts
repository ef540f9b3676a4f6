/** The account of a run: every line committed so far, and what became of it. */
import type { DecodedBatch } from '../decode/decoded-batch.js';
import { IGNORE_REASONS, REJECT_REASONS, type IgnoreReason, type RejectReason } from '../decode/outcome.js';
import type { Accounting } from '../ingest-summary.js';

export class RunAccount implements Accounting {
  lines = 0;
  accepted = 0;
  duplicates = 0;
  ignored = 0;
  rejected = 0;
  stamped = 0;
  bytes = 0;
  readonly ignores = new Map<IgnoreReason, number>();
  readonly rejects = new Map<RejectReason, number>();

  /** The figures as plain data. */
  snapshot(): Accounting {
    const { lines, accepted, duplicates, ignored, rejected, stamped, bytes } = this;
    const ignores = inOrder(this.ignores, IGNORE_REASONS);
    const rejects = inOrder(this.rejects, REJECT_REASONS);
    return { lines, accepted, duplicates, ignored, rejected, stamped, bytes, ignores, rejects };
  }

  add(batch: DecodedBatch, duplicates: number, bytes: number): void {
    this.lines += batch.lines;
    this.accepted += batch.events.length + batch.countedEvents - duplicates;
    this.duplicates += duplicates;
    this.stamped += batch.stamped;
    this.bytes += bytes;
    for (const [reason, count] of batch.ignores) {
      this.ignored += count;
      this.ignores.set(reason, (this.ignores.get(reason) ?? 0) + count);
    }
    for (const { reason } of batch.rejects) {
      this.rejected++;
      this.rejects.set(reason, (this.rejects.get(reason) ?? 0) + 1);
    }
  }
}

/** Counts in the order of the list of reasons, not in that in which they came up. */
function inOrder<R extends string>(
  counts: ReadonlyMap<R, number>,
  reasons: Readonly<Record<R, string>>,
): Map<R, number> {
  const order = Object.keys(reasons);
  return new Map([...counts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}
