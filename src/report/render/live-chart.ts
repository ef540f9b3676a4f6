/** The chart of a live screen: events a second over the last minutes, in steps that fit its width. */
import type { LiveFigures } from '../live-figures.js';
import { HISTORY_SECONDS } from '../rate-meter.js';
import { renderLineChart, type ChartPoint } from './line-chart.js';
import type { LiveView } from './live-view.js';
import { formatCompact } from './number-format.js';
import { truncateToWidth } from './text-width.js';
import { hourLabel } from './time-format.js';

/** The title and the time axis. */
const FRAME_LINES = 3;
const LEAST_PLOT_LINES = 5;
const MAX_PLOT_LINES = 11;
/** Room for a label such as `12.5K` and the axis. */
const AXIS_COLUMNS = 8;
/** Each a part of a minute. */
const STEP_SECONDS = [2, 5, 10, 15, 30, 60];

/** Empty without the room, and until a step is over. */
export function liveChart({ seconds }: LiveFigures, { width, height, timeZone, style }: LiveView): string[] {
  const plotLines = Math.min(MAX_PLOT_LINES, height - FRAME_LINES);
  const stepSeconds = STEP_SECONDS.find((step) => HISTORY_SECONDS / step <= width - AXIS_COLUMNS);
  if (plotLines < LEAST_PLOT_LINES || stepSeconds === undefined) return [];
  const maxPoints = HISTORY_SECONDS / stepSeconds;
  const chart = renderLineChart({
    points: chartPoints(seconds, stepSeconds, timeZone).slice(-maxPoints),
    formatValue: (value) => formatCompact(value, 2),
    width,
    rows: plotLines - 1,
    pointsToCome: maxPoints,
    style,
  });
  if (chart === '') return [];
  const title = truncateToWidth(`Events per second, last ${HISTORY_SECONDS / 60} minutes`, width);
  return [style.heading(title), ...chart.split('\n')];
}

/** Steps begin at whole multiples of their length, so that a peak keeps its form as it moves; the last one is over. */
function chartPoints(
  { startMs, events }: LiveFigures['seconds'],
  stepSeconds: number,
  timeZone: string,
): ChartPoint[] {
  const firstSecond = startMs / 1000;
  const firstStep = Math.floor(firstSecond / stepSeconds);
  const afterLast = Math.floor((firstSecond + events.length) / stepSeconds);
  return Array.from({ length: Math.max(0, afterLast - firstStep) }, (_, index) => {
    const from = (firstStep + index) * stepSeconds;
    const sum = events
      .slice(Math.max(0, from - firstSecond), from + stepSeconds - firstSecond)
      .reduce((total, count) => total + count, 0);
    return { value: sum / stepSeconds, ...tick(from, timeZone) };
  });
}

/** Five minutes outrank one minute, which outranks seconds. */
function tick(epochSeconds: number, timeZone: string): { label: string; rank: number } {
  const minute = hourLabel(BigInt(epochSeconds) * 1_000_000n, timeZone);
  const seconds = epochSeconds % 60;
  return {
    label: seconds === 0 ? minute : `${minute}:${String(seconds).padStart(2, '0')}`,
    rank: [60, 300].filter((length) => epochSeconds % length === 0).length,
  };
}
