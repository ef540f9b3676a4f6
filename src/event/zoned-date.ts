/** Local dates and the moments at which they begin. */
import { zoneOffsetMinutes } from './time-zone.js';

/** A local time given as microseconds "as if UTC", in ISO form without a zone: `2026-06-01T14:00:00.000`. */
export function localIso(localMicros: bigint): string {
  const millis = localMicros / 1000n - (localMicros % 1000n < 0n ? 1n : 0n);
  return new Date(Number(millis)).toISOString().slice(0, -1);
}

/** The moment at which a local time (microseconds as if UTC, on a whole second) comes in a zone. */
export function momentOf(localMicros: bigint, zone: string): bigint {
  const seconds = Number(localMicros / 1_000_000n);
  return localMicros - BigInt(zoneOffsetMinutes(zone, seconds)) * 60_000_000n;
}
