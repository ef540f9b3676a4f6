/** Gives a timeline its empty buckets, so that a quiet day is seen as one. */
import { momentOf } from '../event/zoned-date.js';
import { zoneOffsetAt } from '../event/time-zone.js';
import type { Timeline, TimelinePoint } from './report.js';

const MAX_POINTS = 5_000;
const HOUR_MICROS = 3_600_000_000n;
const DAY_MICROS = 24n * HOUR_MICROS;

export function fillTimeline({ interval, points }: Timeline, timeZone: string): Timeline {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return { interval, points };
  const step = interval === 'hour' ? HOUR_MICROS : DAY_MICROS;
  if ((last.startMicros - first.startMicros) / step >= BigInt(MAX_POINTS)) return { interval, points };
  const filled: TimelinePoint[] = [];
  let next = first.startMicros;
  for (const point of points) {
    for (; next < point.startMicros; next = after(next, interval, timeZone)) {
      filled.push({ startMicros: next, clicks: 0, conversions: 0, revenueMicros: 0n });
    }
    filled.push(point);
    next = after(point.startMicros, interval, timeZone);
  }
  return { interval, points: filled };
}

/** The next bucket's start: an hour is an hour, but a day may have 23 or 25 of them. */
function after(startMicros: bigint, interval: Timeline['interval'], timeZone: string): bigint {
  if (interval === 'hour') return startMicros + HOUR_MICROS;
  const offset = BigInt(zoneOffsetAt(timeZone, Number(startMicros / 1_000_000n))) * 60_000_000n;
  // From the date, not from the moment: a day that has no midnight begins later than others.
  const local = startMicros + offset;
  const midnight = local - (((local % DAY_MICROS) + DAY_MICROS) % DAY_MICROS);
  return momentOf(midnight + DAY_MICROS, timeZone);
}
