/** A report's breakdowns as tables: those that one campaign always has, or those that were asked for. */
import { CAMPAIGN_BREAKDOWNS, type Dimension, type Report } from '../report.js';
import { groupRows, mainRows } from './main-rows.js';
import { renderMetricTable } from './metric-table.js';
import type { ReportView } from './report-view.js';

/** Dimensions that the campaign's events never name are left out. */
export function renderBreakdowns(report: Report, { width, maxRows, style }: ReportView): string {
  const tables = CAMPAIGN_BREAKDOWNS.map((dimension) => ({
    dimension,
    rows: groupRows(report.breakdowns.get(dimension) ?? []),
  })).filter(({ rows }) => rows.some((row) => row.key !== null));
  return tables
    .map(({ dimension, rows }) =>
      renderMetricTable({ report, dimension, rows, alongside: tables, width, maxRows, style }),
    )
    .join('\n\n');
}

/** A table with its totals for each dimension, the first being the main one; of campaigns, where none was asked for. */
export function renderMainTables(report: Report, { by, width, maxRows, style }: ReportView): string[] {
  const dimensions: readonly (Dimension | undefined)[] = by?.length ? by : [undefined];
  const tables = dimensions.map((dimension) => mainRows(report, dimension));
  return tables.map(({ dimension, rows }) =>
    renderMetricTable({
      report,
      dimension,
      rows,
      totals: rows.length === 1 ? undefined : report.totals,
      alongside: tables,
      width,
      maxRows,
      style,
    }),
  );
}
