/** Counts distinct users by sketch key: exactly while there are few, then by HyperLogLog. Merging works in any order. */
import { estimateDistinct, rankOf, registerOf, REGISTERS, VALUE_BITS } from './hyperloglog.js';

export const MAX_EXACT = 1 << 12;

/** What is known of a set of users: the keys themselves while they are few, else the registers of their sketch. */
export interface UserSums {
  /** Each once. */
  readonly keys: ReadonlySet<number> | Float64Array | null;
  readonly registers: Uint8Array | null;
}

const NO_KEYS = new Float64Array(0);

export class DistinctCounter implements UserSums {
  /** The keys, as long as there are few: a set where they come one by one, else a list of each once. */
  #exact: Set<number> | Float64Array | null = NO_KEYS;
  #registers: Uint8Array | null = null;

  /** Whether `count` is exact. */
  get exact(): boolean {
    return this.#exact !== null;
  }

  get keys(): ReadonlySet<number> | Float64Array | null {
    return this.#exact;
  }

  get registers(): Uint8Array | null {
    return this.#registers;
  }

  get count(): number {
    if (this.#exact) return sizeOf(this.#exact);
    return this.#registers ? estimateDistinct(histogramOf(this.#registers)) : 0;
  }

  add(sketchKey: number): void {
    if (this.#registers) {
      this.#sketch(this.#registers, sketchKey);
    } else if (this.#exact) {
      if (!(this.#exact instanceof Set)) this.#exact = new Set(this.#exact);
      this.#exact.add(sketchKey);
      if (this.#exact.size > MAX_EXACT) this.#toSketch();
    }
  }

  merge(other: UserSums): void {
    if (other.keys) this.#addKeys(other.keys);
    const theirs = other.registers;
    if (!theirs) return;
    if (this.#exact && sizeOf(this.#exact) === 0) {
      this.#exact = null;
      // Theirs may lie in memory that is much larger.
      this.#registers = theirs.slice();
      return;
    }
    raiseAll(this.#registers ?? this.#toSketch(), theirs);
  }

  #addKeys(keys: ReadonlySet<number> | Float64Array): void {
    if (!(this.#exact instanceof Float64Array && keys instanceof Float64Array)) {
      for (const key of keys) this.add(key);
      return;
    }
    this.#exact = this.#exact.length === 0 ? keys : unionOf(this.#exact, keys);
    if (this.#exact.length > MAX_EXACT) this.#toSketch();
  }

  #toSketch(): Uint8Array {
    const registers = new Uint8Array(REGISTERS);
    for (const key of this.#exact ?? []) this.#sketch(registers, key);
    this.#exact = null;
    this.#registers = registers;
    return registers;
  }

  #sketch(registers: Uint8Array, sketchKey: number): void {
    const register = registerOf(sketchKey);
    const rank = rankOf(sketchKey);
    if (rank > (registers[register] ?? 0)) registers[register] = rank;
  }
}

function sizeOf(keys: ReadonlySet<number> | Float64Array): number {
  return keys instanceof Float64Array ? keys.length : keys.size;
}

function unionOf(one: Float64Array, other: Float64Array): Float64Array {
  const all = new Float64Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  all.sort();
  let kept = 0;
  for (let i = 0; i < all.length; i++) {
    const key = all[i] ?? 0;
    if (i === 0 || key !== all[kept - 1]) all[kept++] = key;
  }
  return all.slice(0, kept);
}

/** Raises each of our registers to theirs, four at a time: no rank has the highest bit of its byte. */
function raiseAll(ours: Uint8Array, theirs: Uint8Array): void {
  const to = wordsOf(ours);
  const from = wordsOf(theirs);
  for (let i = 0; i < to.length; i++) {
    const a = to[i] ?? 0;
    const b = from[i] ?? 0;
    const isNotLess = ((a | 0x8080_8080) - b) & 0x8080_8080;
    const kept = (isNotLess - (isNotLess >>> 7)) | isNotLess;
    to[i] = (a & kept) | (b & ~kept);
  }
}

const RANKS = VALUE_BITS + 2;
/** How many pairs of registers, side by side, hold each two ranks. */
const pairCounts = new Uint32Array(RANKS << 8);

/** How many registers hold each rank; counted two at a time, as memory is what it takes longest to get at. */
function histogramOf(registers: Uint8Array): Uint32Array {
  const pairs = new Uint16Array(registers.buffer, registers.byteOffset, REGISTERS / 2);
  for (let i = 0; i < REGISTERS / 2; i++) {
    const pair = pairs[i] ?? 0;
    pairCounts[pair] = (pairCounts[pair] ?? 0) + 1;
  }
  const histogram = new Uint32Array(RANKS);
  for (let high = 0; high < RANKS; high++) {
    for (let low = 0; low < RANKS; low++) {
      const count = pairCounts[(high << 8) | low] ?? 0;
      if (count === 0) continue;
      histogram[high] = (histogram[high] ?? 0) + count;
      histogram[low] = (histogram[low] ?? 0) + count;
      pairCounts[(high << 8) | low] = 0;
    }
  }
  return histogram;
}

function wordsOf(registers: Uint8Array): Int32Array {
  return new Int32Array(registers.buffer, registers.byteOffset, REGISTERS / 4);
}
