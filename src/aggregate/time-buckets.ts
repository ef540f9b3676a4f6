/**
 * Clicks, conversions and revenue over time in a bounded number of equal buckets: hours at first, twice as wide each
 * time there are too many. The width follows from the events alone, not from their order, so merging is commutative.
 */

export interface TimeBucket {
  clicks: number;
  conversions: number;
  revenueMicros: bigint;
}

export const HOUR_MICROS = 3_600_000_000n;

/**
 * Sums over time, wherever they were made: by bucket number, which is the hour divided by the hours of a bucket; or as
 * the kernel has them, BUCKET_WORDS a bucket: number (two words), clicks, conversions, revenue (four words).
 */
export interface TimeSums {
  readonly hoursPerBucket: number;
  readonly buckets: ReadonlyMap<number, Readonly<TimeBucket>> | Int32Array;
}

export const BUCKET_WORDS = 8;

interface KernelSums extends TimeSums {
  readonly buckets: Int32Array;
}

/** Sums of the kernel's that may wait to be added. */
const MAX_WAITING = 4;

export class TimeBuckets implements TimeSums {
  readonly #maxBuckets: number;
  /** Sums of the kernel's that nobody has asked for yet. */
  readonly #waiting: KernelSums[] = [];
  /** By bucket number: the moment divided by the width. */
  #buckets = new Map<number, TimeBucket>();
  #hoursPerBucket = 1;

  constructor(maxBuckets: number) {
    this.#maxBuckets = maxBuckets;
  }

  get bucketMicros(): bigint {
    return HOUR_MICROS * BigInt(this.hoursPerBucket);
  }

  /** The bucket that holds the hour; to be added to. Valid until the next call. */
  at(hour: number): TimeBucket {
    const number = Math.floor(hour / this.#hoursPerBucket);
    const known = this.#buckets.get(number);
    if (known) return known;
    this.#buckets.set(number, { clicks: 0, conversions: 0, revenueMicros: 0n });
    while (this.#buckets.size > this.#maxBuckets) this.#widen(this.#hoursPerBucket * 2);
    return this.at(hour);
  }

  get hoursPerBucket(): number {
    this.#addWaiting();
    return this.#hoursPerBucket;
  }

  get buckets(): ReadonlyMap<number, Readonly<TimeBucket>> {
    this.#addWaiting();
    return this.#buckets;
  }

  /** What is merged is given away. */
  merge({ hoursPerBucket, buckets }: TimeSums): void {
    if (buckets instanceof Int32Array) {
      // Most runs end without anybody having asked for a trend.
      this.#waiting.push({ hoursPerBucket, buckets });
      if (this.#waiting.length > MAX_WAITING) this.#addWaiting();
      return;
    }
    if (hoursPerBucket > this.#hoursPerBucket) this.#widen(hoursPerBucket);
    for (const [number, bucket] of buckets) addTo(this.at(number * hoursPerBucket), bucket);
  }

  #addWaiting(): void {
    for (const sums of this.#waiting.splice(0)) this.#addSums(sums);
  }

  #addSums({ hoursPerBucket, buckets }: KernelSums): void {
    if (hoursPerBucket > this.#hoursPerBucket) this.#widen(hoursPerBucket);
    for (let at = 0; at < buckets.length; at += BUCKET_WORDS) {
      const number = (buckets[at + 1] ?? 0) * 2 ** 32 + ((buckets[at] ?? 0) >>> 0);
      const bucket = this.at(number * hoursPerBucket);
      bucket.clicks += (buckets[at + 2] ?? 0) >>> 0;
      bucket.conversions += (buckets[at + 3] ?? 0) >>> 0;
      bucket.revenueMicros += int128At(buckets, at + 4);
    }
  }

  /** The first hour (since the epoch) and the sums of each bucket that holds anything, in order. */
  entries(): { readonly startHour: number; readonly bucket: Readonly<TimeBucket> }[] {
    return [...this.buckets]
      .sort(([a], [b]) => a - b)
      .map(([number, bucket]) => ({ startHour: number * this.#hoursPerBucket, bucket }));
  }

  #widen(hoursPerBucket: number): void {
    const factor = hoursPerBucket / this.#hoursPerBucket;
    const before = this.#buckets;
    this.#buckets = new Map();
    this.#hoursPerBucket = hoursPerBucket;
    for (const [number, bucket] of before) {
      const wide = Math.floor(number / factor);
      const known = this.#buckets.get(wide);
      if (known) addTo(known, bucket);
      else this.#buckets.set(wide, bucket);
    }
  }
}

function addTo(sum: TimeBucket, bucket: Readonly<TimeBucket>): void {
  sum.clicks += bucket.clicks;
  sum.conversions += bucket.conversions;
  sum.revenueMicros += bucket.revenueMicros;
}

/** Most amounts are small enough for a number, which is read sooner. */
function int128At(words: Int32Array, at: number): bigint {
  const low = words[at] ?? 0;
  const high = words[at + 1] ?? 0;
  const sign = high >> 31;
  if (words[at + 2] === sign && words[at + 3] === sign && Math.abs(high) < 2 ** 20) {
    return BigInt(high * 2 ** 32 + (low >>> 0));
  }
  const unsigned = new Uint32Array(words.buffer, words.byteOffset + at * 4, 4);
  return BigInt.asIntN(
    128,
    unsigned.reduceRight((sum, word) => (sum << 32n) + BigInt(word), 0n),
  );
}
