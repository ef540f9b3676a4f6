/**
 * A large file is cut into pieces, which are decoded side by side. A piece is a range of bytes: the lines that begin in
 * it are its own, to the end of the last one. So every line is of one piece, wherever the cuts fall. Of what cannot be
 * read but once, whole lines are a piece: they have been written into the memory of the thread that is to decode them.
 */
import type { AggregateSums } from '../../aggregate/aggregator.js';
import type { FormatName } from '../../decode/format.js';
import type { KernelBatch, RowUse } from '../../decode/kernel/batch-maker.js';
import type { FieldName } from '../../event/raw-event.js';

export const PIECE_BYTES = 8 << 20;
/** Of what is only counted nothing has to be held until it is handed on. */
export const COUNTED_PIECE_BYTES = 16 << 20;
export const FIRST_PIECE_BYTES = 1 << 20;

export interface Piece {
  readonly number: number;
  /** Its first byte, and the one behind its last. */
  readonly from: number;
  readonly to: number;
  /** The block of its thread that its lines stand in; null where they have yet to be read. */
  readonly block: number | null;
}

export interface DecodedPiece {
  readonly number: number;
  readonly batches: readonly PieceBatch[];
  /** Where its lines begin, and where they end; of a piece without lines both are where it begins itself. */
  readonly startOffset: number;
  readonly endOffset: number;
  readonly lines: number;
  /** Its last lines are a record that goes on in the next piece: what was made of that one cannot be trusted. */
  readonly endsWithinRecord: boolean;
  /** Why it could not be read to its end; null where it could. */
  readonly fault: { readonly code: string; readonly message: string } | null;
}

export interface PieceBatch {
  readonly batch: KernelBatch;
  /** The bytes before its end, for a checkpoint there. */
  readonly tail: Uint8Array<ArrayBuffer>;
}

/** All that a worker has to know; it goes there by structured clone. */
export interface PieceSetup {
  readonly module: WebAssembly.Module;
  readonly use: RowUse;
  readonly format: FormatName;
  readonly firstLine: string;
  readonly options: PlainDecodeOptions;
  /** Open in this process; null where pieces stand in blocks. */
  readonly fd: number | null;
  /** How many blocks a thread lets lines be written into; 0 where pieces are read. */
  readonly blocks: number;
}

/** DecodeOptions without its functions. */
export interface PlainDecodeOptions {
  readonly defaultCurrency: string;
  readonly inputZone: string;
  readonly fieldPaths: ReadonlyMap<FieldName, string>;
  readonly goals: readonly string[];
  readonly includeBots: boolean;
}

export type PieceRequest =
  /** Comes first, and once. */
  | { readonly kind: 'setup'; readonly setup: PieceSetup }
  | { readonly kind: 'decode'; readonly piece: Piece }
  /** The memory of a batch, to be used again. */
  | { readonly kind: 'memory'; readonly memory: readonly ArrayBufferLike[] }
  | { readonly kind: 'sums' };
export type PieceAnswer =
  /** After the setup, where there are any: their memory, which is shared. */
  | { readonly kind: 'blocks'; readonly blocks: readonly Uint8Array[] }
  | { readonly kind: 'piece'; readonly piece: DecodedPiece }
  | { readonly kind: 'sums'; readonly sums: AggregateSums | null };
