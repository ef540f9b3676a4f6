/**
 * Which campaign and click get the credit for a conversion or a refund. A conversion's click is its user's last in the
 * same campaign, at or before it, within 30 days; one that names no campaign takes that of its user's last click of
 * all. A refund follows the conversion of its order. The look back goes beyond a report's period. Of clicks at one
 * moment the one with the largest keys is taken, so that the order of arrival does not matter.
 */
import type { DuckdbSession } from './engine.js';
import { inPeriod, type Period } from './in-period.js';

export interface CreditQuestion extends Period {
  /** The one campaign asked for. */
  readonly campaignKey: bigint | null;
  /** Whether source, medium, ad and term are asked for, which only a look at the clicks can tell. */
  readonly attributesClicks: boolean;
}

export const CLICK_FIELDS = ['source_key', 'medium_key', 'ad_id_key', 'term_key'] as const;

const LOOKBACK_MICROS = 30n * 86_400_000_000n;

/** What there is that gets its credit from another event. */
interface Dependents {
  /** Conversions that name no campaign. */
  readonly unnamed: boolean;
  /** Refunds, in the period. */
  readonly refunds: boolean;
}

/** A query for these columns of all events, or at least of those in the campaign asked for, each with its credit. */
export async function creditedEvents(
  session: DuckdbSession,
  columns: readonly string[],
  question: CreditQuestion,
): Promise<string> {
  const asTheyStand = `SELECT ${columns.join(', ')} FROM all_events`;
  const dependents = await dependentsOf(session, question);
  if (!question.attributesClicks && !dependents.unnamed && !dependents.refunds) return asTheyStand;
  await session.run(`CREATE OR REPLACE TEMP TABLE credit AS ${creditSql(question, dependents)}`);
  const credited = columns.map((column) => {
    if (column === 'campaign_id_key' || column === 'product_key') {
      return `coalesce(k.${column}, e.${column}) AS ${column}`;
    }
    const isOfClick = question.attributesClicks && CLICK_FIELDS.some((field) => field === column);
    return isOfClick ? `coalesce(k.${column}, 0) AS ${column}` : `e.${column}`;
  });
  // A refund may be credited to another campaign than the one it names.
  const among = dependents.refunds ? 'true' : inCampaign(question, dependents);
  return `${asTheyStand} WHERE type = 0
    UNION ALL
    SELECT ${credited.join(', ')} FROM (FROM all_events WHERE type <> 0 AND ${among}) AS e
    LEFT JOIN credit AS k USING (id)`;
}

async function dependentsOf(session: DuckdbSession, period: Period): Promise<Dependents> {
  // The engine knows the range of each column in each part of the table: what is nowhere is not searched for.
  const [row] = await session.rows(
    `SELECT EXISTS (FROM all_events WHERE type = 1 AND campaign_id_key = 0),
            EXISTS (FROM all_events WHERE type = 2 AND ${inPeriod(period)})`,
  );
  return { unnamed: row?.[0] === true, refunds: row?.[1] === true };
}

/** Conversions that may be credited to the campaign asked for. */
function inCampaign({ campaignKey }: CreditQuestion, { unnamed }: Dependents): string {
  if (campaignKey === null) return 'true';
  return unnamed ? `campaign_id_key IN (0, ${campaignKey})` : `campaign_id_key = ${campaignKey}`;
}

/** How a conversion's click is found: those of these keys in common, if the conversion and the click are such. */
interface LookBack {
  readonly clicks: string;
  readonly keys: readonly string[];
  readonly ofConversions: string;
  readonly ofClicks: string;
}

/** By row: campaign, what is asked of the click, product. A conversion or refund without a row counts as it stands. */
function creditSql(question: CreditQuestion, dependents: Dependents): string {
  const { campaignKey, attributesClicks } = question;
  const { unnamed, refunds } = dependents;
  const fields = ['campaign_id_key', ...(attributesClicks ? CLICK_FIELDS : [])];
  const period = inPeriod(question);
  const inScope = `${period} AND ${attributesClicks ? inCampaign(question, dependents) : 'campaign_id_key = 0'}`;
  const ofUser: LookBack = {
    clicks: 'click_of_user',
    keys: ['user_id_key'],
    ofConversions: 'campaign_id_key = 0',
    ofClicks: 'true',
  };
  const inNamedCampaign: LookBack = {
    clicks: 'click_in_campaign',
    keys: ['user_id_key', 'campaign_id_key'],
    ofConversions: 'campaign_id_key <> 0',
    ofClicks: campaignKey === null ? 'true' : `campaign_id_key = ${campaignKey}`,
  };
  const lookBacks = [...(unnamed ? [ofUser] : []), ...(attributesClicks ? [inNamedCampaign] : [])];
  const reach = refunds ? 'true' : inPeriod(lookedBackFrom(question));
  return `
    WITH refund AS (
      SELECT id, order_id_key FROM all_events
      WHERE ${refunds ? `type = 2 AND order_id_key <> 0 AND ${period}` : 'false'}
    ), conversion AS (
      SELECT id, timestamp, user_id_key, campaign_id_key, order_id_key, product_key FROM all_events
      WHERE type = 1 AND ((${inScope}) OR ${refunds ? 'order_id_key IN (SELECT order_id_key FROM refund)' : 'false'})
    )${lookBacks.map((lookBack) => clicksSql(lookBack, fields, reach)).join('')}, credited AS (
      SELECT id, ${fields.map((field) => `0::UBIGINT AS ${field}`).join(', ')}, product_key FROM conversion WHERE false
      ${lookBacks.map((lookBack) => creditedSql(lookBack, fields)).join('')}
    )
    FROM credited
    UNION ALL
    SELECT DISTINCT ON (r.id) r.id, ${['coalesce(k.campaign_id_key, c.campaign_id_key)', ...fields.slice(1).map((field) => `coalesce(k.${field}, 0)`)].join(', ')}, c.product_key
    FROM refund AS r JOIN conversion AS c USING (order_id_key) LEFT JOIN credited AS k ON k.id = c.id`;
}

/** Most users never convert, and most who click in a campaign do not convert in it: their clicks are left out first. */
function clicksSql(
  { clicks, keys, ofConversions, ofClicks }: LookBack,
  fields: readonly string[],
  reach: string,
): string {
  const by = keys.join(', ');
  const click =
    fields.length === 1
      ? `{'campaign_id_key': max(campaign_id_key)}`
      : `max({${fields.map((field) => `'${field}': ${field}`).join(', ')}})`;
  return `, ${clicks} AS MATERIALIZED (
      SELECT ${by}, timestamp, ${click} AS click
      FROM all_events SEMI JOIN (SELECT ${by} FROM conversion WHERE ${ofConversions}) USING (${by})
      WHERE type = 0 AND ${ofClicks} AND ${reach} GROUP BY ${by}, timestamp
    )`;
}

function creditedSql({ clicks, keys, ofConversions }: LookBack, fields: readonly string[]): string {
  return `UNION ALL
      SELECT c.id, ${fields.map((field) => `k.click.${field}`).join(', ')}, c.product_key
      FROM (FROM conversion SEMI JOIN ${clicks} USING (${keys.join(', ')}) WHERE ${ofConversions}) AS c
      ASOF JOIN ${clicks} AS k ON ${keys.map((key) => `c.${key} = k.${key}`).join(' AND ')} AND c.timestamp >= k.timestamp
      WHERE k.timestamp >= c.timestamp - to_microseconds(${LOOKBACK_MICROS})`;
}

/** Where the clicks lie that conversions of a period may go back to. */
function lookedBackFrom({ sinceMicros, untilMicros }: Period): Period {
  return { sinceMicros: sinceMicros === null ? null : sinceMicros - LOOKBACK_MICROS, untilMicros };
}
