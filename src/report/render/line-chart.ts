/** A line chart of one series with both axes labelled, and the adapter of asciichart, which draws the line. */
import asciichart from 'asciichart';
import type { Paint, Style } from './style.js';
import { padToWidth, textWidth } from './text-width.js';
import { renderTimeAxis, type TickedPoint } from './time-axis.js';
import { valueScale } from './value-scale.js';

export interface ChartPoint extends TickedPoint {
  readonly value: number;
}

export interface LineChart {
  readonly points: readonly ChartPoint[];
  readonly formatValue: (value: number) => string;
  /** Whole values only on the y axis: half a click is none. */
  readonly wholeNumbers?: boolean;
  readonly width: number;
  /** Rows of the plot above its lowest; absent: as many as look well. */
  readonly rows?: number;
  /** Points that there is to be room for in the end, where more are to come: a chart that grows keeps its scale. */
  readonly pointsToCome?: number;
  readonly style: Style;
  readonly paint?: Paint;
}

// Beyond this a line of few points looks like a skyline.
const MAX_COLUMNS_PER_POINT = 12;

/** asciichart's own, but with no cross where it takes a row for zero: it counts rows from the wrong end. */
const SYMBOLS = ['┤', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'];

/** Draws the points from left to right; more points than fit are the caller's to sum into steps. Empty without points. */
export function renderLineChart({
  points,
  formatValue,
  wholeNumbers = false,
  width,
  rows: rowsWanted,
  pointsToCome = 0,
  style,
  paint,
}: LineChart): string {
  const scale = valueScale(
    points.map((point) => point.value),
    wholeNumbers,
    rowsWanted,
  );
  const labels = scale.ticks.map((value) => formatValue(value));
  const labelWidth = labels.reduce((widest, label) => Math.max(widest, textWidth(label)), 0);
  // One column goes to the axis, one to the space before it.
  const room = width - labelWidth - 2;
  const mostPoints = Math.max(points.length, pointsToCome);
  if (points.length === 0 || room < mostPoints) return '';
  const columnsPerPoint = Math.min(MAX_COLUMNS_PER_POINT, Math.floor(room / mostPoints));

  const rows = plot(points, columnsPerPoint, scale);
  const drawn = rows.map((row, fromTop) => {
    const tick = (rows.length - 1 - fromTop) / scale.rowsPerTick;
    const label = labels[tick];
    const axis = label === undefined ? '│' : '┤';
    return `${style.dim(`${padToWidth(label ?? '', labelWidth, 'right')} ${axis}`)}${(paint ?? style.accent)(row)}`;
  });
  const axis = renderTimeAxis(points, columnsPerPoint, labelWidth + 2);
  const indent = ' '.repeat(labelWidth + 1);
  return [...drawn, style.dim(`${indent}└${axis.ticks}`), style.dim(axis.labels)].join('\n');
}

/** The rows of the plot alone, from the top. In units of rows, so that asciichart never divides by a range of zero. */
function plot(
  points: readonly ChartPoint[],
  columnsPerPoint: number,
  scale: ReturnType<typeof valueScale>,
): string[] {
  const heights = points.map((point) => (point.value - scale.min) / scale.valuePerRow);
  // One value more than columns, as asciichart draws the way from each value to the next.
  const series = [
    heights[0] ?? 0,
    ...heights.flatMap((height) => Array<number>(columnsPerPoint).fill(height)),
  ];
  const text = asciichart.plot(series, {
    min: 0,
    max: scale.rows,
    height: scale.rows,
    offset: 1,
    format: () => '┤',
    symbols: SYMBOLS,
  });
  return text.split('\n').map((row) => row.slice(1).trimEnd());
}
