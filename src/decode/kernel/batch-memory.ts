/**
 * Memory for batches that are copied out of a kernel. A batch lies in few large blocks, which go to another thread with
 * it and come back when nobody looks at it any more: to have the garbage collector find so much of it takes long.
 */

const ALIGNMENT = 8;
/** Blocks that wait to be used again; what comes back beyond is left to the garbage collector. */
const MAX_WAITING = 24;

export class BatchMemory {
  readonly #waiting: ArrayBuffer[] = [];
  #blocks: ArrayBuffer[] = [];
  #used = 0;
  #expected = 0;

  /** Begins a batch, of about so many bytes. */
  begin(expectedBytes: number): void {
    this.#blocks = [];
    this.#used = 0;
    this.#expected = expectedBytes;
  }

  /** Room for so many bytes, which may hold anything, beginning at a multiple of 8. */
  take(length: number): Uint8Array<ArrayBuffer> {
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
  end(): ArrayBuffer[] {
    return this.#blocks;
  }

  /** Takes back the blocks of a batch that is done with. */
  giveBack(blocks: readonly ArrayBuffer[]): void {
    for (const block of blocks) if (this.#waiting.length < MAX_WAITING) this.#waiting.push(block);
  }

  #block(bytes: number): ArrayBuffer {
    const at = this.#waiting.findIndex(({ byteLength }) => byteLength >= bytes);
    const [found] = at < 0 ? [] : this.#waiting.splice(at, 1);
    return found ?? new ArrayBuffer(Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
  }
}
