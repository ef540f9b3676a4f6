/** How a report went over time: its timeline, and the trend of each campaign. */
import type { TimelinePoint } from '../../report/report.js';
import { TREND_STEPS, type ReportAnswer } from '../report-question.js';
import type { DuckdbSession } from './engine.js';
import type { CountedGroup } from './tally.js';
import { bucketOf, type BucketSpan } from './time-bucket-sql.js';
import { revenueSql } from './revenue-sql.js';

/** The points of what was counted by the buckets of `interval`, in order of time. */
export function timelineOf(
  buckets: readonly CountedGroup[],
  interval: 'hour' | 'day',
  timeZone: string,
): TimelinePoint[] {
  return buckets
    .map(({ group, row: { clicks, conversions, revenueMicros } }) => ({
      startMicros: bucketOf(interval, timeZone, group).startMicros,
      clicks,
      conversions,
      revenueMicros,
    }))
    .sort((a, b) => (a.startMicros < b.startMicros ? -1 : 1));
}

/**
 * By campaign its revenue in equal steps of the span; where nothing was earned, its clicks. Few events earn, so clicks
 * are looked through only for the campaigns that did not.
 */
export async function readTrends(
  session: DuckdbSession,
  campaigns: readonly CountedGroup[],
  currencyKey: bigint,
  { firstMicros, lastMicros }: BucketSpan,
): Promise<ReportAnswer['trends']> {
  const trends = new Map(campaigns.map(({ group }) => [group, new Array<number>(TREND_STEPS).fill(0)]));
  const step = `((epoch_us(timestamp) - (${firstMicros})) * ${TREND_STEPS} // ${lastMicros - firstMicros + 1n})`;
  const read = async (value: string, condition: string): Promise<void> => {
    const rows = await session.rows(
      `SELECT campaign_id_key, ${step} AS step, ${value} FROM scoped WHERE ${condition} GROUP BY campaign_id_key, step`,
    );
    for (const [key, at, amount] of rows) {
      const trend = trends.get(BigInt(key ?? 0));
      if (trend) trend[Number(at)] = Number(amount);
    }
  };
  await read(revenueSql(currencyKey), 'type <> 0');
  const others = [...trends].filter(([, trend]) => trend.every((value) => value === 0)).map(([key]) => key);
  if (others.length > 0) await read('count(*)', `type = 0 AND campaign_id_key IN (${others.join(', ')})`);
  return new Map(campaigns.map(({ group, row }) => [row.key, trends.get(group) ?? []]));
}
