/** The breakdowns of one campaign: a small table for each dimension that has something to tell. */
import { CAMPAIGN_BREAKDOWNS, type Report } from '../report.js';
import { groupRows } from './main-rows.js';
import { renderMetricTable } from './metric-table.js';
import type { ReportView } from './report-view.js';

/** Dimensions that the campaign's events never name are left out. */
export function renderBreakdowns(report: Report, { width, style }: ReportView): string {
  const tables = CAMPAIGN_BREAKDOWNS.map((dimension) => ({
    dimension,
    rows: groupRows(report.breakdowns.get(dimension) ?? []),
  })).filter(({ rows }) => rows.some((row) => row.key !== null));
  return tables
    .map(({ dimension, rows }) =>
      renderMetricTable({ report, dimension, rows, alongside: tables, width, style }),
    )
    .join('\n\n');
}
