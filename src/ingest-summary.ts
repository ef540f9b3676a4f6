/** What one ingest run did, as plain data: the accounting of every line, input by input, and the report of what it added. */
import type { IgnoreReason, RejectReason } from './decode/outcome.js';
import type { Report } from './report/report.js';

export interface InputSummary {
  /** As the user named it; `-` is stdin. */
  readonly input: string;
  /** null where it held nothing to tell its format from, or could not be read. */
  readonly format: string | null;
  readonly fromOffset: number;
  readonly toOffset: number;
  readonly lines: number;
  /** True where everything in it had been ingested before. */
  readonly alreadyIngested: boolean;
}

/** `lines = accepted + duplicates + ignored + rejected`, always. */
export interface Accounting {
  readonly lines: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly rejected: number;
  readonly ignores: ReadonlyMap<IgnoreReason, number>;
  readonly rejects: ReadonlyMap<RejectReason, number>;
  /** Events without a timestamp, given the moment of receipt. Part of `accepted` or `duplicates`. */
  readonly stamped: number;
  readonly bytes: number;
}

export interface IngestSummary extends Accounting {
  readonly seconds: number;
  readonly inputs: readonly InputSummary[];
  /** Where the events went; null for a pure stream (`--no-store`). */
  readonly store: string | null;
  readonly interrupted: boolean;
  /** Whether all inputs can be read again from where they were committed; stdin cannot. */
  readonly resumable: boolean;
  readonly report: Report;
}
