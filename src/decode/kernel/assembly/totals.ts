/**
 * The totals of all rows so far, as `src/aggregate/` keeps them, for runs that need no row again: here they are set up,
 * cleared, and brought to where the host can read them, which turns them into an aggregator's snapshot.
 */
import { clearArena, createArena } from './arena';
import { beginBuckets, clearBuckets, createBuckets, settleBuckets } from './buckets';
import * as combinations from './combinations';
import * as groups from './groups';
import { clearMoney, createMoney, mergeMoney } from './money';
import { AD, GROUP_BYTES, NONE, PRODUCT, SOURCE, TABLES } from './summary';
import { MAX_ROOM_A_GROUP, listUsers } from './users';

let isCreated = false;

export function createSummary(residents: u32, campaignResidents: u32): void {
  groups.createGroups(residents, campaignResidents);
  combinations.createCombinations();
  createMoney();
  createBuckets();
  createArena((groups.groupCount + combinations.MAX_COMBINATIONS) * MAX_ROOM_A_GROUP);
  isCreated = true;
  begin();
}

function begin(): void {
  groups.beginGroups();
  combinations.beginCombinations();
  beginBuckets();
}

/** Begins anew with nothing counted. Only what has been used is cleared: what has not would but take up memory. */
export function clearSummary(): void {
  clearBuckets();
  clearMoney();
  // Behind those that ask which groups were used.
  groups.clearGroups();
  clearArena();
  begin();
}

/** After the dictionaries have given their texts new codes. */
export function renumber(): void {
  if (!isCreated) return;
  groups.renumberGroups();
  combinations.renumberCombinations();
}

/** Brings all groups to where they can be read: what was counted once is spread, and users are once in a list each. */
export function settle(): void {
  settleBuckets();
  for (let i: u32 = 0; i < groups.groupsUsed(PRODUCT); i++) {
    const product = groups.groupsStart(PRODUCT) + i * GROUP_BYTES;
    groups.mergeCounts(groups.takings, product);
    mergeMoney(groups.takings, product);
  }
  for (let table = SOURCE; table <= AD; table++) {
    const none = groups.groupsStart(table) + NONE * GROUP_BYTES;
    mergeAll(none, groups.takings);
    combinations.spreadCombinations(table);
  }
  // Sums over all rows follow from the campaigns: every row has one or is of the group of those that have none.
  for (let i: u32 = 0; i < groups.groupsUsed(0); i++) mergeAll(groups.totals, groups.groupsStart(0) + i * GROUP_BYTES);
  for (let table: u32 = 0; table <= TABLES; table++) {
    for (let i: u32 = 0; i < groups.groupsUsed(table); i++) listUsers(groups.groupsStart(table) + i * GROUP_BYTES);
  }
}

function mergeAll(to: usize, from: usize): void {
  groups.mergeGroup(to, from);
  mergeMoney(to, from);
}
