/** A report as a terminal shows it: heading, table and charts; for one campaign its figures, chart and breakdowns. */
import type { Report } from '../report.js';
import { renderBreakdowns, renderMainTables } from './breakdown-tables.js';
import { renderKeyFigures } from './key-figures.js';
import { mainRows, type MainRows } from './main-rows.js';
import { formatCount, plural } from './number-format.js';
import { renderHeading, reportTitle } from './report-heading.js';
import { emptyReportSentence, isEmptyReport, otherCurrencyNotes } from './report-notes.js';
import type { ReportView } from './report-view.js';
import { renderRevenueBars } from './revenue-bars.js';
import { renderTimelineChart } from './timeline-chart.js';
import { wrapWords } from './wrap-parts.js';

// Charts need a width of their own where the output has none.
const PIPED_CHART_WIDTH = 80;

/** The whole answer, without a final newline. `title` is for a report that is part of something else. */
export function renderReport(report: Report, view: ReportView, title = reportTitle(report)): string {
  const { width, style } = view;
  const notes = otherCurrencyNotes(report);
  if (isEmptyReport(report)) return wrapWords([emptyReportSentence(report), ...notes], width);
  const main = mainRows(report, view.by?.[0]);
  const chartWidth = width ?? PIPED_CHART_WIDTH;
  const note = style.dim(wrapWords([...cutNote(report, main), ...notes], width));
  const timeline = renderTimelineChart(report, chartWidth, style);
  const figures = renderKeyFigures(report, width, style);
  const bars = renderRevenueBars(report, main, chartWidth, style);
  const oneCampaign = report.filters.campaignId !== null;
  const tables =
    oneCampaign && !view.by?.length ? [renderBreakdowns(report, view)] : renderMainTables(report, view);
  const [mainTable = '', ...furtherTables] = tables;
  const body = oneCampaign
    ? [figures, note, timeline, ...tables]
    : [mainTable, note, ...furtherTables, timeline, bars];
  return [renderHeading(report, title, width, style), ...body]
    .filter((section) => section !== '')
    .join('\n\n');
}

/** Where a limit was asked for, the totals are still those of all campaigns. */
function cutNote(report: Report, { dimension, rows }: MainRows): string[] {
  const named = rows.filter((row) => row.key !== null).length;
  if (dimension !== 'campaign' || named >= report.totals.campaigns) return [];
  return [
    `Showing ${formatCount(named)} of ${plural(report.totals.campaigns, 'campaign')}; the totals are of all.`,
  ];
}
