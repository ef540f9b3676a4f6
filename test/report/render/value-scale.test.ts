import { describe, expect, it } from 'vitest';
import { valueScale } from '../../../src/report/render/value-scale.js';

describe('a value scale', () => {
  it.each([
    [[4_870], [0, 1000, 2000, 3000, 4000, 5000]],
    [[1_100], [0, 250, 500, 750, 1000, 1250]],
    [[0.3], [0, 0.1, 0.2, 0.3]],
    [
      [0, 0],
      [0, 1],
    ],
    [[], [0, 1]],
    [
      [-50, 100],
      [-50, 0, 50, 100],
    ],
    [[-7], [-8, -6, -4, -2, 0]],
  ])('of %j has the ticks %j', (values, ticks) => {
    const rounded = valueScale(values, false).ticks.map((tick) => Number(tick.toFixed(9)));
    expect(rounded).toEqual(ticks);
  });

  it('counts in whole numbers where halves make no sense', () => {
    expect(valueScale([2], true).ticks).toEqual([0, 1, 2]);
    expect(valueScale([12], true).ticks).toEqual([0, 5, 10, 15]);
  });

  it('takes no more rows than are wanted where nothing is below zero', () => {
    for (let rowsWanted = 2; rowsWanted <= 30; rowsWanted++) {
      for (const highest of [0, 0.3, 0.7, 1, 1.0000000000000002, 3, 7, 9.999, 10, 123_456, 9e15]) {
        const { rows, ticks } = valueScale([0, highest], false, rowsWanted);
        expect(rows, `${highest} in ${rowsWanted} rows`).toBeLessThanOrEqual(rowsWanted);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
      }
    }
    expect(valueScale([20], false, 4)).toMatchObject({ ticks: [0, 10, 20], rowsPerTick: 2, rows: 4 });
  });
});
