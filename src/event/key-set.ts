/** A set of 64-bit keys in flat memory: open addressing, as a Set of bigints takes ten times the room. */

/** A small set that grows is about to grow more; of a large one memory counts. */
const FAST_GROWTH_WORDS = 1 << 18;

/** So many keys are to be warmed at once: few enough to stay in the cache, many enough to be read side by side. */
export const KEYS_TO_WARM = 64;

export class KeySet {
  readonly #maxSize: number;
  #words = new Uint32Array(2 << 12);
  #size = 0;
  /** Nobody asks for it; but what is read for nothing may not be read at all. */
  #warmth = 0;

  /** Past `maxSize` keys the set forgets all of them and starts anew: it is a memory of what need not be done again. */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Adds the key, given as two words (not both 0); false if it was there. */
  add(low: number, high: number): boolean {
    if (this.#size * 4 > this.#words.length) this.#grow();
    const slot = this.#slotOf(this.#words, low, high);
    if (this.#words[slot] !== 0 || this.#words[slot + 1] !== 0) return false;
    this.#words[slot] = low;
    this.#words[slot + 1] = high;
    this.#size++;
    return true;
  }

  /**
   * Reads the places of the keys in `words` (a pair of words each), from one to another, so that they are in the
   * processor's cache when the keys are added: one after the other, each would be waited for.
   */
  warm(words: Uint32Array, from: number, to: number): void {
    const mask = this.#words.length - 1;
    let sum = 0;
    for (let i = from; i < to; i++) sum += this.#words[((words[2 * i] ?? 0) * 2) & mask] ?? 0;
    this.#warmth = sum;
  }

  has(low: number, high: number): boolean {
    const slot = this.#slotOf(this.#words, low, high);
    return this.#words[slot] !== 0 || this.#words[slot + 1] !== 0;
  }

  /** For whoever wants to see that keys have been warmed. */
  get warmth(): number {
    return this.#warmth;
  }

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#words.fill(0);
    this.#size = 0;
  }

  #grow(): void {
    if (this.#size >= this.#maxSize) {
      this.clear();
      return;
    }
    const grown = writtenZeros(this.#words.length * (this.#words.length < FAST_GROWTH_WORDS ? 4 : 2));
    for (let i = 0; i < this.#words.length; i += 2) {
      const low = this.#words[i] ?? 0;
      const high = this.#words[i + 1] ?? 0;
      if (low === 0 && high === 0) continue;
      const slot = this.#slotOf(grown, low, high);
      grown[slot] = low;
      grown[slot + 1] = high;
    }
    this.#words = grown;
  }

  /** Where the key is, or the empty slot where it belongs. Keys are hashes already. */
  #slotOf(words: Uint32Array, low: number, high: number): number {
    const mask = words.length - 1;
    let slot = (low * 2) & mask;
    for (;;) {
      const l = words[slot] ?? 0;
      const h = words[slot + 1] ?? 0;
      if ((l === low && h === high) || (l === 0 && h === 0)) return slot;
      slot = (slot + 2) & mask;
    }
  }
}

/**
 * Zeros that have been written, not only promised: a page of memory that is read before it is written is handed out by the
 * system twice, and the second time it has all processors stop for it.
 */
function writtenZeros(length: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(length).fill(0);
}
