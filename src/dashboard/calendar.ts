/** Dates (`2026-06-01`) and moments (milliseconds since the epoch) in the report's time zone, never the browser's. */
import { zoneOffsetAt, zoneOffsetMinutes } from '../event/time-zone.js';

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Whether the text is a date that exists: `2026-02-30` is none. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

export function addDays(date: string, days: number): string {
  return new Date(asIfUtc(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from one date to the other: 0 where they are the same. */
export function daysBetween(from: string, to: string): number {
  return Math.round((asIfUtc(to) - asIfUtc(from)) / DAY_MS);
}

export function monthStart(date: string): string {
  return `${date.slice(0, 8)}01`;
}

/** The local time of a moment, in milliseconds as if it were UTC. */
export function localMs(momentMs: number, zone: string): number {
  return momentMs + zoneOffsetAt(zone, Math.floor(momentMs / 1000)) * MINUTE_MS;
}

export function dateAt(momentMs: number, zone: string): string {
  return new Date(localMs(momentMs, zone)).toISOString().slice(0, 10);
}

/** The moment at which a local time of a date comes; in a spring gap, as much later as the gap is long. */
export function momentOf(date: string, timeOfDayMs: number, zone: string): number {
  const local = asIfUtc(date) + timeOfDayMs;
  return local - zoneOffsetMinutes(zone, Math.floor(local / 1000)) * MINUTE_MS;
}

/** RFC 3339 with the zone's offset: `2026-06-01T14:05:00+02:00`. */
export function rfc3339(momentMs: number, zone: string): string {
  const local = localMs(momentMs, zone);
  const offset = Math.round((local - momentMs) / MINUTE_MS);
  const text = new Date(local).toISOString().slice(0, 19);
  if (offset === 0) return `${text}Z`;
  const minutes = Math.abs(offset);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${text}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function asIfUtc(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}
