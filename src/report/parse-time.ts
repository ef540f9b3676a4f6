/** What `since` and `until` may say: a date, a moment, or a time ago. */
import { MapipeError } from '../errors.js';
import { civilMicros, parseTimestampMicros } from '../event/time.js';
import { zoneOffsetAt } from '../event/time-zone.js';

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const AGO = /^(\d{1,5})(m|h|d|w)$/;
const UNIT_MICROS = { m: 60_000_000n, h: 3_600_000_000n, d: 86_400_000_000n, w: 604_800_000_000n } as const;

/** The moment that the text means at `now`; a date is its first moment in the zone. */
export function parseTime(name: string, text: string, timeZone: string, now: bigint): bigint {
  const date = DATE.exec(text);
  const ago = AGO.exec(text);
  const micros = date
    ? startOfDate(Number(date[1]), Number(date[2]), Number(date[3]), timeZone)
    : ago
      ? now - BigInt(ago[1] ?? 0) * UNIT_MICROS[ago[2] as keyof typeof UNIT_MICROS] // the pattern names only its keys
      : text === 'now'
        ? now
        : text === 'today'
          ? startOfDay(now, 0, timeZone)
          : text === 'yesterday'
            ? startOfDay(now, -1, timeZone)
            : /^\d+$/.test(text)
              ? null
              : parseTimestampMicros(text, timeZone);
  if (micros !== null) return micros;
  throw new MapipeError('MAPIPE_USAGE', `${name} expects a date or a time, got ${text}`, {
    hint: 'for example 2026-06-01, 2026-06-01T14:00:00Z, 7d, 24h, today or yesterday',
  });
}

function startOfDate(year: number, month: number, day: number, timeZone: string): bigint | null {
  return civilMicros({ year, month, day }, { hour: 0, minute: 0, second: 0, micros: 0 }, { zone: timeZone });
}

function startOfDay(now: bigint, days: number, timeZone: string): bigint | null {
  const seconds = Number(now / 1_000_000n);
  const local = new Date((seconds + zoneOffsetAt(timeZone, seconds) * 60) * 1000);
  const day = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() + days));
  return startOfDate(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate(), timeZone);
}
