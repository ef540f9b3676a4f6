/** What an ingest is asked to do, and what it gives back. */
import type { Aggregator } from '../aggregate/aggregator.js';
import type { DecoderName } from '../decode/decoder.js';
import type { DecodeOptions, FormatName } from '../decode/format.js';
import type { RejectedLine } from '../decode/decoded-batch.js';
import type { MapipeError } from '../errors.js';
import type { Accounting, IngestSummary } from '../ingest-summary.js';
import type { InputSource } from '../input/input-source.js';
import type { Store } from '../store/store.js';

export interface IngestRequest {
  /** Paths; `-` is stdin. */
  readonly inputs: readonly string[];
  /** Opens them; absent: as files, `-` as stdin. */
  readonly open?: (name: string, signal: AbortSignal) => Promise<InputSource>;
  readonly format: FormatName | 'auto';
  readonly decode: DecodeOptions;
  /** Absent or `auto`: the kernel where it can, else the reference. */
  readonly decoder?: DecoderName;
  /** Threads that decode a large file; absent: as many as there are processors. */
  readonly jobs?: number;
  /** null: a pure stream, nothing is stored. */
  readonly store: Store | null;
  /** `--source`: identifies the one input by name instead of by what it holds. */
  readonly sourceName: string | null;
  readonly rejectsPath: string | null;
  /** Hears of each rejected line once the commit that it falls into is durable. */
  readonly onRejected?: (input: string, lines: readonly RejectedLine[]) => void;
  readonly timeZone: string;
  /** Events a commit is to gather; fewer cost more commits, more cost memory. */
  readonly commitEvents?: number;
  /** Stops the reading; what was read is committed. */
  readonly signal: AbortSignal;
  /** Called once, with figures that go on changing while the run lasts. */
  readonly onStart?: (live: LiveIngest) => void;
}

export interface LiveIngest {
  readonly account: Accounting;
  readonly aggregator: Aggregator;
  /** Of all inputs, compressed as they are. */
  readonly bytesRead: number;
  /** Where files are followed: how far behind them it is; null elsewhere. */
  readonly lag: FollowLag | null;
}

export interface FollowLag {
  /** Files open now, and those named that do not exist yet. */
  readonly files: number;
  readonly waitingFor: readonly string[];
  /** Written by others and not read yet, as of the last look. */
  readonly bytes: number;
}

export interface IngestResult {
  readonly summary: IngestSummary;
  /** What was wrong with single inputs; the others have been read all the same. */
  readonly faults: readonly MapipeError[];
}
