/**
 * Three strips with one time axis and one cursor, drawn by uPlot. Not one chart with two axes: where the lines of
 * different units cross is an accident of their scales, and reads like a finding.
 */
import uPlot from 'uplot';
import { SERIES, type Series, type TimelineSeries } from './timeline-series.js';
import { valueAxis } from './value-axis.js';

export interface ChartFormats {
  /** Below the axis; `previous` is the mark to its left, so that a date is written only where it changes. */
  time(startSeconds: number, previousSeconds: number | null): string;
  value(series: Series, value: number): string;
}

export interface TimeSeriesChart {
  show(series: TimelineSeries, formats: ChartFormats): void;
  /** Colours are read from the style sheet, so they are read again when the theme changes. */
  redraw(): void;
  moveCursor(steps: number): void;
  clearCursor(): void;
}

interface Strip {
  readonly name: Series;
  readonly plot: uPlot;
}

const STRIP_HEIGHT = 104;
const TIME_AXIS_HEIGHT = 26;
const VALUE_AXIS_WIDTH = 52;
/** Half a label stands out beyond the last mark. */
const RIGHT_MARGIN = 26;
const TIME_LABEL_WIDTH = 72;
/** The period before is drawn first, so that it lies below. */
const BEFORE = 1;
/** Up to so many points each one is marked. */
const MARKED_POINTS = 45;

export function createTimeSeriesChart(
  containers: Readonly<Record<Series, HTMLElement>>,
  onCursor: (index: number | null) => void,
): TimeSeriesChart {
  let shown: TimelineSeries | null = null;
  let formats: ChartFormats | null = null;
  const last = SERIES.at(-1);

  const strips: readonly Strip[] = SERIES.map((name) => {
    const options = optionsOf(name, containers[name].clientWidth);
    return { name, plot: new uPlot(options, [[], [], []], containers[name]) };
  });

  function optionsOf(name: Series, width: number): uPlot.Options {
    const isLast = name === last;
    const line = (): string => style(`--${name}`);
    return {
      width: Math.max(width, 100),
      height: STRIP_HEIGHT + (isLast ? TIME_AXIS_HEIGHT : 0),
      padding: [8, RIGHT_MARGIN, isLast ? 0 : 8, 0],
      legend: { show: false },
      cursor: {
        y: false,
        // The line stands on a point, since that is what the readouts tell of.
        move: (plot, left, top) => (left < 0 ? [left, top] : [nearestPoint(plot, left), top]),
        drag: { x: false, y: false, setScale: false },
        sync: { key: 'timeline', setSeries: false },
        points: {
          size: 10,
          width: 2,
          stroke: () => style('--surface'),
          fill: (_plot, index) => (index === BEFORE ? style('--before') : line()),
        },
      },
      scales: { x: { time: false, range: timeRange }, y: { range: (_plot, _min, _max) => rangeOf(name) } },
      axes: [
        {
          show: isLast,
          size: TIME_AXIS_HEIGHT,
          font: font(),
          stroke: () => style('--muted'),
          grid: { show: false },
          ticks: { show: true, size: 4, width: 1, stroke: () => style('--line-strong') },
          splits: (plot) => timeSplits(plot),
          values: (_plot, splits) =>
            splits.map((at, index) => formats?.time(at, splits[index - 1] ?? null) ?? ''),
          gap: 6,
        },
        {
          size: VALUE_AXIS_WIDTH,
          font: font(),
          stroke: () => style('--muted'),
          grid: { stroke: () => style('--line'), width: 1 },
          ticks: { show: false },
          gap: 8,
          splits: () => [...axisOf(name).ticks],
          values: (_plot, splits) => splits.map((value) => formats?.value(name, value) ?? ''),
        },
      ],
      series: [
        {},
        {
          stroke: () => style('--before'),
          width: 1.5,
          dash: [4, 4],
          points: { show: false },
        },
        {
          stroke: line,
          width: 2,
          fill: () => style(`--${name}-soft`),
          points: {
            show: () => (shown?.starts.length ?? 0) <= MARKED_POINTS,
            size: 5,
            fill: line,
            stroke: line,
          },
        },
      ],
      hooks: {
        setCursor: [
          (plot) => {
            if (isLast) onCursor(plot.cursor.idx ?? null);
          },
        ],
      },
    };
  }

  function axisOf(name: Series): ReturnType<typeof valueAxis> {
    const values = [...(shown?.values[name] ?? []), ...(shown?.before?.[name] ?? [])].filter(
      (value) => value !== null,
    );
    // Not Math.max(...values): thousands of points would be thousands of arguments.
    const low = values.reduce((least, value) => Math.min(least, value), 0);
    const high = values.reduce((most, value) => Math.max(most, value), 0);
    return valueAxis(low, high, name === 'revenue' ? 0.01 : 1);
  }

  function rangeOf(name: Series): uPlot.Range.MinMax {
    const { min, max } = axisOf(name);
    return [min, max];
  }

  function timeRange(): uPlot.Range.MinMax {
    const starts = shown?.starts ?? [];
    const first = starts[0] ?? 0;
    const end = starts.at(-1) ?? 1;
    // A lone point stands in the middle.
    return first === end ? [first - 1, end + 1] : [first, end];
  }

  /** Marks stand on buckets, evenly, as many as fit; hours on hours that divide a day. */
  function timeSplits(plot: uPlot): number[] {
    const starts = shown?.starts ?? [];
    const room = Math.max(2, Math.floor(plot.over.clientWidth / TIME_LABEL_WIDTH));
    const fitting = Math.ceil(starts.length / room);
    const steps = shown?.interval === 'hour' ? [1, 2, 3, 4, 6, 8, 12, 24] : [1, 2, 3, 7, 14, 28];
    const step = steps.find((candidate) => candidate >= fitting) ?? fitting;
    return starts.filter((_, index) => index % step === 0);
  }

  function refit(): void {
    for (const { name, plot } of strips) {
      const width = containers[name].clientWidth;
      if (width > 0 && width !== plot.width) plot.setSize({ width, height: plot.height });
    }
  }

  const observer = new ResizeObserver(refit);
  observer.observe(containers.revenue);

  function cursorTo(index: number): void {
    for (const { plot } of strips) {
      plot.setCursor({ left: plot.valToPos(shown?.starts[index] ?? 0, 'x'), top: 10 });
    }
  }

  return {
    show(series, given) {
      shown = series;
      formats = given;
      const none = series.starts.map(() => null);
      for (const { name, plot } of strips) {
        plot.setData([[...series.starts], [...(series.before?.[name] ?? none)], [...series.values[name]]]);
      }
    },
    redraw() {
      for (const { plot } of strips) plot.redraw(false, true);
    },
    moveCursor(steps) {
      const count = shown?.starts.length ?? 0;
      if (count === 0) return;
      const at = strips[0]?.plot.cursor.idx ?? (steps > 0 ? -1 : count);
      cursorTo(Math.min(count - 1, Math.max(0, at + steps)));
    },
    clearCursor() {
      for (const { plot } of strips) plot.setCursor({ left: -10, top: -10 });
    },
  };
}

function nearestPoint(plot: uPlot, left: number): number {
  const start = plot.data[0][plot.posToIdx(left)];
  return start === undefined ? left : plot.valToPos(start, 'x');
}

function style(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}

function font(): string {
  return `12px ${getComputedStyle(document.body).fontFamily}`;
}
