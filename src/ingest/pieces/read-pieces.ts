/**
 * Reads a large file in pieces, decoded side by side and handed on in order, as if one thread had read them all. What
 * comes after the last whole line is left to whoever reads on from there.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AggregateSums } from '../../aggregate/aggregator.js';
import { EMPTY_BATCH } from '../../event/event-batch.js';
import type { DecodedBatch } from '../../decode/decoded-batch.js';
import { ColumnReader } from '../../decode/kernel/column-reader.js';
import type { KernelBatch } from '../../decode/kernel/batch-maker.js';
import { toDecodedBatch } from '../../decode/kernel/kernel-stage.js';
import type { DecodedPiece, Piece, PieceSetup } from './piece.js';
import { COUNTED_PIECE_BYTES, FIRST_PIECE_BYTES, PIECE_BYTES } from './piece.js';
import { PiecePool } from './piece-pool.js';

/** No piece is more than one of so many that each thread has yet to decode. */
const SHARES_LEFT = 4;

export interface PiecesRequest {
  readonly setup: PieceSetup;
  /** Where a line begins. */
  readonly from: number;
  /** Lines that stand before it. */
  readonly linesBefore: number;
  readonly to: number;
  /** Threads in all. */
  readonly jobs: number;
  /** Whether records may span lines, so that a piece may turn out to begin within one. */
  readonly spansLines: boolean;
  /** Ends the reading after the pieces that are under way. */
  readonly signal: AbortSignal;
  readonly noteRead: (offset: number) => void;
}

export interface PlacedBatch {
  readonly decoded: DecodedBatch;
  readonly tail: Uint8Array<ArrayBuffer>;
}

/** Up to where the pieces have been read, and what kept them from being read to the end. */
export interface PiecesRead {
  readonly offset: number;
  readonly fault: DecodedPiece['fault'];
}

export async function* readPieces(request: PiecesRequest): AsyncGenerator<PlacedBatch, PiecesRead> {
  const { setup, jobs, from } = request;
  const counts = setup.use === 'counted';
  // Where batches are stored, this thread has its hands full with that.
  const pool = new PiecePool(setup, jobs - 1, counts);
  const received = receiver(pool, jobs);
  const held: PlacedBatch[] = [];
  let fault: DecodedPiece['fault'] = null;
  let linesBefore = request.linesBefore;
  let offset = from;
  let lastTail: PlacedBatch['tail'] = new Uint8Array(0);
  try {
    for await (const { piece, by } of inOrder(pool, request)) {
      const isEmpty = piece.startOffset === piece.endOffset;
      // The file was changed while it was read: what comes is read anew from here.
      if (!isEmpty && piece.startOffset !== offset && !counts) return { offset, fault: null };
      for (const { batch, tail } of piece.batches) {
        const placed = {
          decoded: inPlace(received(batch, by), linesBefore),
          tail,
        };
        lastTail = tail;
        // Only at the end it is known that no piece began within a record.
        if (counts && request.spansLines) held.push(placed);
        else yield placed;
      }
      linesBefore += piece.lines;
      if (!isEmpty) offset = piece.endOffset;
      fault ??= piece.fault;
      if (piece.endsWithinRecord) return { offset: counts ? from : offset, fault: null };
      if (fault && !counts) return { offset, fault: null };
    }
    if (!counts) return { offset, fault };
    yield* held;
    for await (const sums of pool.takeSums()) yield { decoded: onlySums(sums, offset), tail: lastTail };
    return { offset, fault };
  } finally {
    pool.close();
  }
}

/** Makes batches of what so many threads send. */
export function receiver(pool: PiecePool, threads: number): (batch: KernelBatch, by: number) => DecodedBatch {
  const readers = Array.from({ length: threads }, () => new ColumnReader());
  return (batch, by) => {
    const decoded = toDecodedBatch(batch, readers[by] ?? new ColumnReader());
    const memory = batch.columns?.memory;
    return memory
      ? {
          ...decoded,
          giveBack: () => {
            pool.giveBack(by, memory);
          },
        }
      : decoded;
  };
}

type DonePiece = ReturnType<PiecePool['takeDone']>[number];

/** The pieces as they come to be decoded, but in their order. */
async function* inOrder(pool: PiecePool, request: PiecesRequest): AsyncGenerator<DonePiece> {
  const { setup, signal, noteRead } = request;
  const largest = setup.use === 'counted' ? COUNTED_PIECE_BYTES : PIECE_BYTES;
  const pieces = cut(request.from, request.to, largest, request.jobs);
  const done = new Map<number, DonePiece>();
  let taken = 0;
  let given = 0;
  const next = (): Piece | null => {
    // What is only counted is small; of what is stored no more than a little may wait.
    const isFarAhead = setup.use === 'copied' && taken > given + pool.capacity;
    return signal.aborted || isFarAhead || taken === pieces.length ? null : (pieces[taken++] ?? null);
  };
  while (given < pieces.length) {
    pool.fill(next);
    if (setup.use === 'counted' && taken === pieces.length) pool.askForSums();
    if (pool.decodeHere(next)) await nextTurn();
    else if (pool.isBusy) await pool.news();
    for (const entry of pool.takeDone()) done.set(entry.piece.number, entry);
    if (signal.aborted && !pool.isBusy && !done.has(given)) return;
    for (let entry = done.get(given); entry; entry = done.get(given)) {
      done.delete(given++);
      noteRead(pieces[entry.piece.number]?.to ?? 0);
      pool.fill(next);
      yield entry;
    }
  }
}

/** Line numbers are those of the piece until it is known how many lines stand before it. */
export function inPlace(batch: DecodedBatch, linesBefore: number): DecodedBatch {
  return {
    ...batch,
    rejects: batch.rejects.map((rejected) => ({ ...rejected, line: rejected.line + linesBefore })),
  };
}

export function onlySums(sums: AggregateSums, endOffset: number): DecodedBatch {
  return {
    events: EMPTY_BATCH,
    countedEvents: 0,
    sums,
    lines: 0,
    ignores: new Map(),
    rejects: [],
    stamped: 0,
    endOffset,
    openRecord: null,
  };
}

/**
 * The first pieces are small, so that there is something to be handed on soon; and the last ones, so that no thread has
 * much left to do when the others are done.
 */
function cut(from: number, to: number, largest: number, jobs: number): Piece[] {
  const pieces: Piece[] = [];
  for (let start = from; start < to;) {
    const share = Math.max(FIRST_PIECE_BYTES, Math.ceil((to - start) / jobs / SHARES_LEFT));
    const bytes = Math.min(largest, FIRST_PIECE_BYTES * 2 ** pieces.length, share);
    const end = Math.min(start + bytes, to);
    pieces.push({ number: pieces.length, from: start, to: end, block: null });
    start = end;
  }
  return pieces;
}
