/** Round numbers for the y axis of a chart: from zero (or below, for a loss) to the largest value, in 1, 2, 2.5 or 5 × 10ⁿ. */

export interface ValueScale {
  readonly min: number;
  /** The labelled values, from the lowest. */
  readonly ticks: readonly number[];
  readonly rowsPerTick: number;
  readonly valuePerRow: number;
  /** Rows from the lowest to the highest tick, at least one. */
  readonly rows: number;
}

const MAX_TICKS = 5;
const ROWS_WANTED = 10;
const LEAST_ROWS_PER_TICK = 2;

/** About `rowsWanted` rows, and no more of them where nothing is below zero. */
export function valueScale(
  values: readonly number[],
  wholeNumbers: boolean,
  rowsWanted = ROWS_WANTED,
): ValueScale {
  const highest = values.reduce((max, value) => Math.max(max, value), 0);
  const lowest = values.reduce((min, value) => Math.min(min, value), 0);
  const ticks = Math.max(1, Math.min(MAX_TICKS, Math.floor(rowsWanted / LEAST_ROWS_PER_TICK)));
  const step = roundStep((highest - lowest) / ticks, wholeNumbers);
  const from = Math.floor(lowest / step);
  // At least one step: a flat series at zero needs a scale too.
  const to = Math.max(Math.ceil(highest / step), from + 1);
  const rowsPerTick = Math.max(LEAST_ROWS_PER_TICK, Math.floor(rowsWanted / (to - from)));
  return {
    min: from * step,
    ticks: Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step),
    rowsPerTick,
    valuePerRow: step / rowsPerTick,
    rows: (to - from) * rowsPerTick,
  };
}

/** The smallest round step of at least `atLeast`. */
function roundStep(atLeast: number, wholeNumbers: boolean): number {
  if (atLeast <= 0) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(atLeast));
  const rounded = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude);
  const fits = (step: number) => step >= atLeast && (!wholeNumbers || Number.isInteger(step));
  return rounded.find(fits) ?? Math.max(1, 10 * magnitude);
}
