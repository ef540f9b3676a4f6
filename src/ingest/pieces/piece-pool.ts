/** Threads that decode pieces: workers, and this thread itself where it has nothing better to do. */
import type { Worker } from 'node:worker_threads';
import type { AggregateSums } from '../../aggregate/aggregator.js';
import { takeWorker } from '../../early-worker.js';
import { PieceDecoder } from './piece-decoder.js';
import type { DecodedPiece, Piece, PieceAnswer, PieceRequest, PieceSetup } from './piece.js';

/** Pieces that a worker has at once: one to decode, and the next one ready. */
const PIECES_A_WORKER = 2;
/** Where this thread decodes, too, it may not come to give the next one before it has decoded its own. */
const PIECES_BESIDE_OURS = 3;

/** A block of a thread (by its number), and its memory. */
export interface ThreadBlock {
  readonly by: number;
  readonly block: number;
  readonly memory: Uint8Array;
}

interface PoolWorker {
  readonly thread: Worker;
  pieces: number;
}

export class PiecePool {
  readonly #workers: PoolWorker[];
  readonly #piecesAWorker: number;
  readonly #local: PieceDecoder | null;
  readonly #done: { readonly piece: DecodedPiece; readonly by: number }[] = [];
  readonly #blocks: ThreadBlock[] = [];
  readonly #sums: (AggregateSums | null)[] = [];
  #isAsked = false;
  #failure: Error | null = null;
  #isClosed = false;
  #wake: () => void = () => undefined;

  /** `decodesHere`: whether this thread decodes, too. */
  constructor(setup: PieceSetup, workers: number, decodesHere: boolean) {
    this.#workers = Array.from({ length: workers }, (_, i) => this.#start(setup, i));
    this.#piecesAWorker = decodesHere ? PIECES_BESIDE_OURS : PIECES_A_WORKER;
    this.#local = decodesHere ? new PieceDecoder(setup) : null;
    if (this.#local) this.#addBlocks(this.#local.blocks(), workers);
  }

  /** How many pieces the threads can hold. */
  get capacity(): number {
    return this.#workers.length * this.#piecesAWorker + (this.#local ? 1 : 0);
  }

  get isBusy(): boolean {
    return this.#workers.some(({ pieces }) => pieces > 0);
  }

  /** Gives pieces to the workers as long as they have room; `next` gives the next piece, null: none now. */
  fill(next: () => Piece | null): void {
    for (
      let least = this.#leastBusy();
      least && least.pieces < this.#piecesAWorker;
      least = this.#leastBusy()
    ) {
      const piece = next();
      if (!piece) return;
      least.pieces++;
      send(least, { kind: 'decode', piece });
    }
  }

  /** Gives a piece to a worker, in whose block it stands; false where there is none of that number. */
  giveWorker(piece: Piece, by: number): boolean {
    const worker = this.#workers[by];
    if (!worker) return false;
    worker.pieces++;
    send(worker, { kind: 'decode', piece });
    return true;
  }

  /** Blocks of all threads that have said what they have since this was last asked. */
  takeBlocks(): ThreadBlock[] {
    return this.#blocks.splice(0);
  }

  /** Decodes a piece on this thread, if it is one that does; false where it is not. */
  decodeHere(next: () => Piece | null): boolean {
    if (!this.#local) return false;
    const piece = next();
    if (!piece) return false;
    this.#done.push({ piece: this.#local.decode(piece), by: this.#workers.length });
    return true;
  }

  /** Pieces that have been decoded since, each with the number of the thread that did it. */
  takeDone(): { readonly piece: DecodedPiece; readonly by: number }[] {
    if (this.#failure) throw this.#failure;
    return this.#done.splice(0);
  }

  /** Resolves when a worker has said something since, or somebody has called `wake`. */
  async news(): Promise<void> {
    if (this.#done.length > 0 || this.#failure) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Lets whoever waits for news look at what else there is. */
  wake(): void {
    this.#wake();
  }

  /** Has workers tell what they have counted as soon as they have decoded their pieces: they are given no more. */
  askForSums(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    for (const worker of this.#workers) send(worker, { kind: 'sums' });
  }

  /** What each thread has counted, this one first; to be asked when none of them has a piece any more, and once. */
  async *takeSums(): AsyncGenerator<AggregateSums> {
    this.askForSums();
    const own = this.#local?.takeSums() ?? null;
    if (own) yield own;
    for (let left = this.#workers.length; left > 0; left--) {
      while (this.#sums.length === 0 && !this.#failure) await this.news();
      if (this.#failure) throw this.#failure;
      const sums = this.#sums.shift();
      if (sums) yield sums;
    }
  }

  /** Gives the memory of a batch back to the thread (by its number) that it came from. */
  giveBack(by: number, memory: readonly ArrayBufferLike[]): void {
    if (this.#isClosed) return;
    const worker = this.#workers[by];
    if (worker) send(worker, { kind: 'memory', memory });
    else this.#local?.giveBack(memory);
  }

  close(): void {
    this.#isClosed = true;
    for (const { thread } of this.#workers) void thread.terminate();
  }

  #start(setup: PieceSetup, number: number): PoolWorker {
    const thread = takeWorker();
    const worker: PoolWorker = { thread, pieces: 0 };
    send(worker, { kind: 'setup', setup });
    thread.on('message', (answer: PieceAnswer) => {
      if (answer.kind === 'sums') {
        this.#sums.push(answer.sums);
      } else if (answer.kind === 'blocks') {
        this.#addBlocks(answer.blocks, number);
      } else {
        worker.pieces--;
        this.#done.push({ piece: answer.piece, by: number });
      }
      this.#wake();
    });
    thread.on('error', (error) => {
      this.#failure ??= error;
      this.#wake();
    });
    return worker;
  }

  #addBlocks(blocks: readonly Uint8Array[], by: number): void {
    this.#blocks.push(...blocks.map((memory, block) => ({ by, block, memory })));
  }

  #leastBusy(): PoolWorker | undefined {
    return this.#workers.reduce<PoolWorker | undefined>(
      (least, worker) => (least && least.pieces <= worker.pieces ? least : worker),
      undefined,
    );
  }
}

function send({ thread }: PoolWorker, request: PieceRequest): void {
  thread.postMessage(request);
}
