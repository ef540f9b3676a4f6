import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/report/nearest.js';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['Saturday', 'Sunday', 3],
    ['ab', 'ba', 1],
    ['summer', 'sumemr', 1],
    // The optimal string alignment distance, which edits no substring twice.
    ['ca', 'abc', 3],
    ['a cat', 'an abct', 4],
    ['flaw', 'lawn', 2],
  ])('from %j to %j is %s', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  it('is 0 for equals only, the same both ways, and no more than the longer is long', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});

describe('nearest', () => {
  const campaigns = ['summer_sale', 'summer_sale_2', 'winter_sale', 'brand_search', 'retargeting_q2'];

  it.each([
    ['sumer_sale', ['summer_sale', 'summer_sale_2']],
    ['SUMMER_SALE', ['summer_sale', 'summer_sale_2']],
    ['brand_serach', ['brand_search']],
    ['brand', ['brand_search']],
    ['retargeting', ['retargeting_q2']],
    ['zzz', []],
  ])('to %s finds %j', (word, names) => {
    expect(nearest(word, campaigns)).toEqual(names);
  });

  it('gives three at most, nearest first, equals by name', () => {
    expect(nearest('camp', ['camp4', 'camp2', 'camp', 'camp3', 'camp1'])).toEqual(['camp', 'camp1', 'camp2']);
  });

  it('allows one edit in a short word', () => {
    expect(nearest('ab', ['xb', 'xy', 'abc'])).toEqual(['abc', 'xb']);
  });

  it('copes with nothing and with names of any length', () => {
    expect(nearest('word', [])).toEqual([]);
    expect(nearest('', ['abc'])).toEqual([]);
    expect(nearest('x'.repeat(70_000), ['x'.repeat(70_000)])).toEqual(['x'.repeat(70_000)]);
  });
});
