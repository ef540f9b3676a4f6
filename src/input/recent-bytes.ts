/** The bytes that have just flowed by: enough of them to fingerprint an input at the offset of any batch in flight. */
import { FINGERPRINT_BYTES } from '../store/checkpoint.js';

/** More than all the stages between here and a batch can hold back. */
const WINDOW_BYTES = 8 << 20;

export class RecentBytes {
  #head: Buffer;
  /** The input's first bytes, also those that lie behind where the flow starts. */
  readonly #first: Buffer;
  readonly #blocks: Buffer[];
  #start: number;
  #end: number;

  /** `head` are the input's first bytes, `before` those just before `offset`, where the flow starts. */
  constructor(head: Buffer, before: Buffer, offset: number) {
    this.#first = head.subarray(0, FINGERPRINT_BYTES);
    this.#head = this.#first.subarray(0, offset);
    this.#blocks = [before];
    this.#start = offset - before.length;
    this.#end = offset;
  }

  /** Passes blocks on, remembering them. */
  async *tap(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const block of blocks) {
      if (this.#head.length < FINGERPRINT_BYTES) {
        this.#head = Buffer.concat([this.#head, block.subarray(0, FINGERPRINT_BYTES - this.#head.length)]);
      }
      this.#blocks.push(block);
      this.#end += block.length;
      for (let first = this.#blocks[0]; first && this.#end - this.#start - first.length > WINDOW_BYTES;) {
        this.#start += first.length;
        this.#blocks.shift();
        first = this.#blocks[0];
      }
      yield block;
    }
  }

  /** Goes on at an offset behind the head, up to which the bytes were read elsewhere; `before` are the last of them. */
  jump(before: Buffer, offset: number): void {
    if (this.#first.length > this.#head.length) this.#head = this.#first;
    this.#blocks.splice(0, this.#blocks.length, before);
    this.#start = offset - before.length;
    this.#end = offset;
  }

  /** Goes back to an offset: what lies behind it will come again. False where that is too far back. */
  rewind(offset: number): boolean {
    const before = Buffer.from(this.before(offset));
    if (before.length < Math.min(FINGERPRINT_BYTES, offset)) return false;
    this.#head = Buffer.from(this.headUpTo(offset));
    this.#blocks.splice(0, this.#blocks.length, before);
    this.#start = offset - before.length;
    this.#end = offset;
    return true;
  }

  /** The input's first bytes, as far as they lie before `offset`. */
  headUpTo(offset: number): Buffer {
    return this.#head.subarray(0, Math.min(FINGERPRINT_BYTES, offset));
  }

  /** Up to FINGERPRINT_BYTES before `offset`, which must not lie further back than the window. */
  before(offset: number): Buffer {
    const from = Math.max(this.#start, offset - FINGERPRINT_BYTES);
    const pieces: Buffer[] = [];
    let at = this.#start;
    for (const block of this.#blocks) {
      if (at < offset && at + block.length > from)
        pieces.push(block.subarray(Math.max(0, from - at), offset - at));
      at += block.length;
    }
    return Buffer.concat(pieces);
  }
}
