/**
 * The tables of groups, and what a group holds itself: its counts, its first and last moment, its users. Codes above the
 * residents of a field are of the group of others.
 */
import * as dictionaries from './dictionary';
import * as layout from './layout';
import { CLICKS, CODE, CONVERSIONS, FIRST, GROUP_BYTES, LAST, NONE, OTHERS, REFUNDS, TABLES } from './summary';
import { addUser, beginUsers, mergeUsers } from './users';

/** Of each table: its field, and how many texts have a group of their own. */
const fieldsOf: usize = memory.data<u32>([layout.CAMPAIGN_ID, layout.SOURCE, layout.MEDIUM, layout.AD_ID, layout.PRODUCT]);
const usedOf: usize = memory.data(4 * TABLES);
export let campaignCap: u32 = 0;
let otherCap: u32 = 0;
/** Those of the tables, and behind them the two that are summed up in the end. */
export let groupCount: u32 = 0;
export let groups: usize = 0;
/** All events. */
export let totals: usize = 0;
/** All events that are money: they are of no source, medium or ad. */
export let takings: usize = 0;

export function createGroups(residents: u32, campaignResidents: u32): void {
  campaignCap = campaignResidents;
  otherCap = residents;
  groupCount = campaignCap + 2 + (otherCap + 2) * (TABLES - 1) + 2;
  groups = allocateGroups(groupCount);
  takings = groups + (groupCount - 1) * GROUP_BYTES;
  totals = takings - GROUP_BYTES;
}

/** Room for groups, each within one line of the cache. */
export function allocateGroups(count: u32): usize {
  return (heap.alloc(count * GROUP_BYTES + 64) + 63) & ~63;
}

/** Begins those that are there without a text. */
export function beginGroups(): void {
  for (let table: u32 = 0; table < TABLES; table++) {
    beginGroup(groupsStart(table) + NONE * GROUP_BYTES);
    beginGroup(groupsStart(table) + OTHERS * GROUP_BYTES);
  }
  beginGroup(totals);
  beginGroup(takings);
}

export function clearGroups(): void {
  for (let table: u32 = 0; table < TABLES; table++) {
    const dictionary = fieldOf(table);
    memory.fill(dictionaries.groupsOfCodes(dictionary), 0, dictionaries.dictionarySize(dictionary) * 2);
    store<u32>(usedOf + table * 4, 0);
  }
}

export function beginGroup(group: usize): void {
  memory.fill(group, 0, GROUP_BYTES);
  store<i64>(group, i64.MAX_VALUE, FIRST);
  store<i64>(group, i64.MIN_VALUE, LAST);
  beginUsers(group);
}

@inline
export function fieldOf(table: u32): u32 {
  return load<u32>(fieldsOf + table * 4);
}

@inline
function capOf(table: u32): u32 {
  return table == 0 ? campaignCap : otherCap;
}

/** Where a table's groups begin: that of no text, that of others, then one a code. The last table is that of all events. */
export function groupsStart(table: u32): usize {
  if (table == TABLES) return totals;
  return groups + (table == 0 ? 0 : campaignCap + 2 + (table - 1) * (otherCap + 2)) * GROUP_BYTES;
}

/** How many groups of a table are in use, those of no text and of others included. */
export function groupsUsed(table: u32): u32 {
  return table == TABLES ? 1 : load<u32>(usedOf + table * 4) + 2;
}

/** The place of a group among those of all tables. */
@inline
export function placeOf(group: usize): u32 {
  return <u32>(group - groups) / GROUP_BYTES;
}

@inline
export function groupOf(first: usize, ofCodes: usize, table: u32, code: u32): usize {
  return first + indexOf(ofCodes, table, code) * GROUP_BYTES;
}

/** The place of a code's group in its table. */
@inline
export function indexOf(ofCodes: usize, table: u32, code: u32): u32 {
  let index = <u32>load<u16>(ofCodes + code * 2);
  if (index == 0 && code != 0) index = giveGroup(ofCodes, table, code);
  return index;
}

/** Groups are given when a row is counted: texts of lines that came to nothing take none. */
function giveGroup(ofCodes: usize, table: u32, code: u32): u32 {
  const used = load<u32>(usedOf + table * 4);
  if (used == capOf(table)) return OTHERS;
  const group = groupsStart(table) + (used + 2) * GROUP_BYTES;
  beginGroup(group);
  store<u32>(group, code, CODE);
  store<u32>(usedOf + table * 4, used + 1);
  store<u16>(ofCodes + code * 2, used + 2);
  return used + 2;
}

/** After the dictionaries have given their texts new codes. */
export function renumberGroups(): void {
  for (let table: u32 = 0; table < TABLES; table++) {
    const dictionary = fieldOf(table);
    const ofCodes = dictionaries.groupsOfCodes(dictionary);
    const size = dictionaries.dictionarySize(dictionary);
    for (let code: u32 = 1; code < size; code++) {
      const index = <u32>load<u16>(ofCodes + code * 2);
      if (index > OTHERS) store<u32>(groupsStart(table) + index * GROUP_BYTES, code, CODE);
    }
  }
}

/** Adds a moment and a user. */
@inline
export function addSighting(group: usize, micros: i64, user: u64): void {
  if (micros < load<i64>(group, FIRST)) store<i64>(group, micros, FIRST);
  // Without a branch: of events that come nearly in order it would be guessed wrong too often.
  const last = load<i64>(group, LAST);
  store<i64>(group, select<i64>(micros, last, micros > last), LAST);
  addUser(group, user);
}

/** Adds all that one group holds itself to another one. */
export function mergeGroup(to: usize, from: usize): void {
  mergeCounts(to, from);
  store<i64>(to, min(load<i64>(to, FIRST), load<i64>(from, FIRST)), FIRST);
  store<i64>(to, max(load<i64>(to, LAST), load<i64>(from, LAST)), LAST);
  mergeUsers(to, from);
}

export function mergeCounts(to: usize, from: usize): void {
  store<u32>(to, load<u32>(to, CLICKS) + load<u32>(from, CLICKS), CLICKS);
  store<u32>(to, load<u32>(to, CONVERSIONS) + load<u32>(from, CONVERSIONS), CONVERSIONS);
  store<u32>(to, load<u32>(to, REFUNDS) + load<u32>(from, REFUNDS), REFUNDS);
}
