import { describe, expect, it } from 'vitest';
import { mainRows } from '../../../src/report/render/main-rows.js';
import { renderRevenueBars } from '../../../src/report/render/revenue-bars.js';
import { campaign, metrics, plain, report } from './sample-report.js';

function bars(revenues: Readonly<Record<string, bigint>>, totalMicros: bigint): string[] {
  const each = report({
    campaigns: Object.entries(revenues).map(([name, revenueMicros]) =>
      campaign(name, { revenueMicros, clicks: 3 }),
    ),
    totals: { ...metrics({ revenueMicros: totalMicros, clicks: 6 }), campaigns: 2 },
  });
  return renderRevenueBars(each, mainRows(each), 30, plain).split('\n');
}

describe('revenue bars', () => {
  it('are sorted by what they show, with their share of all', () => {
    // 30 columns less 13 of values, 1 of labels and two gaps of 2 leave 12 for the bars.
    expect(bars({ b: 1_000_000n, a: 199_000_000n }, 200_000_000n)).toEqual([
      'Revenue by campaign',
      'a  ████████████  $199.00  100%',
      'b  ▏               $1.00   <1%',
    ]);
  });

  it('leave out a share that makes no sense, and stay aligned', () => {
    // Values take 7 + 2 + 3 columns, so bars 13; a third of them is 4 and three eighths.
    expect(bars({ a: 30_000_000n, b: 10_000_000n, c: -20_000_000n }, 20_000_000n)).toEqual([
      'Revenue by campaign',
      'a  █████████████   $30.00',
      'b  ████▍           $10.00  50%',
      'c                 -$20.00',
    ]);
  });

  it('are of clicks where nothing was earned, and none for a single row', () => {
    expect(bars({ a: 0n, b: 0n }, 0n)[0]).toBe('Clicks by campaign');
    expect(bars({ a: 5n }, 5n)).toEqual(['']);
  });
});
