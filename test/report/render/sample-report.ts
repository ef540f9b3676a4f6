/** A small report whose every figure is worked out by hand, and its parts to build others from. */
import type { IngestSummary } from '../../../src/ingest-summary.js';
import { NO_METRICS } from '../../../src/report/metrics.js';
import type { CampaignRow, GroupRow, Metrics, Report, Timeline } from '../../../src/report/report.js';
import { createStyle } from '../../../src/report/render/style.js';
import { textWidth } from '../../../src/report/render/text-width.js';

export const plain = createStyle(false);

/** 2026-06-01T00:00:00Z. */
export const JUNE_1 = 1_780_272_000_000_000n;
export const HOUR = 3_600_000_000n;
export const DAY = 24n * HOUR;

export function metrics(part: Partial<Metrics> = {}): Metrics {
  return { ...NO_METRICS, firstEventMicros: JUNE_1, lastEventMicros: JUNE_1 + DAY, ...part };
}

export function campaign(campaignId: string | null, part: Partial<Metrics> = {}): CampaignRow {
  return { ...metrics(part), campaignId, trend: [] };
}

export function group(key: string | null, part: Partial<Metrics> = {}): GroupRow {
  return { ...metrics(part), key };
}

const SUMMER = {
  clicks: 1000,
  conversions: 50,
  revenueConversions: 50,
  revenueMicros: 5_000_000_000n,
  uniqueUsers: 800,
};
const BRAND = {
  clicks: 500,
  conversions: 10,
  revenueConversions: 10,
  revenueMicros: 1_234_560_000n,
  uniqueUsers: 450,
};

/** Two campaigns: 1,500 clicks, 60 conversions, $6,234.56. */
export function report(part: Partial<Report> = {}): Report {
  return {
    generatedAt: new Date('2026-06-15T12:00:00.000Z'),
    filters: { sinceMicros: null, untilMicros: null, timeZone: 'UTC', campaignId: null, where: new Map() },
    currency: 'USD',
    otherCurrencies: [],
    exact: { uniqueUsers: true },
    totals: {
      ...metrics({
        clicks: 1500,
        conversions: 60,
        revenueConversions: 60,
        revenueMicros: 6_234_560_000n,
        uniqueUsers: 1200,
      }),
      campaigns: 2,
    },
    campaigns: [campaign('summer_sale', SUMMER), campaign('brand', BRAND)],
    breakdowns: new Map(),
    timeline: null,
    timelineAsked: false,
    ...part,
  };
}

export function emptyReport(part: Partial<Report> = {}): Report {
  return report({ totals: { ...NO_METRICS, campaigns: 0 }, campaigns: [], ...part });
}

/** One campaign asked for, with its breakdowns and a daily timeline. */
export function drillDown(part: Partial<Report> = {}): Report {
  return report({
    filters: {
      sinceMicros: null,
      untilMicros: null,
      timeZone: 'UTC',
      campaignId: 'summer_sale',
      where: new Map(),
    },
    totals: { ...metrics(SUMMER), campaigns: 1 },
    campaigns: [campaign('summer_sale', SUMMER)],
    breakdowns: new Map([
      ['source', [group('google', { clicks: 600 }), group(null, { clicks: 400 })]],
      ['medium', [group('cpc', { clicks: 1000 })]],
      ['ad_id', [group(null, { clicks: 1000 })]],
      ['product', [group('Shoes', { conversions: 30 }), group(null, { conversions: 20 })]],
    ]),
    timeline: timeline('day', [100, 300, 200]),
    ...part,
  });
}

/** A timeline of revenue in whole units, and ten clicks each. */
export function timeline(interval: Timeline['interval'], units: readonly number[]): Timeline {
  return {
    interval,
    points: units.map((amount, index) => ({
      startMicros: JUNE_1 + BigInt(index) * (interval === 'day' ? DAY : HOUR),
      clicks: 10,
      conversions: 1,
      revenueMicros: BigInt(Math.round(amount * 1e6)),
    })),
  };
}

export function ingestSummary(part: Partial<IngestSummary> = {}): IngestSummary {
  return {
    lines: 12_345,
    accepted: 12_000,
    duplicates: 20,
    ignored: 300,
    rejected: 25,
    ignores: new Map([
      ['page_view', 100],
      ['blank_line', 200],
      ['header', 0],
    ]),
    rejects: new Map([['invalid_json', 25]]),
    stamped: 7,
    bytes: 3_000_000,
    seconds: 1.50049,
    inputs: [
      {
        input: 'data/x.txt',
        format: 'ndjson',
        fromOffset: 0,
        toOffset: 3_000_000,
        lines: 12_345,
        alreadyIngested: false,
      },
    ],
    store: null,
    interrupted: false,
    resumable: true,
    report: report(),
    ...part,
  };
}

/** Names that logs may hold and that must not get anywhere. */
export const HOSTILE_NAMES = [
  '\u001b]0;x\u0007',
  'a\u009b31mred',
  '=HYPERLINK("http://evil.example","x")',
  '<img src=x onerror=alert(1)>',
  'abc\u202etxt.exe',
  'line\nbreak\ttab\rreturn',
  '春のキャンペーン大セール開催中です',
  '👩‍👩‍👧‍👦 family 🏴‍☠️',
  'नमस्ते हिन्दी',
  'x'.repeat(65_536),
  '__proto__',
  '',
  '\ud800 lone',
  'zero\u200bwidth\ufeff',
  'a|b `code` **bold** [link](http://evil.example) \\',
];

/** Characters that may never reach a terminal from data. */
export const TERMINAL_UNSAFE =
  /[\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|(?!\n)\p{Cc}/u;

export function widest(text: string): number {
  return Math.max(...text.split('\n').map(textWidth));
}
