/** Distinct users by the sketch of `hyperloglog.ts`, worked out by the engine from the same bits of the same keys. */
import { estimateDistinct, REGISTERS, VALUE_BITS } from '../../aggregate/hyperloglog.js';
import type { DuckdbSession } from './engine.js';
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
  // A register's largest rank is that of its smallest value.
  const rows = await session.rows(
    `SELECT g, CASE smallest WHEN 0 THEN ${VALUE_BITS + 1} ELSE ${VALUE_BITS} - floor(log2(smallest))::INTEGER END AS rank,
            count(*)
     FROM (SELECT ${groupColumns([grouping]).join(', ')}, register, min(low_bits >> 12) AS smallest
           FROM (SELECT *, ${SKETCHED} FROM ${groupedEvents([grouping])}) ${groupBy([grouping], 'register')}) AS r(g)
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
