/** Distinct users by the sketch of `hyperloglog.ts`, worked out by the engine from the same bits of the same keys. */
import { estimateOf, REGISTERS } from '../../aggregate/hyperloglog.js';
import { unsignedAt } from '../../event/key-words.js';
import type { DuckdbSession, Words } from './engine.js';
import { apart, groupBy, groupColumns, groupedEvents, type Grouping } from './grouping.js';
import type { UserCounts } from './user-count.js';
import { SKETCH, SKETCHED, UserSketch } from './user-sketch.js';

/** One pass over the events makes so many sketches at most: each takes 80 KB in each of the engine's threads. */
const MAX_SKETCHES = 512;
const CAMPAIGN = 'campaign_id_key';
const OF_ALL: Grouping = { columns: [], withClicks: true };

/** By each column of the groupings, which have been tallied: how many groups there are decides on the way. */
export async function estimateUsers(
  session: DuckdbSession,
  groupings: readonly Grouping[],
): Promise<UserCounts> {
  const { passes, searched } = await planOf(session, groupings);
  const total = new UserSketch();
  const sketches = new Map<string, Map<bigint, UserSketch>>();
  for (const pass of passes) {
    for (const { groups, bytes } of await readSketches(session, pass.groupings)) {
      if (groups.length === 0) total.add(bytes);
      for (const { column, group } of groups) sketchOf(sketches, column, group).add(bytes);
    }
  }
  // Every event is in the group of one campaign or of none.
  for (const sketch of sketches.get(CAMPAIGN)?.values() ?? []) total.merge(sketch);
  const counts = new Map<string, ReadonlyMap<bigint, number>>();
  for (const [column, ofColumn] of sketches) {
    counts.set(column, new Map([...ofColumn].map(([group, sketch]) => [group, sketch.estimate()])));
  }
  for (const grouping of searched) {
    for (const { name } of grouping.columns) counts.set(name, await searchRegisters(session, grouping));
  }
  return { total: total.estimate(), groups: counts };
}

interface Pass {
  readonly groupings: readonly Grouping[];
  readonly size: number;
}

/** Which groupings are sketched bit by bit, those of a pass together; `searched` have one column and too many groups. */
async function planOf(
  session: DuckdbSession,
  groupings: readonly Grouping[],
): Promise<{ passes: readonly Pass[]; searched: readonly Grouping[] }> {
  const whole = await sizesOf(session, groupings);
  const parts = await sizesOf(
    session,
    whole.flatMap(({ grouping, size }) => (size > MAX_SKETCHES ? apart(grouping) : [])),
  );
  const passes: Pass[] = [];
  for (const { grouping, size } of [...whole, ...parts]) {
    if (size > MAX_SKETCHES) continue;
    const pass = passes.find(
      (one) =>
        one.size + size <= MAX_SKETCHES &&
        one.groupings.every(({ withClicks }) => withClicks === grouping.withClicks),
    );
    if (pass) passes.splice(passes.indexOf(pass), 1);
    passes.push({ groupings: [...(pass?.groupings ?? []), grouping], size: (pass?.size ?? 0) + size });
  }
  const ofCampaigns = passes.some((pass) =>
    pass.groupings.some(({ columns }) => columns.some(({ name }) => name === CAMPAIGN)),
  );
  return {
    passes: ofCampaigns ? passes : [...passes, { groupings: [OF_ALL], size: 1 }],
    searched: parts.filter(({ size }) => size > MAX_SKETCHES).map(({ grouping }) => grouping),
  };
}

/** How many groups each of them has. */
async function sizesOf(
  session: DuckdbSession,
  groupings: readonly Grouping[],
): Promise<{ grouping: Grouping; size: number }[]> {
  if (groupings.length === 0) return [];
  const counts = groupings.map(({ columns }) => {
    const names = columns.map(({ name }) => name);
    return `(SELECT count(*) FROM (SELECT DISTINCT ${names.join(', ')} FROM tallied WHERE ${names[0] ?? ''} IS NOT NULL))`;
  });
  const [row] = await session.rows(`SELECT ${counts.join(', ')}`);
  return groupings.map((grouping, i) => ({ grouping, size: Number(row?.[i]) }));
}

interface SketchedGroup {
  /** What the group is one of. */
  readonly groups: readonly { readonly column: string; readonly group: bigint }[];
  readonly bytes: Uint8Array;
}

async function readSketches(
  session: DuckdbSession,
  groupings: readonly Grouping[],
): Promise<SketchedGroup[]> {
  const columns = groupings.flatMap((grouping) => grouping.columns);
  const rows = await session.rowsWithBytes(
    `SELECT ${[...groupColumns(groupings), SKETCH].join(', ')}
     FROM (SELECT *, ${SKETCHED} FROM ${groupedEvents(groupings)}) ${groupBy(groupings)}`,
  );
  return rows.map(({ cells, bytes }) => ({
    bytes,
    groups: columns.flatMap(({ name }, i) => {
      const cell = cells[i] ?? null;
      return cell === null ? [] : [{ column: name, group: BigInt(cell) }];
    }),
  }));
}

function sketchOf(sketches: Map<string, Map<bigint, UserSketch>>, column: string, group: bigint): UserSketch {
  const ofColumn = sketches.get(column) ?? new Map<bigint, UserSketch>();
  sketches.set(column, ofColumn);
  const sketch = ofColumn.get(group) ?? new UserSketch();
  ofColumn.set(group, sketch);
  return sketch;
}

/** Register by register, which takes longer, but no room for those that a group does not have. */
async function searchRegisters(
  session: DuckdbSession,
  grouping: Grouping,
): Promise<ReadonlyMap<bigint, number>> {
  const estimates = new Map<bigint, number>();
  const isKey = grouping.columns.every((column) => column.isKey);
  const visit = ([groups, ...sums]: readonly Words[], rows: number): void => {
    for (let row = 0; row < rows; row++) {
      const group = groups ? unsignedAt(groups, row) : 0n;
      const [met = 0, full = 0, weight = 0] = sums.map((words) => Number(unsignedAt(words, row)));
      const estimate = estimateOf({ empty: REGISTERS - met, full, weight });
      estimates.set(isKey ? group : BigInt.asIntN(64, group), estimate);
    }
  };
  // A register's largest rank is that of its smallest value; where that is 0, it is the largest of all.
  await session.forEachChunk(
    `SELECT g, count(*), count(*) FILTER (smallest = 0),
            coalesce(sum(1::BIGINT << floor(log2(smallest))::INTEGER) FILTER (smallest > 0), 0)::BIGINT
     FROM (SELECT ${groupColumns([grouping]).join(', ')}, register, min(low_bits >> 12) AS smallest
           FROM (SELECT *, ${SKETCHED} FROM ${groupedEvents([grouping])}) ${groupBy([grouping], 'register')}) AS r(g)
     GROUP BY g`,
    visit,
  );
  return estimates;
}
