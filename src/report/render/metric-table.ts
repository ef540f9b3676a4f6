/** A table of rows with their metrics, for the terminal: campaigns or the groups of a breakdown, and their totals. */
import type { Dimension, Metrics, Report } from '../report.js';
import type { MainRow } from './main-rows.js';
import { metricColumns } from './metric-columns.js';
import { formatCount } from './number-format.js';
import { dimensionTitle, rowLabel } from './row-label.js';
import { spark } from './spark.js';
import type { Style } from './style.js';
import { renderTable, type StyledColumn } from './table.js';
import { wrapWords } from './wrap-parts.js';

export interface MetricTable {
  readonly report: Report;
  readonly dimension: Dimension;
  readonly rows: readonly MainRow[];
  /** Left out for a table whose rows do not add up to the report, or that has one row only. */
  readonly totals?: Metrics | undefined;
  /** Tables that are shown with this one, so that their columns stand beneath each other. */
  readonly alongside?: readonly { readonly dimension: Dimension; readonly rows: readonly MainRow[] }[];
  readonly width?: number | undefined;
  readonly maxRows?: number | undefined;
  readonly style: Style;
}

const TREND_COLUMNS = 10;

export function renderMetricTable({
  report,
  dimension,
  rows: all,
  totals,
  alongside: others = [],
  width,
  maxRows,
  style,
}: MetricTable): string {
  const rows = all.slice(0, maxRows);
  const alongside = others.map((other) => ({ ...other, rows: other.rows.slice(0, maxRows) }));
  const metrics = metricColumns(
    report,
    [...rows, ...alongside.flatMap((other) => other.rows)].map((row) => row.metrics),
  );
  const withTrend = rows.some((row) => row.trend.length > 1);
  const columns: StyledColumn[] = [
    { title: dimensionTitle(dimension), align: 'left', priority: Infinity, truncatable: true },
    ...metrics.map(({ title, priority }) => ({ title, priority, align: 'right' as const })),
    ...(withTrend ? [{ title: 'Trend', align: 'left' as const, priority: 1, paint: style.accent }] : []),
  ];
  const cells = (of: Metrics) => metrics.map(({ format }) => format(of));
  const lineOf = (of: Dimension, row: MainRow) => [
    rowLabel(of, row.key),
    ...cells(row.metrics),
    ...(withTrend ? [spark(row.trend, TREND_COLUMNS)] : []),
  ];
  const { text, hiddenColumns } = renderTable({
    columns,
    rows: rows.map((row) => lineOf(dimension, row)),
    footer: totals && ['Total', ...cells(totals)],
    alongside: alongside.flatMap((other) => other.rows.map((row) => lineOf(other.dimension, row))),
    width,
    style,
  });
  const named = hiddenColumns.filter((title) => title !== 'Trend');
  const more = all.length - rows.length;
  const notes = [
    ...(more > 0
      ? [
          `… and ${formatCount(more)} more: mapipe report --limit says how many are shown, a file or pipe gets all`,
        ]
      : []),
    ...(width === undefined || named.length === 0 ? [] : [`Not shown for lack of room: ${named.join(', ')}`]),
  ];
  return [text, ...notes.map((note) => style.dim(wrapWords([note], width)))].join('\n');
}
