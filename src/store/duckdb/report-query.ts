/** Answers a report question by SQL over the events in scope. */
import { textKey } from '../../event/hash.js';
import { NO_METRICS } from '../../report/metrics.js';
import type { Dimension, GroupRow, Metrics, OtherCurrency } from '../../report/report.js';
import { MAX_HOURLY_SPAN_MICROS, type ReportAnswer, type ReportQuestion } from '../report-question.js';
import type { Cell, DuckdbSession, Row } from './engine.js';
import { createScope, isClickDimension, scopeOf } from './report-scope.js';
import { readTimeline, readTrends } from './report-series.js';
import { revenueSql } from './revenue-sql.js';
import { bucketOf, bucketSql, isTimeDimension } from './time-bucket-sql.js';
import { estimateUsers, MAX_EVENTS_FOR_EXACT_USERS } from './user-count.js';

const MAX_CAMPAIGNS_WITH_TREND = 1_000;

export async function answerReport(session: DuckdbSession, question: ReportQuestion): Promise<ReportAnswer> {
  const { timeZone, campaignId, breakdowns } = question;
  if (campaignId !== null && !(await isKnown(session, textKey(campaignId)))) {
    return { ...emptyAnswer(question), knownCampaigns: await allCampaigns(session) };
  }
  await createScope(session, scopeOf(question, breakdowns.some(isClickDimension)));
  const { currency, otherCurrencies } = await chooseCurrency(session, question);
  const currencyKey = textKey(currency);
  const [events] = await session.rows(`SELECT count(*) FROM scoped`);
  const exactUsers = question.exactUsers || BigInt(events?.[0] ?? 0) <= MAX_EVENTS_FOR_EXACT_USERS;
  const counting: Counting = { currencyKey, exactUsers };

  const [total] = await countGroups(session, '0', counting);
  const totals = total?.metrics ?? NO_METRICS;
  const first = totals.firstEventMicros ?? 0n;
  const last = totals.lastEventMicros ?? 0n;
  const campaigns = await namedGroups(session, 'campaign', counting);
  const interval = last - first <= MAX_HOURLY_SPAN_MICROS ? 'hour' : 'day';
  const rows = new Map<Dimension, readonly GroupRow[]>();
  for (const dimension of breakdowns) {
    rows.set(
      dimension,
      isTimeDimension(dimension)
        ? (await countGroups(session, bucketSql(dimension, timeZone, first, last), counting)).map(
            ({ group, metrics }) => ({
              key: bucketOf(dimension, timeZone, group).key,
              ...metrics,
            }),
          )
        : await namedGroups(session, dimension, counting),
    );
  }
  return {
    currency,
    otherCurrencies,
    exactUsers,
    totals,
    campaigns,
    trends:
      campaigns.length <= MAX_CAMPAIGNS_WITH_TREND
        ? await readTrends(session, currencyKey, first, last)
        : new Map(),
    breakdowns: rows,
    timeline: {
      interval,
      points: await readTimeline(session, question, interval, currencyKey, first, last),
    },
    knownCampaigns: null,
  };
}

/** The answer of a store that holds nothing. */
export function emptyAnswer({
  campaignId,
  currency,
  defaultCurrency,
  breakdowns,
}: ReportQuestion): ReportAnswer {
  return {
    currency: currency ?? defaultCurrency,
    otherCurrencies: [],
    exactUsers: true,
    totals: NO_METRICS,
    campaigns: [],
    trends: new Map(),
    breakdowns: new Map(breakdowns.map((dimension) => [dimension, []])),
    timeline: { interval: 'day', points: [] },
    knownCampaigns: campaignId === null ? null : [],
  };
}

interface Counting {
  readonly currencyKey: bigint;
  readonly exactUsers: boolean;
}

interface CountedGroup {
  readonly group: bigint;
  readonly text: string | null;
  readonly metrics: Metrics;
}

/** The metrics of each group; `group` is an SQL expression over `scoped` that gives a 64-bit integer. */
async function countGroups(
  session: DuckdbSession,
  group: string,
  { currencyKey, exactUsers }: Counting,
  where = 'true',
): Promise<CountedGroup[]> {
  const rows = await session.rows(
    `SELECT m.*, t.text FROM (
       SELECT ${group} AS g, count(*) FILTER (type = 0), count(*) FILTER (type = 1), count(*) FILTER (type = 2),
              ${revenueSql(currencyKey)}, count(*) FILTER (type = 1 AND currency_key = ${currencyKey}),
              epoch_us(min(timestamp)), epoch_us(max(timestamp)), ${exactUsers ? 'count(DISTINCT user_id_key)' : '0'}
       FROM scoped WHERE ${where} GROUP BY g
     ) AS m LEFT JOIN texts AS t ON t.key = m.g ORDER BY m.g`,
  );
  const estimates = exactUsers ? null : await estimateUsers(session, group, where);
  return rows.map((row) => {
    const key = BigInt(row[0] ?? 0);
    const metrics = metricsOf(row);
    const text = row[9];
    return {
      group: key,
      text: typeof text === 'string' ? text : null,
      metrics: estimates ? { ...metrics, uniqueUsers: estimates.get(key) ?? 0 } : metrics,
    };
  });
}

function metricsOf([
  ,
  clicks,
  conversions,
  refunds,
  revenue,
  revenueConversions,
  first,
  last,
  users,
]: Row): Metrics {
  return {
    clicks: Number(clicks),
    conversions: Number(conversions),
    refunds: Number(refunds),
    revenueMicros: BigInt(revenue ?? 0),
    revenueConversions: Number(revenueConversions),
    uniqueUsers: Number(users),
    firstEventMicros: bigintOrNull(first),
    lastEventMicros: bigintOrNull(last),
  };
}

/** Groups by a dimension of texts. A product is of what was bought, so clicks have no part in it. */
async function namedGroups(
  session: DuckdbSession,
  dimension: Dimension,
  counting: Counting,
): Promise<GroupRow[]> {
  const column = dimension === 'campaign' ? 'campaign_id_key' : `${dimension}_key`;
  const where = dimension === 'product' ? 'type <> 0' : 'true';
  const groups = await countGroups(session, column, counting, where);
  return groups.map(({ text, metrics }) => ({ key: text, ...metrics }));
}

async function chooseCurrency(
  session: DuckdbSession,
  { currency, defaultCurrency }: ReportQuestion,
): Promise<{ currency: string; otherCurrencies: OtherCurrency[] }> {
  const rows = await session.rows(
    `SELECT t.text, m.conversions, m.refunds, m.revenue FROM (
       SELECT currency_key, count(*) FILTER (type = 1) AS conversions, count(*) FILTER (type = 2) AS refunds,
              sum(CASE type WHEN 1 THEN amount_micros ELSE -amount_micros END) AS revenue
       FROM scoped WHERE type <> 0 GROUP BY currency_key
     ) AS m JOIN texts AS t ON t.key = m.currency_key ORDER BY m.conversions DESC, t.text`,
  );
  const all = rows.map(([code, conversions, refunds, revenue]) => ({
    currency: String(code),
    conversions: Number(conversions),
    refunds: Number(refunds),
    revenueMicros: BigInt(revenue ?? 0),
  }));
  const found = (code: string): boolean => all.some((one) => one.currency === code);
  const chosen =
    currency ?? (found(defaultCurrency) ? defaultCurrency : (all[0]?.currency ?? defaultCurrency));
  return { currency: chosen, otherCurrencies: all.filter((one) => one.currency !== chosen) };
}

/** A campaign is known if any event was ever credited to it, in the period or not. */
async function isKnown(session: DuckdbSession, campaignKey: bigint): Promise<boolean> {
  const [row] = await session.rows(`SELECT EXISTS (FROM event_data WHERE campaign_id_key = ${campaignKey})`);
  return row?.[0] === true;
}

async function allCampaigns(session: DuckdbSession): Promise<string[]> {
  const rows = await session.rows(
    `SELECT DISTINCT t.text FROM event_data AS e JOIN texts AS t ON t.key = e.campaign_id_key ORDER BY t.text LIMIT 10000`,
  );
  return rows.map(([text]) => String(text));
}

function bigintOrNull(cell: Cell | undefined): bigint | null {
  return typeof cell === 'bigint' ? cell : null;
}
