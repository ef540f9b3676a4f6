/** How a report went over time: its timeline, and the trend of each campaign. */
import type { TimelinePoint } from '../../report/report.js';
import { TREND_STEPS, type ReportAnswer, type ReportQuestion } from '../report-question.js';
import type { DuckdbSession } from './engine.js';
import { revenueSql } from './revenue-sql.js';
import { bucketOf, bucketSql } from './time-bucket-sql.js';

export async function readTimeline(
  session: DuckdbSession,
  { timeZone }: ReportQuestion,
  interval: 'hour' | 'day',
  currencyKey: bigint,
  first: bigint,
  last: bigint,
): Promise<TimelinePoint[]> {
  const rows = await session.rows(
    `SELECT ${bucketSql(interval, timeZone, first, last)} AS bucket, count(*) FILTER (type = 0),
            count(*) FILTER (type = 1), ${revenueSql(currencyKey)}
     FROM scoped GROUP BY bucket`,
  );
  return rows
    .map(([bucket, clicks, conversions, revenue]) => ({
      startMicros: bucketOf(interval, timeZone, BigInt(bucket ?? 0)).startMicros,
      clicks: Number(clicks),
      conversions: Number(conversions),
      revenueMicros: BigInt(revenue ?? 0),
    }))
    .sort((a, b) => (a.startMicros < b.startMicros ? -1 : 1));
}

export async function readTrends(
  session: DuckdbSession,
  currencyKey: bigint,
  first: bigint,
  last: bigint,
): Promise<ReportAnswer['trends']> {
  const step = `((epoch_us(timestamp) - (${first})) * ${TREND_STEPS} // ${last - first + 1n})`;
  const rows = await session.rows(
    `SELECT t.text, m.* FROM (
       SELECT campaign_id_key, ${step} AS step, count(*) FILTER (type = 0), ${revenueSql(currencyKey)}
       FROM scoped GROUP BY campaign_id_key, step
     ) AS m LEFT JOIN texts AS t ON t.key = m.campaign_id_key`,
  );
  const trends = new Map<string | null, { clicks: number[]; revenue: number[] }>();
  for (const [text, , stepNumber, clicks, revenue] of rows) {
    const key = typeof text === 'string' ? text : null;
    let trend = trends.get(key);
    if (!trend) {
      trend = {
        clicks: new Array<number>(TREND_STEPS).fill(0),
        revenue: new Array<number>(TREND_STEPS).fill(0),
      };
      trends.set(key, trend);
    }
    trend.clicks[Number(stepNumber)] = Number(clicks);
    trend.revenue[Number(stepNumber)] = Number(revenue);
  }
  return trends;
}
