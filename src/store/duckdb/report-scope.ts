/**
 * The events that a report counts, each under the campaign and the click that get the credit for it. No text of the
 * user's enters the SQL of this folder: texts are compared by their keys, moments are integers.
 */
import { textKey } from '../../event/hash.js';
import type { Dimension, FilterField } from '../../report/report.js';
import type { EventSelection } from '../event-selection.js';
import { CLICK_FIELDS, creditedEvents, type CreditQuestion } from './credit.js';
import type { DuckdbSession } from './engine.js';
import { inPeriod } from './in-period.js';
import { EVENT_TABLES } from './schema.js';

export interface Scope extends CreditQuestion {
  /** The key that each of these fields must have; 0n: none. */
  readonly where: ReadonlyMap<FilterField, bigint>;
}

/** The dimensions that events have of a click. */
export function isClickDimension(dimension: Dimension): boolean {
  return CLICK_FIELDS.some((field) => field === `${dimension}_key`);
}

/** The scope of a question; what it asks of clicks is known where the answer or a filter needs it. */
export function scopeOf(selection: EventSelection, attributesClicks: boolean): Scope {
  const { sinceMicros, untilMicros, campaignId, where } = selection;
  return {
    sinceMicros,
    untilMicros,
    campaignKey: campaignId === null ? null : textKey(campaignId),
    where: new Map([...where].map(([field, text]) => [field, text === null ? 0n : textKey(text)])),
    attributesClicks: attributesClicks || [...where.keys()].some(isClickDimension),
  };
}

const COLUMNS = [
  'type',
  'timestamp',
  'user_id_key',
  'amount_micros',
  'currency_key',
  'campaign_id_key',
  ...CLICK_FIELDS,
  'product_key',
];

/** Makes `scoped`, with the columns above: every event in scope once, with its credit. */
export async function createScope(session: DuckdbSession, scope: Scope): Promise<void> {
  const all = await creditedEvents(session, COLUMNS, scope);
  // One campaign is a small part of the store, and is asked several questions.
  const kind = scope.campaignKey === null ? 'VIEW' : 'TABLE';
  await session.run(
    `CREATE OR REPLACE TEMP ${kind} scoped AS SELECT * FROM (${all}) WHERE ${conditions(scope)}`,
  );
}

/** How many events there are, and from when to when; 0 where there are none. */
export interface Span {
  readonly events: bigint;
  readonly firstMicros: bigint;
  readonly lastMicros: bigint;
}

/** The span of the events in scope. */
export async function readSpan(session: DuckdbSession, scope: Scope): Promise<Span> {
  // Credit takes no event out of the period, and of its own tables the engine knows the span without a look at the rows.
  const isPeriod = scope.campaignKey === null && scope.where.size === 0;
  const parts = isPeriod ? EVENT_TABLES.map((table) => `${table} WHERE ${inPeriod(scope)}`) : ['scoped'];
  const spans = parts.map(
    (part) => `SELECT count(*) AS events, min(timestamp) AS first, max(timestamp) AS last FROM ${part}`,
  );
  const [row] = await session.rows(
    `SELECT sum(events)::BIGINT, coalesce(epoch_us(min(first)), 0), coalesce(epoch_us(max(last)), 0)
     FROM (${spans.join(' UNION ALL ')})`,
  );
  const [events, firstMicros, lastMicros] = (row ?? []).map((cell) => BigInt(cell ?? 0));
  return { events: events ?? 0n, firstMicros: firstMicros ?? 0n, lastMicros: lastMicros ?? 0n };
}

function conditions(scope: Scope): string {
  const { campaignKey, where } = scope;
  return [
    inPeriod(scope),
    ...(campaignKey === null ? [] : [`campaign_id_key = ${campaignKey}`]),
    ...[...where].map(([field, key]) => `${field}_key = ${key}`),
    // A click may name a product, but it has bought none.
    ...(where.has('product') ? ['type <> 0'] : []),
  ].join(' AND ');
}
