/**
 * Reads a pipe that brings much: lines come in slabs, which threads decode side by side, and are handed on in order.
 * Where little comes any more, or the end, the rest is left to whoever reads on from there.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PlainPipe } from '../../input/input-source.js';
import type { Piece, PieceSetup } from './piece.js';
import { PiecePool } from './piece-pool.js';
import { inPlace, onlySums, receiver, type PlacedBatch } from './read-pieces.js';

export interface SlabsRequest {
  readonly setup: PieceSetup;
  readonly pipe: PlainPipe;
  /** Threads in all. */
  readonly jobs: number;
}

/** A pipe that brings less than a slab in this time is no work for many threads. */
const PATIENCE_MS = 100;
/** Slabs that wait for a worker before this thread, which has the reading to do, decodes one itself. */
const MIN_BACKLOG = 3;
const NO_BYTES = new Uint8Array(0);

export async function* readSlabs({ setup, pipe, jobs }: SlabsRequest): AsyncGenerator<PlacedBatch, null> {
  const first = await pipe.lines(PATIENCE_MS);
  if (!first) return null;
  const counts = setup.use === 'counted';
  const pool = new PiecePool(setup, jobs - 1, counts);
  const slabs = new SlabQueue(pipe, pool, first);
  const received = receiver(pool, jobs);
  const done = new Map<number, ReturnType<PiecePool['takeDone']>[number]>();
  let given = 0;
  let linesBefore = 0;
  let offset = 0;
  try {
    while (!slabs.isOver || given < slabs.taken) {
      pool.fill(slabs.next);
      if (slabs.length >= MIN_BACKLOG && pool.decodeHere(slabs.next)) await nextTurn();
      else if (!done.has(given)) await pool.news();
      for (const entry of pool.takeDone()) done.set(entry.piece.number, entry);
      for (let entry = done.get(given); entry; entry = done.get(given)) {
        done.delete(given++);
        const { piece, by } = entry;
        if (piece.memory) pipe.reuse(piece.memory);
        slabs.noteDone();
        for (const { batch } of piece.batches) {
          yield { decoded: inPlace(received(batch, by), linesBefore), tail: NO_BYTES };
        }
        linesBefore += piece.lines;
        offset = piece.endOffset;
      }
    }
    if (counts) {
      for (const sums of await pool.takeSums()) yield { decoded: onlySums(sums, offset), tail: NO_BYTES };
    }
    return null;
  } finally {
    pool.close();
  }
}

/** Takes slabs from the pipe as long as not too many are under way. */
class SlabQueue {
  readonly #pipe: PlainPipe;
  readonly #pool: PiecePool;
  readonly #waiting: Piece[] = [];
  readonly #maxUnderWay: number;
  #underWay = 0;
  /** How many have been taken from the pipe. */
  taken = 0;
  #offset = 0;
  #isTaking = false;
  #hasEnded = false;

  constructor(pipe: PlainPipe, pool: PiecePool, first: Uint8Array<ArrayBuffer>) {
    this.#pipe = pipe;
    this.#pool = pool;
    this.#maxUnderWay = 2 * pool.capacity;
    this.#add(first);
    void this.#take();
  }

  /** Whether no more will come, and none waits. */
  get isOver(): boolean {
    return this.#hasEnded && this.#waiting.length === 0;
  }

  get length(): number {
    return this.#waiting.length;
  }

  readonly next = (): Piece | null => this.#waiting.shift() ?? null;

  /** Says that all has been made of a slab that there is to it. */
  noteDone(): void {
    this.#underWay--;
    void this.#take();
  }

  async #take(): Promise<void> {
    if (this.#isTaking || this.#hasEnded) return;
    this.#isTaking = true;
    while (this.#underWay < this.#maxUnderWay && !this.#hasEnded) {
      const bytes = await this.#pipe.lines(PATIENCE_MS);
      if (bytes) this.#add(bytes);
      else this.#hasEnded = true;
      this.#pool.wake();
    }
    this.#isTaking = false;
  }

  #add(bytes: Uint8Array<ArrayBuffer>): void {
    const from = this.#offset;
    this.#offset += bytes.length;
    this.#underWay++;
    this.#waiting.push({ number: this.taken++, from, to: this.#offset, bytes });
  }
}
