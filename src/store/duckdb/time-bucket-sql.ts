/** Buckets of local time in SQL: the zone's offsets in the span become a CASE, so the engine needs no zone data. */
import type { Dimension } from '../../report/report.js';
import { offsetChanges } from '../../event/time-zone.js';
import { localIso, momentOf } from '../../event/zoned-date.js';

export type TimeDimension = Extract<Dimension, 'hour' | 'day' | 'week' | 'month'>;

export function isTimeDimension(dimension: Dimension): dimension is TimeDimension {
  return dimension === 'hour' || dimension === 'day' || dimension === 'week' || dimension === 'month';
}

/** The zone that buckets are cut by, and where the first and the last event lie. */
export interface BucketSpan {
  readonly timeZone: string;
  readonly firstMicros: bigint;
  readonly lastMicros: bigint;
}

/**
 * `ofEvent` is what to group events by, in a column named for the dimension. `ofGroup` makes of that the local start of
 * the bucket, in microseconds as if local time were UTC. Hours keep their offset in the last digits (see `bucketOf`), as
 * the hour that comes twice in autumn is two buckets.
 */
export function bucketColumn(
  dimension: TimeDimension,
  span: BucketSpan,
): { readonly ofEvent: string; readonly ofGroup: string } {
  const offset = offsetSql(span, MINUTE_MICROS);
  const local = offset === '0' ? 'epoch_us(timestamp)' : `(epoch_us(timestamp) + ${offset})`;
  if (dimension === 'hour') {
    // Division cuts toward 0, so hours are counted from a full one before the first event, wherever that is.
    const base = span.firstMicros - (span.firstMicros % HOUR_MICROS) - 26n * HOUR_MICROS;
    const start = `(${local} - (${base})) // ${HOUR_MICROS} * ${HOUR_MICROS} + (${base})`;
    return { ofEvent: `(${start} + ${offsetSql(span, 1n)} + ${OFFSET_BIAS})`, ofGroup: dimension };
  }
  // Cut to its date, a moment is cheaper to group by than truncated as one.
  const date = `${offset === '0' ? 'timestamp' : `make_timestamp(${local})`}::DATE`;
  return {
    ofEvent: dimension === 'day' ? date : `date_trunc('${dimension}', ${date})`,
    ofGroup: `epoch_us(${dimension})`,
  };
}

/** Minutes east of UTC at an event, times `minute`. */
function offsetSql({ timeZone, firstMicros, lastMicros }: BucketSpan, minute: bigint): string {
  const changes = offsetChanges(
    timeZone,
    Number(firstMicros / 1_000_000n),
    Number(lastMicros / 1_000_000n),
  ).map(({ fromSeconds, offsetMinutes }) => ({ fromSeconds, offset: BigInt(offsetMinutes) * minute }));
  const [initial, ...later] = changes;
  const initialOffset = initial?.offset ?? 0n;
  if (later.length === 0) return initialOffset < 0n ? `(${initialOffset})` : `${initialOffset}`;
  const cases = later
    .reverse()
    .map(
      ({ fromSeconds, offset }) => `WHEN timestamp >= make_timestamp(${fromSeconds}000000) THEN ${offset}`,
    );
  return `(CASE ${cases.join(' ')} ELSE ${initialOffset} END)`;
}

const MINUTE_MICROS = 60_000_000n;
const HOUR_MICROS = 3_600_000_000n;
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
