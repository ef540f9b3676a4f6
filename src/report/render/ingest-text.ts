/** What an ingest run shows at its end: the table and charts of what it added. */
import type { IngestSummary } from '../../ingest-summary.js';
import { renderReport } from './report-table.js';
import type { ReportView } from './report-view.js';

/** Empty where nothing was accepted: the accounting says why, an empty table would say nothing. */
export function renderIngest(summary: IngestSummary, view: ReportView): string {
  return summary.accepted === 0 ? '' : renderReport(summary.report, view, 'Added by this run');
}
