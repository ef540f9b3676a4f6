/** The breakdowns of one campaign: a small table for each dimension that has something to tell. */
import { CAMPAIGN_BREAKDOWNS, type Report } from '../report.js';
import { groupRows } from './main-rows.js';
import { renderMetricTable } from './metric-table.js';
import type { ReportView } from './report-table.js';

/** Dimensions that the campaign's events never name are left out. */
export function renderBreakdowns(report: Report, { width, style }: ReportView): string {
  return CAMPAIGN_BREAKDOWNS.flatMap((dimension) => {
    const groups = report.breakdowns.get(dimension) ?? [];
    if (!groups.some((row) => row.key !== null)) return [];
    return [renderMetricTable({ report, dimension, rows: groupRows(groups), width, style })];
  }).join('\n\n');
}
