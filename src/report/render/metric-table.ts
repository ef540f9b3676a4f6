/** A table of rows with their metrics, for the terminal: campaigns or the groups of a breakdown, and their totals. */
import type { Dimension, Metrics, Report } from '../report.js';
import type { MainRow } from './main-rows.js';
import { metricColumns } from './metric-columns.js';
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
  readonly style: Style;
}

const TREND_COLUMNS = 10;

export function renderMetricTable({
  report,
  dimension,
  rows,
  totals,
  alongside = [],
  width,
  style,
}: MetricTable): string {
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
  if (width === undefined || named.length === 0) return text;
  return `${text}\n${style.dim(wrapWords([`Not shown for lack of room: ${named.join(', ')}`], width))}`;
}
