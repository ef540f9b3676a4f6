/**
 * The events that a report counts, each under the campaign and the click that get the credit for it. No text of the
 * user's enters the SQL of this folder: texts are compared by their keys, moments are integers.
 */
import { textKey } from '../../event/hash.js';
import type { Dimension, FilterField } from '../../report/report.js';
import type { EventSelection } from '../event-selection.js';
import type { DuckdbSession } from './engine.js';

export interface Scope {
  readonly sinceMicros: bigint | null;
  readonly untilMicros: bigint | null;
  readonly campaignKey: bigint | null;
  /** The key that each of these fields must have; 0n: none. */
  readonly where: ReadonlyMap<FilterField, bigint>;
  /** Whether source, medium, ad and term are asked for, which only a join with the clicks can tell. */
  readonly attributesClicks: boolean;
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

const CLICK_FIELDS = ['source_key', 'medium_key', 'ad_id_key', 'term_key'] as const;
const LOOKBACK = `INTERVAL '30 days'`;

/**
 * Makes `scoped` (type, timestamp, user_id_key, amount_micros, currency_key, campaign_id_key, source_key, medium_key,
 * ad_id_key, term_key, product_key): every event in scope once.
 */
export async function createScope(session: DuckdbSession, scope: Scope): Promise<void> {
  const [counts] = await session.rows(
    `SELECT count(*) FILTER (type = 1 AND campaign_id_key = 0), count(*) FILTER (type = 2) FROM event_data`,
  );
  const needsCredit = scope.attributesClicks || (counts ?? []).some((count) => count !== 0n);
  if (needsCredit) await session.run(`CREATE OR REPLACE TEMP TABLE credited AS ${creditedEvents(scope)}`);
  // What names its own campaign needs no look back, unless it is to be told by which click it came.
  const direct = scope.attributesClicks ? `type = 0` : `type = 0 OR (type = 1 AND campaign_id_key <> 0)`;
  const all = needsCredit
    ? `SELECT ${COLUMNS} FROM event_data WHERE ${direct} UNION ALL SELECT ${COLUMNS} FROM credited`
    : `SELECT ${COLUMNS} FROM event_data`;
  // One campaign is a small part of the store, and is asked several questions.
  const kind = scope.campaignKey === null ? 'VIEW' : 'TABLE';
  await session.run(
    `CREATE OR REPLACE TEMP ${kind} scoped AS SELECT * FROM (${all}) WHERE ${conditions(scope)}`,
  );
}

const COLUMNS = `type, timestamp, user_id_key, amount_micros, currency_key, campaign_id_key, ${CLICK_FIELDS.join(', ')}, product_key`;

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

export function inPeriod({ sinceMicros, untilMicros }: Scope, table = ''): string {
  return [
    'true',
    ...(sinceMicros === null ? [] : [`${table}timestamp >= make_timestamp(${sinceMicros})`]),
    ...(untilMicros === null ? [] : [`${table}timestamp < make_timestamp(${untilMicros})`]),
  ].join(' AND ');
}

/**
 * Conversions and refunds with their credit. A conversion's click is its user's last in the same campaign, at or
 * before it, within 30 days; one that names no campaign takes that of its user's last click of all. A refund follows
 * the conversion of its order. The look back goes beyond the report's period. Of clicks at one moment the one with the
 * largest keys is taken, so that the order of arrival does not matter.
 */
function creditedEvents(scope: Scope): string {
  const { campaignKey, attributesClicks } = scope;
  const inCampaign = campaignKey === null ? 'true' : `campaign_id_key IN (0, ${campaignKey})`;
  const period = inPeriod(scope);
  const counted = `${period} AND ${attributesClicks ? inCampaign : 'campaign_id_key = 0'}`;
  const clickOf = `{${['campaign_id_key', ...CLICK_FIELDS].map((field) => `'${field}': ${field}`).join(', ')}}`;
  const credit = (field: string): string =>
    `CASE WHEN k.timestamp >= c.timestamp - ${LOOKBACK} THEN k.click.${field} ELSE 0 END AS ${field}`;
  const conversionColumns = `c.timestamp, c.user_id_key, c.amount_micros, c.currency_key, c.product_key, c.order_id_key, c.counted`;
  return `
    WITH conversion AS (
      SELECT *, (${counted}) AS counted FROM event_data
      WHERE type = 1 AND ((${counted}) OR (order_id_key <> 0 AND order_id_key IN (
        SELECT order_id_key FROM event_data WHERE type = 2 AND ${period})))
    ), click_of_user AS (
      SELECT user_id_key, timestamp, max(${clickOf}) AS click FROM event_data
      WHERE type = 0 AND user_id_key IN (SELECT user_id_key FROM conversion WHERE campaign_id_key = 0)
      GROUP BY user_id_key, timestamp
    ), click_in_campaign AS (
      SELECT user_id_key, campaign_id_key, timestamp, max(${clickOf}) AS click FROM event_data
      WHERE type = 0 AND ${attributesClicks ? inCampaign : 'false'}
        AND user_id_key IN (SELECT user_id_key FROM conversion WHERE campaign_id_key <> 0)
      GROUP BY user_id_key, campaign_id_key, timestamp
    ), resolved AS (
      SELECT ${conversionColumns}, ${['campaign_id_key', ...CLICK_FIELDS].map(credit).join(', ')}
      FROM (SELECT * FROM conversion WHERE campaign_id_key = 0) AS c
      ASOF LEFT JOIN click_of_user AS k ON c.user_id_key = k.user_id_key AND c.timestamp >= k.timestamp
      UNION ALL
      SELECT ${conversionColumns}, c.campaign_id_key, ${CLICK_FIELDS.map(credit).join(', ')}
      FROM (SELECT * FROM conversion WHERE campaign_id_key <> 0) AS c
      ASOF LEFT JOIN click_in_campaign AS k
        ON c.user_id_key = k.user_id_key AND c.campaign_id_key = k.campaign_id_key AND c.timestamp >= k.timestamp
    ), bought AS (
      SELECT DISTINCT ON (order_id_key) * FROM resolved WHERE order_id_key <> 0
    )
    SELECT 1::UTINYINT AS type, ${COLUMNS.replace('type, ', '')} FROM resolved WHERE counted
    UNION ALL
    SELECT 2::UTINYINT, r.timestamp, r.user_id_key, r.amount_micros, r.currency_key,
           coalesce(b.campaign_id_key, r.campaign_id_key),
           ${CLICK_FIELDS.map((field) => `coalesce(b.${field}, 0)`).join(', ')},
           coalesce(b.product_key, r.product_key)
    FROM event_data AS r LEFT JOIN bought AS b ON r.order_id_key = b.order_id_key
    WHERE r.type = 2 AND ${inPeriod(scope, 'r.')}`;
}
