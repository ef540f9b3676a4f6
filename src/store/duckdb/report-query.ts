/** Answers a report question by SQL over the events in scope. */
import { textKey } from '../../event/hash.js';
import { NO_METRICS } from '../../report/metrics.js';
import type { Dimension, GroupRow, OtherCurrency } from '../../report/report.js';
import { MAX_HOURLY_SPAN_MICROS, type ReportAnswer, type ReportQuestion } from '../report-question.js';
import type { DuckdbSession } from './engine.js';
import { exactText } from './exact-text-sql.js';
import { groupingsOf, columnName } from './grouping.js';
import { createScope, isClickDimension, readSpan, scopeOf } from './report-scope.js';
import { readTrends, timelineOf } from './report-series.js';
import { createTally, readGroups, readTakings, readTotals, type CountedGroup } from './tally.js';
import { bucketOf, isTimeDimension } from './time-bucket-sql.js';
import { countUsers, MAX_EVENTS_FOR_EXACT_USERS } from './user-count.js';

const MAX_CAMPAIGNS_WITH_TREND = 1_000;

export async function answerReport(session: DuckdbSession, question: ReportQuestion): Promise<ReportAnswer> {
  const { timeZone, campaignId, breakdowns, timeline } = question;
  if (campaignId !== null && !(await isKnown(session, textKey(campaignId)))) {
    return { ...emptyAnswer(question), knownCampaigns: await allCampaigns(session) };
  }
  const scope = scopeOf(question, breakdowns.some(isClickDimension));
  await createScope(session, scope);
  const { events, ...ends } = await readSpan(session, scope);
  const span = { timeZone, ...ends };
  const interval = span.lastMicros - span.firstMicros <= MAX_HOURLY_SPAN_MICROS ? 'hour' : 'day';
  const dimensions: Dimension[] = ['campaign', ...breakdowns];
  await createTally(session, groupingsOf(timeline ? [...dimensions, interval] : dimensions, span));

  const { currency, otherCurrencies } = chooseCurrency(await readTakings(session), question);
  const currencyKey = textKey(currency);
  const exactUsers = question.exactUsers || events <= MAX_EVENTS_FOR_EXACT_USERS;
  // The users of the one campaign asked for are all users.
  const usersBy = groupingsOf(campaignId === null ? dimensions : breakdowns, span);
  const users = await countUsers(session, usersBy, exactUsers);
  const readRows = (dimension: Dimension): Promise<CountedGroup[]> => {
    const ofGroups = users.groups.get(columnName(dimension));
    const usersOf = (group: bigint): number => (ofGroups ? (ofGroups.get(group) ?? 0) : users.total);
    return readGroups(session, columnName(dimension), currencyKey, usersOf);
  };
  const campaigns = await readRows('campaign');
  const rows = new Map<Dimension, readonly GroupRow[]>();
  for (const dimension of breakdowns) {
    const groups = await readRows(dimension);
    rows.set(
      dimension,
      isTimeDimension(dimension)
        ? groups.map(({ group, row }) => ({ ...row, key: bucketOf(dimension, timeZone, group).key }))
        : groups.map(({ row }) => row),
    );
  }
  const withTrends = question.trends && campaigns.length <= MAX_CAMPAIGNS_WITH_TREND;
  return {
    currency,
    otherCurrencies,
    exactUsers,
    totals: { ...(await readTotals(session, currencyKey)), uniqueUsers: users.total },
    campaigns: campaigns.map(({ row }) => row),
    trends: withTrends ? await readTrends(session, campaigns, currencyKey, span) : new Map(),
    breakdowns: rows,
    timeline: timeline
      ? {
          interval,
          points: timelineOf(await readGroups(session, interval, currencyKey, noUsers), interval, timeZone),
        }
      : null,
    knownCampaigns: null,
  };
}

/** The answer of a store that holds nothing. */
export function emptyAnswer({
  campaignId,
  currency,
  defaultCurrency,
  breakdowns,
  timeline,
}: ReportQuestion): ReportAnswer {
  return {
    currency: currency ?? defaultCurrency,
    otherCurrencies: [],
    exactUsers: true,
    totals: NO_METRICS,
    campaigns: [],
    trends: new Map(),
    breakdowns: new Map(breakdowns.map((dimension) => [dimension, []])),
    timeline: timeline ? { interval: 'day', points: [] } : null,
    knownCampaigns: campaignId === null ? null : [],
  };
}

/** Nobody asks for the users of a point in time. */
const noUsers = (): number => 0;

function chooseCurrency(
  takings: readonly OtherCurrency[],
  { currency, defaultCurrency }: ReportQuestion,
): { currency: string; otherCurrencies: readonly OtherCurrency[] } {
  const found = (code: string): boolean => takings.some((one) => one.currency === code);
  const chosen =
    currency ?? (found(defaultCurrency) ? defaultCurrency : (takings[0]?.currency ?? defaultCurrency));
  return { currency: chosen, otherCurrencies: takings.filter((one) => one.currency !== chosen) };
}

/** A campaign is known if any event was ever credited to it, in the period or not. */
async function isKnown(session: DuckdbSession, campaignKey: bigint): Promise<boolean> {
  const [row] = await session.rows(`SELECT EXISTS (FROM all_events WHERE campaign_id_key = ${campaignKey})`);
  return row?.[0] === true;
}

async function allCampaigns(session: DuckdbSession): Promise<string[]> {
  const rows = await session.rows(
    `SELECT ${exactText('text')} FROM texts WHERE key IN (SELECT campaign_id_key FROM all_events)
     ORDER BY text LIMIT 10000`,
  );
  return rows.map(([text]) => String(text));
}
