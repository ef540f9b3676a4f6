import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKET_WORDS, HOUR_MICROS, TimeBuckets } from '../../src/aggregate/time-buckets.js';

function filled(maxBuckets: number, hours: Iterable<number>): TimeBuckets {
  const buckets = new TimeBuckets(maxBuckets);
  for (const hour of hours) buckets.at(hour).clicks++;
  return buckets;
}

function content(buckets: TimeBuckets): unknown {
  return { width: buckets.bucketMicros, entries: buckets.entries() };
}

function starts(buckets: TimeBuckets): [number, number][] {
  return buckets.entries().map(({ startHour, bucket }) => [startHour, bucket.clicks]);
}

describe('time buckets', () => {
  it('are hours, in order, as long as there is room', () => {
    const buckets = filled(4, [9, 2, 2, -1]);
    expect(buckets.bucketMicros).toBe(3_600_000_000n);
    expect(starts(buckets)).toEqual([
      [-1, 1],
      [2, 2],
      [9, 1],
    ]);
  });

  it('become twice as wide when there are too many, each starting at a multiple of its width', () => {
    const buckets = filled(4, [0, 1, 2, 3, 4]);
    expect(buckets.bucketMicros).toBe(2n * HOUR_MICROS);
    expect(starts(buckets)).toEqual([
      [0, 2],
      [2, 2],
      [4, 1],
    ]);
    expect(starts(filled(2, [-1, 0, 1, 2]))).toEqual([
      [-4, 1],
      [0, 3],
    ]);
  });

  it('become as wide as they must for events far apart', () => {
    const buckets = filled(2, [0, 1, 1000]);
    expect(buckets.bucketMicros).toBe(2n * HOUR_MICROS);
    // 500 is in the first 512 hours, 1000 in the second.
    expect(starts(filled(2, [0, 500, 1000]))).toEqual([
      [0, 2],
      [512, 1],
    ]);
  });

  it('keep all sums, conversions and money as well as clicks', () => {
    const buckets = new TimeBuckets(3);
    for (let hour = 0; hour < 100; hour++) {
      const bucket = buckets.at(hour);
      bucket.clicks += 1;
      bucket.conversions += 2;
      bucket.revenueMicros += 10n ** 18n + 1n;
    }
    const entries = buckets.entries();
    expect(entries.length).toBeLessThanOrEqual(3);
    expect(entries.reduce((sum, { bucket }) => sum + bucket.clicks, 0)).toBe(100);
    expect(entries.reduce((sum, { bucket }) => sum + bucket.conversions, 0)).toBe(200);
    expect(entries.reduce((sum, { bucket }) => sum + bucket.revenueMicros, 0n)).toBe(
      100n * (10n ** 18n + 1n),
    );
  });

  it.each([
    0n,
    1n,
    -1n,
    2n ** 40n,
    -(2n ** 40n),
    2n ** 52n,
    -(2n ** 53n),
    2n ** 63n,
    -(2n ** 63n),
    2n ** 100n,
    -(2n ** 100n),
  ])('take over packed sums, whatever they are: %s', (revenueMicros) => {
    const longs = new BigInt64Array(BUCKET_WORDS / 2);
    longs.set([-3n, (5n << 32n) | 0xffff_fffen, BigInt.asIntN(64, revenueMicros), revenueMicros >> 64n]);
    const buckets = new TimeBuckets(4);
    buckets.merge({ hoursPerBucket: 2, buckets: new Int32Array(longs.buffer) });
    expect(buckets.entries()).toEqual([
      {
        startHour: -6,
        bucket: { clicks: 0xffff_fffe, conversions: 5, revenueMicros },
      },
    ]);
  });

  it('are the same in any order and in any split, and hold every event', () => {
    const hours = fc.array(fc.integer({ min: -5000, max: 5000 }), { maxLength: 80 });
    fc.assert(
      fc.property(hours, hours, fc.integer({ min: 2, max: 8 }), (left, right, maxBuckets) => {
        const whole = filled(maxBuckets, [...left, ...right]);
        expect(whole.entries().length).toBeLessThanOrEqual(maxBuckets);
        expect(content(filled(maxBuckets, [...right.reverse(), ...left]))).toEqual(content(whole));
        const merged = filled(maxBuckets, left);
        merged.merge(filled(maxBuckets, right));
        expect(content(merged)).toEqual(content(whole));
        const width = Number(whole.bucketMicros / HOUR_MICROS);
        const expected = new Map<number, number>();
        for (const hour of [...left, ...right]) {
          const start = Math.floor(hour / width) * width;
          expected.set(start, (expected.get(start) ?? 0) + 1);
        }
        expect(new Map(starts(whole))).toEqual(expected);
      }),
    );
  });
});
