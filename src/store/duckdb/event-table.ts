/** Events as rows: which table a batch goes into, and what of it into which column. */
import type { EventBatch, TextColumn } from '../../event/event-batch.js';
import { TEXT_FIELDS } from '../../event/event.js';
import { gatherWords, wordsOf } from '../../event/key-words.js';
import type { RowPart } from './engine.js';
import type { RowSet } from './row-set.js';
import { DETAIL_FIELDS, PLAIN_FIELDS, type EVENT_TABLES } from './schema.js';
import { EMPTY, type CodedKeys } from './vectors.js';

/** The rows of a batch, and the table that they are for. */
export interface TableRows {
  readonly table: (typeof EVENT_TABLES)[number];
  readonly part: RowPart;
}

/** The rows of a batch but those in `except`; the last ones may be provisional (see Segment). */
export function rowsOf(
  batch: EventBatch,
  except: RowSet,
  provisionalRows: { readonly key: bigint; readonly events: number },
): TableRows {
  const provisional = provisionalKeys(batch.length, provisionalRows);
  const isPlain = provisional === EMPTY && DETAIL_FIELDS.every((field) => isEmpty(batch.texts[field]));
  const fields = isPlain ? PLAIN_FIELDS : TEXT_FIELDS;
  const table = isPlain ? 'plain_events' : 'detailed_events';
  if (except.size === 0) {
    const columns = [
      batch.types,
      batch.timestampMicros,
      batch.amountMicros,
      ...(isPlain ? [] : [provisional]),
      ...fields.map((field) => keysOf(batch.texts[field])),
    ];
    return { table, part: { columns, count: batch.length } };
  }
  const rows = Uint32Array.from({ length: batch.length }, (_, row) => row).filter((row) => !except.has(row));
  const columns = [
    Uint8Array.from(rows, (row) => batch.types[row] ?? 0),
    gather(batch.timestampMicros, rows, new BigInt64Array(rows.length)),
    gather(batch.amountMicros, rows, new BigInt64Array(rows.length)),
    ...(isPlain ? [] : [provisional && gather(provisional, rows, new BigUint64Array(rows.length))]),
    ...fields.map((field) => keysOfRows(batch.texts[field], rows)),
  ];
  return { table, part: { columns, count: rows.length } };
}

/** The key of each row's open record: 0n but for the last rows. */
function provisionalKeys(
  length: number,
  { key, events }: { key: bigint; events: number },
): BigUint64Array | typeof EMPTY {
  if (key === 0n || events === 0) return EMPTY;
  const keys = new BigUint64Array(length);
  keys.fill(key, length - events);
  return keys;
}

/** The key of each row's text. */
function keysOf(column: TextColumn): BigUint64Array | CodedKeys | typeof EMPTY {
  const { codes, dictionary, rowKeys } = column;
  if (rowKeys) return rowKeys;
  return isEmpty(column) ? EMPTY : { codes, keys: dictionary.keys() };
}

/** Whether no row has a text. */
function isEmpty({ dictionary }: TextColumn): boolean {
  return dictionary.size === 1;
}

/** Those of some rows only. */
function keysOfRows(column: TextColumn, rows: Uint32Array): CodedKeys | typeof EMPTY {
  const { codes, dictionary } = column;
  return isEmpty(column) ? EMPTY : { codes: rows.map((row) => codes[row] ?? 0), keys: dictionary.keys() };
}

/** Values by row number. */
function gather<T extends BigInt64Array | BigUint64Array>(values: T, rows: Uint32Array, out: T): T {
  gatherWords(wordsOf(values), rows, 0, rows.length, wordsOf(out));
  return out;
}
