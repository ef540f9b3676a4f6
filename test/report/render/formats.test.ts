import { describe, expect, it } from 'vitest';
import { loadRenderer, OUTPUT_FORMATS } from '../../../src/report/render/formats.js';
import { drillDown, emptyReport, ingestSummary, plain, report } from './sample-report.js';

const view = { style: plain };
const whole = (parts: Iterable<string>): string => [...parts].join('');

describe('output formats', () => {
  it.each([
    ['table', /^2 campaigns\n/],
    ['json', /^\{\n {2}"schema": "mapipe\.report\/1"/],
    ['ndjson', /^\{"campaign_id":"summer_sale"/],
    ['csv', /^campaign_id,clicks/],
    ['markdown', /^\| Campaign \|/],
  ] as const)('write a report as %s', async (format, start) => {
    const renderer = await loadRenderer(format);
    expect(whole(renderer.report(report(), view))).toMatch(start);
  });

  it.each(OUTPUT_FORMATS)(
    'end %s with a newline, for reports and for ingest runs, without colours',
    async (format) => {
      const renderer = await loadRenderer(format);
      for (const parts of [renderer.report(report(), view), renderer.ingest(ingestSummary(), view)]) {
        const text = whole(parts);
        expect(text).toMatch(/\n$/);
        expect(text).not.toContain('\u001b');
      }
    },
  );

  it('write an ingest run as its own JSON, and elsewhere as the report of what it added', async () => {
    const json = await loadRenderer('json');
    const csv = await loadRenderer('csv');
    const table = await loadRenderer('table');
    expect(whole(json.ingest(ingestSummary(), view))).toContain('"mapipe.ingest/1"');
    expect(whole(csv.ingest(ingestSummary(), view))).toBe(whole(csv.report(report(), view)));
    expect(whole(table.ingest(ingestSummary({ accepted: 0, report: emptyReport() }), view))).toBe('');
  });

  it('pass on the dimension that was asked for', async () => {
    for (const format of ['ndjson', 'csv', 'markdown'] as const) {
      const renderer = await loadRenderer(format);
      expect(whole(renderer.report(drillDown(), { ...view, by: ['source'] }))).toContain('google');
      expect(whole(renderer.report(drillDown(), view))).not.toContain('google');
    }
  });
});
