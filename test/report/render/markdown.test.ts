import { describe, expect, it } from 'vitest';
import { escapeMarkdown, reportMarkdown } from '../../../src/report/render/markdown.js';
import { campaign, drillDown, HOSTILE_NAMES, report, TERMINAL_UNSAFE } from './sample-report.js';

describe('report Markdown', () => {
  it('is a table with totals', () => {
    expect(reportMarkdown(report())).toBe(
      [
        '| Campaign | Clicks | Conv. | CVR | Revenue | AOV | RPC | Users |',
        '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
        '| summer_sale | 1,000 | 50 | 5.00% | $5,000.00 | $100.00 | $5.00 | 800 |',
        '| brand | 500 | 10 | 2.00% | $1,234.56 | $123.46 | $2.47 | 450 |',
        '| **Total** | **1,500** | **60** | **4.00%** | **$6,234.56** | **$103.91** | **$4.16** | **1,200** |',
        '',
      ].join('\n'),
    );
  });

  it('has the rows of a breakdown that was asked for', () => {
    expect(reportMarkdown(drillDown(), ['product'])).toMatch(
      /^\| Product .*\n.*\n\| Shoes .*\n\| \\\(none\\\) /,
    );
  });

  it('has a table for each breakdown that was asked for, beneath what it was narrowed to', () => {
    const filters = { ...drillDown().filters, where: new Map([['source', '<b>|']] as const) };
    const text = reportMarkdown(drillDown({ filters }), ['product', 'medium']);
    expect(text).toMatch(
      /^Only source = &lt;b&gt;\\\|\n\n\| Product [^]*\*\*Total\*\*.*\n\n\| Medium [^]*\| cpc [^]*\|\n$/,
    );
  });

  it.each([
    ['a|b', 'a\\|b'],
    ['`code`', '\\`code\\`'],
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert\\(1\\)&gt;'],
    ['&lt;', '&amp;lt;'],
    ['**bold** _it_ a_b', '\\*\\*bold\\*\\* \\_it\\_ a_b'],
    ['[x](http://y)', '\\[x\\]\\(http&#58;//y\\)'],
    ['www.evil.example @user', 'www&#46;evil.example &#64;user'],
    ['two\nlines', 'two\\\\x0alines'],
    ['end\\', 'end\\\\'],
  ])('keeps %j as text', (name, escaped) => {
    expect(escapeMarkdown(name)).toBe(escaped);
  });

  it('stays one line of nine cells per row, whatever the names', () => {
    const text = reportMarkdown(report({ campaigns: HOSTILE_NAMES.map((name) => campaign(name)) }));
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(HOSTILE_NAMES.length + 3);
    expect(new Set(lines.map((line) => line.replaceAll('\\\\', '').match(/(?<!\\)\|/g)?.length))).toEqual(
      new Set([9]),
    );
    expect(text).not.toMatch(TERMINAL_UNSAFE);
    expect(text).not.toMatch(/<[a-z]/);
  });
});
