/**
 * The live screen of an ingest that goes on: what is read, the account, the campaigns and the last minutes. As room gets
 * short the chart goes first, then rows of the table, then the table for its totals, then the heading.
 */
import type { LiveFigures } from '../live-figures.js';
import { liveAccounting } from './live-accounting.js';
import { liveChart } from './live-chart.js';
import { liveHeading } from './live-heading.js';
import { liveTable, liveTotals, TABLE_FRAME_LINES } from './live-table.js';
import type { LiveView } from './live-view.js';
import { truncateToWidth } from './text-width.js';

/** Rows of campaigns that a chart leaves, if there are as many. */
const ROWS_BESIDE_CHART = 5;
/** Beneath this there is no room for a heading beside the account and the totals. */
const LEAST_WITH_HEADING = 3;

/** Lines without a final newline. */
export function liveScreen(figures: LiveFigures, view: LiveView): string {
  if (view.width < 1 || view.height < 1) return '';
  const heading = view.height < LEAST_WITH_HEADING ? [] : liveHeading(figures, view);
  // The totals keep a line.
  const accountLines = Math.max(1, view.height - heading.length - 1);
  const top = [...heading, ...liveAccounting(figures.account, { ...view, height: accountLines })];
  return [...top, ...body(figures, { ...view, height: view.height - top.length })].join('\n');
}

function body(figures: LiveFigures, view: LiveView): string[] {
  if (figures.campaigns.length === 0) {
    const chart = setOff(liveChart(figures, { ...view, height: view.height - 3 }));
    return [...setOff(note(figures, view)).slice(-view.height), ...chart];
  }
  const rows = Math.min(figures.campaignCount, ROWS_BESIDE_CHART);
  const besideTable = view.height - 1 - TABLE_FRAME_LINES - rows;
  const chart = setOff(liveChart(figures, { ...view, height: besideTable - 1 }));
  const table = setOff(liveTable(figures, { ...view, height: view.height - chart.length - 1 }));
  if (table.length > 0) return [...table, ...chart];
  const totals = liveTotals(figures, view);
  return [...totals, ...setOff(liveChart(figures, { ...view, height: view.height - totals.length - 1 }))];
}

/** An empty line before a section. */
function setOff(section: readonly string[]): string[] {
  return section.length === 0 ? [] : ['', ...section];
}

/** Why there is no table: threads that count for themselves tell of campaigns in the end. */
function note({ account }: LiveFigures, { style, width, height }: LiveView): string[] {
  if (height < 1) return [];
  const text = account.accepted > 0 ? 'Campaigns are counted in the end.' : 'No events yet.';
  return [style.dim(truncateToWidth(text, width))];
}
