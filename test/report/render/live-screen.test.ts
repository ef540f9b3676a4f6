import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveFigures } from '../../../src/report/live-figures.js';
import { liveScreen } from '../../../src/report/render/live-screen.js';
import { createStyle } from '../../../src/report/render/style.js';
import { textWidth } from '../../../src/report/render/text-width.js';
import { liveCampaign, screenOf } from './live-figures-sample.js';
import { HOSTILE_NAMES, TERMINAL_UNSAFE, widest } from './sample-report.js';

const MANY = Array.from({ length: 40 }, (_, index) =>
  liveCampaign(`campaign_${index}`, { clicks: 100, revenueMicros: 1_000_000n }),
);

describe('a live screen', () => {
  it('shows what is read, the account, the campaigns and the last minutes on 79 × 23', () => {
    expect(screenOf({}, 79, 23)).toBe(
      [
        'Reading stdin · for 2 min 5 s · 13 events/s · 2.4 kB/s',
        '1,606 lines = 1,561 accepted + 0 duplicates + 40 ignored + 5 rejected',
        '',
        'Campaign        Clicks  Conv.    CVR    Revenue  Events/s',
        '─────────────────────────────────────────────────────────',
        'summer_sale      1,000     50  5.00%  $5,000.00        12',
        'brand              500     10  2.00%  $1,234.56       0.3',
        '(unattributed)       0      1      –     $10.00         –',
        '─────────────────────────────────────────────────────────',
        'Total            1,500     61  4.07%  $6,244.56        13',
        '',
        'Events per second, last 5 minutes',
        // A column for each 5 s: a minute of 10 events a second, then 65 s of 20.
        `20 ┤${' '.repeat(12)}╭${'─'.repeat(12)}`,
        `   │${' '.repeat(12)}│`,
        `15 ┤${' '.repeat(12)}│`,
        `   │${' '.repeat(12)}│`,
        `10 ┤${'─'.repeat(12)}╯`,
        '   │',
        ' 5 ┤',
        '   │',
        ' 0 ┤',
        '   └┬───────────┬───────────┬',
        '  00:00       00:01     00:02',
      ].join('\n'),
    );
  });

  it('shows all of many campaigns where there is room for them', () => {
    const lines = screenOf({ campaigns: MANY }, 199, 70).split('\n');
    expect(lines.filter((line) => line.startsWith('campaign_'))).toHaveLength(40);
    expect(lines).toContain('Events per second, last 5 minutes');
  });

  it('says how many campaigns it leaves out, and keeps five lines of them beside the chart', () => {
    const lines = screenOf({ campaigns: MANY, campaignCount: 2_000 }, 79, 23).split('\n');
    expect(lines).toHaveLength(23);
    expect(lines.filter((line) => line.startsWith('campaign_'))).toHaveLength(4);
    expect(lines).toContain('… and 1,996 more');
    expect(lines).toContain('Events per second, last 5 minutes');
  });

  it('has lines for campaigns instead of a chart on a low terminal', () => {
    const lines = screenOf({ campaigns: MANY }, 79, 15).split('\n');
    expect(lines).toHaveLength(15);
    expect(lines.filter((line) => line.startsWith('campaign_'))).toHaveLength(7);
    expect(lines).toContain('… and 33 more');
    expect(lines.at(-1)).toMatch(/^Total +1,500 /);
  });

  it('keeps the account and the totals on a tiny terminal', () => {
    expect(screenOf({}, 29, 7)).toBe(
      [
        'Reading stdin · 13 events/s',
        '1,606 lines = 1,561 accepted',
        '+ 0 duplicates + 40 ignored',
        '+ 5 rejected',
        '$6,244.56 revenue',
        '1,500 clicks · 61 conversions',
      ].join('\n'),
    );
    expect(screenOf({}, 40, 3)).toBe(
      ['Reading stdin · 13 events/s', '1,606 lines (5 rejected)', '$6,244.56 revenue · 1,500 clicks'].join(
        '\n',
      ),
    );
    expect(screenOf({}, 20, 3)).toBe('Reading stdin\n1,606 lines\n$6,244.56 revenue');
    expect(screenOf({}, 20, 2)).toBe('1,606 lines\n$6,244.56 revenue');
    expect(screenOf({}, 20, 1)).toBe('1,606 lines');
    expect(screenOf({}, 20, 0)).toBe('');
  });

  it('never cuts a number of lines: a long one is rounded', () => {
    const account = { lines: 123_456_789, accepted: 123_456_789, duplicates: 0, ignored: 0, rejected: 0 };
    expect(screenOf({ account }, 12, 1)).toBe('123.5M lines');
    expect(screenOf({ account }, 79, 2).split('\n')[0]).toBe('123,456,789 lines = 123,456,789 accepted');
  });

  it('says how far behind it is and what it waits for', () => {
    const follow = { waitingFor: ['a.log', 'b\u001b[31m.log'], bytesBehind: 1_234_000 };
    const figures = { follow, files: 3, readsStdin: false };
    expect(screenOf(figures, 99, 23).split('\n').slice(0, 2)).toEqual([
      'Following 3 files · for 2 min 5 s · 13 events/s · 2.4 kB/s · 1.2 MB behind',
      'Waiting for a.log, b\\x1b[31m.log',
    ]);
    expect(screenOf(figures, 79, 6).split('\n')[0]).toBe(
      'Following 3 files · 13 events/s · 1.2 MB behind · waiting for 2 files',
    );
    expect(screenOf({ ...figures, readsStdin: true, files: 1 }, 79, 23)).toMatch(
      /^Following 1 file and stdin · /,
    );
  });

  it('says so while there are no events, or nothing by campaign', () => {
    const account = { lines: 0, accepted: 0, duplicates: 0, ignored: 0, rejected: 0 };
    expect(screenOf({ campaigns: [], account }, 79, 5).split('\n').slice(1)).toEqual([
      '0 lines = 0 accepted + 0 duplicates + 0 ignored + 0 rejected',
      '',
      'No events yet.',
    ]);
    expect(screenOf({ campaigns: [] }, 79, 23)).toContain('Campaigns are counted in the end.');
  });

  it.each(['summer_sale', 'あ'])('shows names from logs so that they do no harm, and %j as it is', (name) => {
    const campaigns = [...HOSTILE_NAMES, '(other)', name].map((campaignId) => liveCampaign(campaignId));
    const screen = screenOf({ campaigns }, 100, 40);
    expect(screen).not.toMatch(TERMINAL_UNSAFE);
    expect(screen).toMatch(new RegExp(`^${name} `, 'm'));
    expect(screen).toMatch(/^\(other\) /m);
    expect(screen).toMatch(/^\(empty\) /m);
    expect(screen).toContain('\\x1b]0;x\\x07');
    expect(widest(screen)).toBeLessThanOrEqual(100);
  });

  it('is soon drawn though each name is of 64 KiB', () => {
    const campaigns = Array.from({ length: 50 }, (_, index) => liveCampaign(`${index}${'é'.repeat(65_000)}`));
    const startedMs = performance.now();
    screenOf({ campaigns }, 200, 60);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

const counts = fc.oneof(fc.nat(20), fc.nat(2_000_000), fc.maxSafeNat());
const rate = fc.option(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true })));
const name = fc.oneof(
  fc.constantFrom(...HOSTILE_NAMES),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constant(null),
);
const sums = {
  clicks: counts,
  conversions: counts,
  revenueMicros: fc.bigInt(-(10n ** 20n), 10n ** 20n),
  eventsPerSecond: rate,
};

const anyFigures: fc.Arbitrary<LiveFigures> = fc.record({
  elapsedMs: fc.nat(1e9),
  readsStdin: fc.boolean(),
  follows: fc.boolean(),
  files: fc.nat(5_000),
  follow: fc.option(
    fc.record({
      waitingFor: fc.array(
        name.map((text) => text ?? 'x'),
        { maxLength: 4 },
      ),
      bytesBehind: counts,
    }),
  ),
  account: fc.record({
    lines: counts,
    accepted: counts,
    duplicates: counts,
    ignored: counts,
    rejected: counts,
  }),
  bytesRead: counts,
  bytesPerSecond: rate,
  currency: fc.constantFrom('USD', 'JPY', 'CHF', '\u001b[1m'),
  totals: fc.record(sums),
  campaigns: fc.array(fc.record({ campaignId: name, ...sums }), { maxLength: 50 }),
  campaignCount: fc.nat(2_000),
  seconds: fc.record({
    startMs: fc.nat(2_000_000_000).map((seconds) => seconds * 1000),
    events: fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e8, noNaN: true })), {
      maxLength: 300,
    }),
  }),
});
const figuresOfARun = anyFigures.map((figures) => ({
  ...figures,
  campaignCount: Math.max(
    figures.campaigns.length,
    figures.campaigns.length < 50 ? 0 : figures.campaignCount,
  ),
}));

describe('a live screen of any figures on any terminal', () => {
  it('is no wider and no higher than the terminal, and holds nothing that is not to be seen', () => {
    fc.assert(
      fc.property(
        figuresOfARun,
        fc.integer({ min: 1, max: 220 }),
        fc.integer({ min: 1, max: 70 }),
        fc.boolean(),
        (figures, width, height, color) => {
          const style = createStyle(color);
          const screen = liveScreen(figures, { width, height, timeZone: 'UTC', style });
          const lines = screen.split('\n');
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
          // eslint-disable-next-line no-control-regex -- colours are control sequences
          expect(screen.replace(/\x1b\[\d+m/g, '')).not.toMatch(TERMINAL_UNSAFE);
          expect(screen).not.toMatch(/NaN|undefined|Infinity/);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('always says how many lines there are, in words or as a sum, from 20 columns on', () => {
    fc.assert(
      fc.property(
        figuresOfARun,
        fc.integer({ min: 20, max: 120 }),
        fc.integer({ min: 1, max: 40 }),
        (figures, width, height) => {
          const screen = liveScreen(figures, { width, height, timeZone: 'UTC', style: createStyle(false) });
          expect(screen).toMatch(/[\dKMBTe.]+ lines?\b/);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('shows more of a run, never less, as a terminal gets higher', () => {
    const shown = Array.from({ length: 40 }, (_, index) => {
      const screen = screenOf({ campaigns: MANY }, 79, index + 1);
      return {
        totals: /revenue|^Total/m.test(screen),
        heading: screen.startsWith('Reading stdin'),
        table: /^Total/m.test(screen),
        chart: screen.includes('Events per second'),
      };
    });
    for (const [piece, fromHeight] of [
      ['totals', 2],
      ['heading', 3],
      ['table', 9],
      ['chart', 21],
    ] as const) {
      expect(
        shown.map((at) => at[piece]),
        piece,
      ).toEqual(shown.map((_, index) => index + 1 >= fromHeight));
    }
  });
});
