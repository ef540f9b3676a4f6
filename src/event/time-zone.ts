/** IANA time zones: their offsets at a moment, and the offset that holds for a local time. */

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** The zone's canonical name, or null where there is no such zone. */
export function resolveZone(zone: string): string | null {
  if (zone === 'UTC') return zone;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** The zone that the system is set to. */
export function systemZone(): string {
  // The first use of Intl takes as long as half a start of Node; a Date tells by itself that it is in UTC.
  if (new Date(0).toString().endsWith('(Coordinated Universal Time)')) return 'UTC';
  const zone: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  // A TZ variable that names no zone leaves the platform without one.
  return (zone && resolveZone(zone)) || 'UTC';
}

/** Minutes east of UTC in `zone` at a moment given in seconds since the epoch. */
export function zoneOffsetAt(zone: string, utcSeconds: number): number {
  if (zone === 'UTC') return 0;
  const at = Math.min(Math.max(utcSeconds, -62_135_596_800), 253_402_300_799);
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(at * 1000)
      .map((part) => [part.type, part.value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = part('year');
  const local = new Date(0);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return Math.round((local.getTime() / 1000 - Math.floor(at)) / 60);
}

/**
 * Minutes east of UTC for a local time given as if it were UTC seconds. In a spring gap the offset from before it
 * holds; of an hour that comes twice in autumn the first is meant (the `compatible` rule of RFC 5545 and Temporal).
 */
export function zoneOffsetMinutes(zone: string, localSeconds: number): number {
  if (zone === 'UTC') return 0;
  const before = zoneOffsetAt(zone, localSeconds - 86_400);
  if (zoneOffsetAt(zone, localSeconds - before * 60) === before) return before;
  const after = zoneOffsetAt(zone, localSeconds + 86_400);
  return zoneOffsetAt(zone, localSeconds - after * 60) === after ? after : before;
}

/** From a moment on (seconds since the epoch), the minutes east of UTC that hold in a zone. */
export interface OffsetChange {
  readonly fromSeconds: number;
  readonly offsetMinutes: number;
}

const WEEK_SECONDS = 7 * 86_400;
// Outside these years zones have no changes that matter here: before, no logs; after, no rules yet.
const FIRST_CHANGE_SECONDS = 0;
const LAST_CHANGE_SECONDS = 4_102_444_800; // 2100-01-01

/** The offsets of `zone` in a span, in order: the first one holds from its start on. */
export function offsetChanges(zone: string, firstSeconds: number, lastSeconds: number): OffsetChange[] {
  const clamp = (seconds: number): number =>
    Math.min(Math.max(seconds, FIRST_CHANGE_SECONDS), LAST_CHANGE_SECONDS);
  const first = Math.floor(clamp(firstSeconds));
  const last = Math.ceil(clamp(lastSeconds));
  const changes = [{ fromSeconds: first, offsetMinutes: zoneOffsetAt(zone, first) }];
  for (let from = first; from < last; from += WEEK_SECONDS) {
    let low = from;
    let high = Math.min(from + WEEK_SECONDS, last);
    const before = zoneOffsetAt(zone, low);
    const after = zoneOffsetAt(zone, high);
    if (before === after) continue;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (zoneOffsetAt(zone, middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ fromSeconds: high, offsetMinutes: after });
  }
  return changes;
}
