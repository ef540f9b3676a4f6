import { describe, expect, it } from 'vitest';
import { ingestJson, reportJson } from '../../../src/report/render/json.js';
import {
  campaign,
  drillDown,
  emptyReport,
  group,
  HOSTILE_NAMES,
  ingestSummary,
  report,
  timeline,
} from './sample-report.js';

/** Parsed JSON, to be looked at by `expect` only. */
function parse(json: string): unknown {
  return JSON.parse(json);
}

function keys(json: string): string[] {
  return Object.keys(parse(json) as object);
}

describe('report JSON', () => {
  it('has the shape of the contract, its order and its exact money', () => {
    const json = reportJson(report({ campaigns: [] }));
    expect(json).toBe(`{
  "schema": "mapipe.report/1",
  "generated_at": "2026-06-15T12:00:00.000Z",
  "filters": {
    "since": null,
    "until": null,
    "time_zone": "UTC",
    "campaign_id": null
  },
  "currency": "USD",
  "exact": {
    "unique_users": true
  },
  "totals": {
    "campaigns": 2,
    "clicks": 1500,
    "conversions": 60,
    "refunds": 0,
    "revenue": 6234.56,
    "unique_users": 1200,
    "conversion_rate": 0.04,
    "average_order_value": 103.909333,
    "revenue_per_click": 4.156373,
    "first_event_at": "2026-06-01T00:00:00.000Z",
    "last_event_at": "2026-06-02T00:00:00.000Z"
  },
  "campaigns": []
}
`);
  });

  it('gives each campaign its id and the metrics of the totals, less the trend', () => {
    const json = reportJson(report({ campaigns: [campaign(null, { clicks: 4, revenueMicros: 1n })] }));
    expect(json).toContain(`    {
      "campaign_id": null,
      "clicks": 4,
      "conversions": 0,
      "refunds": 0,
      "revenue": 0.000001,
      "unique_users": 0,
      "conversion_rate": 0,
      "average_order_value": null,
      "revenue_per_click": 0.00,
      "first_event_at": "2026-06-01T00:00:00.000Z",`);
  });

  it('keeps the last unit of an amount beyond floats', () => {
    const row = campaign('big', { revenueMicros: 9_007_199_254_740_993_000_000n });
    expect(reportJson(report({ campaigns: [row] }))).toContain('"revenue": 9007199254740993.00,');
  });

  it('has nulls where nothing happened', () => {
    expect(parse(reportJson(emptyReport()))).toMatchObject({
      totals: {
        conversion_rate: null,
        average_order_value: null,
        revenue_per_click: null,
        first_event_at: null,
      },
      campaigns: [],
    });
  });

  it('repeats the filters that were given, and only those', () => {
    const where = new Map([
      ['source', 'google'],
      ['product', null],
    ] as const);
    expect(parse(reportJson(report({ filters: { ...report().filters, where } })))).toHaveProperty('filters', {
      since: null,
      until: null,
      time_zone: 'UTC',
      campaign_id: null,
      source: 'google',
      product: null,
    });
    expect(parse(reportJson(report()))).toHaveProperty('filters', {
      since: null,
      until: null,
      time_zone: 'UTC',
      campaign_id: null,
    });
  });

  it('has the timeline of all campaigns where it was asked for', () => {
    const points = timeline('day', [100]);
    expect(parse(reportJson(report({ timeline: points, timelineAsked: true })))).toHaveProperty('timeline', {
      interval: 'day',
      points: [{ start: '2026-06-01T00:00:00.000Z', clicks: 10, conversions: 1, revenue: 100 }],
    });
  });

  it('adds breakdowns and a timeline for one campaign only', () => {
    expect(keys(reportJson(drillDown())).slice(-3)).toEqual(['campaigns', 'breakdowns', 'timeline']);
    expect(parse(reportJson(drillDown()))).toMatchObject({
      filters: { campaign_id: 'summer_sale' },
      breakdowns: {
        source: [
          { key: 'google', clicks: 600 },
          { key: null, clicks: 400 },
        ],
      },
      timeline: {
        interval: 'day',
        points: [
          { start: '2026-06-01T00:00:00.000Z', clicks: 10, conversions: 1, revenue: 100 },
          { start: '2026-06-02T00:00:00.000Z', clicks: 10, conversions: 1, revenue: 300 },
          { start: '2026-06-03T00:00:00.000Z', clicks: 10, conversions: 1, revenue: 200 },
        ],
      },
    });
    expect(keys(reportJson(report({ timeline: drillDown().timeline })))).not.toContain('timeline');
  });

  it('adds the breakdown that was asked for to a report on all campaigns', () => {
    const breakdowns = new Map([['month', [group('2026-06', { clicks: 3 })]]] as const);
    expect(parse(reportJson(report({ breakdowns })))).toMatchObject({
      breakdowns: { month: [{ key: '2026-06', clicks: 3 }] },
    });
    expect(keys(reportJson(report()))).not.toContain('breakdowns');
  });

  it('names other currencies, where there are any, after `exact`', () => {
    const other = { currency: 'EUR', conversions: 12, refunds: 1, revenueMicros: 1_180_000_000n };
    const json = reportJson(report({ otherCurrencies: [other] }));
    expect(keys(json).slice(4, 6)).toEqual(['exact', 'other_currencies']);
    expect(parse(json)).toMatchObject({
      other_currencies: [{ currency: 'EUR', conversions: 12, refunds: 1, revenue: 1180 }],
    });
  });

  it('carries hostile names unchanged and harmless', () => {
    const json = reportJson(report({ campaigns: HOSTILE_NAMES.map((name) => campaign(name)) }));
    expect(json).not.toMatch(/[\u007f-\u009f\u2028-\u202e\ufeff]/);
    expect(parse(json)).toMatchObject({ campaigns: HOSTILE_NAMES.map((name) => ({ campaign_id: name })) });
  });
});

describe('ingest JSON', () => {
  it('has the accounting, its reasons, its inputs and the report of what was added', () => {
    const json = ingestJson(ingestSummary());
    expect(keys(json)).toEqual(
      'schema lines accepted duplicates ignored rejected stamped ignores rejects bytes seconds inputs report'.split(
        ' ',
      ),
    );
    expect(parse(json)).toMatchObject({
      schema: 'mapipe.ingest/1',
      lines: 12_345,
      ignores: { page_view: 100, blank_line: 200 },
      rejects: { invalid_json: 25 },
      seconds: 1.5,
      inputs: [
        { input: 'data/x.txt', format: 'ndjson', from_offset: 0, to_offset: 3_000_000, lines: 12_345 },
      ],
      report: { schema: 'mapipe.report/1', totals: { clicks: 1500 } },
    });
    expect(json).not.toContain('header');
  });

  it('says that it was interrupted only when it was', () => {
    expect(keys(ingestJson(ingestSummary({ interrupted: true }))).slice(-2)).toEqual([
      'interrupted',
      'report',
    ]);
  });
});
