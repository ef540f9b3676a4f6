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
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** The zone that the system is set to. */
export function systemZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
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
