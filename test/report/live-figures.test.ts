import { describe, expect, it } from 'vitest';
import { Aggregator } from '../../src/aggregate/aggregator.js';
import { takeLiveFigures, type RunningIngest } from '../../src/report/live-figures.js';
import { RateMeter } from '../../src/report/rate-meter.js';
import { batchOf, click, conversion, refund } from '../aggregate/batches.js';

const START_MS = 7_000_000;
const SETTING = { startedMs: START_MS, files: 2, readsStdin: true, follows: false, defaultCurrency: 'USD' };

function running(aggregator: Aggregator, accepted: number, lag: RunningIngest['lag'] = null): RunningIngest {
  return {
    account: { lines: accepted + 3, accepted, duplicates: 0, ignored: 1, rejected: 2 },
    aggregator,
    bytesRead: 100 * accepted,
    lag,
  };
}

describe('the figures of a run that goes on', () => {
  it('are its account, and its campaigns in the order of reports, each with its rate', () => {
    const aggregator = new Aggregator();
    const meter = new RateMeter(START_MS);
    takeLiveFigures(running(aggregator, 0), meter, SETTING, START_MS);
    aggregator.add(
      batchOf([
        click({ campaign_id: 'poor' }),
        click({ campaign_id: 'busy' }),
        click({ campaign_id: 'busy' }),
        conversion(9_000_000n, { campaign_id: 'rich' }),
        refund(2_000_000n, { campaign_id: 'rich' }),
        { type: 'conversion', timestampMicros: 5n, amountMicros: 1n, user_id: 'cyd', currency: 'USD' },
      ]),
    );
    const figures = takeLiveFigures(running(aggregator, 6), meter, SETTING, START_MS + 2_000);
    expect(figures).toMatchObject({
      elapsedMs: 2_000,
      readsStdin: true,
      files: 2,
      follow: null,
      account: { lines: 9, accepted: 6, duplicates: 0, ignored: 1, rejected: 2 },
      bytesPerSecond: 300,
      currency: 'USD',
      totals: { clicks: 3, conversions: 2, revenueMicros: 7_000_001n, eventsPerSecond: 3 },
      campaignCount: 4,
      seconds: { startMs: START_MS, events: [3, 3] },
    });
    expect(figures.campaigns).toEqual([
      { campaignId: 'rich', clicks: 0, conversions: 1, revenueMicros: 7_000_000n, eventsPerSecond: 1 },
      { campaignId: null, clicks: 0, conversions: 1, revenueMicros: 1n, eventsPerSecond: 0.5 },
      { campaignId: 'busy', clicks: 2, conversions: 0, revenueMicros: 0n, eventsPerSecond: 1 },
      { campaignId: 'poor', clicks: 1, conversions: 0, revenueMicros: 0n, eventsPerSecond: 0.5 },
    ]);
  });

  it('name 50 campaigns at most, and count all', () => {
    const aggregator = new Aggregator();
    aggregator.add(batchOf(Array.from({ length: 120 }, (_, index) => click({ campaign_id: `c${index}` }))));
    const figures = takeLiveFigures(running(aggregator, 120), new RateMeter(START_MS), SETTING, START_MS);
    expect(figures.campaigns).toHaveLength(50);
    expect(figures.campaignCount).toBe(120);
  });

  it('say how far behind a follower is: of the files that are open, not of those named', () => {
    const lag = { files: 1, waitingFor: ['b.log'], bytes: 4_096 };
    const figures = takeLiveFigures(
      running(new Aggregator(), 0, lag),
      new RateMeter(START_MS),
      SETTING,
      START_MS,
    );
    expect(figures.files).toBe(1);
    expect(figures.follow).toEqual({ waitingFor: ['b.log'], bytesBehind: 4_096 });
  });

  it('are in the currency that a report of the run would be in', () => {
    const aggregator = new Aggregator();
    aggregator.add(batchOf([conversion(3_000_000n, { campaign_id: 'a', currency: 'EUR' })]));
    const take = (defaultCurrency: string) =>
      takeLiveFigures(
        running(aggregator, 1),
        new RateMeter(START_MS),
        { ...SETTING, defaultCurrency },
        START_MS,
      );
    expect(take('USD')).toMatchObject({ currency: 'EUR', totals: { revenueMicros: 3_000_000n } });
    aggregator.add(batchOf([conversion(5_000_000n, { campaign_id: 'b', currency: 'USD' })]));
    expect(take('USD')).toMatchObject({ currency: 'USD', totals: { revenueMicros: 5_000_000n } });
  });
});
