/**
 * A report's timeline as columns for a chart: the whole period with its quiet stretches, at one interval, and the
 * period before laid beside it, the same local time as many days earlier.
 */
import { addDays, dateAt, localMs, momentOf, DAY_MS } from './calendar.js';
import { daysIn, type Period } from './date-range.js';
import type { Interval, Timeline, TimelinePoint } from './report-body.js';

export const SERIES = ['clicks', 'conversions', 'revenue'] as const;
export type Series = (typeof SERIES)[number];

export type Columns = Readonly<Record<Series, readonly (number | null)[]>>;

export interface TimelineSeries {
  readonly interval: Interval;
  /** Each bucket's first moment, in seconds since the epoch. */
  readonly starts: readonly number[];
  readonly values: Columns;
  /** null beside a bucket that has none before it. */
  readonly before: Columns | null;
}

export interface TimelineBefore {
  readonly timeline: Timeline;
  /** The store's first event: a time ahead of it was not quiet but unknown. */
  readonly knownFromMs: number;
}

interface Sums {
  clicks: number;
  conversions: number;
  revenue: number;
}

const HOUR_MS = 3_600_000;
const LAST_HOURLY_DAYS = 2;
// Longer stretches are drawn from their first event to their last only.
const MAX_BUCKETS = 2_000;

export function timelineSeries(
  now: { readonly timeline: Timeline; readonly period: Period },
  before: TimelineBefore | null,
  nowMs: number,
  zone: string,
): TimelineSeries {
  const { timeline, period } = now;
  const days = daysIn(period, nowMs, zone);
  // A store answers in hours where the events lie close together, however long the period that was asked for.
  const wantsHours = days === null ? timeline.interval === 'hour' : days <= LAST_HOURLY_DAYS;
  const hasHours = [timeline, before?.timeline].every(
    (given) => given === undefined || given.points.length === 0 || given.interval === 'hour',
  );
  const interval = wantsHours && hasHours ? 'hour' : 'day';
  const sums = sumBy(timeline.points, interval, zone);
  const starts = bucketStarts(period, [...sums.keys()], interval, nowMs, zone);
  const values = columnsOf(starts, (start) => sums.get(start) ?? NOTHING);
  const seconds = starts.map((start) => start / 1000);
  if (before === null || days === null) return { interval, starts: seconds, values, before: null };
  const sumsBefore = sumBy(before.timeline.points, interval, zone);
  const knownFrom = bucketOf(before.knownFromMs, interval, zone);
  return {
    interval,
    starts: seconds,
    values,
    before: columnsOf(starts, (start) => {
      const earlier = sameTimeEarlier(start, days, zone);
      return earlier < knownFrom ? null : (sumsBefore.get(earlier) ?? NOTHING);
    }),
  };
}

const NOTHING: Readonly<Sums> = { clicks: 0, conversions: 0, revenue: 0 };

function sumBy(points: readonly TimelinePoint[], interval: Interval, zone: string): Map<number, Sums> {
  const sums = new Map<number, Sums>();
  for (const { start, clicks, conversions, revenue } of points) {
    const bucket = bucketOf(Date.parse(start), interval, zone);
    const sum = sums.get(bucket) ?? { ...NOTHING };
    sum.clicks += clicks;
    sum.conversions += conversions;
    sum.revenue += revenue;
    sums.set(bucket, sum);
  }
  return sums;
}

/** The first moment of the hour or day that a moment lies in. */
function bucketOf(momentMs: number, interval: Interval, zone: string): number {
  const local = localMs(momentMs, zone);
  return interval === 'hour' ? momentMs - (local % HOUR_MS) : momentOf(dateAt(momentMs, zone), 0, zone);
}

function bucketStarts(
  { since, until }: Period,
  known: readonly number[],
  interval: Interval,
  nowMs: number,
  zone: string,
): number[] {
  const first = since === null ? known[0] : momentOf(since, 0, zone);
  const end = until === null ? nowMs : momentOf(until, 0, zone);
  const last = since === null ? known.at(-1) : end - 1;
  if (first === undefined || last === undefined) return [];
  const step = interval === 'hour' ? HOUR_MS : DAY_MS;
  if ((last - first) / step > MAX_BUCKETS) return [...known];
  const starts: number[] = [];
  if (interval === 'hour') for (let at = first; at <= last; at += HOUR_MS) starts.push(at);
  else {
    const lastDate = dateAt(last, zone);
    for (let date = dateAt(first, zone); date <= lastDate; date = addDays(date, 1)) {
      starts.push(momentOf(date, 0, zone));
    }
  }
  return starts;
}

function sameTimeEarlier(momentMs: number, days: number, zone: string): number {
  return momentOf(addDays(dateAt(momentMs, zone), -days), localMs(momentMs, zone) % DAY_MS, zone);
}

function columnsOf(starts: readonly number[], sumsAt: (start: number) => Readonly<Sums> | null): Columns {
  const sums = starts.map(sumsAt);
  return {
    clicks: sums.map((sum) => sum?.clicks ?? null),
    conversions: sums.map((sum) => sum?.conversions ?? null),
    revenue: sums.map((sum) => sum?.revenue ?? null),
  };
}
