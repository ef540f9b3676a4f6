/** The page's heading: which period, of which dates, against which. */
import { dateAt } from './calendar.js';
import { lastDateOf, PRESET_TITLES, type Period, type RangeChoice } from './date-range.js';
import { dateSpan, shortDate } from './format.js';

export interface PeriodHeading {
  readonly title: string;
  readonly dates: string;
}

export interface HeadingContext {
  readonly choice: RangeChoice;
  readonly period: Period;
  readonly before: Period | null;
  /** Of the store's first and last event; null while it is empty. */
  readonly span: { readonly firstMs: number; readonly lastMs: number } | null;
  readonly nowMs: number;
  readonly zone: string;
}

export function periodHeading(context: HeadingContext): PeriodHeading {
  const { choice, period, before, span, nowMs, zone } = context;
  if (!span) return { title: 'Nothing here yet', dates: '' };
  const title = typeof choice === 'string' ? PRESET_TITLES[choice] : dateSpan(choice.from, choice.to);
  const today = dateAt(nowMs, zone);
  const dates =
    period.since !== null
      ? dateSpan(period.since, lastDateOf(period) ?? (period.since > today ? period.since : today))
      : dateSpan(dateAt(span.firstMs, zone), dateAt(span.lastMs, zone));
  const parts = [
    typeof choice === 'string' ? dates : '',
    before ? against(before, dateAt(span.firstMs, zone)) : '',
    zone,
  ];
  return { title, dates: parts.filter((part) => part !== '').join('  ·  ') };
}

/** A period from before the store's first event is no measure, or only part of one: that is said. */
function against(before: Period, firstDate: string): string {
  const since = before.since ?? firstDate;
  const last = lastDateOf(before) ?? since;
  const dates = `against ${dateSpan(since, last)}${cut(before)}`;
  return since < firstDate && firstDate <= last ? `${dates} (events from ${shortDate(firstDate)} on)` : dates;
}

/** `, up to 14:05` where a period ends within a day. */
function cut({ until }: Period): string {
  return until !== null && until.length > 10 ? `, up to ${until.slice(11, 16)}` : '';
}
