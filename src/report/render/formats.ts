/** The output formats: a new one is one file and one line in the table here. */
import type { IngestSummary } from '../../ingest-summary.js';
import type { Report } from '../report.js';
import { reportCsv } from './csv.js';
import { renderIngest } from './ingest-text.js';
import { ingestJson, reportJson } from './json.js';
import { reportMarkdown } from './markdown.js';
import { reportNdjson } from './ndjson.js';
import { renderReport } from './report-table.js';
import type { ReportView } from './report-view.js';

export const OUTPUT_FORMATS = ['table', 'json', 'ndjson', 'csv', 'markdown'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

interface Format {
  readonly report: (report: Report, view: ReportView) => string;
  /** Where a run's own figures have no place in the format, it shows the report of what the run added. */
  readonly ingest: (summary: IngestSummary, view: ReportView) => string;
}

const FORMATS: Readonly<Record<OutputFormat, Format>> = {
  table: {
    report: (report, view) => endLine(renderReport(report, view)),
    ingest: (summary, view) => endLine(renderIngest(summary, view)),
  },
  json: { report: reportJson, ingest: ingestJson },
  ndjson: rowsOnly((report, { by }) => reportNdjson(report, by?.[0])),
  csv: rowsOnly((report, { by }) => reportCsv(report, by?.[0])),
  markdown: rowsOnly((report, { by }) => reportMarkdown(report, by)),
};

function rowsOnly(report: Format['report']): Format {
  return { report, ingest: (summary, view) => report(summary.report, view) };
}

/** A report as text that ends with a newline (or is empty). */
export function renderReportAs(format: OutputFormat, report: Report, view: ReportView): string {
  return FORMATS[format].report(report, view);
}

/** What an ingest run added, likewise. */
export function renderIngestAs(format: OutputFormat, summary: IngestSummary, view: ReportView): string {
  return FORMATS[format].ingest(summary, view);
}

function endLine(text: string): string {
  return text === '' ? '' : `${text}\n`;
}
