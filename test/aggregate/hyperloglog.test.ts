import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  estimateDistinct,
  rankOf,
  registerOf,
  REGISTERS,
  sketchKeys,
  VALUE_BITS,
} from '../../src/aggregate/hyperloglog.js';

describe('sketchKeys', () => {
  it('are the first 52 bits of each key', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 2n ** 64n - 1n)), (keys) => {
        expect([...sketchKeys(BigUint64Array.from(keys))]).toEqual(keys.map((key) => Number(key >> 12n)));
      }),
    );
  });

  it('are those of a part of a larger array too', () => {
    const keys = BigUint64Array.of(1n << 12n, 2n << 12n, 3n << 12n);
    expect([...sketchKeys(keys.subarray(1, 2))]).toEqual([2]);
  });
});

describe('register and rank', () => {
  it('are the first 14 bits, and the place of the first 1 in the other 38', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 52n - 1n), (key) => {
        const bits = key.toString(2).padStart(52, '0');
        expect(registerOf(Number(key))).toBe(Number.parseInt(bits.slice(0, 14), 2));
        const first = bits.slice(14).indexOf('1');
        expect(rankOf(Number(key))).toBe(first < 0 ? 39 : first + 1);
      }),
    );
  });

  it.each([0, 5, 31, 32, 33, 37])('hold for a value of a single bit, %s', (bit) => {
    expect(rankOf(2 ** bit)).toBe(VALUE_BITS - bit);
  });

  it('reach their limits', () => {
    expect(rankOf(0)).toBe(39);
    expect(registerOf(2 ** 52 - 1)).toBe(REGISTERS - 1);
    expect(rankOf(2 ** 52 - 1)).toBe(1);
  });
});

describe('estimateDistinct', () => {
  it('of empty registers is 0', () => {
    expect(estimateDistinct([REGISTERS])).toBe(0);
  });

  it('of a few registers in use is the count of those, as for linear counting', () => {
    for (const used of [1, 2, 10, 100]) {
      const linear = REGISTERS * Math.log(REGISTERS / (REGISTERS - used));
      const estimate = estimateDistinct([REGISTERS - used, used / 2, used / 4, used / 8, used / 8]);
      expect(Math.abs(estimate - linear)).toBeLessThanOrEqual(1 + 0.01 * linear);
    }
  });

  it('of registers as n keys fill them on average is n', () => {
    for (const n of [50_000, 1_000_000, 50_000_000, 1e12, 1e15]) {
      // The chance that a register has rank at most k after n keys, spread over the registers (Poisson model).
      const atMost = (rank: number): number => Math.exp((-n / REGISTERS) * 2 ** -rank);
      const histogram = Array.from({ length: VALUE_BITS + 2 }, (_, rank) =>
        rank === 0
          ? REGISTERS * atMost(0)
          : REGISTERS * ((rank > VALUE_BITS ? 1 : atMost(rank)) - atMost(rank - 1)),
      );
      expect(Math.abs(estimateDistinct(histogram) / n - 1)).toBeLessThan(0.001);
    }
  });
});
