import { describe, expect, it } from 'vitest';
import { createStyle } from '../../../src/report/render/style.js';
import { renderReport } from '../../../src/report/render/report-table.js';
import {
  campaign,
  DAY,
  drillDown,
  emptyReport,
  group,
  HOSTILE_NAMES,
  JUNE_1,
  metrics,
  plain,
  report,
  TERMINAL_UNSAFE,
  timeline,
  widest,
} from './sample-report.js';

describe('a report in the terminal', () => {
  it('has a heading, the campaigns with their totals, and bars', () => {
    expect(renderReport(report(), { width: 80, style: plain })).toBe(
      [
        '2 campaigns',
        '2026-06-01 00:00 to 2026-06-02 00:00 · UTC · USD',
        '',
        'Campaign     Clicks  Conv.    CVR    Revenue      AOV    RPC  Users',
        '───────────────────────────────────────────────────────────────────',
        'summer_sale   1,000     50  5.00%  $5,000.00  $100.00  $5.00    800',
        'brand           500     10  2.00%  $1,234.56  $123.46  $2.47    450',
        '───────────────────────────────────────────────────────────────────',
        'Total         1,500     60  4.00%  $6,234.56  $103.91  $4.16  1,200',
        '',
        'Revenue by campaign',
        `summer_sale  ${'█'.repeat(51)}  $5,000.00  80%`,
        // 51 × 1234.56 / 5000 is 12.59, nearest to 12 and five eighths.
        `brand        ${'█'.repeat(12)}▋${' '.repeat(38)}  $1,234.56  20%`,
      ].join('\n'),
    );
  });

  it('marks estimated users, counts refunds where there are any and draws trends', () => {
    const text = renderReport(
      report({
        exact: { uniqueUsers: false },
        totals: { ...report().totals, refunds: 3 },
        campaigns: [{ ...campaign('a', { uniqueUsers: 7, refunds: 3 }), trend: [0, 7] }, campaign('b')],
      }),
      { style: plain },
    );
    expect(text).toMatch(/Users +Refunds +Trend/);
    expect(text).toMatch(/≈7 +3 +▁█/);
  });

  it('shows a dash for rates that do not exist, and what has no name', () => {
    const text = renderReport(
      report({ campaigns: [campaign(null, { conversions: 5 }), campaign('(other)')] }),
      { style: plain },
    );
    expect(text).toMatch(/\(unattributed\) +0 +5 +– +\$0\.00 +– +– +0/);
    expect(text).toMatch(/\(other\) /);
  });

  it('says what its revenue leaves out', () => {
    const otherCurrencies = [{ currency: 'EUR', conversions: 12, refunds: 0, revenueMicros: 1_180_000_000n }];
    expect(renderReport(report({ otherCurrencies }), { width: 80, style: plain })).toContain(
      '\nNot included: 12 conversions, 1,180.00 EUR (see --currency EUR)\n',
    );
  });

  it('says what a limit has cut off', () => {
    const totals = { ...report().totals, campaigns: 10 };
    expect(renderReport(report({ totals }), { width: 80, style: plain })).toContain(
      '\nShowing 2 of 10 campaigns; the totals are of all.\n',
    );
  });

  it('shows the first rows of a million, counts the others and keeps the totals of all', () => {
    const campaigns = Array.from({ length: 1_234 }, (_, i) => campaign(`c${i}`, { clicks: 5_000 - i }));
    const totals = { ...report().totals, campaigns: 1_234, clicks: 777 };
    const many = report({ totals, campaigns });
    const text = renderReport(many, { width: 100, style: plain, maxRows: 50 });
    expect(text).toMatch(/^1,234 campaigns\n/);
    expect(text.match(/^c\d+ +\d,\d{3} +0 /gm)).toHaveLength(50);
    expect(text).toMatch(/\nc49 .*\n─+\nTotal +777 .*\n… and 1,184 more: /);
    // Piped, nothing is cut.
    expect(renderReport(many, { style: plain }).match(/^c\d+ +\d,\d{3} +0 /gm)).toHaveLength(1_234);
  });

  it('adds up nothing where there is one campaign only', () => {
    const totals = { ...report().totals, campaigns: 1 };
    const text = renderReport(report({ totals, campaigns: [campaign('brand')] }), {
      width: 80,
      style: plain,
    });
    expect(text).toMatch(/^1 campaign\n/);
    expect(text).not.toMatch(/Total|█/);
  });

  it('names the columns it had no room for', () => {
    expect(renderReport(report(), { width: 50, style: plain })).toContain(
      '\nNot shown for lack of room: AOV, RPC, Users\n',
    );
  });

  it('shows the period that was asked for, in the zone of the report', () => {
    const filters = {
      sinceMicros: JUNE_1,
      untilMicros: JUNE_1 + 7n * DAY,
      timeZone: 'Europe/Berlin',
      campaignId: null,
      where: new Map(),
    };
    expect(renderReport(report({ filters }), { width: 80, style: plain })).toContain(
      '\nsince 2026-06-01 02:00 until 2026-06-08 02:00 · Europe/Berlin · USD\n',
    );
  });

  it('says in one sentence that it is empty, and what to run', () => {
    expect(renderReport(emptyReport(), { width: 80, style: plain })).toBe(
      'No events yet. Fill the store with: mapipe ingest <files>',
    );
    const filters = {
      sinceMicros: JUNE_1,
      untilMicros: null,
      timeZone: 'UTC',
      campaignId: null,
      where: new Map(),
    };
    expect(renderReport(emptyReport({ filters }), { style: plain })).toBe(
      'No events since 2026-06-01 00:00 (UTC): ask for a longer period, or run: mapipe ingest <files>',
    );
  });

  it('makes the breakdown that was asked for its main table', () => {
    const breakdowns = new Map([['product', [group('Shoes', { conversions: 3 }), group(null)]]] as const);
    const text = renderReport(report({ breakdowns }), { width: 80, style: plain, by: ['product'] });
    expect(text).toMatch(/^Product +Clicks/m);
    expect(text).toMatch(/^Shoes +0 +3 /m);
    expect(text).toMatch(/^\(none\) +0/m);
    expect(text).not.toContain('summer_sale');
  });

  it('shows further breakdowns that were asked for in tables of their own, their columns beneath each other', () => {
    const breakdowns = new Map([
      ['product', [group('Shoes', { conversions: 3 }), group(null)]],
      ['term', [group(null, { clicks: 7 }), group('a very long search term', { clicks: 2 })]],
    ] as const);
    const view = { style: plain, by: ['product', 'term'] as const };
    for (const one of [report({ breakdowns }), drillDown({ breakdowns })]) {
      const text = renderReport(one, view);
      expect(text).toMatch(
        /^Product +Clicks[^]*^Shoes +0 +3 [^]*^Total [^]*^Term +Clicks[^]*^\(unattributed\) +7/m,
      );
      const starts = [...text.matchAll(/^(?:Product|Term) +/gm)].map(([title]) => title.length);
      expect(starts).toHaveLength(2);
      expect(new Set(starts).size).toBe(1);
    }
  });

  it('says above its table what it was narrowed to, and where nothing is left', () => {
    const where = new Map([
      ['source', 'goo\u001bgle'],
      ['product', null],
    ] as const);
    const filters = { ...report().filters, where };
    const narrowed = 'source = goo\\x1bgle';
    expect(renderReport(report({ filters }), { style: plain })).toContain(
      `· UTC · USD · ${narrowed} · product = (none)\n`,
    );
    expect(renderReport(emptyReport({ filters }), { style: plain })).toBe(
      `No events with ${narrowed} and product = (none): ask for something else, or run: mapipe ingest <files>`,
    );
    const since = { ...filters, sinceMicros: JUNE_1, campaignId: 'a' };
    expect(renderReport(emptyReport({ filters: since }), { style: plain })).toBe(
      `No events of campaign a with ${narrowed} and product = (none) since 2026-06-01 00:00 (UTC): ` +
        'ask for something else, or run: mapipe ingest <files>',
    );
  });

  it('draws no bars of time buckets, and shortens an hour', () => {
    const breakdowns = new Map([
      ['hour', [group('2026-06-01T14:00:00+02:00'), group('2026-06-01T15:00:00+02:00')]],
    ] as const);
    const text = renderReport(report({ breakdowns }), { width: 80, style: plain, by: ['hour'] });
    expect(text).toMatch(/^2026-06-01 14:00 +0/m);
    expect(text).not.toContain('█');
  });
});

describe('a report on one campaign', () => {
  const text = renderReport(drillDown(), { width: 80, style: plain });

  it('has its key figures, its timeline and the breakdowns that say something', () => {
    expect(text.split('\n').slice(0, 5)).toEqual([
      'Campaign summer_sale',
      '2026-06-01 00:00 to 2026-06-02 00:00 · UTC · USD',
      '',
      'Clicks   Conv.   CVR     Revenue     AOV       RPC     Users',
      '1,000    50      5.00%   $5,000.00   $100.00   $5.00   800',
    ]);
    expect(text).toContain('\n\nRevenue per day\n$300 ┤');
    expect(text).toMatch(/^Source +Clicks[^]*^google +600 [^]*^\(unattributed\) +400 /m);
    expect(text).toMatch(/^Product[^]*^Shoes +0 +30 [^]*^\(none\) +0 +20 /m);
    // Nothing named an ad.
    expect(text).not.toMatch(/^Ad +/m);
  });

  it('aligns its breakdowns with each other', () => {
    const starts = [...text.matchAll(/^(?:Source|Medium|Product) +/gm)].map(([title]) => title.length);
    expect(new Set(starts).size).toBe(1);
  });
});

describe('any report', () => {
  const hostile = HOSTILE_NAMES.map((name, index) => ({
    ...campaign(name, { clicks: 1_234_567, revenueMicros: 9_007_199_254_740_993_000_000n, refunds: 1 }),
    trend: [index, 1, 2],
  }));
  const many = report({
    campaigns: hostile,
    totals: { ...metrics({ clicks: 1, refunds: 9, revenueMicros: 1n }), campaigns: 15 },
    otherCurrencies: [{ currency: 'EUR', conversions: 12, refunds: 3, revenueMicros: 1n }],
    timeline: timeline(
      'hour',
      Array.from({ length: 336 }, (_, hour) => (hour % 24) * 1e6 - 5e6),
    ),
  });
  const one = (name: string) =>
    drillDown({
      filters: { ...drillDown().filters, campaignId: name },
      breakdowns: new Map([['source', HOSTILE_NAMES.map((key) => group(key, { clicks: 5 }))]]),
    });
  const all = [many, report(), emptyReport(), ...HOSTILE_NAMES.map(one)];

  it.each([20, 40, 80, 200])('fits into %i columns', (width) => {
    for (const each of all)
      expect(widest(renderReport(each, { width, style: createStyle(true) }))).toBeLessThanOrEqual(width);
  });

  it('lets nothing from the data act on the terminal', () => {
    for (const each of all) {
      expect(renderReport(each, { width: 80, style: plain })).not.toMatch(TERMINAL_UNSAFE);
      expect(renderReport(each, { style: plain })).not.toMatch(TERMINAL_UNSAFE);
    }
  });

  it('cuts nothing in a pipe', () => {
    const table = renderReport(many, { style: plain }).split('\n\n')[1] ?? '';
    expect(table).toContain('x'.repeat(65_536));
    expect(table).not.toContain('…');
  });
});
