import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCampaigns, compareGroups, compareKeys } from '../../src/report/order.js';
import { campaign, group } from './rows.js';

describe('the order of campaigns', () => {
  it('is by revenue, then clicks, both largest first, then name, and what has none last', () => {
    const rows = [
      campaign(null, { revenueMicros: 5n, clicks: 1 }),
      campaign('b', { revenueMicros: 5n, clicks: 1 }),
      campaign('loss', { revenueMicros: -1n, clicks: 99 }),
      campaign('a', { revenueMicros: 5n, clicks: 1 }),
      campaign('clicked', { revenueMicros: 5n, clicks: 2 }),
      campaign('rich', { revenueMicros: 9_007_199_254_740_993n }),
      campaign('richest', { revenueMicros: 9_007_199_254_740_994n }),
      campaign('nothing'),
    ];
    expect(rows.sort(compareCampaigns).map(({ campaignId }) => campaignId)).toEqual([
      ...['richest', 'rich', 'clicked', 'a', 'b', null, 'nothing', 'loss'],
    ]);
  });
});

describe('the order of names', () => {
  it('is by code unit, the same everywhere', () => {
    expect(['é', 'b', 'B', '10', '9', null, 'ab', ''].sort(compareKeys)).toEqual([
      '',
      '10',
      '9',
      'B',
      'ab',
      'b',
      'é',
      null,
    ]);
  });

  it('does not depend on the order before', () => {
    const row = fc.record({
      key: fc.option(fc.string()),
      clicks: fc.nat(3),
      revenueMicros: fc.bigInt(-2n, 2n),
    });
    const rows = fc.uniqueArray(row, { selector: ({ key }) => key });
    fc.assert(
      fc.property(
        rows.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const sorted = (some: typeof all): unknown =>
            some.map(({ key, ...metrics }) => group(key, metrics)).sort(compareGroups);
          expect(sorted(shuffled)).toEqual(sorted(all));
        },
      ),
    );
  });
});
