import { describe, expect, it } from 'vitest';
import { isSortKey, SORT_NAMES, sortRows, type SortKey } from '../../src/report/sort.js';
import { campaign, group } from './rows.js';

const ROWS = [
  campaign('b', {
    clicks: 10,
    conversions: 1,
    revenueMicros: 50n,
    revenueConversions: 1,
    uniqueUsers: 3,
    lastEventMicros: 9n,
  }),
  campaign('a', {
    clicks: 10,
    conversions: 4,
    revenueMicros: 80n,
    revenueConversions: 4,
    refunds: 2,
    lastEventMicros: 5n,
  }),
  campaign(null, { conversions: 9, revenueMicros: 90n, revenueConversions: 9, firstEventMicros: 1n }),
  campaign('c', { clicks: 40, uniqueUsers: 7, refunds: 1, firstEventMicros: 2n }),
];

function names(key: SortKey, ascending: boolean): (string | null)[] {
  return sortRows(ROWS, { key, ascending }).map(({ campaignId }) => campaignId);
}

describe('sortRows', () => {
  it.each<[SortKey, (string | null)[], (string | null)[]]>([
    ['clicks', ['c', 'a', 'b', null], [null, 'a', 'b', 'c']],
    ['conversions', [null, 'a', 'b', 'c'], ['c', 'b', 'a', null]],
    ['refunds', ['a', 'c', 'b', null], ['b', null, 'c', 'a']],
    ['revenue', [null, 'a', 'b', 'c'], ['c', 'b', 'a', null]],
    ['unique_users', ['c', 'b', 'a', null], ['a', null, 'b', 'c']],
    // 0.4, 0.1 and 0; without clicks there is no rate.
    ['conversion_rate', ['a', 'b', 'c', null], ['c', 'b', 'a', null]],
    // 50, 20 and 10; without conversions there is none.
    ['average_order_value', ['b', 'a', null, 'c'], [null, 'a', 'b', 'c']],
    // 8, 5 and 0; without clicks there is none.
    ['revenue_per_click', ['a', 'b', 'c', null], ['c', 'b', 'a', null]],
    ['first_event_at', ['c', null, 'a', 'b'], [null, 'c', 'a', 'b']],
    ['last_event_at', ['b', 'a', 'c', null], ['a', 'b', 'c', null]],
    ['name', ['c', 'b', 'a', null], ['a', 'b', 'c', null]],
  ])(
    'by %s puts the largest first, or last, and what has no value at the end',
    (key, descending, ascending) => {
      expect(names(key, false)).toEqual(descending);
      expect(names(key, true)).toEqual(ascending);
    },
  );

  it('sorts the groups of a breakdown alike, and leaves what it was given as it was', () => {
    const rows = [group('x', { clicks: 1 }), group(null, { clicks: 3 }), group('y', { clicks: 2 })];
    expect(sortRows(rows, { key: 'clicks', ascending: false }).map(({ key }) => key)).toEqual([
      null,
      'y',
      'x',
    ]);
    expect(rows.map(({ key }) => key)).toEqual(['x', null, 'y']);
  });
});

describe('isSortKey', () => {
  it('knows the closed list and nothing that objects inherit', () => {
    expect(SORT_NAMES.every(isSortKey)).toBe(true);
    expect(['', 'Revenue', 'constructor', '__proto__', 'revenue;drop'].some(isSortKey)).toBe(false);
  });
});
