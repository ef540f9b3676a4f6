/**
 * How far an input has been read. An input is known again by what it holds, not by its name: a hash of its first bytes
 * and a hash of the bytes just before the offset (of the decompressed bytes, so that a log and its .gz are one).
 */

/** How many bytes are hashed at the top and before the offset, where there are as many. */
export const FINGERPRINT_BYTES = 1024;

export interface Checkpoint {
  /** The run that wrote it. A run keeps one checkpoint an input, and replaces it as it goes. */
  readonly runId: string;
  /** Distinguishes the inputs of a run. */
  readonly inputNumber: number;
  /** The input as the user named it, for people. */
  readonly name: string;
  /** `--source`: a name that identifies the input instead of what it holds; null where none was given. */
  readonly source: string | null;
  /** Hints for people and for following rotated files; null where there is no file. */
  readonly device: bigint | null;
  readonly inode: bigint | null;
  readonly headLength: number;
  readonly headHash: string;
  readonly tailLength: number;
  readonly tailHash: string;
  /** Bytes read. */
  readonly offset: number;
  /** Lines read. */
  readonly lines: number;
  /** Where the last record starts, if no line feed ended it; else null. */
  readonly openOffset: number | null;
  /** Under which key that record's events are stored; 0n where there are none. */
  readonly provisionalKey: bigint;
  /** Whether that record is to be read anew whatever follows, be it but the line's end. */
  readonly rereads: boolean;
}
