/**
 * From what was chosen (a preset or two dates) to the question's `since` and `until`, and to the period before it.
 * Both are aligned to days in the report's zone, so that the same question keeps its address and its ETag.
 */
import { addDays, dateAt, daysBetween, localMs, momentOf, monthStart, rfc3339, DAY_MS } from './calendar.js';

export const PRESETS = ['today', 'yesterday', '7d', '30d', 'month', 'all'] as const;
export type Preset = (typeof PRESETS)[number];

export const PRESET_TITLES: Readonly<Record<Preset, string>> = {
  today: 'Today',
  yesterday: 'Yesterday',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  month: 'This month',
  all: 'All time',
};

/** Both dates are part of the range. */
export interface CustomRange {
  readonly from: string;
  readonly to: string;
}

export type RangeChoice = Preset | CustomRange;

/** A period as the server takes it. */
export interface Period {
  /** A date, inclusive; null: from the first event on. */
  readonly since: string | null;
  /** A date or a moment, exclusive; null: up to now. */
  readonly until: string | null;
}

export function isPreset(text: string): text is Preset {
  return PRESETS.some((preset) => preset === text);
}

export function periodOf(choice: RangeChoice, nowMs: number, zone: string): Period {
  const today = dateAt(nowMs, zone);
  switch (choice) {
    case 'all':
      return { since: null, until: null };
    case 'today':
      return { since: today, until: null };
    case 'yesterday':
      return { since: addDays(today, -1), until: today };
    case '7d':
      return { since: addDays(today, -6), until: null };
    case '30d':
      return { since: addDays(today, -29), until: null };
    case 'month':
      return { since: monthStart(today), until: null };
    default:
      return { since: choice.from, until: choice.to < today ? addDays(choice.to, 1) : null };
  }
}

/**
 * A period that goes on until now, as it is asked for: with the end that its heading tells, the end of today. Clocks that
 * are wrong somewhere send events of days to come, which belong to no period that is over.
 */
export function closedTonight(period: Period, nowMs: number, zone: string): Period {
  const today = dateAt(nowMs, zone);
  if (period.since === null || period.until !== null || period.since > today) return period;
  return { ...period, until: addDays(today, 1) };
}

/** How many dates a period touches up to now; null for all time. */
export function daysIn({ since, until }: Period, nowMs: number, zone: string): number | null {
  if (since === null) return null;
  const end = until ?? addDays(dateAt(nowMs, zone), 1);
  return Math.max(1, daysBetween(since, end));
}

/**
 * As many days before. A period that goes on until now is compared up to the same time of day, so that a morning is
 * held against a morning; cut to the minute, so that the question stays the same for that long.
 */
export function periodBefore(period: Period, nowMs: number, zone: string): Period | null {
  const days = daysIn(period, nowMs, zone);
  if (days === null || period.since === null) return null;
  const since = addDays(period.since, -days);
  if (period.until !== null) return { since, until: period.since };
  const today = dateAt(nowMs, zone);
  if (period.since > today) return { since, until: period.since };
  const minutes = Math.floor((localMs(nowMs, zone) % DAY_MS) / 60_000);
  return { since, until: rfc3339(momentOf(addDays(today, -days), minutes * 60_000, zone), zone) };
}

/** The last date that a period touches; null where that is today. */
export function lastDateOf({ until }: Period): string | null {
  if (until === null) return null;
  return until.length === 10 ? addDays(until, -1) : until.slice(0, 10);
}
