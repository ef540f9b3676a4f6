import { describe, expect, it } from 'vitest';
import { renderAccounting } from '../../../src/report/render/accounting-text.js';
import { renderIngest } from '../../../src/report/render/ingest-text.js';
import { createStyle } from '../../../src/report/render/style.js';
import { emptyReport, ingestSummary, plain } from './sample-report.js';

describe('the end of an ingest run', () => {
  it('shows the report of what the run added', () => {
    const text = renderIngest(ingestSummary(), { width: 80, style: plain });
    expect(text).toMatch(/^Added by this run\n2026-06-01 .*\n\nCampaign +Clicks/);
    expect(text).toContain('█');
  });

  it('shows no empty table where nothing was accepted', () => {
    const nothing = ingestSummary({ accepted: 0, report: emptyReport() });
    expect(renderIngest(nothing, { width: 80, style: plain })).toBe('');
  });
});

describe('the accounting', () => {
  it('accounts for every line, with the reasons beneath, most frequent first', () => {
    expect(renderAccounting(ingestSummary(), plain)).toBe(
      [
        '12,345 lines = 12,000 accepted + 20 duplicates + 300 ignored + 25 rejected',
        '  ignored: 200 blank_line, 100 page_view',
        '  rejected: 25 invalid_json',
        '  stamped: 7 events without a timestamp got the time of receipt',
        // 12,000 / 1.50049 s and 3 MB / 1.50049 s.
        '3.0 MB in 1.5 s: 7,997 events/s, 2.0 MB/s',
      ].join('\n'),
    );
  });

  it('says which inputs held nothing new, whatever they are called', () => {
    const input = { format: null, fromOffset: 9, toOffset: 9, lines: 0, alreadyIngested: true };
    const text = renderAccounting(
      ingestSummary({
        ...{
          lines: 0,
          accepted: 0,
          duplicates: 0,
          ignored: 0,
          rejected: 0,
          stamped: 0,
          bytes: 0,
          seconds: 0,
        },
        ...{ ignores: new Map(), rejects: new Map() },
        inputs: [
          { ...input, input: 'data/x.txt' },
          { ...input, input: 'evil\u001b[2J.log' },
        ],
      }),
      plain,
    );
    expect(text).toBe(
      [
        '0 lines = 0 accepted + 0 duplicates + 0 ignored + 0 rejected',
        '0 B in 0 ms',
        'data/x.txt: nothing new, already ingested',
        'evil\\x1b[2J.log: nothing new, already ingested',
      ].join('\n'),
    );
  });

  it('counts one in the singular, and says that it was interrupted', () => {
    const text = renderAccounting(
      ingestSummary({ lines: 1, accepted: 0, duplicates: 1, interrupted: true }),
      plain,
    );
    expect(text).toContain('1 line = 0 accepted + 1 duplicate + ');
    expect(text).toContain('interrupted: these figures are of what was read until then');
  });

  it('shows rejections in red', () => {
    expect(renderAccounting(ingestSummary(), createStyle(true))).toContain('\u001b[31m25 rejected\u001b[39m');
  });
});
