/** A trend in one line of text: `▁▂▃▅▇█`. */

const LEVELS = '▁▂▃▄▅▆▇█';

/** One bar per value, from zero to the largest; more values than `width` are summed into `width` equal steps. */
export function spark(values: readonly number[], width: number): string {
  const steps = values.length > width ? sumIntoSteps(values, width) : values;
  const max = steps.reduce((largest, value) => Math.max(largest, value), 0);
  return steps
    .map((value) => LEVELS[max > 0 && value > 0 ? Math.round((value / max) * (LEVELS.length - 1)) : 0])
    .join('');
}

/** A value on the edge of two steps is shared between them: whole values in steps of unequal length would look like waves. */
function sumIntoSteps(values: readonly number[], steps: number): number[] {
  const sums = Array.from({ length: Math.max(0, Math.floor(steps)) }, () => 0);
  for (const [index, value] of values.entries()) {
    const from = (index * sums.length) / values.length;
    const to = ((index + 1) * sums.length) / values.length;
    for (let step = Math.floor(from); step < Math.min(to, sums.length); step++) {
      const share = (Math.min(to, step + 1) - Math.max(from, step)) / (to - from);
      sums[step] = (sums[step] ?? 0) + value * share;
    }
  }
  return sums;
}
