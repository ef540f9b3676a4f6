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

/** How many registers hold each rank; counted in four, as a count that has just been written is slow to be read. */
function histogramOf(registers: Uint8Array): Uint32Array {
  const [first, second, third, fourth] = [noCounts(), noCounts(), noCounts(), noCounts()];
  for (let at = 0; at < REGISTERS; at += 4) {
    addOne(first, registers[at] ?? 0);
    addOne(second, registers[at + 1] ?? 0);
    addOne(third, registers[at + 2] ?? 0);
    addOne(fourth, registers[at + 3] ?? 0);
  }
  return first.map((count, rank) => count + (second[rank] ?? 0) + (third[rank] ?? 0) + (fourth[rank] ?? 0));
}

function noCounts(): Uint32Array {
  return new Uint32Array(VALUE_BITS + 2);
}

function addOne(counts: Uint32Array, rank: number): void {
  counts[rank] = (counts[rank] ?? 0) + 1;
}

function wordsOf(registers: Uint8Array): Int32Array {
  return new Int32Array(registers.buffer, registers.byteOffset, REGISTERS / 4);
}
