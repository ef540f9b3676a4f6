/** The output formats: a new one is one file and one entry in the table here, which loads it when it is asked for. */
import type { IngestSummary } from '../../ingest-summary.js';
import type { Report } from '../report.js';
import type { ReportView } from './report-view.js';

export const OUTPUT_FORMATS = ['table', 'json', 'ndjson', 'csv', 'markdown'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export interface Renderer {
  /** A report as text that ends with a newline (or is empty), in parts: of a million rows it is more than a string can hold. */
  readonly report: (report: Report, view: ReportView) => Iterable<string>;
  /**
   * What an ingest run added, likewise. Where a run's own figures have no place in the format, it shows the report of
   * what the run added.
   */
  readonly ingest: (summary: IngestSummary, view: ReportView) => Iterable<string>;
}

const RENDERERS: Readonly<Record<OutputFormat, () => Promise<Renderer>>> = {
  table: async () => {
    const { renderReport } = await import('./report-table.js');
    const { renderIngest } = await import('./ingest-text.js');
    return {
      report: (report, view) => [endLine(renderReport(report, view))],
      ingest: (summary, view) => [endLine(renderIngest(summary, view))],
    };
  },
  json: async () => {
    const { ingestJsonParts, reportJsonParts } = await import('./json.js');
    return { report: reportJsonParts, ingest: ingestJsonParts };
  },
  ndjson: async () => {
    const { ndjsonLines } = await import('./ndjson.js');
    return rowsOnly((report, { by }) => ndjsonLines(report, by?.[0]));
  },
  csv: async () => {
    const { csvRecords } = await import('./csv.js');
    return rowsOnly((report, { by }) => csvRecords(report, by?.[0]));
  },
  markdown: async () => {
    const { reportMarkdown } = await import('./markdown.js');
    return rowsOnly((report, { by }) => [reportMarkdown(report, by)]);
  },
};

export async function loadRenderer(format: OutputFormat): Promise<Renderer> {
  return RENDERERS[format]();
}

function rowsOnly(report: Renderer['report']): Renderer {
  return { report, ingest: (summary, view) => report(summary.report, view) };
}

function endLine(text: string): string {
  return text === '' ? '' : `${text}\n`;
}
