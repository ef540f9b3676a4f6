/** Distinct users of the events in scope, in total and by group. */
import type { DuckdbSession } from './engine.js';
import { apart, groupBy, groupColumns, groupedEvents, type Grouping } from './grouping.js';
import { estimateUsers } from './user-estimate.js';

/** Reports on more events than this count users by sketch, unless exactness is asked for. */
export const MAX_EVENTS_FOR_EXACT_USERS = 1_000_000n;

export interface UserCounts {
  readonly total: number;
  /** By column and group. */
  readonly groups: ReadonlyMap<string, ReadonlyMap<bigint, number>>;
}

/** By each column of the groupings, which have been tallied. */
export async function countUsers(
  session: DuckdbSession,
  groupings: readonly Grouping[],
  exactly: boolean,
): Promise<UserCounts> {
  if (!exactly) return estimateUsers(session, groupings);
  const [row] = await session.rows(`SELECT count(DISTINCT user_id_key) FROM scoped`);
  const groups = new Map<string, ReadonlyMap<bigint, number>>();
  for (const grouping of groupings.flatMap(apart)) {
    const rows = await session.rows(
      `SELECT ${[...groupColumns([grouping]), 'count(DISTINCT user_id_key)'].join(', ')}
       FROM ${groupedEvents([grouping])} ${groupBy([grouping])}`,
    );
    const counts = new Map(rows.map(([group, count]) => [BigInt(group ?? 0), Number(count)]));
    for (const { name } of grouping.columns) groups.set(name, counts);
  }
  return { total: Number(row?.[0]), groups };
}
