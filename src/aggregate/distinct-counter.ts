/** Counts distinct users by sketch key: exactly while there are few, then by HyperLogLog. Merging works in any order. */
import { estimateDistinct, rankOf, registerOf, REGISTERS, VALUE_BITS } from './hyperloglog.js';

export const MAX_EXACT = 1 << 12;

/** What is known of a set of users: the keys themselves while they are few, else the registers of their sketch. */
export interface UserSums {
  readonly keys: Iterable<number> | null;
  readonly registers: Uint8Array | null;
}

export class DistinctCounter implements UserSums {
  #exact: Set<number> | null = new Set();
  #registers: Uint8Array | null = null;

  /** Whether `count` is exact. */
  get exact(): boolean {
    return this.#exact !== null;
  }

  get keys(): Iterable<number> | null {
    return this.#exact;
  }

  get registers(): Uint8Array | null {
    return this.#registers;
  }

  get count(): number {
    if (this.#exact) return this.#exact.size;
    const histogram = new Uint32Array(VALUE_BITS + 2);
    const registers: Uint8Array = this.#registers ?? new Uint8Array(0);
    for (const rank of registers) histogram[rank] = (histogram[rank] ?? 0) + 1;
    return estimateDistinct(histogram);
  }

  add(sketchKey: number): void {
    if (this.#registers) {
      this.#sketch(this.#registers, sketchKey);
    } else if (this.#exact) {
      this.#exact.add(sketchKey);
      if (this.#exact.size > MAX_EXACT) this.#toSketch();
    }
  }

  merge(other: UserSums): void {
    for (const key of other.keys ?? []) this.add(key);
    const theirs = other.registers;
    if (!theirs) return;
    if (this.#exact?.size === 0) {
      this.#exact = null;
      this.#registers = theirs.slice();
      return;
    }
    const ours = this.#registers ?? this.#toSketch();
    for (let register = 0; register < REGISTERS; register++) {
      const rank = theirs[register] ?? 0;
      if (rank > (ours[register] ?? 0)) ours[register] = rank;
    }
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
