/** What an examination of a store finds: whether it is sound, and what it holds. Nothing in it is personal. */
import type { EventType } from '../event/event.js';
import type { Checkpoint } from './checkpoint.js';

export interface StoreExamination {
  /** `DuckDB v1.5.6`; null where it could not be asked. */
  readonly engine: string | null;
  /** 0: nothing was ever put into it; null where it cannot be read. */
  readonly schemaVersion: number | null;
  /** To which the next commit brings it. */
  readonly currentSchemaVersion: number;
  readonly sizeBytes: number;
  /** Of the commits that are not moved into the store's own place yet. */
  readonly logBytes: number;
  /** What its place has left; null where that is not known. */
  readonly freeBytes: number | null;
  /** What was found wrong, the worst first. */
  readonly findings: readonly Finding[];
  /** null where not all of it can be read. */
  readonly contents: StoreContents | null;
  readonly checkpoints: readonly Checkpoint[];
}

export interface StoreContents {
  readonly events: ReadonlyMap<EventType, number>;
  /** null where there are no events. */
  readonly firstEventMicros: bigint | null;
  readonly lastEventMicros: bigint | null;
  /** Distinct ones that events name, without regard to credit. */
  readonly campaigns: number;
  readonly users: number;
  readonly texts: number;
  /** Sorted. */
  readonly currencies: readonly string[];
}

/** What may be wrong with a store. A `problem` makes its answers wrong, or impossible; of a `warning` its user should know. */
export const FINDINGS = {
  not_a_store: 'problem',
  unreadable: 'problem',
  log_damaged: 'problem',
  text_missing: 'problem',
  text_twice: 'problem',
  event_twice: 'problem',
  event_invalid: 'problem',
  open_event_unknown: 'problem',
  checkpoint_twice: 'problem',
  checkpoint_invalid: 'problem',
  open_event_missing: 'warning',
  log_cut: 'warning',
  readable_by_others: 'warning',
  folder_open_to_others: 'warning',
  disk_low: 'warning',
  leftovers: 'warning',
} as const satisfies Record<string, 'problem' | 'warning'>;

export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  readonly code: FindingCode;
  /** One sentence without its full stop. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}
