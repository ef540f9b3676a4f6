/** Sums a timeline into steps of a round length in the report's zone, so that a long one fits into a chart. */
import type { Timeline, TimelinePoint } from '../report.js';
import { localMoment } from './time-format.js';

export interface TimelineStep {
  readonly startMicros: bigint;
  /** Hour of the day at the start, in the zone. */
  readonly hour: number;
  readonly clicks: number;
  readonly conversions: number;
  readonly revenueMicros: bigint;
}

export interface SteppedTimeline {
  readonly stepHours: number;
  readonly steps: readonly TimelineStep[];
}

const HOURS_PER_DAY = 24;
// Half days are left out: they would show day and night as a saw.
const STEP_HOURS = [1, 2, 3, 4, 6, 24, 48, 168, 336, 672];
// Within a day the curve goes up and down quickly: a step needs more than one column to be read.
const COLUMNS_PER_SHORT_STEP = 2;
const HOUR_MICROS = 3_600_000_000n;

/**
 * Steps of a round number of hours or days, no more than fit into `columns`. Those shorter than a day start anew at each
 * midnight, whatever the clock does.
 */
export function timelineSteps(timeline: Timeline, timeZone: string, columns: number): SteppedTimeline {
  const stepHours = chooseStepHours(timeline, columns);
  const steps = new Map<number, TimelineStep>();
  let firstDay: number | undefined;
  for (const point of timeline.points) {
    const moment = localMoment(point.startMicros, timeZone);
    const day = Date.parse(moment.slice(0, 10)) / 86_400_000;
    const hour = Number(moment.slice(11, 13));
    firstDay ??= day;
    const hours = (day - firstDay) * HOURS_PER_DAY + hour;
    const step = Math.floor(hours / stepHours);
    steps.set(step, add(steps.get(step), point, hour));
  }
  return {
    stepHours,
    steps: stepHours < HOURS_PER_DAY ? [...steps.values()] : withoutGaps(steps, stepHours),
  };
}

function chooseStepHours({ interval, points }: Timeline, columns: number): number {
  const first = points[0]?.startMicros ?? 0n;
  const last = points.at(-1)?.startMicros ?? first;
  const pointHours = interval === 'hour' ? 1 : HOURS_PER_DAY;
  const spanHours = Number((last - first) / HOUR_MICROS) + pointHours;
  const fits = (stepHours: number) => {
    // One step more than the span holds, as midnight may cut the first and the last short.
    const steps = spanHours / stepHours + (stepHours > pointHours ? 1 : 0);
    return steps * (stepHours < HOURS_PER_DAY ? COLUMNS_PER_SHORT_STEP : 1) <= columns;
  };
  const found = STEP_HOURS.find((stepHours) => stepHours >= pointHours && fits(stepHours));
  if (found !== undefined) return found;
  let stepHours = STEP_HOURS.at(-1) ?? HOURS_PER_DAY;
  while (!fits(stepHours) && stepHours < spanHours) stepHours *= 2;
  return stepHours;
}

function add(step: TimelineStep | undefined, point: TimelinePoint, hour: number): TimelineStep {
  return {
    startMicros: step?.startMicros ?? point.startMicros,
    hour: step?.hour ?? hour,
    clicks: (step?.clicks ?? 0) + point.clicks,
    conversions: (step?.conversions ?? 0) + point.conversions,
    revenueMicros: (step?.revenueMicros ?? 0n) + point.revenueMicros,
  };
}

/** A timeline too long to be filled may leave days out; a chart's time runs evenly. */
function withoutGaps(steps: ReadonlyMap<number, TimelineStep>, stepHours: number): TimelineStep[] {
  const filled: TimelineStep[] = [];
  let previous = -1;
  for (const [index, step] of steps) {
    const before = filled.at(-1);
    for (let missing = previous + 1; before && missing < index; missing++) {
      const startMicros = before.startMicros + BigInt((missing - previous) * stepHours) * HOUR_MICROS;
      filled.push({ startMicros, hour: 0, clicks: 0, conversions: 0, revenueMicros: 0n });
    }
    filled.push(step);
    previous = index;
  }
  return filled;
}
