/** The report of what one run accepted, from its live aggregator; sums over time are those of when they are asked for. */
import type { Aggregator, LiveDimension } from '../aggregate/aggregator.js';
import { LIVE_DIMENSIONS } from '../aggregate/aggregator.js';
import type { Group } from '../aggregate/group.js';
import { HOUR_MICROS, type TimeBuckets } from '../aggregate/time-buckets.js';
import { fillTimeline } from './fill-timeline.js';
import { compareCampaigns, compareGroups } from './order.js';
import type { Dimension, GroupRow, Metrics, OtherCurrency, Report, Timeline } from './report.js';

const TREND_STEPS = 24;

export function reportOfRun(
  aggregator: Aggregator,
  { timeZone, defaultCurrency }: { timeZone: string; defaultCurrency: string },
): Report {
  const { totals, campaigns, dimensions, timeline } = aggregator;
  const { currency, otherCurrencies } = chooseCurrency(totals, defaultCurrency);
  // Buckets of time add up all money, so with several currencies they speak of clicks only.
  const mixed = otherCurrencies.length > 0;
  const rows = [...campaigns.groups].map(([campaignId, group]) => ({
    campaignId,
    ...metricsOf(group, currency),
    // Only what is drawn asks for it.
    get trend() {
      return trendOf(group.trend, totals, mixed);
    },
  }));
  let filled: Timeline | null = null;
  return {
    generatedAt: new Date(),
    filters: { sinceMicros: null, untilMicros: null, timeZone, campaignId: null, where: new Map() },
    currency,
    otherCurrencies,
    exact: { uniqueUsers: [totals, ...campaigns.groups.values()].every(({ users }) => users.exact) },
    totals: {
      campaigns: rows.filter(({ campaignId }) => campaignId !== null).length,
      ...metricsOf(totals, currency),
    },
    campaigns: rows.sort(compareCampaigns),
    breakdowns: new Map<Dimension, GroupRow[]>(
      LIVE_DIMENSIONS.map((field: LiveDimension) => [
        field,
        [...dimensions[field].groups]
          .map(([key, group]) => ({ key, ...metricsOf(group, currency) }))
          .sort(compareGroups),
      ]),
    ),
    get timeline() {
      return (filled ??= fillTimeline(timelineOf(timeline, mixed), 'UTC'));
    },
    timelineAsked: false,
  };
}

function metricsOf(group: Group, currency: string): Metrics {
  const takings = group.takings.get(currency);
  return {
    clicks: group.clicks,
    conversions: group.conversions,
    refunds: group.refunds,
    revenueMicros: takings?.revenueMicros ?? 0n,
    revenueConversions: takings?.conversions ?? 0,
    uniqueUsers: group.users.count,
    firstEventMicros: group.firstEventMicros,
    lastEventMicros: group.lastEventMicros,
  };
}

/** The default currency if there is money in it, else the one with most conversions. */
export function chooseCurrency(
  { takings }: Pick<Group, 'takings'>,
  defaultCurrency: string,
): { currency: string; otherCurrencies: OtherCurrency[] } {
  const all = [...takings]
    .map(([currency, sums]) => ({ currency, ...sums }))
    .sort((a, b) => b.conversions - a.conversions || (a.currency < b.currency ? -1 : 1));
  const currency = takings.has(defaultCurrency) ? defaultCurrency : (all[0]?.currency ?? defaultCurrency);
  return { currency, otherCurrencies: all.filter((one) => one.currency !== currency) };
}

/** Revenue (clicks, where there is none) in equal steps of the run's whole span. */
function trendOf(
  buckets: TimeBuckets,
  { firstEventMicros, lastEventMicros }: Group,
  mixed: boolean,
): number[] {
  if (firstEventMicros === null || lastEventMicros === null) return [];
  const clicks = new Array<number>(TREND_STEPS).fill(0);
  const revenue = new Array<number>(TREND_STEPS).fill(0);
  // A chart is none the worse for what a double leaves out of moments far away.
  const firstHour = Number(firstEventMicros) / Number(HOUR_MICROS);
  const hours = Number(lastEventMicros - firstEventMicros + 1n) / Number(HOUR_MICROS);
  for (const { startHour, bucket } of buckets.entries()) {
    const step = Math.min(
      Math.floor((Math.max(0, startHour - firstHour) / hours) * TREND_STEPS),
      TREND_STEPS - 1,
    );
    clicks[step] = (clicks[step] ?? 0) + bucket.clicks;
    revenue[step] = (revenue[step] ?? 0) + Number(bucket.revenueMicros);
  }
  return !mixed && revenue.some((value) => value !== 0) ? revenue : clicks;
}

function timelineOf(timeline: TimeBuckets, mixed: boolean): Timeline {
  const day = 86_400_000_000n;
  return {
    interval: timeline.bucketMicros < day ? 'hour' : 'day',
    points: timeline.entries().map(({ startHour, bucket }) => ({
      startMicros: BigInt(startHour) * HOUR_MICROS,
      ...bucket,
      revenueMicros: mixed ? 0n : bucket.revenueMicros,
    })),
  };
}
