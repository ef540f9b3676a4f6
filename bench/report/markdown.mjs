/** The report for docs/BENCHMARKS.md, under a heading of the second level. */
import { barTable, headLines, rowTable } from './tables.mjs';

export function renderMarkdown(outcome) {
  const bars = barTable(outcome);
  const tables = [...(bars ? [bars] : []), ...outcome.rows.map(rowTable)];
  return [headLines(outcome).join(' '), ...tables.map(section)].join('\n\n');
}

function section({ title, lines, columns, rows, notes }) {
  const table = [columns, columns.map((_, index) => (index === 0 ? '---' : '---:')), ...rows];
  return [
    `### ${title}`,
    ...(lines.length > 0 ? [lines.map(escaped).join(' ')] : []),
    table.map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n'),
    ...notes.map(escaped),
  ].join('\n\n');
}

function escaped(text) {
  return text.replaceAll('|', '\\|').replaceAll('_', '\\_');
}
