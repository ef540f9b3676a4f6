/** What a decoder hands on: a batch of events, with the account of every line it read to get them. */
import type { AggregateSums } from '../aggregate/aggregator.js';
import type { EventBatch } from '../event/event-batch.js';
import type { IgnoreReason, RejectReason } from './outcome.js';

export interface RejectedLine {
  /** Counted from 1 in its input. */
  readonly line: number;
  /** Of its first byte, in the input's (decompressed) bytes. */
  readonly offset: number;
  readonly byteLength: number;
  readonly reason: RejectReason;
  readonly detail: string | undefined;
  /** Its bytes, one character a byte; only the beginning of a line that is too long. */
  readonly bytes: string;
}

export interface DecodedBatch {
  readonly events: EventBatch;
  /** Events that are in no batch, as they need only be counted: in the sums of this batch or of a later one. */
  readonly countedEvents: number;
  readonly sums: AggregateSums | null;
  /** `lines` = events + counted events + ignored + rejected. */
  readonly lines: number;
  readonly ignores: ReadonlyMap<IgnoreReason, number>;
  readonly rejects: readonly RejectedLine[];
  /** How many of the events came without a timestamp. */
  readonly stamped: number;
  /** Where in the input the last of these lines ends, its line feed included. */
  readonly endOffset: number;
  /** The last record, if nothing has ended it yet: it may still grow. */
  readonly openRecord: OpenRecord | null;
  /** To be called when nobody looks at the events any more: their memory is used again. */
  readonly giveBack?: () => void;
}

export interface OpenRecord {
  readonly offset: number;
  /** How many of the batch's last events are its. */
  readonly events: number;
  /** Whether a line feed would end it: not so within the quotes of a CSV field. */
  readonly endsWithLine: boolean;
}
