/**
 * Combinations of source, medium and ad. There are few of them as a rule, so that a click is counted once for all three
 * tables; what there is no more room for is counted in each. They are groups, too, but without money.
 */
import * as dictionaries from './dictionary';
import { allocateGroups, beginGroup, fieldOf, groupsStart, indexOf, mergeGroup, takings } from './groups';
import { AD, CODE, GROUP_BYTES, OTHERS, SOURCE } from './summary';

export const MAX_COMBINATIONS: u32 = 1024;
const COMBINATION_SLOTS: u32 = 2048;
let combinations: usize = 0;
let combinationCount: u32 = 0;
/** Of each: the places of its three groups in their tables, as u16. */
const MEMBER_BYTES: u32 = 8;
const membersOf: usize = heap.alloc(MAX_COMBINATIONS * MEMBER_BYTES);
/** A hash table: the three codes (0: the slot is free), and the combination's group. */
const COMBINATION_SLOT_BYTES: u32 = 16;
const combinationSlots: usize = heap.alloc(COMBINATION_SLOTS * COMBINATION_SLOT_BYTES);
/** What stands for events that are money, among combinations. */
export const MONEY_KEY: u64 = 1 << 49;

export function createCombinations(): void {
  combinations = allocateGroups(MAX_COMBINATIONS);
}

/** Begins with none but that of money. */
export function beginCombinations(): void {
  combinationCount = 0;
  renumberCombinations();
}

@inline
export function combinationOf(key: u64): usize {
  const slot = firstSlotOf(key);
  return load<u64>(slot) == key ? load<u32>(slot, 8) : findCombination(key);
}

/** The codes as one number, which is never 0. */
@inline
export function keyOfCodes(source: u32, medium: u32, ad: u32): u64 {
  return <u64>source | (<u64>medium << 16) | (<u64>ad << 32) | (1 << 48);
}

@inline
function firstSlotOf(key: u64): usize {
  return combinationSlots + <u32>((key * 0x9e3779b97f4a7c15) >> 53) * COMBINATION_SLOT_BYTES;
}

/** The slot of a combination, or the free one where it would be. */
function slotOf(key: u64): usize {
  let slot = firstSlotOf(key);
  while (load<u64>(slot) != key && load<u64>(slot) != 0) {
    slot += COMBINATION_SLOT_BYTES;
    if (slot == combinationSlots + COMBINATION_SLOTS * COMBINATION_SLOT_BYTES) slot = combinationSlots;
  }
  return slot;
}

function setCombination(slot: usize, key: u64, group: usize): void {
  store<u64>(slot, key);
  store<u32>(slot, <u32>group, 8);
}

/** A combination's group; 0 where it gets none: there are too many, or one of its texts is among the others. */
function findCombination(key: u64): usize {
  const slot = slotOf(key);
  if (load<u64>(slot) == key) return load<u32>(slot, 8);
  if (combinationCount == MAX_COMBINATIONS) return 0;
  const members = membersOf + combinationCount * MEMBER_BYTES;
  for (let table = SOURCE; table <= AD; table++) {
    const code = <u32>(key >> ((table - SOURCE) * 16)) & 0xffff;
    const index = indexOf(dictionaries.groupsOfCodes(fieldOf(table)), table, code);
    // The code of such a text may come to be another's.
    if (index == OTHERS) return 0;
    store<u16>(members + (table - SOURCE) * 2, index);
  }
  const group = combinations + combinationCount * GROUP_BYTES;
  beginGroup(group);
  combinationCount++;
  setCombination(slot, key, group);
  return group;
}

/** The group of a combination in a table. */
function memberOf(combination: u32, table: u32): usize {
  const index = <u32>load<u16>(membersOf + combination * MEMBER_BYTES + (table - SOURCE) * 2);
  return groupsStart(table) + index * GROUP_BYTES;
}

/** After the groups have been given the new codes of their texts. */
export function renumberCombinations(): void {
  memory.fill(combinationSlots, 0, COMBINATION_SLOTS * COMBINATION_SLOT_BYTES);
  setCombination(slotOf(MONEY_KEY), MONEY_KEY, takings);
  for (let i: u32 = 0; i < combinationCount; i++) {
    const key = keyOfCodes(
      load<u32>(memberOf(i, SOURCE), CODE),
      load<u32>(memberOf(i, SOURCE + 1), CODE),
      load<u32>(memberOf(i, AD), CODE),
    );
    setCombination(slotOf(key), key, combinations + i * GROUP_BYTES);
  }
}

/** Adds what was counted once to the groups of a table. */
export function spreadCombinations(table: u32): void {
  for (let i: u32 = 0; i < combinationCount; i++) mergeGroup(memberOf(i, table), combinations + i * GROUP_BYTES);
}
