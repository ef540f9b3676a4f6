/** The newest events, with their credit. */
import { EVENT_TYPES, type Event, type TextField } from '../../event/event.js';
import type { LatestEventsQuestion } from '../event-selection.js';
import type { Cell, DuckdbSession, Row } from './engine.js';
import { exactText } from './exact-text-sql.js';
import { inPeriod } from './in-period.js';
import { createScope, scopeOf, type Scope } from './report-scope.js';

/** Looked at first: in a large store credit is worked out for these alone, if there are enough among them. */
const RECENT_EVENTS = 20_000;

const TEXTS = [
  'user_id',
  'campaign_id',
  'source',
  'medium',
  'ad_id',
  'term',
  'product',
  'currency',
] as const satisfies TextField[];

export async function readLatestEvents(
  session: DuckdbSession,
  question: LatestEventsQuestion,
): Promise<Event[]> {
  const scope = scopeOf(question, true);
  const recent = await recentPart(session, scope, Math.max(RECENT_EVENTS, question.limit));
  let found = await takeLatest(session, recent ?? scope, question.limit);
  if (recent && found < question.limit) found = await takeLatest(session, scope, question.limit);
  return found === 0 ? [] : readTaken(session);
}

/** The scope from the moment on since which there were so many events, whatever they are; null if there are fewer. */
async function recentPart(session: DuckdbSession, scope: Scope, events: number): Promise<Scope | null> {
  const [row] = await session.rows(
    `SELECT count(*), epoch_us(min(timestamp)) FROM (
       SELECT timestamp FROM all_events WHERE ${inPeriod(scope)} ORDER BY timestamp DESC LIMIT ${events})`,
  );
  const [count, first] = row ?? [];
  return Number(count) < events || typeof first !== 'bigint' ? null : { ...scope, sinceMicros: first };
}

// Of events at one moment what follows from another comes first here; the rest only makes the order certain.
const NEWEST_FIRST = `timestamp DESC, type DESC, amount_micros DESC, ${TEXTS.map((field) => `${field}_key`).join(', ')}`;

/** Puts the newest events of the scope into the table `latest`, by their keys; gives their number. */
async function takeLatest(session: DuckdbSession, scope: Scope, limit: number): Promise<number> {
  await createScope(session, scope);
  await session.run(
    `CREATE OR REPLACE TEMP TABLE latest AS SELECT * FROM scoped ORDER BY ${NEWEST_FIRST} LIMIT ${limit}`,
  );
  const [row] = await session.rows(`SELECT count(*) FROM latest`);
  return Number(row?.[0]);
}

async function readTaken(session: DuckdbSession): Promise<Event[]> {
  // One look through the dictionary, for the few keys there are, instead of one a field.
  const keys = TEXTS.map((field) => `SELECT ${field}_key FROM latest`).join(' UNION ALL ');
  const named = await session.rows(`SELECT key, ${exactText('text')} FROM texts WHERE key IN (${keys})`);
  const texts = new Map(named.map(([key, text]) => [key, String(text)]));
  const rows = await session.rows(
    `SELECT type, epoch_us(timestamp), amount_micros, ${TEXTS.map((field) => `${field}_key`).join(', ')}
     FROM latest ORDER BY ${NEWEST_FIRST}`,
  );
  return rows.map((row) => eventOf(row, texts));
}

function eventOf(
  [type, timestamp, amount, ...keys]: Row,
  texts: ReadonlyMap<Cell | undefined, string>,
): Event {
  const fields = TEXTS.flatMap((field, i) => {
    const text = texts.get(keys[i]);
    return text === undefined ? [] : [[field, text] as const];
  });
  return {
    type: EVENT_TYPES[Number(type)] ?? 'click',
    timestampMicros: BigInt(timestamp ?? 0),
    amountMicros: BigInt(amount ?? 0),
    user_id: '',
    // Their names are those of TEXTS.
    ...(Object.fromEntries(fields) as Partial<Record<TextField, string>>),
  };
}
