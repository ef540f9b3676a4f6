/**
 * Each event once: the same `event_id`, or the same (type, `order_id`), is one event. Of two that claim the same
 * identity but differ, the earlier one is kept (of two at the same moment, the one that sorts first), whichever came
 * first, so that what is stored never depends on the order of arrival.
 */
import type { EventBatch } from '../../event/event-batch.js';
import { TEXT_FIELDS } from '../../event/event.js';
import type { Segment } from '../store.js';
import type { DuckdbSession } from './engine.js';

export interface Deduplication {
  /** By segment and batch: rows known before, ascending. */
  readonly duplicates: readonly (readonly (readonly number[])[])[];
  /** By segment and batch: rows that are not to be stored. */
  readonly omitted: readonly (readonly ReadonlySet<number>[])[];
}

/** What identities are told apart by: `event_id` of any type, or `order_id` within one. */
const EVENT_ID_KIND = 255;

interface Holder {
  /** Timestamp first, then every other column: the order in which the first is kept. */
  readonly values: readonly bigint[];
  /** In the store already, or the place of a row of this commit. */
  readonly place:
    { readonly rowId: bigint } | { readonly segment: number; readonly batch: number; readonly row: number };
}

export async function deduplicate(
  session: DuckdbSession,
  segments: readonly Segment[],
): Promise<Deduplication> {
  const duplicates = segments.map(({ batches }) => batches.map((): number[] => []));
  const omitted = segments.map(({ batches }) => batches.map(() => new Set<number>()));
  const holders = await readHolders(session, segments);
  const displaced: bigint[] = [];
  segments.forEach(({ batches, provisionalKey }, segment) => {
    batches.forEach((batch, batchIndex) => {
      const lastRow = batch.length - 1;
      const openRow = provisionalKey !== 0n && batchIndex === batches.length - 1 ? lastRow : -1;
      forEachIdentified(batch, (row, identities) => {
        const place = { segment, batch: batchIndex, row };
        const known = identities
          .map((identity) => holders.get(identity))
          .find((holder) => holder !== undefined);
        if (!known) {
          const holder = { values: valuesOf(batch, row), place };
          for (const identity of identities) holders.set(identity, holder);
          return;
        }
        duplicates[segment]?.[batchIndex]?.push(row);
        // A line that may still be taken back must not take another's place.
        const values = valuesOf(batch, row);
        if (row === openRow || compare(values, known.values) >= 0) {
          omitted[segment]?.[batchIndex]?.add(row);
          return;
        }
        if ('rowId' in known.place) displaced.push(known.place.rowId);
        else omitted[known.place.segment]?.[known.place.batch]?.add(known.place.row);
        const holder = { values, place };
        for (const identity of identities) holders.set(identity, holder);
      });
    });
  });
  if (displaced.length > 0) {
    await session.run(`CREATE TEMP TABLE displaced (id BIGINT)`);
    await session.append('displaced', [BigInt64Array.from(displaced)], displaced.length);
    await session.run(`DELETE FROM event_data WHERE rowid IN (SELECT id FROM displaced)`);
    await session.run(`DROP TABLE displaced`);
  }
  return { duplicates, omitted };
}

/** The stored events that have an identity in common with one of the incoming. */
async function readHolders(
  session: DuckdbSession,
  segments: readonly Segment[],
): Promise<Map<string, Holder>> {
  const kinds: number[] = [];
  const keys: bigint[] = [];
  for (const { batches } of segments) {
    for (const batch of batches) {
      forEachIdentity(batch, (_, kind, key) => {
        kinds.push(kind);
        keys.push(key);
      });
    }
  }
  const holders = new Map<string, Holder>();
  if (keys.length === 0) return holders;
  await session.run(`CREATE TEMP TABLE incoming_ids (kind UTINYINT, key UBIGINT)`);
  await session.append('incoming_ids', [Uint8Array.from(kinds), BigUint64Array.from(keys)], keys.length);
  const columns = `rowid, epoch_us(timestamp), type, amount_micros, ${TEXT_FIELDS.map((field) => `${field}_key`).join(', ')}`;
  const rows = await session.rows(
    `SELECT ${columns} FROM event_data
     WHERE event_id_key <> 0 AND event_id_key IN (SELECT key FROM incoming_ids WHERE kind = ${EVENT_ID_KIND})
     UNION
     SELECT ${columns} FROM event_data
     WHERE order_id_key <> 0 AND (type, order_id_key) IN (SELECT (kind, key) FROM incoming_ids WHERE kind <> ${EVENT_ID_KIND})`,
  );
  await session.run(`DROP TABLE incoming_ids`);
  for (const row of rows) {
    const [rowId = 0n, ...values] = row.map((cell) => BigInt(cell ?? 0));
    const holder: Holder = { values, place: { rowId } };
    const eventIdKey = values[3 + TEXT_FIELDS.indexOf('event_id')] ?? 0n;
    const orderIdKey = values[3 + TEXT_FIELDS.indexOf('order_id')] ?? 0n;
    if (eventIdKey !== 0n) holders.set(identityOf(EVENT_ID_KIND, eventIdKey), holder);
    if (orderIdKey !== 0n) holders.set(identityOf(Number(values[1]), orderIdKey), holder);
  }
  return holders;
}

function identityOf(kind: number, key: bigint): string {
  return `${kind}:${key}`;
}

function forEachIdentity(batch: EventBatch, visit: (row: number, kind: number, key: bigint) => void): void {
  const { event_id: eventId, order_id: orderId } = batch.texts;
  if (eventId.dictionary.size === 1 && orderId.dictionary.size === 1) return;
  const eventIdKeys = eventId.dictionary.keys();
  const orderIdKeys = orderId.dictionary.keys();
  for (let row = 0; row < batch.length; row++) {
    const eventIdCode = eventId.codes[row] ?? 0;
    const orderIdCode = orderId.codes[row] ?? 0;
    if (eventIdCode !== 0) visit(row, EVENT_ID_KIND, eventIdKeys[eventIdCode] ?? 0n);
    if (orderIdCode !== 0) visit(row, batch.types[row] ?? 0, orderIdKeys[orderIdCode] ?? 0n);
  }
}

/** Visits the rows that have an identity, each with all it has. */
function forEachIdentified(
  batch: EventBatch,
  visit: (row: number, identities: readonly string[]) => void,
): void {
  let current = -1;
  let identities: string[] = [];
  forEachIdentity(batch, (row, kind, key) => {
    if (row !== current) {
      if (identities.length > 0) visit(current, identities);
      current = row;
      identities = [];
    }
    identities.push(identityOf(kind, key));
  });
  if (identities.length > 0) visit(current, identities);
}

function valuesOf(batch: EventBatch, row: number): bigint[] {
  return [
    batch.timestampMicros[row] ?? 0n,
    BigInt(batch.types[row] ?? 0),
    batch.amountMicros[row] ?? 0n,
    ...TEXT_FIELDS.map((field) => {
      const { codes, dictionary } = batch.texts[field];
      return dictionary.keys()[codes[row] ?? 0] ?? 0n;
    }),
  ];
}

function compare(a: readonly bigint[], b: readonly bigint[]): number {
  for (let i = 0; i < a.length; i++) {
    const left = a[i] ?? 0n;
    const right = b[i] ?? 0n;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
