/** A report as CSV (RFC 4180): a header of the JSON names, then one record per row of the main table. */
import type { Dimension, Report } from '../report.js';
import { ExactNumber } from './exact-json.js';
import { mainRows } from './main-rows.js';
import { metricFields } from './metric-fields.js';
import { NO_METRICS } from '../metrics.js';
import { visible } from './visible.js';

type CsvCell = ExactNumber | number | string | null;

export function reportCsv(report: Report, by?: Dimension): string {
  return [...csvRecords(report, by)].join('');
}

/** The same, record by record. */
export function* csvRecords(report: Report, by?: Dimension): Iterable<string> {
  const { keyName, rows } = mainRows(report, by);
  yield csvRecord([keyName, ...metricFields(NO_METRICS).map(([name]) => name)]);
  for (const { key, metrics } of rows) {
    yield csvRecord([key, ...metricFields(metrics).map(([, value]) => value)]);
  }
}

/** One record with its line end. Numbers stand as they are, null is empty, text is quoted where it must be. */
export function csvRecord(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

// A spreadsheet runs a cell that starts so as a formula, whatever its quotes.
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  if (cell instanceof ExactNumber) return cell.text;
  // CSV lands on terminals too. JSON is the form that gives a text back as it was.
  const shown = visible(cell);
  const defused = FORMULA.test(cell) ? `'${shown}` : shown;
  return /[",\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
}
