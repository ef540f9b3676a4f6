/**
 * Each event once: the same `event_id`, or the same (type, `order_id`), is one event. Of two that claim the same
 * identity but differ, the earlier one is kept (of two at the same moment, the one that sorts first), whichever came
 * first, so that what is stored never depends on the order of arrival.
 */
import { EVENT_ID_KIND } from '../../event/identities.js';
import { unsignedAt } from '../../event/key-words.js';
import { TEXT_FIELDS } from '../../event/event.js';
import type { Segment } from '../store.js';
import { RowSet } from './row-set.js';
import type { DuckdbSession, Words } from './engine.js';
import {
  EVENT_ID_NUMBER,
  NUMBER_COUNT,
  numbersOf,
  ORDER_ID_NUMBER,
  StoredEvents,
  TYPE_NUMBER,
} from './event-numbers.js';
import { IncomingRows, type Identity, type IncomingPlace } from './incoming-rows.js';

const NO_WORDS: Words = new Uint32Array(0);

export interface Deduplication {
  /** By segment and batch: rows known before, ascending. */
  readonly duplicates: readonly (readonly (readonly number[])[])[];
  /** By segment and batch: rows that are not to be stored. */
  readonly omitted: readonly (readonly RowSet[])[];
  /** Segments whose open record lost its identity to another event: it is to be read anew when it goes on. */
  readonly contested: ReadonlySet<number>;
}

type Place = { readonly rowId: bigint } | IncomingPlace;

interface Holder {
  /** All its numbers, in the order in which the first is kept. */
  readonly values: readonly bigint[];
  /** In the store already, or the place of a row of this commit. */
  readonly place: Place;
  readonly identities: readonly string[];
  /** Of a record that may still grow: it gives way to any other. 0n: it is final. */
  readonly provisionalKey: bigint;
}

export async function deduplicate(
  session: DuckdbSession,
  segments: readonly Segment[],
): Promise<Deduplication> {
  const omitted = segments.map(({ batches }) => batches.map(({ length }) => new RowSet(length)));
  const contested = new Set<number>();
  const displacedRows: bigint[] = [];
  const displacedKeys = new Set<bigint>();
  const incoming = new IncomingRows(segments);
  const holders = await readHolders(session, incoming, displacedRows);

  const displace = ({ place, provisionalKey }: Holder): void => {
    if ('rowId' in place) {
      displacedRows.push(place.rowId);
      if (provisionalKey !== 0n) displacedKeys.add(provisionalKey);
    } else {
      omitted[place.segment]?.[place.batch]?.add(place.row);
      if (provisionalKey !== 0n) contested.add(place.segment);
    }
  };
  const duplicates = segments.map(({ batches }) => batches.map((): number[] => []));
  const consider = (rival: Holder, place: IncomingPlace): void => {
    const known = new Set(
      rival.identities.map((identity) => holders.get(identity)).filter((h) => h !== undefined),
    );
    let kept = rival;
    for (const holder of known) {
      // What may still grow keeps no other event out; of two that are final the one that sorts first is kept.
      const gives =
        kept.provisionalKey !== 0n ||
        (holder.provisionalKey === 0n && compare(holder.values, kept.values) <= 0);
      if (!gives) continue;
      kept = holder;
    }
    for (const holder of [...known, rival]) if (holder !== kept) displace(holder);
    if (known.size > 0) duplicates[place.segment]?.[place.batch]?.push(place.row);
    const all = new Set([rival, ...known].flatMap(({ identities }) => identities));
    const holder = { ...kept, identities: [...all] };
    for (const identity of all) holders.set(identity, holder);
  };

  incoming.forEachContested(({ place, identities, values, isFinal }) => {
    const provisionalKey = isFinal ? 0n : (segments[place.segment]?.provisionalKey ?? 0n);
    consider({ values, place, identities: identities.map(nameOf), provisionalKey }, place);
  });
  incoming.forEachKnown(({ segment, batch, row }, givesWay) => {
    if (givesWay) omitted[segment]?.[batch]?.add(row);
    duplicates[segment]?.[batch]?.push(row);
  });
  for (const rows of duplicates.flat()) rows.sort((a, b) => a - b);
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

/**
 * The stored events that have an identity in common with rows of which it is not known yet which is kept. Those that are
 * known to give way are added to `displaced`.
 */
async function readHolders(
  session: DuckdbSession,
  incoming: IncomingRows,
  displaced: bigint[],
): Promise<Map<string, Holder>> {
  const holders = new Map<string, Holder>();
  const { kinds, keys, count } = incoming.identities;
  if (count === 0) return holders;
  await session.run(`CREATE TEMP TABLE incoming_ids (kind UTINYINT, key UBIGINT)`);
  await session.insert('incoming_ids', [{ columns: [kinds, keys], count }]);
  const meet = (columns: readonly Words[], rows: number): void => {
    const stored = new StoredEvents(columns);
    const [provisionalKeys = NO_WORDS, rowIds = NO_WORDS] = columns.slice(NUMBER_COUNT);
    for (let row = 0; row < rows; row++) {
      const identities = identitiesOf(stored, row);
      const provisionalKey = unsignedAt(provisionalKeys, row);
      const met = incoming.meetStored(stored, row, identities, provisionalKey === 0n);
      const rowId = unsignedAt(rowIds, row);
      if (met === 'displaced') displaced.push(rowId);
      if (met !== 'held') continue;
      for (const identity of identities) incoming.hold(identity);
      const names = identities.map(nameOf);
      const holder = { values: numbersOf(stored, row), place: { rowId }, identities: names, provisionalKey };
      for (const name of names) holders.set(name, holder);
    }
  };
  const numbers = `epoch_us(timestamp), type::BIGINT, amount_micros, ${TEXT_FIELDS.map((field) => `${field}_key`).join(', ')}`;
  // Some are found by both identities. In one query that sorts that out the engine would have to hold all it finds.
  for (const isFound of [
    `event_id_key <> 0 AND event_id_key IN (SELECT key FROM incoming_ids WHERE kind = ${EVENT_ID_KIND})`,
    `order_id_key <> 0 AND (type, order_id_key) IN (SELECT (kind, key) FROM incoming_ids WHERE kind <> ${EVENT_ID_KIND})`,
  ]) {
    const query = `SELECT ${numbers}, provisional_key, rowid FROM detailed_events WHERE ${isFound}`;
    await session.forEachChunk(query, meet);
  }
  await session.run(`DROP TABLE incoming_ids`);
  return holders;
}

function identitiesOf(stored: StoredEvents, row: number): Identity[] {
  const identity = (kind: number, number: number): Identity => ({
    kind,
    low: stored.low(number, row),
    high: stored.high(number, row),
  });
  return [
    identity(EVENT_ID_KIND, EVENT_ID_NUMBER),
    identity(stored.low(TYPE_NUMBER, row), ORDER_ID_NUMBER),
  ].filter(({ low, high }) => low !== 0 || high !== 0);
}

function nameOf({ kind, low, high }: Identity): string {
  return `${kind}:${high}:${low}`;
}

function compare(a: readonly bigint[], b: readonly bigint[]): number {
  for (let i = 0; i < NUMBER_COUNT; i++) {
    const left = a[i] ?? 0n;
    const right = b[i] ?? 0n;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
