import { describe, expect, it } from 'vitest';
import { reportNdjson } from '../../../src/report/render/ndjson.js';
import { campaign, drillDown, emptyReport, HOSTILE_NAMES, report } from './sample-report.js';

describe('report NDJSON', () => {
  it('has one line per campaign', () => {
    expect(
      reportNdjson(report({ campaigns: [campaign('brand', { clicks: 500, revenueMicros: 10_000_000n })] })),
    ).toBe(
      '{"campaign_id":"brand","clicks":500,"conversions":0,"refunds":0,"revenue":10.00,"unique_users":0,' +
        '"conversion_rate":0,"average_order_value":null,"revenue_per_click":0.02,' +
        '"first_event_at":"2026-06-01T00:00:00.000Z","last_event_at":"2026-06-02T00:00:00.000Z"}\n',
    );
  });

  it('has the rows of a breakdown that was asked for', () => {
    const lines = reportNdjson(drillDown(), 'source').trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, 15))).toEqual(['{"key":"google"', '{"key":null,"cl']);
  });

  it('stays one line per row, whatever the names', () => {
    const text = reportNdjson(report({ campaigns: HOSTILE_NAMES.map((name) => campaign(name)) }));
    const names = text
      .trimEnd()
      .split(/[\n\r\u2028]/)
      .map((line) => (JSON.parse(line) as { campaign_id: string }).campaign_id);
    expect(names).toEqual(HOSTILE_NAMES);
  });

  it('is empty without rows', () => {
    expect(reportNdjson(emptyReport())).toBe('');
  });
});
