import { describe, expect, it } from 'vitest';
import { loadRenderer, OUTPUT_FORMATS } from '../../../src/report/render/formats.js';
import { drillDown, emptyReport, ingestSummary, plain, report } from './sample-report.js';

const view = { style: plain };

describe('output formats', () => {
  it.each([
    ['table', /^2 campaigns\n/],
    ['json', /^\{\n {2}"schema": "mapipe\.report\/1"/],
    ['ndjson', /^\{"campaign_id":"summer_sale"/],
    ['csv', /^campaign_id,clicks/],
    ['markdown', /^\| Campaign \|/],
  ] as const)('write a report as %s', async (format, start) => {
    const renderer = await loadRenderer(format);
    expect(renderer.report(report(), view)).toMatch(start);
  });

  it.each(OUTPUT_FORMATS)(
    'end %s with a newline, for reports and for ingest runs, without colours',
    async (format) => {
      const renderer = await loadRenderer(format);
      for (const text of [renderer.report(report(), view), renderer.ingest(ingestSummary(), view)]) {
        expect(text).toMatch(/\n$/);
        expect(text).not.toContain('\u001b');
      }
    },
  );

  it('write an ingest run as its own JSON, and elsewhere as the report of what it added', async () => {
    const json = await loadRenderer('json');
    const csv = await loadRenderer('csv');
    const table = await loadRenderer('table');
    expect(json.ingest(ingestSummary(), view)).toContain('"mapipe.ingest/1"');
    expect(csv.ingest(ingestSummary(), view)).toBe(csv.report(report(), view));
    expect(table.ingest(ingestSummary({ accepted: 0, report: emptyReport() }), view)).toBe('');
  });

  it('pass on the dimension that was asked for', async () => {
    for (const format of ['ndjson', 'csv', 'markdown'] as const) {
      const renderer = await loadRenderer(format);
      expect(renderer.report(drillDown(), { ...view, by: ['source'] })).toContain('google');
      expect(renderer.report(drillDown(), view)).not.toContain('google');
    }
  });
});
