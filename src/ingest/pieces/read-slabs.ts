/**
 * Reads a pipe that brings much: lines are written into blocks of the threads that decode them side by side, and what
 * they come to is handed on in order. Where little comes any more, or the end, the rest is left to whoever reads on from
 * there.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LinesTest, PlainPipe, Slab } from '../../input/input-source.js';
import type { RowUse } from '../../decode/kernel/batch-maker.js';
import type { Piece, PieceSetup } from './piece.js';
import { PiecePool, type ThreadBlock } from './piece-pool.js';
import { inPlace, onlySums, receiver, type PlacedBatch } from './read-pieces.js';

export interface SlabsRequest {
  readonly setup: PieceSetup;
  readonly pipe: PlainPipe;
  /** Threads in all. */
  readonly jobs: number;
  /** Whether lines are whole records; absent: they always are. */
  readonly suits?: LinesTest;
  /** A pipe that brings less than a slab in this time is no work for many threads. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 100;
/** Of each thread: enough to decode for as long as the pipe, or this thread, is at something else. */
const BLOCKS: Readonly<Record<RowUse, number>> = { counted: 8, copied: 4 };
const NO_BYTES = new Uint8Array(0);

export async function* readSlabs(request: SlabsRequest): AsyncGenerator<PlacedBatch, null> {
  const { setup, pipe, jobs, suits, patienceMs = PATIENCE_MS } = request;
  const nextSlab = (): Promise<Slab | null> => pipe.lines(patienceMs, suits);
  const first = await nextSlab();
  if (!first) return null;
  const counts = setup.use === 'counted';
  const pool = new PiecePool({ ...setup, blocks: BLOCKS[setup.use] }, jobs - 1, counts);
  const slabs = new Slabs(pipe, pool, first, nextSlab);
  const received = receiver(pool, jobs);
  const done = new Map<number, ReturnType<PiecePool['takeDone']>[number]>();
  let given = 0;
  let linesBefore = 0;
  let offset = 0;
  try {
    while (!slabs.isOver || given < slabs.given) {
      // While this thread decodes, nobody reads: the others have enough in their blocks meanwhile.
      if (slabs.give()) await nextTurn();
      else if (!done.has(given)) await pool.news();
      for (const entry of pool.takeDone()) {
        done.set(entry.piece.number, entry);
        slabs.noteDone(entry.piece.number);
      }
      for (let entry = done.get(given); entry; entry = done.get(given)) {
        done.delete(given++);
        const { piece, by } = entry;
        for (const { batch } of piece.batches) {
          yield { decoded: inPlace(received(batch, by), linesBefore), tail: NO_BYTES };
        }
        linesBefore += piece.lines;
        offset = piece.endOffset;
      }
    }
    if (counts) {
      for await (const sums of pool.takeSums()) yield { decoded: onlySums(sums, offset), tail: NO_BYTES };
    }
    return null;
  } finally {
    pipe.writeToOwn();
    pool.close();
  }
}

/** Lets the pipe write into free blocks, and gives those that are full to their threads. */
class Slabs {
  readonly #pipe: PlainPipe;
  readonly #pool: PiecePool;
  readonly #nextSlab: () => Promise<Slab | null>;
  /** In the order in which they came. */
  readonly #full: Slab[];
  readonly #free: ThreadBlock[] = [];
  /** Blocks by their memory. */
  readonly #blocks = new Map<Uint8Array, ThreadBlock>();
  /** Pieces in blocks of this thread. */
  readonly #own: Piece[] = [];
  /** Blocks that pieces stand in, by number. */
  readonly #inUse = new Map<number, ThreadBlock>();
  /** How many pieces the threads have been given. */
  given = 0;
  #offset = 0;
  #hasEnded = false;

  constructor(pipe: PlainPipe, pool: PiecePool, first: Slab, nextSlab: () => Promise<Slab | null>) {
    this.#pipe = pipe;
    this.#pool = pool;
    this.#nextSlab = nextSlab;
    this.#full = [first];
    // One is left: were all written into, a slab that has to be copied into one, and goes before them, would wait for ever.
    pipe.writeTo(() => (this.#free.length > 1 ? (this.#takeFree()?.memory ?? null) : null));
    void this.#take();
  }

  /** Whether no more will come, and none waits. */
  get isOver(): boolean {
    return this.#hasEnded && this.#full.length === 0;
  }

  /** Gives slabs to their threads; whether one of them was this thread's, which has decoded it. */
  give(): boolean {
    for (const block of this.#pool.takeBlocks()) {
      this.#blocks.set(block.memory, block);
      this.#free.push(block);
    }
    for (let next = this.#full[0]; next; next = this.#full[0]) {
      const block = this.#blocks.get(next.memory) ?? this.#copied(next);
      if (!block) break;
      this.#full.shift();
      const from = this.#offset;
      this.#offset += next.bytes.length;
      this.#inUse.set(this.given, block);
      const piece = { number: this.given++, from, to: this.#offset, block: block.block };
      if (!this.#pool.giveWorker(piece, block.by)) this.#own.push(piece);
    }
    this.#pipe.goOn();
    return this.#pool.decodeHere(() => this.#own.shift() ?? null);
  }

  /** Says that nobody looks at the lines of a piece any more. */
  noteDone(number: number): void {
    const block = this.#inUse.get(number);
    if (block) this.#free.push(block);
    this.#inUse.delete(number);
  }

  /** A free block, of a worker if there is one. */
  #takeFree(): ThreadBlock | null {
    const index = this.#free.reduce((best, { by }, i, all) => (by <= (all[best]?.by ?? 0) ? i : best), 0);
    return this.#free.splice(index, 1)[0] ?? null;
  }

  /** What came before there were blocks is copied into one. */
  #copied({ bytes }: Slab): ThreadBlock | null {
    const block = this.#takeFree();
    block?.memory.set(bytes);
    return block;
  }

  async #take(): Promise<void> {
    while (!this.#hasEnded) {
      const slab = await this.#nextSlab();
      if (slab) this.#full.push(slab);
      else this.#hasEnded = true;
      this.#pool.wake();
    }
  }
}
