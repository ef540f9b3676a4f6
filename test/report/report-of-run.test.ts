import { describe, expect, it } from 'vitest';
import { Aggregator } from '../../src/aggregate/aggregator.js';
import type { Event } from '../../src/event/event.js';
import { reportOfRun } from '../../src/report/report-of-run.js';
import type { Report } from '../../src/report/report.js';
import { batchOf, click, conversion, refund } from '../aggregate/batches.js';

const HOUR = 3_600_000_000n;

function reportOf(events: readonly Event[], defaultCurrency = 'USD'): Report {
  const aggregator = new Aggregator();
  aggregator.add(batchOf(events));
  return reportOfRun(aggregator, { timeZone: 'UTC', defaultCurrency });
}

describe('the report of a run', () => {
  const events = [
    click({ campaign_id: 'poor', user_id: 'ann' }),
    click({ campaign_id: 'rich', user_id: 'bob', source: 'google', timestampMicros: HOUR }),
    conversion(10_000_000n, {
      campaign_id: 'rich',
      user_id: 'bob',
      product: 'shoe',
      timestampMicros: 2n * HOUR,
    }),
    refund(4_000_000n, { campaign_id: 'rich', user_id: 'bob', timestampMicros: 3n * HOUR }),
    { type: 'conversion', timestampMicros: 5n, amountMicros: 1n, user_id: 'cyd', currency: 'USD' } as const,
  ];

  it('has the totals of what was accepted', () => {
    expect(reportOf(events).totals).toEqual({
      campaigns: 2,
      clicks: 2,
      conversions: 2,
      refunds: 1,
      revenueMicros: 6_000_001n,
      revenueConversions: 2,
      uniqueUsers: 3,
      firstEventMicros: 0n,
      lastEventMicros: 3n * HOUR,
    });
  });

  it('has its campaigns in order, and those events that name none among them', () => {
    const { campaigns, exact } = reportOf(events);
    expect(campaigns.map(({ campaignId, revenueMicros }) => [campaignId, revenueMicros])).toEqual([
      ['rich', 6_000_000n],
      [null, 1n],
      ['poor', 0n],
    ]);
    expect(exact.uniqueUsers).toBe(true);
  });

  it('breaks them down', () => {
    const { breakdowns } = reportOf(events);
    expect([...breakdowns.keys()]).toEqual(['source', 'medium', 'ad_id', 'product']);
    expect(breakdowns.get('source')?.map(({ key, clicks }) => [key, clicks])).toEqual([
      [null, 1],
      ['google', 1],
    ]);
    expect(breakdowns.get('product')?.map(({ key, revenueMicros }) => [key, revenueMicros])).toEqual([
      ['shoe', 10_000_000n],
      [null, -3_999_999n],
    ]);
  });

  it('has a trend of 24 steps over its whole span, of revenue, or of clicks where there is none', () => {
    const { campaigns } = reportOf(events);
    const rich = campaigns.find(({ campaignId }) => campaignId === 'rich');
    const poor = campaigns.find(({ campaignId }) => campaignId === 'poor');
    expect(rich?.trend).toHaveLength(24);
    expect(rich?.trend.reduce((sum, value) => sum + value, 0)).toBe(6_000_000);
    // The second of three hours is two thirds of the way: step 15 of 0 to 23.
    expect(rich?.trend.findIndex((value) => value > 0)).toBe(15);
    expect(poor?.trend).toEqual([1, ...Array.from({ length: 23 }, () => 0)]);
  });

  it('never mixes currencies', () => {
    const mixed = [
      conversion(1_000_000n, { currency: 'EUR' }),
      conversion(2_000_000n, { currency: 'EUR' }),
      conversion(5_000_000n, { currency: 'USD' }),
      click(),
    ];
    const report = reportOf(mixed);
    expect(report.currency).toBe('USD');
    expect(report.totals).toMatchObject({ conversions: 3, revenueConversions: 1, revenueMicros: 5_000_000n });
    expect(report.otherCurrencies).toEqual([
      { currency: 'EUR', conversions: 2, refunds: 0, revenueMicros: 3_000_000n },
    ]);
    expect(report.timeline?.points.map(({ revenueMicros }) => revenueMicros)).toEqual([0n]);
    expect(reportOf(mixed, 'JPY').currency).toBe('EUR');
    expect(reportOf([click()], 'JPY').currency).toBe('JPY');
  });

  it('says so where users are an estimate', () => {
    const many = Array.from({ length: 6000 }, (_, i) => click({ user_id: `u${i}` }));
    expect(reportOf(many).exact.uniqueUsers).toBe(false);
  });

  it('of nothing is empty', () => {
    const { totals, campaigns, timeline } = reportOf([]);
    expect(totals).toMatchObject({ campaigns: 0, clicks: 0, uniqueUsers: 0, firstEventMicros: null });
    expect(campaigns).toEqual([]);
    expect(timeline?.points).toEqual([]);
  });

  it('has a timeline without gaps, as every report', () => {
    const { timeline } = reportOf([click(), click({ timestampMicros: 3n * HOUR })]);
    expect(timeline?.points.map(({ startMicros, clicks }) => [startMicros, clicks])).toEqual([
      [0n, 1],
      [HOUR, 0],
      [2n * HOUR, 0],
      [3n * HOUR, 1],
    ]);
  });
});
