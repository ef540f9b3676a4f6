/** Texts one behind the other in one array of UTF-8: a few numbers each, where a string each would be an object each. */

export interface PackedTexts {
  readonly bytes: Uint8Array;
  /** Where each text ends; it begins where the one before it ends. */
  readonly ends: Uint32Array;
}

/** Where a text begins, by its place among the others, of which it is said where each ends. */
export function startOf(ends: Uint32Array, place: number): number {
  return place === 0 ? 0 : (ends[place - 1] ?? 0);
}

const FIRST_BYTES = 1 << 14;
const FIRST_TEXTS = 1 << 10;

export class TextPacker implements PackedTexts {
  #bytes = new Uint8Array(FIRST_BYTES);
  #ends = new Uint32Array(FIRST_TEXTS);
  #length = 0;
  #size = 0;

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  get ends(): Uint32Array {
    return this.#ends.subarray(0, this.#size);
  }

  /** How many texts there are. */
  get size(): number {
    return this.#size;
  }

  add(text: Uint8Array): void {
    this.addPart(text, 0, text.length);
  }

  /** Begins anew, in the memory that it has: what it gave before is no more. */
  clear(): void {
    this.#length = 0;
    this.#size = 0;
  }

  /** Adds a text that stands among others. */
  addPart(from: Uint8Array, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#bytes.length) this.#growBytes(length);
    if (this.#size === this.#ends.length) this.#growEnds();
    const bytes = this.#bytes;
    for (let i = start, to = this.#length; i < end; i++, to++) bytes[to] = from[i] ?? 0;
    this.#ends[this.#size++] = length;
    this.#length = length;
  }

  addAll({ bytes, ends }: PackedTexts): void {
    let start = 0;
    for (const end of ends) {
      this.addPart(bytes, start, end);
      start = end;
    }
  }

  #growBytes(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  #growEnds(): void {
    const grown = new Uint32Array(this.#ends.length * 2);
    grown.set(this.#ends);
    this.#ends = grown;
  }
}
