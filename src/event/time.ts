/**
 * Moments are integer microseconds since the Unix epoch, UTC. Text becomes a moment here, by rules that are written
 * out rather than left to the platform's date parser, which guesses.
 */
import { zoneOffsetMinutes } from './time-zone.js';

export const MICROS_PER_SECOND = 1_000_000n;
const SECONDS_PER_DAY = 86_400;

// RFC 3339 section 5.6, with the blank it allows in place of T, and the offset optional (then the input zone holds).
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?: ?([Zz]|[+-]\d\d:?\d\d))?$/;
const EPOCH = /^(\d{1,18})(?:\.(\d+))?$/;

// Epoch numbers are told apart by magnitude: seconds below 10^11 (year 5138), milliseconds below 10^14, else micros.
const FIRST_EPOCH_MILLIS = 100_000_000_000n;
const FIRST_EPOCH_MICROS = 100_000_000_000_000n;
const LAST_EPOCH_MICROS = 253_402_300_800_000_000n; // 10000-01-01T00:00:00Z

/** Reads RFC 3339, `YYYY-MM-DD HH:MM:SS` in `inputZone`, or an epoch in s, ms or µs; null where it is none of them. */
export function parseTimestampMicros(text: string, inputZone: string): bigint | null {
  const match = DATE_TIME.exec(text);
  if (!match) return parseEpochMicros(text);
  const [, year, month, day, hour, minute, second, fraction = '', zone] = match;
  return civilMicros(
    { year: Number(year), month: Number(month), day: Number(day) },
    { hour: Number(hour), minute: Number(minute), second: Number(second), micros: fractionMicros(fraction) },
    zone === undefined ? { zone: inputZone } : { offsetMinutes: offsetMinutes(zone) },
  );
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface CivilTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
}

export type Place = { readonly offsetMinutes: number } | { readonly zone: string };

/**
 * The moment of a date and time somewhere; null where there is no such date or time. A leap second (23:59:60 UTC, the
 * only one RFC 3339 has) is the first moment of the next day, as in POSIX time. A time that a zone skipped in spring
 * counts with the offset from before the gap; one it had twice in autumn is the first of the two.
 */
export function civilMicros(date: CivilDate, time: CivilTime, place: Place): bigint | null {
  if (!isCivilDate(date) || time.hour > 23 || time.minute > 59 || time.second > 60) return null;
  const days = daysFromCivil(date);
  const seconds = days * SECONDS_PER_DAY + time.hour * 3600 + time.minute * 60 + time.second;
  const offset = 'zone' in place ? zoneOffsetMinutes(place.zone, seconds) : place.offsetMinutes;
  if (Math.abs(offset) >= 24 * 60) return null;
  const utcSeconds = seconds - offset * 60;
  if (time.second === 60 && utcSeconds % SECONDS_PER_DAY !== 0) return null;
  return BigInt(utcSeconds) * MICROS_PER_SECOND + BigInt(time.micros);
}

function parseEpochMicros(text: string): bigint | null {
  const match = EPOCH.exec(text);
  if (!match) return null;
  const whole = BigInt(match[1] ?? '0');
  const fraction = match[2] ?? '';
  let micros = whole;
  if (whole < FIRST_EPOCH_MILLIS) micros = whole * MICROS_PER_SECOND + BigInt(fractionMicros(fraction));
  else if (whole < FIRST_EPOCH_MICROS) micros = whole * 1000n + BigInt(fraction.padEnd(3, '0').slice(0, 3));
  return micros < LAST_EPOCH_MICROS ? micros : null;
}

/** Decimals of a second as whole microseconds; digits past the sixth are cut off. */
function fractionMicros(fraction: string): number {
  return fraction === '' ? 0 : Number(fraction.padEnd(6, '0').slice(0, 6));
}

/** Minutes east of UTC of `Z`, `+05:45` or `-0700`; impossible ones come out too large to be accepted. */
export function offsetMinutes(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 23 || minutes > 59) return Number.POSITIVE_INFINITY;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function isCivilDate({ year, month, day }: CivilDate): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar. */
function daysFromCivil({ year, month, day }: CivilDate): number {
  // setUTCFullYear, unlike Date.UTC, takes the years 1 to 99 at their word.
  return new Date(0).setUTCFullYear(year, month - 1, day) / 86_400_000;
}

/** The present moment. */
export function nowMicros(): bigint {
  return BigInt(Date.now()) * 1000n;
}
