/** Distinct users of the events in scope, by group: exactly, or by the same sketch that the live totals use. */
import { estimateDistinct, REGISTERS, VALUE_BITS } from '../../aggregate/hyperloglog.js';
import type { DuckdbSession } from './engine.js';

/** Reports on more events than this count users by sketch, unless exactness is asked for. */
export const MAX_EVENTS_FOR_EXACT_USERS = 1_000_000n;

const REGISTER = `(user_id_key >> ${64 - 14})`;
const VALUE = `((user_id_key >> 12) & ${2 ** VALUE_BITS - 1})`;

/** Estimated users by group; `group` is an SQL expression over `scoped` that gives a 64-bit integer. */
export async function estimateUsers(
  session: DuckdbSession,
  group: string,
  where = 'true',
): Promise<ReadonlyMap<bigint, number>> {
  // A register's largest rank is that of its smallest value.
  const rows = await session.rows(
    `SELECT g, CASE smallest WHEN 0 THEN ${VALUE_BITS + 1} ELSE ${VALUE_BITS} - floor(log2(smallest))::INTEGER END AS rank,
            count(*)
     FROM (SELECT ${group} AS g, ${REGISTER} AS register, min(${VALUE}) AS smallest
           FROM scoped WHERE ${where} GROUP BY g, register)
     GROUP BY g, rank`,
  );
  const histograms = new Map<bigint, Uint32Array>();
  for (const [g, rank, count] of rows) {
    const key = BigInt(g ?? 0);
    let histogram = histograms.get(key);
    if (!histogram) {
      histogram = new Uint32Array(VALUE_BITS + 2).fill(REGISTERS, 0, 1);
      histograms.set(key, histogram);
    }
    histogram[Number(rank)] = Number(count);
    histogram[0] = (histogram[0] ?? 0) - Number(count);
  }
  return new Map([...histograms].map(([key, histogram]) => [key, estimateDistinct(histogram)]));
}
