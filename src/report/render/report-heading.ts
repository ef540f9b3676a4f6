/** The lines above a report: what it is about, which time it covers, in which zone and currency, narrowed to what. */
import type { Report, ReportFilters } from '../report.js';
import { formatCount } from './number-format.js';
import { rowLabel } from './row-label.js';
import type { Style } from './style.js';
import { truncateToWidth } from './text-width.js';
import { localMoment } from './time-format.js';
import { visible } from './visible.js';
import { wrapParts } from './wrap-parts.js';

export function renderHeading(
  report: Report,
  title: string,
  width: number | undefined,
  style: Style,
): string {
  const parts = [
    period(report),
    visible(report.filters.timeZone),
    visible(report.currency),
    ...filterTexts(report.filters),
  ];
  const shown = width === undefined ? title : truncateToWidth(title, width);
  return [style.heading(shown), ...wrapParts(parts, width).map((line) => style.dim(line))].join('\n');
}

/** `3 campaigns`, or the name of the one that was asked for. */
export function reportTitle(report: Report): string {
  const { campaignId } = report.filters;
  if (campaignId !== null) return `Campaign ${visible(campaignId)}`;
  const { campaigns } = report.totals;
  return campaigns === 1 ? '1 campaign' : `${formatCount(campaigns)} campaigns`;
}

/** What was asked for where a period was asked for, else what there is. */
function period(report: Report): string {
  const { timeZone } = report.filters;
  const asked = filterPeriod(report.filters);
  if (asked !== '') return asked;
  const { firstEventMicros: first, lastEventMicros: last } = report.totals;
  if (first === null || last === null) return 'all time';
  const from = localMoment(first, timeZone);
  const to = localMoment(last, timeZone);
  if (from === to) return from;
  return `${from} to ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
}

/** `source = google`, `product = (none)`: what the report was narrowed to, beside its campaign. */
export function filterTexts({ where }: ReportFilters): string[] {
  return [...where].map(([field, value]) => `${field} = ${rowLabel(field, value)}`);
}

/** `since 2026-06-01 00:00 until 2026-06-08 00:00`; empty where nothing was asked for. */
export function filterPeriod({ sinceMicros, untilMicros, timeZone }: ReportFilters): string {
  return [
    ...(sinceMicros === null ? [] : [`since ${localMoment(sinceMicros, timeZone)}`]),
    ...(untilMicros === null ? [] : [`until ${localMoment(untilMicros, timeZone)}`]),
  ].join(' ');
}
