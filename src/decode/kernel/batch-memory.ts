/**
 * Memory for batches that are copied out of a kernel. A batch lies in few large blocks, which another thread sees with
 * it and which are free again when nobody looks at it any more. They are shared, not handed over: whatever comes from
 * another thread drives a garbage collector, which would run all the time for what it is not to collect.
 */

const ALIGNMENT = 8;
/** Large blocks come in few sizes, so that one fits as well as another. */
const SIZE_STEP = 256 * 1024;
/** Blocks that wait to be used again; what comes back beyond is left to the garbage collector. */
const MAX_WAITING = 24;

export class BatchMemory {
  readonly #waiting: ArrayBufferLike[] = [];
  #blocks: ArrayBufferLike[] = [];
  #used = 0;
  #expected = 0;
  readonly #isShared: boolean;

  /** `isShared`: whether another thread gets the batches, and gives them back. Else they are garbage in the end. */
  constructor(isShared: boolean) {
    this.#isShared = isShared;
  }

  /** Begins a batch, of about so many bytes. */
  begin(expectedBytes: number): void {
    this.#blocks = [];
    this.#used = 0;
    this.#expected = expectedBytes;
  }

  /** Room for so many bytes, which may hold anything, beginning at a multiple of 8. */
  take(length: number): Uint8Array {
    let block = this.#blocks.at(-1);
    if (!block || this.#used + length > block.byteLength) {
      block = this.#block(Math.max(length, this.#blocks.length === 0 ? this.#expected : 0));
      this.#blocks.push(block);
      this.#used = 0;
    }
    const room = new Uint8Array(block, this.#used, length);
    this.#used += Math.ceil(length / ALIGNMENT) * ALIGNMENT;
    return room;
  }

  /** The blocks of the batch. */
  end(): ArrayBufferLike[] {
    return this.#blocks;
  }

  /** Takes back the blocks of a batch that is done with. */
  giveBack(blocks: readonly ArrayBufferLike[]): void {
    for (const block of blocks) if (this.#waiting.length < MAX_WAITING) this.#waiting.push(block);
  }

  /** The smallest of the blocks that wait, if one is large enough. */
  #block(bytes: number): ArrayBufferLike {
    let best = -1;
    for (const [i, { byteLength }] of this.#waiting.entries()) {
      if (byteLength >= bytes && byteLength < (this.#waiting[best]?.byteLength ?? Infinity)) best = i;
    }
    const [found] = best < 0 ? [] : this.#waiting.splice(best, 1);
    if (found) return found;
    const step = bytes < SIZE_STEP ? ALIGNMENT : SIZE_STEP;
    const length = Math.ceil(bytes / step) * step;
    return this.#isShared ? new SharedArrayBuffer(length) : new ArrayBuffer(length);
  }
}
