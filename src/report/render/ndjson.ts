/** A report as newline-delimited JSON: one object per row of its main table, for jq, log shippers and mapipe's like. */
import type { Dimension, Report } from '../report.js';
import { stringifyExact, type ExactJson } from './exact-json.js';
import { mainRows } from './main-rows.js';
import { metricFields } from './metric-fields.js';

/** Each line ends with a newline; no rows, no text. */
export function reportNdjson(report: Report, by?: Dimension): string {
  const { keyName, rows } = mainRows(report, by);
  return rows
    .map(({ key, metrics }) => {
      const fields = new Map<string, ExactJson>([[keyName, key], ...metricFields(metrics)]);
      return `${stringifyExact(fields)}\n`;
    })
    .join('');
}
