/** Users by sketch, as the engine works them out, against the same sketch made of each key by itself. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRandom } from '../../scripts/random.mjs';
import {
  estimateDistinct,
  rankOf,
  REGISTERS,
  registerOf,
  sketchKeys,
} from '../../src/aggregate/hyperloglog.js';
import { textKey } from '../../src/event/hash.js';
import type { Event } from '../../src/event/event.js';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import { DuckdbSession } from '../../src/store/duckdb/engine.js';
import { columnName, groupingsOf } from '../../src/store/duckdb/grouping.js';
import { createScope, scopeOf } from '../../src/store/duckdb/report-scope.js';
import { createTally } from '../../src/store/duckdb/tally.js';
import { estimateUsers } from '../../src/store/duckdb/user-estimate.js';
import { temporaryFolder } from '../support/cli.js';
import { click, segmentOf } from '../support/events.js';

/** By group the users that it has, one after the other and some of them again. */
function estimates(users: ReadonlyMap<string, readonly string[]>): Map<bigint, number> {
  const ofGroups = [...users].map(([group, ids]): [bigint, number] => {
    const ranks = new Uint8Array(REGISTERS);
    for (const key of sketchKeys(BigUint64Array.from(ids, textKey))) {
      ranks[registerOf(key)] = Math.max(ranks[registerOf(key)] ?? 0, rankOf(key));
    }
    const histogram = new Uint32Array(64);
    for (const rank of ranks) histogram[rank] = (histogram[rank] ?? 0) + 1;
    return [textKey(group), estimateDistinct(histogram)];
  });
  return new Map(ofGroups);
}

it.each([
  { what: 'few groups', campaigns: 40 },
  { what: 'more groups than are sketched at once', campaigns: 700 },
])('users of $what', async ({ campaigns }) => {
  const random = createRandom(campaigns);
  const users = new Map<string, string[]>();
  const events: Event[] = [];
  for (let i = 0; i < 40_000; i++) {
    // The first campaigns get most of it.
    const campaign = `c${Math.floor(campaigns * random.fraction() ** 6)}`;
    const user = `u${random.integer(1, 9_000)}`;
    const known = users.get(campaign);
    if (known) known.push(user);
    else users.set(campaign, [user]);
    events.push(click(user, campaign, '2026-06-01T10:00:00Z'));
  }
  const path = join(temporaryFolder(), 's.duckdb');
  const store = new DuckdbStore(path);
  await store.commit([segmentOf(events)]);
  await store.close();

  const session = await DuckdbSession.open(path, { readOnly: true, memoryMiB: 512, threads: 2 });
  const everything = { sinceMicros: null, untilMicros: null, campaignId: null, where: new Map() };
  await createScope(session, scopeOf(everything, false));
  const groupings = groupingsOf(['campaign'], { timeZone: 'UTC', firstMicros: 0n, lastMicros: 1n });
  await createTally(session, groupings);
  const { groups } = await estimateUsers(session, groupings);
  session.close();
  expect(new Map(groups.get(columnName('campaign')))).toEqual(estimates(users));
});
