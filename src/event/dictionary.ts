/** A dictionary: each distinct text of one column of one batch, by code. Code 0 stands for no text. */
import { writeTextKey } from './hash.js';
import type { PackedTexts } from './packed-texts.js';

export interface Dictionary {
  /** How many codes there are, 0 included. */
  readonly size: number;
  text(code: number): string;
  /** All texts as UTF-8, where they are at hand so: the first is that of code 1. */
  readonly packed?: PackedTexts;
  /**
   * The codes of all texts that no batch of the same reading had before, and maybe of others: whoever has stored those
   * batches has the rest. Absent: not known.
   */
  readonly freshCodes?: Uint32Array | undefined;
  /** About what its texts take in memory that no other batch has. Absent: not known. */
  readonly ownBytes?: number;
  /** The 64-bit key of each code's text (see `hash.ts`), `keys[0]` being 0. Valid until the next `intern`. */
  keys(): BigUint64Array;
}

let ramp = new Uint32Array(0);

/** The codes from `from` to `to`, the latter not included. */
export function codeRange(from: number, to: number): Uint32Array {
  if (to > ramp.length) ramp = Uint32Array.from({ length: to * 2 }, (_, code) => code);
  return ramp.subarray(from, to);
}

/** A dictionary that grows as texts are interned. */
export class GrowingDictionary implements Dictionary {
  readonly #codes = new Map<string, number>();
  readonly #texts: string[] = [''];
  #keys = new BigUint64Array(64);
  #hashed = 1;

  get size(): number {
    return this.#texts.length;
  }

  intern(text: string): number {
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.#texts.length;
      this.#codes.set(text, code);
      this.#texts.push(text);
    }
    return code;
  }

  text(code: number): string {
    return this.#texts[code] ?? '';
  }

  keys(): BigUint64Array {
    const size = this.#texts.length;
    if (size > this.#keys.length) {
      const grown = new BigUint64Array(Math.max(size, this.#keys.length * 2));
      grown.set(this.#keys);
      this.#keys = grown;
    }
    const words = new Uint32Array(this.#keys.buffer);
    for (; this.#hashed < size; this.#hashed++)
      writeTextKey(this.text(this.#hashed), words, 2 * this.#hashed);
    return this.#keys.subarray(0, size);
  }
}
