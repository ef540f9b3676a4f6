/**
 * What mapipe needs of a store, with nothing of any engine in it. DuckDB stands behind it today; another engine is a
 * folder beside `duckdb/` and passes the same contract test-suite.
 */
import type { EventBatch } from '../event/event-batch.js';
import type { Event } from '../event/event.js';
import type { Checkpoint } from './checkpoint.js';
import type { LatestEventsQuestion } from './event-selection.js';
import type { StoreExamination } from './examination.js';
import type { ReportAnswer, ReportQuestion } from './report-question.js';
import type { StoreRevision } from './store-revision.js';

export interface Store {
  /** Where it is, to be shown to a person. */
  readonly location: string;

  /** How far each known input has been read. A store that does not exist yet knows none. */
  readCheckpoints(): Promise<readonly Checkpoint[]>;

  /**
   * Stores the segments' events and checkpoints, all of it or nothing: when the promise resolves to `committed`, they
   * are durable, each event once. Creates the store if need be.
   */
  commit(segments: readonly Segment[]): Promise<CommitOutcome>;

  /** Answers a question about all that is stored. */
  report(question: ReportQuestion): Promise<ReportAnswer>;

  /**
   * The newest events, newest first, each under the campaign and the click that get the credit for it, without its
   * identities (`order_id`, `event_id`, `click_id`). A store that does not exist yet has none.
   */
  latestEvents(question: LatestEventsQuestion): Promise<readonly Event[]>;

  /**
   * Which state the store is in; null where it does not exist yet. Cheap enough to be asked every second: an engine
   * looks at its file, or at a counter that each commit raises. Asked before a question, the answer is of that state or
   * a later one.
   */
  revision(): Promise<StoreRevision | null>;

  /**
   * Looks all of it over, and changes nothing: whether it is sound, and what it holds. Waits for whoever has it for a few
   * seconds only, and takes as long as to read it all. `crashedBy`: the signal by which a process died that tried it; then
   * its content is not looked at again.
   */
  examine(options?: { readonly crashedBy: string }): Promise<StoreExamination>;

  close(): Promise<void>;
}

/** What one input adds in one commit. */
export interface Segment {
  readonly batches: readonly EventBatch[];
  /** How far the input has then been read; null for one that cannot be read again (stdin). */
  readonly checkpoint: Checkpoint | null;
  /**
   * Asked within the commit, with the checkpoints as they stand: the one by which another process has meanwhile read
   * further in the same input than where this segment starts; null if there is none.
   */
  readonly overtakenBy: (checkpoints: readonly Checkpoint[]) => Promise<Checkpoint | null>;
  /**
   * Events whose line had no end yet are stored under a provisional key; when the line turns out to go on, they are
   * taken back by it and the line is stored anew. 0n: none.
   */
  readonly retractKey: bigint;
  /** The key under which the last events are to be stored, as their line may still grow. 0n: none. */
  readonly provisionalKey: bigint;
  /** How many events of the last batch that are. */
  readonly provisionalEvents: number;
}

export type CommitOutcome =
  /** For each segment and batch the rows, ascending, that were duplicates of events known before. */
  | { readonly kind: 'committed'; readonly duplicates: readonly (readonly (readonly number[])[])[] }
  /** Nothing was stored. These segments (by index) hold what another process has stored meanwhile. */
  | { readonly kind: 'overtaken'; readonly segments: readonly number[] };
