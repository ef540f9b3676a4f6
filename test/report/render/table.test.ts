import { describe, expect, it } from 'vitest';
import { createStyle } from '../../../src/report/render/style.js';
import { renderTable } from '../../../src/report/render/table.js';
import { plain, widest } from './sample-report.js';

const columns = [
  { title: 'Campaign', align: 'left', priority: Infinity, truncatable: true },
  { title: 'Clicks', align: 'right', priority: 2 },
  { title: 'Revenue', align: 'right', priority: 3 },
  { title: 'Users', align: 'right', priority: 1 },
] as const;

const rows = [
  ['summer_sale', '1,000', '$5,000.00', '800'],
  ['夏のセール', '5', '$1.00', '4'],
];
const footer = ['Total', '1,005', '$5,001.00', '804'];

describe('a table', () => {
  it('aligns numbers to the right and sets totals off by a rule', () => {
    expect(renderTable({ columns, rows, footer, style: plain })).toEqual({
      text: [
        'Campaign     Clicks    Revenue  Users',
        '─────────────────────────────────────',
        'summer_sale   1,000  $5,000.00    800',
        '夏のセール        5      $1.00      4',
        '─────────────────────────────────────',
        'Total         1,005  $5,001.00    804',
      ].join('\n'),
      hiddenColumns: [],
    });
  });

  it('drops the least important columns first, and says which', () => {
    expect(renderTable({ columns, rows, footer, width: 36, style: plain })).toEqual({
      text: [
        'Campaign     Clicks    Revenue',
        '──────────────────────────────',
        'summer_sale   1,000  $5,000.00',
        '夏のセール        5      $1.00',
        '──────────────────────────────',
        'Total         1,005  $5,001.00',
      ].join('\n'),
      hiddenColumns: ['Users'],
    });
    expect(renderTable({ columns, rows, footer, width: 29, style: plain }).hiddenColumns).toEqual([
      'Clicks',
      'Users',
    ]);
  });

  it('cuts texts where no column is left to drop, and never numbers', () => {
    const { text, hiddenColumns } = renderTable({ columns, rows, width: 8, style: plain });
    expect(hiddenColumns).toEqual(['Clicks', 'Revenue', 'Users']);
    expect(text).toBe('Campaign\n────────\nsummer_…\n夏のセ…');
  });

  it('keeps the columns and cuts the name when the name is what is long', () => {
    const long = [['x'.repeat(65_536), '1,000', '$5,000.00', '800']];
    const { text, hiddenColumns } = renderTable({ columns, rows: long, width: 60, style: plain });
    expect(hiddenColumns).toEqual([]);
    expect(text.split('\n')[2]).toBe(`${'x'.repeat(33)}…   1,000  $5,000.00    800`);
  });

  it('cuts nothing without a width', () => {
    const name = 'x'.repeat(65_536);
    expect(renderTable({ columns, rows: [[name, '1', '2', '3']], style: plain }).text).toContain(name);
  });

  it('stays aligned with scripts that cli-table3 measures differently', () => {
    const names = ['नमस्ते हिन्दी', '👩‍👩‍👧‍👦 family', 'สวัสดี', '🏴‍☠️', 'plain'];
    const { text } = renderTable({ columns, rows: names.map((name) => [name, '1', '2', '3']), style: plain });
    expect(new Set(text.split('\n').map(widest)).size).toBe(1);
  });

  it('draws a long table whole, in order', () => {
    const many = Array.from({ length: 1_234 }, (_, index) => [`c${index}`, '1', '2', '3']);
    const lines = renderTable({ columns, rows: many, style: plain }).text.split('\n');
    expect(lines).toHaveLength(1_236);
    expect(lines.slice(2).map((line) => line.split(' ')[0])).toEqual(many.map(([name]) => name));
  });

  it('takes as much room in colour as without', () => {
    const { text } = renderTable({ columns, rows, footer, width: 36, style: createStyle(true) });
    expect(text).toContain('\u001b[1mTotal\u001b[22m');
    expect(widest(text)).toBe(30);
  });

  it('leaves room for the rows of tables it stands with', () => {
    const alongside = [['a_much_longer_name', '1', '2', '3']];
    const { text } = renderTable({ columns, rows: [['a', '1', '2', '3']], alongside, style: plain });
    expect(text.split('\n')[2]).toBe('a                        1        2      3');
    expect(text).not.toContain('longer');
  });
});
