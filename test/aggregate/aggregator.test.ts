import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Aggregator } from '../../src/aggregate/aggregator.js';
import type { Event } from '../../src/event/event.js';
import { batchOf, click, contentOf, conversion, groupData, refund } from './batches.js';

const HOUR = 3_600_000_000n;

function aggregated(...batches: (readonly Event[])[]): Aggregator {
  const aggregator = new Aggregator();
  for (const events of batches) aggregator.add(batchOf(events));
  return aggregator;
}

/** A day of two campaigns, worked out by hand below. */
const DAY: readonly Event[] = [
  click({
    campaign_id: 'summer',
    user_id: 'ann',
    source: 'google',
    medium: 'cpc',
    ad_id: 'a1',
    timestampMicros: 10n,
  }),
  click({ campaign_id: 'summer', user_id: 'bob', source: 'google', medium: 'email', timestampMicros: 5n }),
  click({ campaign_id: 'brand', user_id: 'ann', source: 'bing', timestampMicros: HOUR + 1n }),
  conversion(99_990_000n, {
    campaign_id: 'summer',
    user_id: 'ann',
    product: 'shoe',
    timestampMicros: HOUR + 2n,
  }),
  conversion(10_000n, { campaign_id: 'summer', user_id: 'cyd', product: 'shoe', timestampMicros: HOUR + 3n }),
  conversion(7_000_000n, {
    campaign_id: 'brand',
    user_id: 'bob',
    currency: 'EUR',
    timestampMicros: 3n * HOUR,
  }),
  refund(5_000_000n, { campaign_id: 'summer', user_id: 'ann', timestampMicros: 2n * HOUR }),
  { type: 'conversion', timestampMicros: -1n, amountMicros: 1n, user_id: 'dan', currency: 'USD' },
];

describe('an aggregator', () => {
  it('has totals that add up', () => {
    const { totals } = aggregated(DAY);
    expect(groupData(totals)).toEqual({
      clicks: 3,
      conversions: 4,
      refunds: 1,
      firstEventMicros: -1n,
      lastEventMicros: 3n * HOUR,
      users: 4,
      exact: true,
      takings: [
        ['EUR', { conversions: 1, refunds: 0, revenueMicros: 7_000_000n }],
        ['USD', { conversions: 3, refunds: 1, revenueMicros: 95_000_001n }],
      ],
    });
  });

  it('has a group for each campaign, and one for events that name none', () => {
    const { groups } = aggregated(DAY).campaigns;
    expect([...groups.keys()]).toEqual(['summer', 'brand', null]);
    expect(groups.get('summer')).toMatchObject({
      clicks: 2,
      conversions: 2,
      refunds: 1,
      firstEventMicros: 5n,
    });
    expect(groups.get('summer')?.takings.get('USD')?.revenueMicros).toBe(95_000_000n);
    expect(groups.get('summer')?.users.count).toBe(3);
    expect(groups.get('brand')).toMatchObject({ clicks: 1, conversions: 1, refunds: 0 });
    expect(groups.get(null)).toMatchObject({ clicks: 0, conversions: 1, firstEventMicros: -1n });
  });

  it('counts a click under its source, medium and ad, and money under none of them, as it cannot look back', () => {
    const { source, medium, ad_id } = aggregated(DAY).dimensions;
    expect(source.groups.get('google')).toMatchObject({ clicks: 2, conversions: 0 });
    expect(source.groups.get('bing')).toMatchObject({ clicks: 1, conversions: 0 });
    expect(source.groups.get(null)).toMatchObject({ clicks: 0, conversions: 4, refunds: 1 });
    expect(medium.groups.get('cpc')).toMatchObject({ clicks: 1 });
    expect(medium.groups.get(null)).toMatchObject({ clicks: 1, conversions: 4, refunds: 1 });
    expect(ad_id.groups.get('a1')).toMatchObject({ clicks: 1 });
    expect(ad_id.groups.get(null)).toMatchObject({ clicks: 2, conversions: 4, refunds: 1 });
  });

  it('counts money under its product', () => {
    const { groups } = aggregated(DAY).dimensions.product;
    expect([...groups.keys()]).toEqual(['shoe', null]);
    expect(groups.get('shoe')?.takings.get('USD')?.revenueMicros).toBe(100_000_000n);
    expect(groups.get(null)).toMatchObject({ clicks: 0, conversions: 2, refunds: 1 });
  });

  it('has a timeline by the hour, before the epoch too', () => {
    expect(aggregated(DAY).timeline.entries()).toEqual([
      { startHour: -1, bucket: { clicks: 0, conversions: 1, revenueMicros: 1n } },
      { startHour: 0, bucket: { clicks: 2, conversions: 0, revenueMicros: 0n } },
      { startHour: 1, bucket: { clicks: 1, conversions: 2, revenueMicros: 100_000_000n } },
      { startHour: 2, bucket: { clicks: 0, conversions: 0, revenueMicros: -5_000_000n } },
      { startHour: 3, bucket: { clicks: 0, conversions: 1, revenueMicros: 7_000_000n } },
    ]);
  });

  it('leaves out the rows that are duplicates', () => {
    const aggregator = new Aggregator();
    aggregator.add(batchOf([...DAY, ...DAY]), [8, 9, 10, 11, 12, 13, 14, 15]);
    expect(contentOf(aggregator)).toEqual(contentOf(aggregated(DAY)));
    const first = new Aggregator();
    first.add(batchOf([...DAY, ...DAY]), [0, 1, 2, 3, 4, 5, 6, 7]);
    expect(contentOf(first)).toEqual(contentOf(aggregated(DAY)));
  });

  it('of nothing is empty', () => {
    const { totals, campaigns, timeline } = aggregated([]);
    expect(totals).toMatchObject({
      clicks: 0,
      conversions: 0,
      refunds: 0,
      firstEventMicros: null,
      lastEventMicros: null,
    });
    expect(totals.users.count).toBe(0);
    expect(campaigns.groups.size).toBe(0);
    expect(timeline.entries()).toEqual([]);
  });

  it('keeps money exact at any size', () => {
    const largest = 2n ** 63n - 1n;
    const many = Array.from({ length: 3000 }, () => conversion(largest));
    const { totals } = aggregated(many, [refund(1n)], many);
    expect(totals.takings.get('USD')?.revenueMicros).toBe(6000n * largest - 1n);
  });

  it('is not led astray by the names of object members', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '(other)'];
    const { campaigns } = aggregated(names.map((campaign_id) => click({ campaign_id, source: campaign_id })));
    expect([...campaigns.groups].map(([key, { clicks }]) => [key, clicks])).toEqual(
      names.map((name) => [name, 1]),
    );
  });
});

describe('a million campaigns', () => {
  it('are kept to a bounded number of groups, the rest together, and totals hold', () => {
    const aggregator = new Aggregator();
    for (let batch = 0; batch < 5; batch++) {
      aggregator.add(
        batchOf(
          Array.from({ length: 2000 }, (_, i) =>
            conversion(BigInt(i), {
              campaign_id: `c${batch * 2000 + i}`,
              product: `p${batch * 2000 + i}`,
              user_id: 'u',
            }),
          ),
        ),
      );
    }
    const { campaigns, dimensions, totals } = aggregator;
    expect(campaigns.groups.size).toBe(2001);
    expect(campaigns.groups.get('c1999')?.conversions).toBe(1);
    expect(campaigns.groups.get('(other)')?.conversions).toBe(8000);
    expect(dimensions.product.groups.size).toBe(1001);
    expect(totals.conversions).toBe(10_000);
    for (const { groups } of [campaigns, dimensions.product]) {
      const all = [...groups.values()];
      expect(all.reduce((sum, { conversions }) => sum + conversions, 0)).toBe(10_000);
      expect(all.reduce((sum, { takings }) => sum + (takings.get('USD')?.revenueMicros ?? 0n), 0n)).toBe(
        5n * 1_999_000n,
      );
    }
  });

  it('still have a group for events that name none', () => {
    const many = Array.from({ length: 3000 }, (_, i) => click({ campaign_id: `c${i}` }));
    const { groups } = aggregated(many, [
      { type: 'conversion', timestampMicros: 0n, amountMicros: 1n, user_id: 'u', currency: 'USD' },
    ]).campaigns;
    expect(groups.get(null)?.conversions).toBe(1);
    expect(groups.get('(other)')?.clicks).toBe(1000);
  });

  it('hold their totals when two halves are merged', () => {
    const half = (from: number): Aggregator =>
      aggregated(
        Array.from({ length: 1500 }, (_, i) => click({ campaign_id: `c${from + i}`, user_id: `u${i}` })),
      );
    const [left, right] = [half(0), half(1500)];
    left.merge(right);
    expect(left.totals.clicks).toBe(3000);
    expect(left.totals.users.count).toBe(1500);
    expect(left.campaigns.groups.get('(other)')?.clicks).toBe(1000);
    expect([...left.campaigns.groups.values()].reduce((sum, { clicks }) => sum + clicks, 0)).toBe(3000);
  });
});

describe('merging', () => {
  const name = fc.constantFrom('a', 'b', '__proto__', 'é');
  const event: fc.Arbitrary<Event> = fc.record(
    {
      type: fc.constantFrom('click', 'conversion', 'refund'),
      timestampMicros: fc.bigInt(-(10n ** 16n), 10n ** 16n),
      amountMicros: fc.bigInt(0n, 2n ** 63n - 1n),
      user_id: fc.constantFrom('u1', 'u2', 'u3'),
      ...{ campaign_id: name, source: name, medium: name, ad_id: name, product: name },
      currency: fc.constantFrom('USD', 'EUR'),
    },
    { requiredKeys: ['type', 'timestampMicros', 'amountMicros', 'user_id', 'currency'] },
  );

  it('any split of events, in any order, gives the same as all at once', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 60 }).chain((events) =>
          fc.record({
            events: fc.constant(events),
            shuffled: fc.shuffledSubarray(events, { minLength: events.length }),
            shards: fc.array(fc.nat(3), { minLength: events.length, maxLength: events.length }),
          }),
        ),
        ({ events, shuffled, shards }) => {
          const parts = [0, 1, 2, 3].map((shard) =>
            aggregated(shuffled.filter((_, i) => shards[i] === shard)),
          );
          const [a, b, c, d] = parts as [Aggregator, Aggregator, Aggregator, Aggregator];
          // (d + c) + (b + a): neither the order nor the grouping of one by one.
          b.merge(a);
          d.merge(c);
          d.merge(b);
          expect(contentOf(d)).toEqual(contentOf(aggregated(events)));
        },
      ),
    );
  });

  it('leaves the other aggregator as it was', () => {
    const other = aggregated(DAY);
    const before = contentOf(other);
    const ours = aggregated(DAY);
    ours.merge(other);
    ours.add(batchOf(DAY));
    expect(contentOf(other)).toEqual(before);
    expect(ours.totals.clicks).toBe(9);
  });
});
