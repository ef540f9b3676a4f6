/** What the kernel has to know of a header row, of CSV or TSV: which of its columns stand for which fields. */
import type { FieldName } from '../../event/raw-event.js';
import type { Format } from '../format.js';
import { headerOf } from '../formats/csv.js';
import { knownNames } from '../field-mapper.js';
import { FIELD_CODES, MAX_COLUMNS, MAX_HEADER_BYTES } from './kernel-layout.js';

export interface CsvHeader {
  readonly delimiter: string;
  /** The header row itself, which is none of the events where it stands again. */
  readonly line: string;
  readonly columnCount: number;
  /** Columns that stand for fields: by field, and of each field the one that goes before the others first. */
  readonly columns: readonly CsvColumn[];
  /** Whether several columns stand for one field. */
  readonly isAmbiguous: boolean;
}

interface CsvColumn {
  readonly index: number;
  readonly field: FieldName;
  readonly rank: number;
  readonly clickIdKind?: string;
}

const DELIMITERS: ReadonlyMap<string, string> = new Map([
  ['csv', ','],
  ['tsv', '\t'],
]);

/** The header of an input that the kernel can read; null where it is of another format, or the reference's. */
export function csvHeaderOf(format: Format, firstLine: string): CsvHeader | null {
  const delimiter = DELIMITERS.get(format.name);
  if (delimiter === undefined) return null;
  const names = headerOf(firstLine, delimiter);
  if (names.length < 2 || names.length > MAX_COLUMNS || firstLine.length * 3 > MAX_HEADER_BYTES) return null;
  const columns: CsvColumn[] = [];
  for (const { name, ...target } of knownNames()) {
    const index = names.indexOf(name);
    if (index < 0) continue;
    // Of columns of one name the last one counts: a header that nobody meant.
    if (names.lastIndexOf(name) !== index) return null;
    columns.push({ index, ...target });
  }
  const fields = new Set(columns.map(({ field }) => field));
  // Without users there is no event.
  if (!fields.has('user_id')) return null;
  columns.sort((a, b) => FIELD_CODES[a.field] - FIELD_CODES[b.field] || a.rank - b.rank);
  const kinds = columns.filter(({ clickIdKind }) => clickIdKind !== undefined).length;
  const isAmbiguous = fields.size < columns.length || (kinds > 0 && fields.has('click_id_kind'));
  return { delimiter, line: firstLine, columnCount: names.length, columns, isAmbiguous };
}
