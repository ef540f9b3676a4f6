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
const STEP_HOURS = [1, 2, 3, 4, 6, 12, 24, 48, 168, 336, 672];
const HOUR_MICROS = 3_600_000_000n;

/** At most `maxSteps` steps, each a round number of hours or days; steps within a day start at midnight, whatever the clock does. */
export function timelineSteps(timeline: Timeline, timeZone: string, maxSteps: number): SteppedTimeline {
  const stepHours = chooseStepHours(timeline, maxSteps);
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

function chooseStepHours({ interval, points }: Timeline, maxSteps: number): number {
  const first = points[0]?.startMicros ?? 0n;
  const last = points.at(-1)?.startMicros ?? first;
  const pointHours = interval === 'hour' ? 1 : HOURS_PER_DAY;
  const spanHours = Number((last - first) / HOUR_MICROS) + pointHours;
  // One step more than the span holds, as the first and the last may be cut short by midnight.
  const fits = (stepHours: number) => spanHours / stepHours + (stepHours > pointHours ? 1 : 0) <= maxSteps;
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
