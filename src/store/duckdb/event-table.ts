/** Events as rows: what of a batch goes into which column. */
import type { EventBatch, TextColumn } from '../../event/event-batch.js';
import { TEXT_FIELDS } from '../../event/event.js';
import type { AppendColumn, CodedKeys, RowAppender } from './engine.js';

/** Appends the rows of a batch but those in `except`; the last ones may be provisional (see Segment). */
export function appendEvents(
  table: RowAppender,
  batch: EventBatch,
  except: ReadonlySet<number>,
  provisionalRows: { readonly key: bigint; readonly events: number },
): void {
  const provisional = provisionalKeys(batch.length, provisionalRows);
  if (except.size === 0) {
    const keys = TEXT_FIELDS.map((field) => keysOf(batch.texts[field]));
    const columns = [batch.types, batch.timestampMicros, batch.amountMicros, provisional, ...keys];
    table.add(columns, batch.length);
    return;
  }
  const rows = Uint32Array.from({ length: batch.length }, (_, row) => row).filter((row) => !except.has(row));
  if (rows.length === 0) return;
  const columns: AppendColumn[] = [
    Uint8Array.from(rows, (row) => batch.types[row] ?? 0),
    gather(batch.timestampMicros, rows, new BigInt64Array(rows.length)),
    gather(batch.amountMicros, rows, new BigInt64Array(rows.length)),
    gather(provisional, rows, new BigUint64Array(rows.length)),
    ...TEXT_FIELDS.map((field) => keysOfRows(batch.texts[field], rows)),
  ];
  table.add(columns, rows.length);
}

/** The key of each row's open record: 0n but for the last rows. */
function provisionalKeys(length: number, { key, events }: { key: bigint; events: number }): BigUint64Array {
  if (key === 0n || events === 0) return zeros(length);
  const keys = new BigUint64Array(length);
  keys.fill(key, length - events);
  return keys;
}

let sharedZeros = new BigUint64Array(1 << 15);

function zeros(length: number): BigUint64Array {
  if (length > sharedZeros.length) sharedZeros = new BigUint64Array(length);
  return sharedZeros.subarray(0, length);
}

/** The key of each row's text. */
function keysOf({ codes, dictionary, rowKeys }: TextColumn): BigUint64Array | CodedKeys {
  if (rowKeys) return rowKeys;
  if (dictionary.size === 1) return zeros(codes.length);
  return { codes, keys: dictionary.keys() };
}

/** Those of some rows only. */
function keysOfRows({ codes, dictionary }: TextColumn, rows: Uint32Array): CodedKeys {
  return { codes: rows.map((row) => codes[row] ?? 0), keys: dictionary.keys() };
}

/** Values by row number. 64-bit values are moved as pairs of words: a bigint each would be an object each. */
function gather<T extends BigInt64Array | BigUint64Array>(values: T, rows: Uint32Array, out: T): T {
  const from = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const to = new Uint32Array(out.buffer, out.byteOffset, out.length * 2);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    to[2 * i] = from[2 * row] ?? 0;
    to[2 * i + 1] = from[2 * row + 1] ?? 0;
  }
  return out;
}
