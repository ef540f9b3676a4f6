/**
 * HyperLogLog in numbers that the live sketch and the stores' SQL share. Of a 64-bit key the first 52 bits count, which
 * a JavaScript number holds exactly: 14 choose a register, which keeps the largest rank (position of the first 1 bit)
 * seen in the other 38. The standard error is 1.04 / sqrt(2^14) = 0.8 %.
 */

export const REGISTERS = 1 << 14;
export const VALUE_BITS = 38;
const VALUE_RANGE = 2 ** VALUE_BITS;

/** The first 52 bits of each 64-bit key. */
export function sketchKeys(keys: BigUint64Array): Float64Array {
  const words = new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
  const bits = new Float64Array(keys.length);
  for (let i = 0; i < bits.length; i++) {
    bits[i] = (words[2 * i + 1] ?? 0) * 2 ** 20 + ((words[2 * i] ?? 0) >>> 12);
  }
  return bits;
}

export function registerOf(sketchKey: number): number {
  // Far below 2^31: `| 0` cuts off the decimals.
  return (sketchKey / VALUE_RANGE) | 0;
}

/** 1 to VALUE_BITS + 1. */
export function rankOf(sketchKey: number): number {
  const value = sketchKey - registerOf(sketchKey) * VALUE_RANGE;
  const high = (value / 2 ** 32) | 0;
  return high > 0 ? Math.clz32(high) - (64 - VALUE_BITS) + 1 : VALUE_BITS - 32 + Math.clz32(value) + 1;
}

/**
 * The number of distinct keys, from how many registers hold each rank (`histogram[rank]`, 0 to 39, summing to
 * REGISTERS).
 */
export function estimateDistinct(histogram: ArrayLike<number>): number {
  const at = (rank: number): number => histogram[rank] ?? 0;
  let weight = 0;
  for (let rank = VALUE_BITS; rank >= 1; rank--) weight += at(rank) * 2 ** (VALUE_BITS - rank);
  return estimateOf({ empty: at(0), full: at(VALUE_BITS + 1), weight });
}

/** What the estimate follows from; whole numbers, the largest below 2^52. */
export interface RegisterSums {
  /** Registers of rank 0, and of the largest rank. */
  readonly empty: number;
  readonly full: number;
  /** Of all others the sum of 2 ** (VALUE_BITS - rank). */
  readonly weight: number;
}

/**
 * The estimator is Otmar Ertl's, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6:
 * unbiased from a handful to billions without tables of corrections.
 */
export function estimateOf({ empty, full, weight }: RegisterSums): number {
  const z =
    (REGISTERS * tau(1 - full / REGISTERS) + weight) / 2 ** VALUE_BITS + REGISTERS * sigma(empty / REGISTERS);
  return Math.round(REGISTERS ** 2 / (2 * Math.LN2 * z));
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let x = share;
  let z = share;
  for (let y = 1, before = -1; z !== before; y *= 2) {
    x *= x;
    before = z;
    z += x * y;
  }
  return z;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let z = 1 - share;
  for (let y = 0.5, before = -1; z !== before; y /= 2) {
    x = Math.sqrt(x);
    before = z;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
