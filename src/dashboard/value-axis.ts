/** A value axis of two or three round steps, from zero (or from below it where there were more refunds than sales). */

export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

const MAX_STEPS = 3;

/** `smallestStep` is 1 for counts: half a click is no mark on an axis. */
export function valueAxis(lowest: number, highest: number, smallestStep: number): ValueAxis {
  const low = Math.min(0, lowest);
  const high = Math.max(0, highest);
  const span = high - low || smallestStep * 2;
  const step = Math.max(smallestStep, roundStep(span / MAX_STEPS));
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { min: first * step, max: last * step, ticks };
}

/** The next 1, 2 or 5 times a power of ten. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = raw / power;
  return (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10) * power;
}
