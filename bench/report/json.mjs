/** Everything measured, for programs: seconds of every run, and every figure that the tables show. */
import { verdict } from '../bars.mjs';

export function renderJson({ rows, ...head }) {
  const body = {
    schema: 'mapipe.bench/1',
    ...head,
    rows: rows.map(({ bar, value, ...row }) => ({
      ...row,
      bar: bar && { bar: bar.bar, aim: bar.aim, measured: value, verdict: verdict(bar, value) },
    })),
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}
