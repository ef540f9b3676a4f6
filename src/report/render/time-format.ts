/** Moments (bigint microseconds since the Unix epoch) as text: exact in UTC for machines, local for people. */

/** RFC 3339 in UTC with three decimals, or six where there are microseconds: `2026-06-01T00:00:00.000Z`. */
export function isoUtc(micros: bigint): string {
  const millis = wholeMillis(micros);
  const text = new Date(millis).toISOString();
  const subMillis = micros - BigInt(millis) * 1000n;
  return subMillis === 0n ? text : `${text.slice(0, -1)}${subMillis.toString().padStart(3, '0')}Z`;
}

/** Rounded down, before 1970 too. */
function wholeMillis(micros: bigint): number {
  const subMillis = ((micros % 1000n) + 1000n) % 1000n;
  return Number((micros - subMillis) / 1000n);
}

/** `2026-06-01 14:05` in the zone. */
export function localMoment(micros: bigint, timeZone: string): string {
  const { year, month, day, hour, minute } = localParts(micros, timeZone);
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

/** `2026-06-01` in the zone. */
export function localDate(micros: bigint, timeZone: string): string {
  const { year, month, day } = localParts(micros, timeZone);
  return `${year}-${month}-${day}`;
}

/** `Jun 1`: a day on a time axis. */
export function dayLabel(micros: bigint, timeZone: string): string {
  const { month, day } = localParts(micros, timeZone);
  return `${MONTHS[Number(month) - 1] ?? month} ${Number(day)}`;
}

/** `14:00`: an hour on a time axis. */
export function hourLabel(micros: bigint, timeZone: string): string {
  const { hour, minute } = localParts(micros, timeZone);
  return `${hour}:${minute}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface LocalParts {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
}

function localParts(micros: bigint, timeZone: string): LocalParts {
  const parts: LocalParts = { year: '', month: '', day: '', hour: '', minute: '' };
  for (const { type, value } of formatFor(timeZone).formatToParts(wholeMillis(micros))) {
    if (type === 'year') parts.year = value.padStart(4, '0');
    else if (type === 'month' || type === 'day' || type === 'hour' || type === 'minute') parts[type] = value;
  }
  return parts;
}

// Making a DateTimeFormat takes about as long as a thousand uses of it.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}
