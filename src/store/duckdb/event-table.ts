/** Events as rows: what of a batch goes into which column. */
import type { EventBatch, TextColumn } from '../../event/event-batch.js';
import { TEXT_FIELDS } from '../../event/event.js';
import type { AppendColumn, DuckdbSession } from './engine.js';

/** Appends the rows of a batch but those in `except`; the last ones may be provisional (see Segment). */
export async function appendEvents(
  session: DuckdbSession,
  batch: EventBatch,
  except: ReadonlySet<number>,
  provisionalRows: { readonly key: bigint; readonly events: number },
): Promise<void> {
  const rows = Uint32Array.from({ length: batch.length }, (_, row) => row).filter((row) => !except.has(row));
  if (rows.length === 0) return;
  const provisional = new BigUint64Array(rows.length);
  const firstProvisional = batch.length - provisionalRows.events;
  rows.forEach((row, i) => {
    if (row >= firstProvisional) provisional[i] = provisionalRows.key;
  });
  const columns: AppendColumn[] = [
    Uint8Array.from(rows, (row) => batch.types[row] ?? 0),
    gather(batch.timestampMicros, rows, new BigInt64Array(rows.length)),
    gather(batch.amountMicros, rows, new BigInt64Array(rows.length)),
    provisional,
    ...TEXT_FIELDS.map((field) => keysOfRows(batch.texts[field], rows)),
  ];
  await session.append('event_data', columns, rows.length);
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

function keysOfRows({ codes, dictionary }: TextColumn, rows: Uint32Array): BigUint64Array {
  if (dictionary.size === 1) return new BigUint64Array(rows.length);
  const rowCodes = rows.length === codes.length ? codes : Uint32Array.from(rows, (row) => codes[row] ?? 0);
  return gather(dictionary.keys(), rowCodes, new BigUint64Array(rows.length));
}
