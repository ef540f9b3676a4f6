/** The report for a terminal. */
import { Chalk } from 'chalk';
import { barTable, headLines, rowTable } from './tables.mjs';

const GAP = '  ';

export function renderText(outcome, style = new Chalk()) {
  const tones = {
    holds: style.green,
    'aim reached': style.green.bold,
    MISSED: style.red.bold,
    WRONG: style.white.bgRed.bold,
    'not measured': style.dim,
  };
  const bars = barTable(outcome);
  const tables = [...outcome.rows.map(rowTable), ...(bars ? [bars] : [])];
  const parts = [
    `${style.bold('mapipe against the engines')}\n${headLines(outcome).join('\n')}`,
    ...tables.map((table) => tableText(table, tones, style)),
  ];
  return `\n${parts.join('\n\n')}\n`;
}

function tableText({ title, lines, columns, rows, notes }, tones, style) {
  const widths = columns.map((heading, index) =>
    Math.max(heading.length, ...rows.map((cells) => cells[index].length)),
  );
  const line = (cells, paint) =>
    cells
      .map((text, index) => {
        const padding = ' '.repeat(widths[index] - text.length);
        return index === 0 ? paint(text) + padding : padding + paint(text);
      })
      .join(GAP)
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width) + GAP.length * (widths.length - 1));
  return [
    style.bold(title),
    ...lines.map((text) => style.dim(text)),
    line(columns, style.dim),
    style.dim(rule),
    ...rows.map((cells) => line(cells, (text) => (tones[text] ?? String)(text))),
    ...notes.map((text) => style.dim(text)),
  ].join('\n');
}
