import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DistinctCounter } from '../../src/aggregate/distinct-counter.js';
import { REGISTERS, sketchKeys } from '../../src/aggregate/hyperloglog.js';
import { textKey } from '../../src/event/hash.js';

/** The sketch keys of `prefix0`, `prefix1`, …, hashed as user ids are. */
function userKeys(prefix: string, from: number, to: number): Float64Array {
  return sketchKeys(BigUint64Array.from({ length: to - from }, (_, i) => textKey(`${prefix}${from + i}`)));
}

function counting(...runs: Float64Array[]): DistinctCounter {
  const counter = new DistinctCounter();
  for (const keys of runs) for (const key of keys) counter.add(key);
  return counter;
}

describe('while there are few', () => {
  it('the count is exact, however often each comes', () => {
    const keys = userKeys('user', 0, 4096);
    const counter = counting(keys, keys, keys.slice().reverse());
    expect(counter.exact).toBe(true);
    expect(counter.count).toBe(4096);
    expect(new DistinctCounter().count).toBe(0);
  });

  it('one more than that makes it an estimate, and a close one', () => {
    const counter = counting(userKeys('user', 0, 4097));
    expect(counter.exact).toBe(false);
    expect(Math.abs(counter.count - 4097)).toBeLessThan(0.02 * 4097);
  });
});

describe('the estimate', () => {
  it.each([
    ['customer_', 10_000],
    ['customer_', 100_000],
    ['customer_', 1_000_000],
    ['user-é-', 10_000],
    ['user-é-', 100_000],
    ['', 10_000],
    ['', 100_000],
  ])('of %j with %s numbers is within 2 %%', (prefix, count) => {
    const estimate = counting(userKeys(prefix, 0, count)).count;
    expect(Math.abs(estimate - count) / count).toBeLessThan(0.02);
  });

  it('is unbiased and as precise as the theory says, over many sets', () => {
    const errors = Array.from({ length: 40 }, (_, set) => {
      const prefix = createHash('md5').update(String(set)).digest('hex');
      return counting(userKeys(prefix, 0, 20_000)).count / 20_000 - 1;
    });
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    // The standard error is 1.04 / sqrt(16,384) = 0.81 %; of the mean of 40, 0.13 %.
    expect(Math.abs(mean)).toBeLessThan(0.005);
    expect(deviation).toBeLessThan(0.013);
  });

  it('does not change when the same users come again', () => {
    const keys = userKeys('user', 0, 50_000);
    expect(counting(keys, keys).count).toBe(counting(keys).count);
  });
});

describe('merging', () => {
  // Both small, one large, both large; sets that overlap.
  it.each([
    [1000, 500, 1500],
    [3000, 2000, 6000],
    [100, 50, 20_000],
    [20_000, 10_000, 30_000],
  ])('of users 0 to %s with %s to %s is their union, either way round', (end, from, to) => {
    const left = userKeys('user', 0, end);
    const right = userKeys('user', from, to);
    const union = counting(left, right);
    const [a, b] = [counting(left), counting(right)];
    a.merge(counting(right));
    b.merge(counting(left));
    expect([a.count, a.exact]).toEqual([union.count, union.exact]);
    expect([b.count, b.exact]).toEqual([union.count, union.exact]);
    const size = Math.max(end, to) - (from > end ? from - end : 0);
    expect(Math.abs(a.count - size)).toBeLessThanOrEqual(a.exact ? 0 : 0.02 * size);
  });

  it.each([
    [1000, 500, 1500],
    [3000, 2000, 6000],
    [3000, 2000, 7096],
    [3000, 2000, 7097],
    [4096, 0, 4096],
  ])('of lists of users 0 to %s and %s to %s is as if they came one by one', (end, from, to) => {
    const [left, right] = [userKeys('user', 0, end), userKeys('user', from, to)];
    const again = userKeys('user', 0, 100);
    const union = counting(left, right);
    const lists = new DistinctCounter();
    for (const keys of [left, right, again]) lists.merge({ keys, registers: null });
    expect([lists.count, lists.exact]).toEqual([union.count, union.exact]);
    lists.add(userKeys('user', to, to + 1)[0] ?? 0);
    union.add(userKeys('user', to, to + 1)[0] ?? 0);
    expect([lists.count, lists.exact]).toEqual([union.count, union.exact]);
    expect(left).toEqual(userKeys('user', 0, end));
  });

  it('keeps the higher one of any two ranks', () => {
    const ranks = Array.from({ length: 40 * 40 }, (_, i) => [Math.floor(i / 40), i % 40] as const);
    const registersOf = (side: 0 | 1): Uint8Array => {
      const registers = new Uint8Array(REGISTERS);
      // Each pair at each place in a word.
      for (const shift of [0, 1601, 3202, 4803])
        ranks.forEach((pair, i) => (registers[shift + i] = pair[side]));
      return registers;
    };
    const counter = new DistinctCounter();
    for (const side of [0, 1] as const) counter.merge({ keys: null, registers: registersOf(side) });
    const [left, right] = [registersOf(0), registersOf(1)];
    expect(counter.registers).toEqual(left.map((rank, i) => Math.max(rank, right[i] ?? 0)));
  });

  it('with an empty one changes nothing', () => {
    for (const count of [10, 10_000]) {
      const counter = counting(userKeys('user', 0, count));
      const before = counter.count;
      counter.merge(new DistinctCounter());
      expect(counter.count).toBe(before);
      const empty = new DistinctCounter();
      empty.merge(counter);
      expect([empty.count, empty.exact]).toEqual([before, counter.exact]);
    }
  });
});
