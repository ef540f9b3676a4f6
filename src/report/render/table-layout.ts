/**
 * Fits a table into a width: first the least important columns go, then long texts are cut. Numbers are never cut, as half
 * a number is a wrong number.
 */
import { textWidth } from './text-width.js';

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Where room is short, the column with the lowest goes first. The first column always stays. */
  readonly priority: number;
  /** A column of texts, which may be cut. */
  readonly truncatable?: boolean;
}

export interface ColumnLayout {
  /** Index of the column. */
  readonly index: number;
  readonly width: number;
}

/** Spaces between two columns. */
export const COLUMN_GAP = 2;

// A text cut shorter than this says little: columns of numbers go before it does.
const LEGIBLE_TEXT = 16;

/** The columns that are shown, each with its width; all of them, uncut, where there is no limit. */
export function layoutColumns(
  columns: readonly TableColumn[],
  lines: readonly (readonly string[])[],
  limit: number | undefined,
): ColumnLayout[] {
  let shown = columns.map((column, index) => ({ index, width: naturalWidth(column, index, lines) }));
  if (limit === undefined) return shown;
  while (shown.length > 1 && totalWidth(shown.map((at) => leastWidth(columns, at))) > limit) {
    const victim = leastImportant(columns, shown.slice(1));
    shown = shown.filter((at) => at !== victim);
  }
  return cutTexts(columns, shown, limit);
}

function naturalWidth(column: TableColumn, index: number, lines: readonly (readonly string[])[]): number {
  return lines.reduce(
    (widest, line) => Math.max(widest, textWidth(line[index] ?? '')),
    textWidth(column.title),
  );
}

function leastWidth(columns: readonly TableColumn[], { index, width }: ColumnLayout): number {
  return columns[index]?.truncatable ? Math.min(width, LEGIBLE_TEXT) : width;
}

function totalWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + COLUMN_GAP * (widths.length - 1);
}

function leastImportant(
  columns: readonly TableColumn[],
  shown: readonly ColumnLayout[],
): ColumnLayout | undefined {
  const priority = (at: ColumnLayout) => columns[at.index]?.priority ?? 0;
  return shown.toSorted((a, b) => priority(a) - priority(b))[0];
}

/** Takes what is too much from the widest text column, down to the next widest, until all fits. */
function cutTexts(
  columns: readonly TableColumn[],
  shown: readonly ColumnLayout[],
  limit: number,
): ColumnLayout[] {
  const widths = shown.map((at) => at.width);
  const texts = shown.flatMap((at, position) => (columns[at.index]?.truncatable ? [position] : []));
  for (let excess = totalWidth(widths) - limit; excess > 0 && texts.length > 0;) {
    const byWidth = texts.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    const widest = byWidth[0] ?? 0;
    const width = widths[widest] ?? 0;
    const next = byWidth[1] === undefined ? 0 : (widths[byWidth[1]] ?? 0);
    const cut = Math.min(excess, Math.max(1, width - Math.max(next, 1)));
    if (width - cut < 1) break;
    widths[widest] = width - cut;
    excess -= cut;
  }
  return shown.map((at, position) => ({ index: at.index, width: widths[position] ?? at.width }));
}
