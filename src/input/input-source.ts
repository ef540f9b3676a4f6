/** Where bytes come from. What is compressed is decompressed here: offsets are always those of the plain bytes. */
import type { MapipeError } from '../errors.js';

export interface InputSource {
  /** As the user named it; `-` is stdin. */
  readonly name: string;
  /** Whether it can be read again from an offset. Stdin cannot. */
  readonly replayable: boolean;
  /** Whether more may come behind its end: then a last line without line feed is not whole, and is left. */
  readonly mayGrow: boolean;
  /** Its size on disk, for a person to see how far it is; null where it has none. */
  readonly sizeBytes: number | null;
  /** How many bytes of that have been read. */
  readonly bytesRead: number;
  /** Hints for people; null where there is no file. */
  readonly device: bigint | null;
  readonly inode: bigint | null;

  /**
   * Its first bytes: of a file HEAD_BYTES, if there are as many; and more, up to MAX_HEAD_BYTES, until they are enough.
   */
  head(isEnough: (head: Buffer) => boolean): Promise<Buffer>;

  /** Its bytes from `offset` on, until its end or until the signal. Ends early, too, where the source is damaged. */
  read(offset: number, signal: AbortSignal): AsyncIterable<Buffer>;

  /** The `length` bytes before each of these offsets; fewer where there are not as many. */
  bytesBefore(places: readonly { readonly offset: number; readonly length: number }[]): Promise<Buffer[]>;

  /** Where it is a plain file: its descriptor, by which parts of it can be read side by side. */
  readonly plainFile: PlainFile | null;

  /** Where it is a pipe of plain bytes: many lines of it at a time. Nothing of it is to be read otherwise meanwhile. */
  readonly plainPipe: PlainPipe | null;

  /** After reading: what kept it from being read to its end. */
  readonly fault: MapipeError | null;

  close(): Promise<void>;
}

export interface PlainFile {
  readonly fd: number;
  /** Says that it has been read up to here, for whoever watches. */
  readonly noteRead: (offset: number) => void;
  /** Whether it ends there, as it is now. */
  readonly endsAt: (offset: number) => boolean;
}

/** Whether whole lines are such as somebody can take. */
export type LinesTest = (lines: Uint8Array) => boolean;
export const ANY_LINES: LinesTest = () => true;

export interface PlainPipe {
  /**
   * The next lines, a few million bytes of them, from the input's first byte on; null where as many have not come within
   * so many milliseconds, where the end is near, where a line is too long or where they do not suit: what is left is read
   * by `read`.
   */
  readonly lines: (withinMs: number, suits?: LinesTest) => Promise<Slab | null>;
  /** Has lines written to memory that is given (null: none now), until `writeToOwn`; `goOn` says that there is some again. */
  readonly writeTo: (nextMemory: () => Uint8Array | null) => void;
  readonly goOn: () => void;
  readonly writeToOwn: () => void;
}

/** Whole lines, and the memory that they lie in. */
export interface Slab {
  readonly memory: Uint8Array;
  readonly bytes: Uint8Array;
}

/** What a sample holds, if there is as much; and where the search for a line that tells the format ends. */
export const HEAD_BYTES = 64 * 1024;
export const MAX_HEAD_BYTES = 4 << 20;
export const BLOCK_BYTES = 1 << 20;
