/**
 * Each event once: the same `event_id`, or the same (type, `order_id`), is one event. Of two that claim the same
 * identity but differ, the earlier one is kept (of two at the same moment, the one that sorts first), whichever came
 * first, so that what is stored never depends on the order of arrival.
 */
import type { EventBatch } from '../../event/event-batch.js';
import { TEXT_FIELDS } from '../../event/event.js';
import { EVENT_ID_KIND, forEachIdentity, lowWordOfKind } from '../../event/identities.js';
import { KeySet } from '../../event/key-set.js';
import type { Segment } from '../store.js';
import type { DuckdbSession, Row } from './engine.js';

export interface Deduplication {
  /** By segment and batch: rows known before, ascending. */
  readonly duplicates: readonly (readonly (readonly number[])[])[];
  /** By segment and batch: rows that are not to be stored. */
  readonly omitted: readonly (readonly ReadonlySet<number>[])[];
  /** Segments whose open record lost its identity to another event: it is to be read anew when it goes on. */
  readonly contested: ReadonlySet<number>;
}

type Place =
  { readonly rowId: bigint } | { readonly segment: number; readonly batch: number; readonly row: number };

interface Holder {
  /** VALUES of them, timestamp first, then every other column: the order in which the first is kept. */
  readonly values: readonly bigint[];
  /** In the store already, or the place of a row of this commit. */
  readonly place: Place;
  readonly identities: readonly string[];
  /** Of a record that may still grow: it gives way to any other. 0n: it is final. */
  readonly provisionalKey: bigint;
}

/** What an event consists of: moment, type, amount, and the keys of its texts. */
const VALUES = 3 + TEXT_FIELDS.length;
const EVENT_ID_VALUE = 3 + TEXT_FIELDS.indexOf('event_id');
const ORDER_ID_VALUE = 3 + TEXT_FIELDS.indexOf('order_id');

export async function deduplicate(
  session: DuckdbSession,
  segments: readonly Segment[],
): Promise<Deduplication> {
  const duplicates = segments.map(({ batches }) => batches.map((): number[] => []));
  const omitted = segments.map(({ batches }) => batches.map(() => new Set<number>()));
  const contested = new Set<number>();
  const displacedRows: bigint[] = [];
  const displacedKeys = new Set<bigint>();
  const holders = await readHolders(session, segments);
  const shared = identitiesInCommon(segments);
  for (const identity of holders.keys()) shared.add(identity);

  const displace = ({ place, provisionalKey }: Holder): void => {
    if ('rowId' in place) {
      displacedRows.push(place.rowId);
      if (provisionalKey !== 0n) displacedKeys.add(provisionalKey);
    } else {
      omitted[place.segment]?.[place.batch]?.add(place.row);
      if (provisionalKey !== 0n) contested.add(place.segment);
    }
  };
  const consider = (incoming: Holder, place: Exclude<Place, { rowId: bigint }>): void => {
    const known = new Set(
      incoming.identities.map((identity) => holders.get(identity)).filter((h) => h !== undefined),
    );
    let kept = incoming;
    for (const holder of known) {
      // What may still grow keeps no other event out; of two that are final the one that sorts first is kept.
      const gives =
        kept.provisionalKey !== 0n ||
        (holder.provisionalKey === 0n && compare(holder.values, kept.values) <= 0);
      if (!gives) continue;
      kept = holder;
    }
    for (const holder of [...known, incoming]) if (holder !== kept) displace(holder);
    if (known.size > 0) duplicates[place.segment]?.[place.batch]?.push(place.row);
    const all = new Set([incoming, ...known].flatMap(({ identities }) => identities));
    const holder = { ...kept, identities: [...all] };
    for (const identity of all) holders.set(identity, holder);
  };

  segments.forEach(({ batches, provisionalKey, provisionalEvents }, segment) => {
    batches.forEach((batch, batchIndex) => {
      const firstOpenRow =
        batchIndex === batches.length - 1 ? batch.length - provisionalEvents : batch.length;
      if (shared.size === 0) return;
      forEachIdentified(batch, shared, (row, identities) => {
        const place = { segment, batch: batchIndex, row };
        const key = row >= firstOpenRow ? provisionalKey : 0n;
        consider({ values: valuesOf(batch, row), place, identities, provisionalKey: key }, place);
      });
    });
  });
  await removeDisplaced(session, displacedRows, displacedKeys);
  return { duplicates, omitted, contested };
}

async function removeDisplaced(
  session: DuckdbSession,
  rowIds: readonly bigint[],
  provisionalKeys: ReadonlySet<bigint>,
): Promise<void> {
  if (rowIds.length > 0) {
    await session.run(`CREATE TEMP TABLE displaced (id BIGINT)`);
    await session.insert('displaced', [{ columns: [BigInt64Array.from(rowIds)], count: rowIds.length }]);
    await session.run(`DELETE FROM detailed_events WHERE rowid IN (SELECT id FROM displaced)`);
    await session.run(`DROP TABLE displaced`);
  }
  for (const key of provisionalKeys) {
    await session.run(`UPDATE checkpoints SET rereads = true WHERE provisional_key = ?`, [key]);
  }
}

/** The stored events that have an identity in common with one of the incoming. */
async function readHolders(
  session: DuckdbSession,
  segments: readonly Segment[],
): Promise<Map<string, Holder>> {
  const holders = new Map<string, Holder>();
  const incoming = collectIdentities(segments);
  if (incoming.keys.length === 0) return holders;
  await session.run(`CREATE TEMP TABLE incoming_ids (kind UTINYINT, key UBIGINT)`);
  const { kinds, keys } = incoming;
  await session.insert('incoming_ids', [{ columns: [kinds, keys], count: keys.length }]);
  const columns = `epoch_us(timestamp), type::BIGINT, amount_micros, ${TEXT_FIELDS.map((field) => `${field}_key`).join(', ')}, rowid, provisional_key`;
  // Some are found by both identities. In one query that sorts that out the engine would have to hold all it finds.
  for (const isFound of [
    `event_id_key <> 0 AND event_id_key IN (SELECT key FROM incoming_ids WHERE kind = ${EVENT_ID_KIND})`,
    `order_id_key <> 0 AND (type, order_id_key) IN (SELECT (kind, key) FROM incoming_ids WHERE kind <> ${EVENT_ID_KIND})`,
  ]) {
    await session.forEachRow(`SELECT ${columns} FROM detailed_events WHERE ${isFound}`, (row) => {
      const holder = storedHolder(row);
      for (const identity of holder.identities) holders.set(identity, holder);
    });
  }
  await session.run(`DROP TABLE incoming_ids`);
  return holders;
}

/** Of a row of what `readHolders` selects: numbers of 64 bits, kept as they come, as there may be very many. */
function storedHolder(row: Row): Holder {
  const values = row as bigint[];
  const [rowId = 0n, provisionalKey = 0n] = values.slice(VALUES);
  const eventIdKey = values[EVENT_ID_VALUE] ?? 0n;
  const orderIdKey = values[ORDER_ID_VALUE] ?? 0n;
  const identities = [
    ...(eventIdKey === 0n ? [] : [identityOf(EVENT_ID_KIND, eventIdKey)]),
    ...(orderIdKey === 0n ? [] : [identityOf(Number(values[1] ?? 0n), orderIdKey)]),
  ];
  return { values, place: { rowId }, identities, provisionalKey };
}

function identityOf(kind: number, key: bigint): string {
  return identityOfWords(kind, Number(key & 0xffff_ffffn), Number(key >> 32n));
}

function identityOfWords(kind: number, low: number, high: number): string {
  return `${kind}:${high}:${low}`;
}

/** All identities of the segments, as columns. */
function collectIdentities(segments: readonly Segment[]): { kinds: Uint8Array; keys: BigUint64Array } {
  const batches = segments.flatMap((segment) => segment.batches);
  let count = 0;
  for (const batch of batches) forEachIdentity(batch, () => count++);
  const kinds = new Uint8Array(count);
  const keys = new BigUint64Array(count);
  const words = new Uint32Array(keys.buffer);
  let at = 0;
  for (const batch of batches) {
    forEachIdentity(batch, (_, kind, low, high) => {
      kinds[at] = kind;
      words[2 * at] = low;
      words[2 * at + 1] = high;
      at++;
    });
  }
  return { kinds, keys };
}

/** Identities that more than one of the incoming events has: of the others no two can be one event. */
function identitiesInCommon(segments: readonly Segment[]): Set<string> {
  const seen = new KeySet(Number.POSITIVE_INFINITY);
  const shared = new Set<string>();
  for (const { batches } of segments) {
    for (const batch of batches) {
      forEachIdentity(batch, (_, kind, low, high) => {
        if (!seen.add(lowWordOfKind(low, kind), high)) shared.add(identityOfWords(kind, low, high));
      });
    }
  }
  return shared;
}

/** Visits the rows that have an identity in common with another event, each with all it has. */
function forEachIdentified(
  batch: EventBatch,
  shared: ReadonlySet<string>,
  visit: (row: number, identities: readonly string[]) => void,
): void {
  let current = -1;
  let identities: string[] = [];
  const settle = (): void => {
    if (identities.some((identity) => shared.has(identity))) visit(current, identities);
    identities = [];
  };
  forEachIdentity(batch, (row, kind, low, high) => {
    if (row !== current) {
      settle();
      current = row;
    }
    identities.push(identityOfWords(kind, low, high));
  });
  settle();
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
  for (let i = 0; i < VALUES; i++) {
    const left = a[i] ?? 0n;
    const right = b[i] ?? 0n;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
