/** Tables as CSV (RFC 4180), by the same rules as `mapipe report --format csv`: no cell runs as a formula. */
import { csvRecord } from '../report/render/csv.js';

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export function csvOf({ columns, rows }: CsvTable): string {
  return [columns, ...rows].map((cells) => csvRecord(cells)).join('');
}
