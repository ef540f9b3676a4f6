/** The time axis of a chart: ticks at moments that mean something to people, as many as have room for their labels. */
import { textWidth } from './text-width.js';

export interface TickedPoint {
  /** What an axis would say at the point's start. */
  readonly label: string;
  /** How good a place for a tick it is: a midnight outranks 06:00. */
  readonly rank: number;
}

interface Tick {
  readonly column: number;
  readonly label: string;
}

// Between two labels, so that they do not read as one.
const LABEL_GAP = 2;
const STRIDES = [1, 2, 3, 4, 5, 7, 14, 28];

/**
 * Two lines: the axis with its ticks, as wide as the plot, and the labels beneath, each centred on its tick. The line of
 * labels starts `lead` columns before the plot, so that the first label can be centred too.
 */
export function renderTimeAxis(
  points: readonly TickedPoint[],
  columnsPerPoint: number,
  lead: number,
): { ticks: string; labels: string } {
  const width = points.length * columnsPerPoint;
  const axis = Array<string>(width).fill('─');
  let labels = '';
  for (const tick of chooseTicks(points, columnsPerPoint, lead)) {
    axis[tick.column] = '┬';
    labels = labels.padEnd(lead + labelStart(tick, width, lead)) + tick.label;
  }
  return { ticks: axis.join(''), labels };
}

/** The most ticks whose labels do not collide: by rank first, then every second, third … of the highest rank. */
function chooseTicks(points: readonly TickedPoint[], columnsPerPoint: number, lead: number): Tick[] {
  const ticks = points.map(({ label, rank }, index) => ({ label, rank, column: index * columnsPerPoint }));
  const width = points.length * columnsPerPoint;
  const ranks = [...new Set(points.map((point) => point.rank))].sort((a, b) => a - b);
  for (const rank of ranks) {
    const chosen = ticks.filter((tick) => tick.rank >= rank);
    if (fits(chosen, width, lead)) return chosen;
  }
  const best = ticks.filter((tick) => tick.rank === ranks.at(-1));
  for (const stride of [...STRIDES, ...STRIDES.map((factor) => factor * 56)]) {
    const chosen = best.filter((_, index) => index % stride === 0);
    if (fits(chosen, width, lead)) return chosen;
  }
  return [];
}

function fits(ticks: readonly Tick[], width: number, lead: number): boolean {
  let free = -lead;
  for (const tick of ticks) {
    const start = labelStart(tick, width, lead);
    if (start < free) return false;
    free = start + textWidth(tick.label) + LABEL_GAP;
  }
  return free - LABEL_GAP <= width;
}

function labelStart({ column, label }: Tick, width: number, lead: number): number {
  const labelWidth = textWidth(label);
  return Math.max(-lead, Math.min(column - Math.floor(labelWidth / 2), width - labelWidth));
}
