/** The chart of a report over time: its revenue, or its clicks where nothing was earned. */
import type { Report } from '../report.js';
import { renderLineChart, type ChartPoint } from './line-chart.js';
import { formatMoneyCompact, unitsToDraw } from './money-format.js';
import { formatCompact } from './number-format.js';
import type { Style } from './style.js';
import { truncateToWidth } from './text-width.js';
import { dayLabel, hourLabel, localDate } from './time-format.js';
import { timelineSteps, type SteppedTimeline, type TimelineStep } from './timeline-steps.js';

// Room for a label such as `-$12.5K` and the axis.
const AXIS_COLUMNS = 12;
const MIN_COLUMNS = 8;
const LONG_SPAN_HOURS = 366 * 24;

/** With its heading; empty where there is no timeline or only one moment in it. */
export function renderTimelineChart(report: Report, width: number, style: Style): string {
  if (!report.timeline) return '';
  const { timeZone } = report.filters;
  const stepped = timelineSteps(report.timeline, timeZone, Math.max(MIN_COLUMNS, width - AXIS_COLUMNS));
  if (stepped.steps.length < 2) return '';
  const earned = stepped.steps.some((step) => step.revenueMicros !== 0n);
  if (!earned && stepped.steps.every((step) => step.clicks === 0)) return '';
  const label = labeller(stepped, timeZone);
  const points = stepped.steps.map((step): ChartPoint => ({
    value: earned ? unitsToDraw(step.revenueMicros) : step.clicks,
    label: label(step),
    rank: stepped.stepHours < 24 ? hourRank(step.hour) : 0,
  }));
  const chart = renderLineChart({
    points,
    formatValue: earned
      ? (value) => formatMoneyCompact(value, report.currency)
      : (value) => formatCompact(value, 2),
    wholeNumbers: !earned,
    width,
    style,
  });
  if (chart === '') return '';
  const title = `${earned ? 'Revenue' : 'Clicks'} ${stepName(stepped.stepHours)}`;
  return `${style.heading(truncateToWidth(title, width))}\n${chart}`;
}

function labeller({ steps, stepHours }: SteppedTimeline, timeZone: string): (step: TimelineStep) => string {
  if (steps.length * stepHours > LONG_SPAN_HOURS) return (step) => localDate(step.startMicros, timeZone);
  return ({ startMicros, hour }) =>
    stepHours >= 24 || hour === 0 ? dayLabel(startMicros, timeZone) : hourLabel(startMicros, timeZone);
}

/** Midnight, noon, then quarters and eighths of a day. */
function hourRank(hour: number): number {
  return [24, 12, 6, 3].filter((hours) => hour % hours === 0).length;
}

function stepName(stepHours: number): string {
  if (stepHours === 1) return 'per hour';
  if (stepHours < 24) return `per ${stepHours} hours`;
  const days = stepHours / 24;
  if (days === 1) return 'per day';
  if (days === 7) return 'per week';
  return days % 7 === 0 ? `per ${days / 7} weeks` : `per ${days} days`;
}
