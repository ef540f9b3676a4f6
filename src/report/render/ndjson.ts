/** A report as newline-delimited JSON: one object per row of its main table, for jq, log shippers and mapipe's like. */
import type { Dimension, Report } from '../report.js';
import { stringifyExact, type ExactJson } from './exact-json.js';
import { mainRows } from './main-rows.js';
import { metricFields } from './metric-fields.js';

/** Each line ends with a newline; no rows, no text. */
export function reportNdjson(report: Report, by?: Dimension): string {
  return [...ndjsonLines(report, by)].join('');
}

/** The same, line by line. */
export function* ndjsonLines(report: Report, by?: Dimension): Iterable<string> {
  const { keyName, rows } = mainRows(report, by);
  for (const { key, metrics } of rows) {
    const fields = new Map<string, ExactJson>([[keyName, key], ...metricFields(metrics)]);
    yield `${stringifyExact(fields)}\n`;
  }
}
