import { describe, expect, it } from 'vitest';
import { OUTPUT_FORMATS, renderIngestAs, renderReportAs } from '../../../src/report/render/formats.js';
import { drillDown, emptyReport, ingestSummary, plain, report } from './sample-report.js';

const view = { style: plain };

describe('output formats', () => {
  it.each([
    ['table', /^2 campaigns\n/],
    ['json', /^\{\n {2}"schema": "mapipe\.report\/1"/],
    ['ndjson', /^\{"campaign_id":"summer_sale"/],
    ['csv', /^campaign_id,clicks/],
    ['markdown', /^\| Campaign \|/],
  ] as const)('write a report as %s', (format, start) => {
    expect(renderReportAs(format, report(), view)).toMatch(start);
  });

  it.each(OUTPUT_FORMATS)(
    'end %s with a newline, for reports and for ingest runs, without colours',
    (format) => {
      for (const text of [
        renderReportAs(format, report(), view),
        renderIngestAs(format, ingestSummary(), view),
      ]) {
        expect(text).toMatch(/\n$/);
        expect(text).not.toContain('\u001b');
      }
    },
  );

  it('write an ingest run as its own JSON, and elsewhere as the report of what it added', () => {
    expect(renderIngestAs('json', ingestSummary(), view)).toContain('"mapipe.ingest/1"');
    expect(renderIngestAs('csv', ingestSummary(), view)).toBe(renderReportAs('csv', report(), view));
    expect(renderIngestAs('table', ingestSummary({ accepted: 0, report: emptyReport() }), view)).toBe('');
  });

  it('pass on the dimension that was asked for', () => {
    for (const format of ['ndjson', 'csv', 'markdown'] as const) {
      expect(renderReportAs(format, drillDown(), { ...view, by: ['source'] })).toContain('google');
      expect(renderReportAs(format, drillDown(), view)).not.toContain('google');
    }
  });
});
