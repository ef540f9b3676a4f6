/** Tables for the terminal, and the adapter of cli-table3: rules above and below the rows, nothing at the sides. */
import CliTable from 'cli-table3';
import type { Paint, Style } from './style.js';
import { COLUMN_GAP, type ColumnLayout, layoutColumns, type TableColumn } from './table-layout.js';
import { padToWidth, truncateToWidth } from './text-width.js';

export interface StyledColumn extends TableColumn {
  readonly paint?: Paint;
}

export interface TableContent {
  readonly columns: readonly StyledColumn[];
  readonly rows: readonly (readonly string[])[];
  /** A row of totals, set off by a rule. */
  readonly footer?: readonly string[] | undefined;
  /** Rows of other tables whose columns should be as wide as this one's: measured, not drawn. */
  readonly alongside?: readonly (readonly string[])[];
  /** Columns of the terminal; undefined: as wide as the content needs. */
  readonly width?: number | undefined;
  readonly style: Style;
}

export interface RenderedTable {
  readonly text: string;
  /** Titles of the columns that the width had no room for. */
  readonly hiddenColumns: readonly string[];
}

/** Draws a table; texts must be free of control characters and colours. */
export function renderTable({
  columns,
  rows,
  footer,
  alongside = [],
  width,
  style,
}: TableContent): RenderedTable {
  const layout = layoutColumns(columns, [...rows, ...(footer ? [footer] : []), ...alongside], width);
  const titles = columns.map((column) => column.title);
  const plain = (column: StyledColumn) => column.paint ?? ((text: string) => text);
  const draw = lineDrawer(columns, layout);
  const lines = [draw(titles, () => style.dim), style.dim(rule(layout))];
  for (const row of rows) lines.push(draw(row, plain));
  if (footer)
    lines.push(
      style.dim(rule(layout)),
      draw(footer, () => style.bold),
    );
  return {
    text: lines.join('\n'),
    hiddenColumns: columns.flatMap(({ title }, index) =>
      layout.some((at) => at.index === index) ? [] : [title],
    ),
  };
}

function rule(layout: readonly ColumnLayout[]): string {
  return '─'.repeat(layout.reduce((sum, { width }) => sum + width + COLUMN_GAP, -COLUMN_GAP));
}

const FRAMELESS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
  middle: ' '.repeat(COLUMN_GAP),
};

// Private-use characters, one per column.
const FIRST_STAND_IN = 0xf0000;
const STAND_IN = /[\u{f0000}-\u{ffffd}]/gu;

type LineDrawer = (row: readonly string[], paintOf: (column: StyledColumn) => Paint) => string;

/**
 * cli-table3 measures text by the rules of an older string-width, which differ for some scripts and emoji, and takes hours
 * over a name of 64 KiB, and minutes over a million rows. So it arranges one row of stand-ins of one column, and the texts
 * of every line, cut and padded, take their places.
 */
function lineDrawer(columns: readonly StyledColumn[], layout: readonly ColumnLayout[]): LineDrawer {
  const table = new CliTable({
    chars: FRAMELESS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: layout.map(() => 1),
  });
  table.push(layout.map((_, position) => String.fromCodePoint(FIRST_STAND_IN + position)));
  const template = table.toString();
  return (row, paintOf) =>
    template
      .replace(STAND_IN, (standIn) => {
        const at = layout[(standIn.codePointAt(0) ?? FIRST_STAND_IN) - FIRST_STAND_IN];
        return at ? cellText(row[at.index] ?? '', columns[at.index], at.width, paintOf) : '';
      })
      .trimEnd();
}

/** Painted first, then padded: colours take no room, and spaces need none. */
function cellText(
  text: string,
  column: StyledColumn | undefined,
  width: number,
  paintOf: (column: StyledColumn) => Paint,
): string {
  if (!column) return '';
  const shown = truncateToWidth(text, width);
  return padToWidth(shown === '' ? '' : paintOf(column)(shown), width, column.align);
}
