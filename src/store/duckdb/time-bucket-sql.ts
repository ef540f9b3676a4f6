/** Buckets of local time in SQL: the zone's offsets in the span become a CASE, so the engine needs no zone data. */
import type { Dimension } from '../../report/report.js';
import { offsetChanges } from '../../event/time-zone.js';
import { localIso, momentOf } from '../../event/zoned-date.js';

export type TimeDimension = Extract<Dimension, 'hour' | 'day' | 'week' | 'month'>;

export function isTimeDimension(dimension: Dimension): dimension is TimeDimension {
  return dimension === 'hour' || dimension === 'day' || dimension === 'week' || dimension === 'month';
}

/**
 * An expression for the local start of an event's bucket, in microseconds as if local time were UTC. Hours keep their
 * offset in the last digits (see `bucketOf`), as the hour that comes twice in autumn is two buckets.
 */
export function bucketSql(
  dimension: TimeDimension,
  zone: string,
  firstMicros: bigint,
  lastMicros: bigint,
): string {
  const changes = offsetChanges(zone, Number(firstMicros / 1_000_000n), Number(lastMicros / 1_000_000n));
  const [initial, ...later] = changes;
  const cases = later
    .reverse()
    .map(
      (change) =>
        `WHEN timestamp >= make_timestamp(${change.fromSeconds}000000) THEN ${change.offsetMinutes}`,
    );
  const initialOffset = initial?.offsetMinutes ?? 0;
  const offset =
    cases.length === 0 ? `${initialOffset}` : `CASE ${cases.join(' ')} ELSE ${initialOffset} END`;
  const start = `epoch_us(date_trunc('${dimension}', timestamp + to_minutes(${offset})))`;
  return dimension === 'hour' ? `(${start} + (${offset}) + ${OFFSET_BIAS})` : start;
}

// Hours start on whole seconds, so the microseconds below have room for an offset of up to ±24 hours.
const OFFSET_BIAS = 2_000;

export interface Bucket {
  readonly startMicros: bigint;
  /** As a breakdown's key: `2026-06-01T14:00:00+02:00`, `2026-06-01` (weeks by their Monday), `2026-06`. */
  readonly key: string;
}

export function bucketOf(dimension: TimeDimension, zone: string, value: bigint): Bucket {
  if (dimension === 'hour') {
    const biased = ((value % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const offsetMinutes = Number(biased) - OFFSET_BIAS;
    const local = value - biased;
    const sign = offsetMinutes < 0 ? '-' : '+';
    const minutes = Math.abs(offsetMinutes);
    const zoneText = `${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
    const key = `${localIso(local).slice(0, 19)}${offsetMinutes === 0 ? 'Z' : zoneText}`;
    return { startMicros: local - BigInt(offsetMinutes) * 60_000_000n, key };
  }
  const key = localIso(value).slice(0, dimension === 'month' ? 7 : 10);
  return { startMicros: momentOf(value, zone), key };
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
