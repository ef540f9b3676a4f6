/** A report as Markdown tables, for issues, chats and documents. Names from the data stay text, whatever they hold. */
import type { Dimension, Report } from '../report.js';
import { mainRows } from './main-rows.js';
import { metricColumns } from './metric-columns.js';
import { filterTexts } from './report-heading.js';
import { dimensionTitle, rowLabel } from './row-label.js';
import { visible } from './visible.js';

/** The main table and those of the further dimensions, each with a row of totals, numbers to the right; ends with a newline. */
export function reportMarkdown(report: Report, by: readonly Dimension[] = []): string {
  const dimensions: readonly (Dimension | undefined)[] = by.length > 0 ? by : [undefined];
  const filters = filterTexts(report.filters).map(escapeMarkdown).join(', ');
  const heading = filters === '' ? [] : [`Only ${filters}\n`];
  return [...heading, ...dimensions.map((dimension) => tableOf(report, dimension))].join('\n');
}

function tableOf(report: Report, by: Dimension | undefined): string {
  const { dimension, rows } = mainRows(report, by);
  const columns = metricColumns(report, [...rows.map((row) => row.metrics), report.totals]);
  const lines = [
    [dimensionTitle(dimension), ...columns.map(({ title }) => title)],
    ['---', ...columns.map(() => '---:')],
    ...rows.map(({ key, metrics }) => [
      escapeMarkdown(rowLabel(dimension, key)),
      ...columns.map(({ format }) => format(metrics)),
    ]),
    ['**Total**', ...columns.map(({ format }) => `**${format(report.totals)}**`)],
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

// Characters that could start markup, a table cell, HTML, a formula, a mention or an automatic link.
const MARKUP = /[\\`*_{}[\]()<>#!|~$&@:]|www\./gi;

const ENTITIES = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
  // A backslash does not stop GitHub's automatic links and mentions.
  ['@', '&#64;'],
  [':', '&#58;'],
]);

/** Text that reads the same after Markdown has been rendered; unseen characters are made visible. */
export function escapeMarkdown(text: string): string {
  const shown = visible(text);
  return shown.replace(MARKUP, (markup, offset: number) => {
    if (markup === '_' && isInsideWord(shown, offset)) return markup;
    if (markup.length > 1) return `${markup.slice(0, -1)}&#46;`;
    return ENTITIES.get(markup) ?? `\\${markup}`;
  });
}

/** `summer_sale` needs no escape: an underscore between letters is no emphasis. */
function isInsideWord(text: string, offset: number): boolean {
  return /\w/.test(text.charAt(offset - 1)) && /[a-z0-9]/i.test(text.charAt(offset + 1));
}
