/** Takes bytes by number from a sequence of blocks. */

export class ByteReader {
  readonly #blocks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(blocks: AsyncIterable<Buffer>) {
    this.#blocks = blocks[Symbol.asyncIterator]();
  }

  /** The next `count` bytes; fewer only at the end. */
  async take(count: number): Promise<Buffer> {
    while (this.#rest.length < count) {
      const next = await this.#blocks.next();
      if (next.done) break;
      this.#rest = Buffer.concat([this.#rest, next.value]);
    }
    return this.#cut(count);
  }

  /** At least one and at most `count` bytes, without waiting for more; none at the end. */
  async takeUpTo(count: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#blocks.next();
      if (next.done) break;
      this.#rest = next.value;
    }
    return this.#cut(count);
  }

  /** Makes these bytes the next to be taken. */
  putBack(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([bytes, this.#rest]);
  }

  /** Skips everything up to and with the next `byte`. */
  async skipPast(byte: number): Promise<void> {
    for (;;) {
      const block = await this.takeUpTo(1024);
      const at = block.indexOf(byte);
      if (at >= 0) this.putBack(block.subarray(at + 1));
      if (at >= 0 || block.length === 0) return;
    }
  }

  /** Reads to the end; whether nothing but zeros was left. */
  async onlyZerosFollow(): Promise<boolean> {
    for (;;) {
      const block = await this.takeUpTo(64 * 1024);
      if (block.length === 0) return true;
      if (block.some((byte) => byte !== 0)) return false;
    }
  }

  #cut(count: number): Buffer {
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return taken;
  }
}
