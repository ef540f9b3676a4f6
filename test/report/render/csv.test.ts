import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRecord, reportCsv } from '../../../src/report/render/csv.js';
import { ExactNumber } from '../../../src/report/render/exact-json.js';
import { campaign, drillDown, emptyReport, HOSTILE_NAMES, report } from './sample-report.js';

const HEADER =
  'clicks,conversions,refunds,revenue,unique_users,conversion_rate,average_order_value,revenue_per_click,first_event_at,last_event_at\r\n';

describe('report CSV', () => {
  it('has a header of the JSON names and one record per campaign, ending in CR LF', () => {
    const row = campaign('brand', { clicks: 500, revenueMicros: -10_000_000n });
    expect(reportCsv(report({ campaigns: [row] }))).toBe(
      `campaign_id,${HEADER}brand,500,0,0,-10.00,0,0,,-0.02,2026-06-01T00:00:00.000Z,2026-06-02T00:00:00.000Z\r\n`,
    );
  });

  it('has the rows of a breakdown that was asked for', () => {
    expect(reportCsv(drillDown(), 'medium')).toMatch(/^key,clicks,.*\r\ncpc,1000,/);
  });

  it('has its header even without rows', () => {
    expect(reportCsv(emptyReport())).toBe(`campaign_id,${HEADER}`);
  });

  it.each([
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"\r\n`],
    ['+1', "'+1\r\n"],
    ['-1', "'-1\r\n"],
    ['@SUM(A1)', "'@SUM(A1)\r\n"],
    ['\t=1', "'\\x09=1\r\n"],
    ['\r=1', "'\\x0d=1\r\n"],
    ['a=b', 'a=b\r\n'],
  ])('defuses a text that a spreadsheet would run: %j', (text, record) => {
    expect(csvRecord([text])).toBe(record);
  });

  it('leaves numbers alone', () => {
    expect(csvRecord([-5, new ExactNumber('-10.00'), null, 0.25])).toBe('-5,-10.00,,0.25\r\n');
  });

  it('lets no escape sequence through', () => {
    expect(csvRecord(['\u001b]0;x\u0007', '\u009b1m'])).toBe('\\x1b]0;x\\x07,\\x9b1m\r\n');
    expect(reportCsv(report({ campaigns: HOSTILE_NAMES.map((name) => campaign(name)) }))).not.toMatch(
      /(?!\r\n|(?<=\r)\n)[\p{Cc}\p{Cs}\p{Bidi_Control}]/u,
    );
  });

  it('reads back through another parser as what it was, apart from what it defuses', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab =,"\';夏é|'.split('')) });
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
        const records = parse(rows.map(csvRecord).join(''), { record_delimiter: '\r\n' });
        expect(records).toEqual(
          rows.map((row) => row.map((cell) => (cell.startsWith('=') ? `'${cell}` : cell))),
        );
      }),
    );
  });
});
