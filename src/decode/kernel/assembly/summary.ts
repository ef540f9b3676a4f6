/**
 * The totals of all rows so far, as `src/aggregate/` keeps them, for runs that need no row again: groups by campaign,
 * source, medium, ad and product, each with its counts, its money by currency and a sketch of its users; and sums over
 * time, of each campaign and of all. The host turns them into an aggregator's snapshot. Sums over all rows follow from
 * the campaigns, as every row has one or is of the group of those that have none.
 */
import * as dictionaries from './dictionary';
import * as layout from './layout';
import * as rows from './rows';

/** The tables of groups, and the field of each. Codes above the residents of a field are of the group of others. */
const TABLES: u32 = 5;
const SOURCE: u32 = 1;
const AD: u32 = 3;
const PRODUCT: u32 = 4;
/** A power of two, so that a group is found by a shift. */
const GROUP_BYTES: u32 = 64;
/** Offsets in a group; the moments are those of its first and last event. */
const CLICKS = 0;
const CONVERSIONS = 4;
const REFUNDS = 8;
/** The code of its text. */
const CODE = 12;
const FIRST = 16;
const LAST = 24;
/** Where users wait, where the next one goes, and where there is no more room. */
const WAITING = 32;
const NEXT = 36;
const END = 40;
/** Where users are kept (a set, or a sketch's registers), how large that is, and of a set how many there are. */
const USERS = 44;
const USER_SLOTS = 48;
const USER_COUNT = 52;
const NONE: u32 = 0;
const OTHERS: u32 = 1;

/** Currencies told apart: those with the codes 1 to 15. */
const MAX_CURRENCIES: u32 = 16;
/** Conversions, refunds, and the sum of the money as 128 bits. */
const MONEY_BYTES: u32 = 24;

const fieldsOf: usize = memory.data<u32>([layout.CAMPAIGN_ID, layout.SOURCE, layout.MEDIUM, layout.AD_ID, layout.PRODUCT]);
/** Of each table: how many texts have a group of their own. */
const usedOf: usize = memory.data(4 * TABLES);
let groups: usize = 0;
let moneys: usize = 0;
/** Those of the tables, and behind them the two that are summed up in the end. */
let groupCount: u32 = 0;
/** All events. */
let totals: usize = 0;
/** All events that are money: they are of no source, medium or ad. */
let takings: usize = 0;
let campaignCap: u32 = 0;
let otherCap: u32 = 0;

/**
 * Combinations of source, medium and ad. There are few of them as a rule, so that a click is counted once for all three
 * tables; what there is no more room for is counted in each. They are groups, too, but without money.
 */
const MAX_COMBINATIONS: u32 = 1024;
const COMBINATION_SLOTS: u32 = 2048;
/** Of each: the places of its three groups in their tables, as u16. */
const MEMBER_BYTES: u32 = 8;
let combinations: usize = 0;
let combinationCount: u32 = 0;
const membersOf: usize = heap.alloc(MAX_COMBINATIONS * MEMBER_BYTES);
/** A hash table: the three codes (0: the slot is free), and the combination's group. */
const COMBINATION_SLOT_BYTES: u32 = 16;
const combinationSlots: usize = heap.alloc(COMBINATION_SLOTS * COMBINATION_SLOT_BYTES);

/**
 * Sums over time, as `src/aggregate/time-buckets.ts` keeps them: of each campaign, and of all. They are hash tables of
 * buckets: number of the bucket (doubled, + 1; 0: the slot is free), clicks, conversions, money as 128 bits.
 */
const BUCKET_BYTES: u32 = 32;
/** As those of `src/aggregate/aggregator.ts`. */
const MAX_TREND_BUCKETS: u32 = 64;
const MAX_TIMELINE_BUCKETS: u32 = 2048;
const TREND_BYTES: u32 = MAX_TREND_BUCKETS * 2 * BUCKET_BYTES;
const TIMELINE_BYTES: u32 = MAX_TIMELINE_BUCKETS * 2 * BUCKET_BYTES;
let trends: usize = 0;
let timeline: usize = 0;
/** Of each trend, and behind them of the timeline: buckets in use, and how often their width was doubled. */
let trendHeads: usize = 0;
const HEAD_BYTES: u32 = 8;
/** Of each campaign the sums of the hour of its latest event, which are in no bucket yet: as a bucket, but for the hour. */
let latestHours: usize = 0;
const NO_HOUR: i64 = i64.MIN_VALUE;
const BUCKET_CLICKS = 8;
const BUCKET_CONVERSIONS = 12;
const BUCKET_MONEY = 16;
/** What is there while a width is doubled. */
const bucketsBefore: usize = heap.alloc(TIMELINE_BYTES);

/** Room for users: few in lists, more in sets, then sketches. */
const ARENA_BYTES: u32 = 192 << 20;
/** Past this no set grows larger than a sketch: it becomes one instead. */
const SETS_BYTES: u32 = 64 << 20;
/** Past this no set grows at all: what is left is for the first list and the sketch of each group. */
let roomForSets: u32 = 0;
const FIRST_LIST: u32 = 16;
/** Users that wait; a list of more becomes a set. */
const MAX_WAITING: u32 = 128;
const FIRST_SLOTS: u32 = 512;
/** As MAX_EXACT of `src/aggregate/distinct-counter.ts`. */
const MAX_EXACT: u32 = 4096;
const REGISTERS: u32 = 1 << 14;
/** Stands for a number of slots. */
const SKETCH: u32 = 0xffffffff;
const MAX_ROOM_A_GROUP: u32 = REGISTERS + (MAX_WAITING + FIRST_LIST) * 8;
let arena: usize = 0;
let arenaUsed: u32 = 0;

export function createSummary(residents: u32, campaignResidents: u32): void {
  campaignCap = campaignResidents;
  otherCap = residents;
  groupCount = campaignCap + 2 + (otherCap + 2) * (TABLES - 1) + 2;
  trends = heap.alloc((campaignCap + 2) * TREND_BYTES + TIMELINE_BYTES);
  timeline = trends + (campaignCap + 2) * TREND_BYTES;
  trendHeads = heap.alloc((campaignCap + 3) * HEAD_BYTES);
  latestHours = heap.alloc((campaignCap + 2) * BUCKET_BYTES);
  arena = (heap.alloc(ARENA_BYTES) + 15) & ~15;
  roomForSets = ARENA_BYTES - (groupCount + MAX_COMBINATIONS) * MAX_ROOM_A_GROUP;
  groups = (heap.alloc((groupCount + MAX_COMBINATIONS) * GROUP_BYTES + 64) + 63) & ~63;
  combinations = groups + groupCount * GROUP_BYTES;
  takings = combinations - GROUP_BYTES;
  totals = takings - GROUP_BYTES;
  moneys = heap.alloc(groupCount * MAX_CURRENCIES * MONEY_BYTES);
  beginGroups();
}

/** Begins anew with nothing counted. Only what has been used is cleared: what has not would but take up memory. */
export function clearSummary(): void {
  clearTrends();
  for (let table: u32 = 0; table < TABLES; table++) {
    const dictionary = load<u32>(fieldsOf + table * 4);
    memory.fill(dictionaries.groupsOfCodes(dictionary), 0, dictionaries.dictionarySize(dictionary) * 2);
    clearMoney(groupsStart(table), groupsUsed(table));
    store<u32>(usedOf + table * 4, 0);
  }
  clearMoney(totals, 2);
  memory.fill(combinationSlots, 0, COMBINATION_SLOTS * COMBINATION_SLOT_BYTES);
  combinationCount = 0;
  arenaUsed = 0;
  memory.fill(freeRooms, 0, 32 * 4);
  beginGroups();
}

function clearMoney(first: usize, count: u32): void {
  memory.fill(moneyOf(first), 0, count * MAX_CURRENCIES * MONEY_BYTES);
}

/** Begins those that are there without a text. */
function beginGroups(): void {
  for (let table: u32 = 0; table < TABLES; table++) {
    beginGroup(groupsStart(table) + NONE * GROUP_BYTES);
    beginGroup(groupsStart(table) + OTHERS * GROUP_BYTES);
  }
  for (let i: u32 = 0; i < campaignCap + 2; i++) store<i64>(latestHours + i * BUCKET_BYTES, NO_HOUR);
  beginGroup(totals);
  beginGroup(takings);
  setCombination(slotOf(MONEY_KEY), MONEY_KEY, takings);
}

function beginGroup(group: usize): void {
  memory.fill(group, 0, GROUP_BYTES);
  store<i64>(group, i64.MAX_VALUE, FIRST);
  store<i64>(group, i64.MIN_VALUE, LAST);
  setWaiting(group, takeRoom(FIRST_LIST * 8), FIRST_LIST, 0);
}

/** Where the users of a group wait: how many there can be, and are. */
function setWaiting(group: usize, room: usize, size: u32, count: u32): void {
  store<u32>(group, <u32>room, WAITING);
  store<u32>(group, <u32>room + count * 8, NEXT);
  store<u32>(group, <u32>room + size * 8, END);
}

function clearTrends(): void {
  memory.fill(trends, 0, groupsUsed(0) * TREND_BYTES);
  memory.fill(timeline, 0, TIMELINE_BYTES);
  memory.fill(trendHeads, 0, (campaignCap + 3) * HEAD_BYTES);
}

/** Where the money of a group begins, and behind it that of the next one. */
@inline
function moneyOf(group: usize): usize {
  return moneys + (<u32>(group - groups) / GROUP_BYTES) * (MAX_CURRENCIES * MONEY_BYTES);
}

/** Of a table's groups, MAX_CURRENCIES each. */
export function moneyStart(table: u32): usize {
  return moneyOf(groupsStart(table));
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

@inline
function groupOf(first: usize, ofCodes: usize, table: u32, code: u32): usize {
  let index = <u32>load<u16>(ofCodes + code * 2);
  if (index == 0 && code != 0) index = giveGroup(ofCodes, table, code);
  return first + index * GROUP_BYTES;
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

/** How many groups of a table are in use, those of no text and of others included. */
export function groupsUsed(table: u32): u32 {
  return table == TABLES ? 1 : load<u32>(usedOf + table * 4) + 2;
}

/** After the dictionaries have given their texts new codes. */
export function renumber(): void {
  if (groups == 0) return;
  for (let table: u32 = 0; table < TABLES; table++) {
    const dictionary = load<u32>(fieldsOf + table * 4);
    const ofCodes = dictionaries.groupsOfCodes(dictionary);
    const size = dictionaries.dictionarySize(dictionary);
    for (let code: u32 = 1; code < size; code++) {
      const index = <u32>load<u16>(ofCodes + code * 2);
      if (index > OTHERS) store<u32>(groupsStart(table) + index * GROUP_BYTES, code, CODE);
    }
  }
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

/** The rows of the batch that are money, by number. */
const moneyRows: usize = heap.alloc(layout.ROW_CAPACITY * 4 + 4);
let moneyCount: u32 = 0;

/** Counts all rows of the batch. */
export function addRows(): void {
  countEvents();
  countMoney();
}

const MICROS_PER_HOUR: i64 = 3_600_000_000;

@inline
function hourOf(micros: i64): i64 {
  const hour = micros / MICROS_PER_HOUR;
  return micros < 0 && hour * MICROS_PER_HOUR != micros ? hour - 1 : hour;
}

/** Columns as they lie behind the first one. */
const COLUMN_BYTES: u32 = layout.ROW_CAPACITY * 8;
const SOURCES: u32 = layout.SOURCE * COLUMN_BYTES;
const MEDIUMS: u32 = layout.MEDIUM * COLUMN_BYTES;
const ADS: u32 = layout.AD_ID * COLUMN_BYTES;

/** Counts what events of all types have: a campaign, or none, an hour, a combination, a moment and a user. */
function countEvents(): void {
  const first = groupsStart(0);
  const ofCodes = dictionaries.groupsOfCodes(layout.CAMPAIGN_ID);
  const types = rows.types;
  const count = rows.rowCount;
  let codes = rows.codeCell(layout.CAMPAIGN_ID, 0);
  let users = rows.keyCell(layout.USER_ID, 0);
  let timestamps = rows.timestamps;
  let hour: i64 = 0;
  let hourStart: i64 = 0;
  let moneyRow = moneyRows;
  for (let row: u32 = 0; row < count; row++) {
    const micros = load<i64>(timestamps);
    if (<u64>(micros - hourStart) >= <u64>MICROS_PER_HOUR) {
      hour = hourOf(micros);
      hourStart = hour * MICROS_PER_HOUR;
    }
    const isClick = <u32>(<u32>load<u8>(types + row) == layout.CLICK);
    const user = userOf(load<u64>(users));
    const campaign = groupOf(first, ofCodes, 0, load<u32>(codes));
    const latest = latestHourOf(campaign, hour);
    store<u32>(latest, load<u32>(latest, BUCKET_CLICKS) + isClick, BUCKET_CLICKS);
    addSighting(campaign, micros, user);
    const key = keyOfCodes(load<u32>(codes, SOURCES), load<u32>(codes, MEDIUMS), load<u32>(codes, ADS));
    // Source, medium and ad are a click's: all else is of one combination.
    const combination = combinationOf(select<u64>(key, MONEY_KEY, isClick != 0));
    if (combination == 0) {
      countApart(row);
    } else {
      store<u32>(combination, load<u32>(combination, CLICKS) + isClick, CLICKS);
      addSighting(combination, micros, user);
    }
    // Where it is none, the next one is written over it.
    store<u32>(moneyRow, row);
    moneyRow += (1 - isClick) * 4;
    codes += 4;
    users += 8;
    timestamps += 8;
  }
  moneyCount = <u32>(moneyRow - moneyRows) / 4;
}

/** The sums of a campaign in an hour, most often that of its event before; else those are put into buckets. */
@inline
function latestHourOf(campaign: usize, hour: i64): usize {
  const latest = latestHours + (<u32>(campaign - groups) / GROUP_BYTES) * BUCKET_BYTES;
  if (load<i64>(latest) != hour) beginHour(campaign, latest, hour);
  return latest;
}

function beginHour(campaign: usize, latest: usize, hour: i64): void {
  if (load<i64>(latest) != NO_HOUR) {
    const index = <u32>(campaign - groups) / GROUP_BYTES;
    addToBucket(trends + index * TREND_BYTES, MAX_TREND_BUCKETS, trendHeads + index * HEAD_BYTES, latest);
    addToBucket(timeline, MAX_TIMELINE_BUCKETS, trendHeads + (campaignCap + 2) * HEAD_BYTES, latest);
    // A campaign's clicks are counted by the hour alone.
    store<u32>(campaign, load<u32>(campaign, CLICKS) + load<u32>(latest, BUCKET_CLICKS), CLICKS);
    // Only a few bytes: not worth a call.
    v128.store(latest, i64x2.splat(0));
    v128.store(latest, i64x2.splat(0), 16);
  }
  store<i64>(latest, hour);
}

function addToBucket(buckets: usize, maxBuckets: u32, head: usize, latest: usize): void {
  const doublings = load<u32>(head, 4);
  const bucket = bucketOf(buckets, maxBuckets, ((load<i64>(latest) >> doublings) << 1) | 1, head);
  mergeBucket(bucket, latest);
  while (load<u32>(head) > maxBuckets) doubleWidth(buckets, maxBuckets, head);
}

@inline
function bucketOf(buckets: usize, maxBuckets: u32, key: i64, head: usize): usize {
  let slot = <u32>((<u64>key * 0x9e3779b97f4a7c15) >> 40) & (maxBuckets * 2 - 1);
  while (true) {
    const bucket = buckets + slot * BUCKET_BYTES;
    const found = load<i64>(bucket);
    if (found == key) return bucket;
    if (found == 0) {
      store<i64>(bucket, key);
      store<u32>(head, load<u32>(head) + 1);
      return bucket;
    }
    slot = (slot + 1) & (maxBuckets * 2 - 1);
  }
}

function mergeBucket(to: usize, from: usize): void {
  store<u32>(to, load<u32>(to, BUCKET_CLICKS) + load<u32>(from, BUCKET_CLICKS), BUCKET_CLICKS);
  store<u32>(to, load<u32>(to, BUCKET_CONVERSIONS) + load<u32>(from, BUCKET_CONVERSIONS), BUCKET_CONVERSIONS);
  merge128(to + BUCKET_MONEY, from + BUCKET_MONEY);
}

/** Puts two buckets each into one. */
function doubleWidth(buckets: usize, maxBuckets: u32, head: usize): void {
  const size = maxBuckets * 2 * BUCKET_BYTES;
  memory.copy(bucketsBefore, buckets, size);
  memory.fill(buckets, 0, size);
  store<u32>(head, 0);
  store<u32>(head, load<u32>(head, 4) + 1, 4);
  for (let at = bucketsBefore; at < bucketsBefore + size; at += BUCKET_BYTES) {
    const key = load<i64>(at);
    if (key != 0) mergeBucket(bucketOf(buckets, maxBuckets, ((key >> 2) << 1) | 1, head), at);
  }
}

@inline
function combinationOf(key: u64): usize {
  const slot = firstSlotOf(key);
  return load<u64>(slot) == key ? load<u32>(slot, 8) : findCombination(key);
}

/** Counts a click in each of its groups. */
function countApart(row: u32): void {
  for (let table = SOURCE; table <= AD; table++) {
    const field = load<u32>(fieldsOf + table * 4);
    const code = load<u32>(rows.codeCell(field, row));
    const group = groupOf(groupsStart(table), dictionaries.groupsOfCodes(field), table, code);
    store<u32>(group, load<u32>(group, CLICKS) + 1, CLICKS);
    addSighting(group, load<i64>(rows.timestamps + row * 8), userOf(load<u64>(rows.keyCell(layout.USER_ID, row))));
  }
}

/** What stands for events that are money, among combinations. */
const MONEY_KEY: u64 = 1 << 49;

/** The codes as one number, which is never 0. */
@inline
function keyOfCodes(source: u32, medium: u32, ad: u32): u64 {
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
    const ofCodes = dictionaries.groupsOfCodes(load<u32>(fieldsOf + table * 4));
    const code = <u32>(key >> ((table - SOURCE) * 16)) & 0xffff;
    let index = <u32>load<u16>(ofCodes + code * 2);
    if (index == 0 && code != 0) index = giveGroup(ofCodes, table, code);
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

/** Conversions and refunds: those of campaigns and their hours, and of products. */
function countMoney(): void {
  const campaigns = groupsStart(0);
  const products = groupsStart(PRODUCT);
  const ofCampaigns = dictionaries.groupsOfCodes(layout.CAMPAIGN_ID);
  const ofProducts = dictionaries.groupsOfCodes(layout.PRODUCT);
  const count = moneyCount;
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(moneyRows + i * 4);
    const type = <u32>load<u8>(rows.types + row);
    const micros = load<i64>(rows.timestamps + row * 8);
    const campaign = groupOf(campaigns, ofCampaigns, 0, load<u32>(rows.codeCell(layout.CAMPAIGN_ID, row)));
    addMoney(campaign, type, row);
    const latest = latestHourOf(campaign, hourOf(micros));
    const conversions = load<u32>(latest, BUCKET_CONVERSIONS) + <u32>(type == layout.CONVERSION);
    store<u32>(latest, conversions, BUCKET_CONVERSIONS);
    addTo128(latest + BUCKET_MONEY, type, load<u64>(rows.amounts + row * 8));
    const product = groupOf(products, ofProducts, PRODUCT, load<u32>(rows.codeCell(layout.PRODUCT, row)));
    addMoney(product, type, row);
    addSighting(product, micros, userOf(load<u64>(rows.keyCell(layout.USER_ID, row))));
  }
}

function addMoney(group: usize, type: u32, row: u32): void {
  const money = moneyOf(group) + load<u32>(rows.codeCell(layout.CURRENCY, row)) * MONEY_BYTES;
  if (type == layout.REFUND) {
    store<u32>(group, load<u32>(group, REFUNDS) + 1, REFUNDS);
    store<u32>(money, load<u32>(money, 4) + 1, 4);
  } else {
    store<u32>(group, load<u32>(group, CONVERSIONS) + 1, CONVERSIONS);
    store<u32>(money, load<u32>(money) + 1);
  }
  addTo128(money + 8, type, load<u64>(rows.amounts + row * 8));
}

/** Adds an amount to 128 bits, or for a refund takes it off. */
function addTo128(at: usize, type: u32, amount: u64): void {
  const low = load<u64>(at);
  if (type == layout.REFUND) {
    store<u64>(at, low - amount);
    if (low < amount) store<i64>(at, load<i64>(at, 8) - 1, 8);
  } else {
    const sum = low + amount;
    store<u64>(at, sum);
    if (sum < low) store<i64>(at, load<i64>(at, 8) + 1, 8);
  }
}

/** Of a key the 52 bits that `src/aggregate/hyperloglog.ts` looks at, and ones behind them, so that it is not 0. */
@inline
function userOf(key: u64): u64 {
  return key | 0xfff;
}

@inline
function addSighting(group: usize, micros: i64, user: u64): void {
  if (micros < load<i64>(group, FIRST)) store<i64>(group, micros, FIRST);
  // Without a branch: of events that come nearly in order it would be guessed wrong too often.
  const last = load<i64>(group, LAST);
  store<i64>(group, select<i64>(micros, last, micros > last), LAST);
  addUser(group, user);
}

@inline
function addUser(group: usize, user: u64): void {
  const next = load<u32>(group, NEXT);
  store<u64>(next, user);
  store<u32>(group, next + 8, NEXT);
  if (next + 8 == load<u32>(group, END)) takeIn(group);
}

/**
 * Takes the users that wait into where they are kept. That lies all over the cache: a loop of nothing but them has many
 * of them on the way at a time.
 */
function takeIn(group: usize): void {
  const slots = load<u32>(group, USER_SLOTS);
  if (slots == 0) {
    makeRoom(group);
    return;
  }
  const from: usize = load<u32>(group, WAITING);
  const to: usize = load<u32>(group, NEXT);
  store<u32>(group, <u32>from, NEXT);
  const kept: usize = load<u32>(group, USERS);
  if (slots == SKETCH) {
    for (let at = from; at < to; at += 8) sketch(kept, load<u64>(at));
    return;
  }
  let count = load<u32>(group, USER_COUNT);
  for (let at = from; at < to; at += 8) count += <u32>insert(kept, slots, load<u64>(at));
  store<u32>(group, count, USER_COUNT);
  // A set is never more than half full before those that wait come in, so they always find a place.
  if (count * 2 > slots || count > MAX_EXACT) growSet(group);
}

/** The sketch of `src/aggregate/hyperloglog.ts`: of 52 bits 14 choose a register, the first 1 among the others its rank. */
@inline
function sketch(registers: usize, user: u64): void {
  const register = registers + <u32>(user >> 50);
  const rank = <u32>clz<u64>(user << 14) + 1;
  const known = <u32>load<u8>(register);
  store<u8>(register, select<u32>(rank, known, rank > known));
}

/** Adds a user to a set with at least one free slot; false if it was there. */
@inline
function insert(set: usize, slots: u32, user: u64): bool {
  let slot = <u32>(user >> 20) & (slots - 1);
  while (true) {
    const found = load<u64>(set + slot * 8);
    if (found == user) return false;
    if (found == 0) {
      store<u64>(set + slot * 8, user);
      return true;
    }
    slot = (slot + 1) & (slots - 1);
  }
}

/** While there are few, users only wait; when that list is full, those that are in it twice are taken out. */
function makeRoom(group: usize): void {
  takeOutTwins(group);
  const list: usize = load<u32>(group, WAITING);
  const size = (load<u32>(group, END) - <u32>list) >> 3;
  const count = (load<u32>(group, NEXT) - <u32>list) >> 3;
  if (count * 2 <= size) return;
  if (size == MAX_WAITING) becomeSet(group);
  else makeLongList(group);
}

/** Users of a set or a sketch wait in a list of full length. */
function makeLongList(group: usize): void {
  const list: usize = load<u32>(group, WAITING);
  const size = (load<u32>(group, END) - <u32>list) >> 3;
  if (size == MAX_WAITING) return;
  const count = (load<u32>(group, NEXT) - <u32>list) >> 3;
  const room = takeRoom(MAX_WAITING * 8);
  memory.copy(room, list, count * 8);
  giveRoom(list, size * 8);
  setWaiting(group, room, MAX_WAITING, count);
}

/** A table to find twins by: twice as large as the longest list. */
const seen: usize = heap.alloc(MAX_WAITING * 2 * 8);

/** Leaves each user once in the list of a group. */
function takeOutTwins(group: usize): void {
  const list: usize = load<u32>(group, WAITING);
  const end: usize = load<u32>(group, NEXT);
  const slots = ((load<u32>(group, END) - <u32>list) >> 3) * 2;
  memory.fill(seen, 0, slots * 8);
  let kept = list;
  for (let at = list; at < end; at += 8) {
    const user = load<u64>(at);
    store<u64>(kept, user);
    kept += <usize>insert(seen, slots, user) << 3;
  }
  store<u32>(group, <u32>kept, NEXT);
}

/** Of a list that has become too long; the list is where users wait from now on. */
function becomeSet(group: usize): void {
  if (!mayGrow(FIRST_SLOTS * 8)) {
    becomeSketch(group);
    return;
  }
  store<u32>(group, <u32>takeRoom(FIRST_SLOTS * 8), USERS);
  store<u32>(group, FIRST_SLOTS, USER_SLOTS);
  takeIn(group);
}

function mayGrow(size: u32): bool {
  return (size <= REGISTERS || arenaUsed <= SETS_BYTES) && arenaUsed + size <= roomForSets;
}

function growSet(group: usize): void {
  const slots = load<u32>(group, USER_SLOTS);
  if (load<u32>(group, USER_COUNT) > MAX_EXACT || !mayGrow(slots * 32)) {
    becomeSketch(group);
    return;
  }
  const set: usize = load<u32>(group, USERS);
  const grown = takeRoom(slots * 32);
  for (let at = set; at < set + slots * 8; at += 8) {
    const user = load<u64>(at);
    if (user != 0) insert(grown, slots * 4, user);
  }
  giveRoom(set, slots * 8);
  store<u32>(group, <u32>grown, USERS);
  store<u32>(group, slots * 4, USER_SLOTS);
}

function becomeSketch(group: usize): void {
  const slots = load<u32>(group, USER_SLOTS);
  const registers = takeSketchRoom();
  if (slots != 0) {
    const set: usize = load<u32>(group, USERS);
    for (let at = set; at < set + slots * 8; at += 8) {
      const user = load<u64>(at);
      if (user != 0) sketch(registers, user);
    }
    giveRoom(set, slots * 8);
  }
  store<u32>(group, <u32>registers, USERS);
  store<u32>(group, SKETCH, USER_SLOTS);
  takeIn(group);
}

/** Brings all groups to where they can be read: what was counted once is spread, and users are once in a list each. */
export function settle(): void {
  for (let i: u32 = 0; i < groupsUsed(0); i++) {
    beginHour(groups + i * GROUP_BYTES, latestHours + i * BUCKET_BYTES, NO_HOUR);
    listBuckets(trends + i * TREND_BYTES, MAX_TREND_BUCKETS);
  }
  listBuckets(timeline, MAX_TIMELINE_BUCKETS);
  for (let i: u32 = 0; i < groupsUsed(PRODUCT); i++) mergeCounts(takings, groupsStart(PRODUCT) + i * GROUP_BYTES);
  for (let table = SOURCE; table <= AD; table++) {
    const none = groupsStart(table) + NONE * GROUP_BYTES;
    mergeGroup(none, takings);
    for (let i: u32 = 0; i < combinationCount; i++) mergeGroup(memberOf(i, table), combinations + i * GROUP_BYTES);
  }
  for (let i: u32 = 0; i < groupsUsed(0); i++) mergeGroup(totals, groupsStart(0) + i * GROUP_BYTES);
  for (let table: u32 = 0; table <= TABLES; table++) {
    for (let i: u32 = 0; i < groupsUsed(table); i++) listUsers(groupsStart(table) + i * GROUP_BYTES);
  }
}

/** Adds the sums of one group to another one. */
function mergeGroup(to: usize, from: usize): void {
  mergeCounts(to, from);
  store<i64>(to, min(load<i64>(to, FIRST), load<i64>(from, FIRST)), FIRST);
  store<i64>(to, max(load<i64>(to, LAST), load<i64>(from, LAST)), LAST);
  mergeUsers(to, from);
}

function mergeCounts(to: usize, from: usize): void {
  store<u32>(to, load<u32>(to, CLICKS) + load<u32>(from, CLICKS), CLICKS);
  store<u32>(to, load<u32>(to, CONVERSIONS) + load<u32>(from, CONVERSIONS), CONVERSIONS);
  store<u32>(to, load<u32>(to, REFUNDS) + load<u32>(from, REFUNDS), REFUNDS);
  // Combinations have no money.
  if (from >= combinations) return;
  for (let currency: u32 = 0; currency < MAX_CURRENCIES; currency++) {
    mergeMoney(moneyOf(to) + currency * MONEY_BYTES, moneyOf(from) + currency * MONEY_BYTES);
  }
}

function mergeMoney(to: usize, from: usize): void {
  store<u32>(to, load<u32>(to) + load<u32>(from));
  store<u32>(to, load<u32>(to, 4) + load<u32>(from, 4), 4);
  merge128(to + 8, from + 8);
}

function merge128(to: usize, from: usize): void {
  const low = load<u64>(from);
  const sum = load<u64>(to) + low;
  store<u64>(to, sum);
  store<i64>(to, load<i64>(to, 8) + load<i64>(from, 8) + <i64>(sum < low), 8);
}

function mergeUsers(to: usize, from: usize): void {
  const slots = load<u32>(from, USER_SLOTS);
  const kept: usize = load<u32>(from, USERS);
  if (slots == SKETCH) {
    if (load<u32>(to, USER_SLOTS) != SKETCH) {
      makeLongList(to);
      becomeSketch(to);
    }
    const registers: usize = load<u32>(to, USERS);
    for (let i: u32 = 0; i < REGISTERS; i += 16) {
      v128.store(registers + i, i8x16.max_u(v128.load(registers + i), v128.load(kept + i)));
    }
  } else if (slots != 0) {
    for (let at = kept; at < kept + slots * 8; at += 8) {
      const user = load<u64>(at);
      if (user != 0) addUser(to, user);
    }
  }
  for (let at: usize = load<u32>(from, WAITING); at < <usize>load<u32>(from, NEXT); at += 8) {
    addUser(to, load<u64>(at));
  }
}

/** Leaves the users of a group in the registers, or one behind the other where the set was. */
function listUsers(group: usize): void {
  if (load<u32>(group, USER_SLOTS) != 0) takeIn(group);
  const slots = load<u32>(group, USER_SLOTS);
  if (slots == SKETCH) return;
  if (slots == 0) {
    takeOutTwins(group);
    const list = load<u32>(group, WAITING);
    store<u32>(group, list, USERS);
    store<u32>(group, (load<u32>(group, NEXT) - list) >> 3, USER_COUNT);
    return;
  }
  const set: usize = load<u32>(group, USERS);
  let to = set;
  for (let at = set; at < set + slots * 8; at += 8) {
    const user = load<u64>(at);
    store<u64>(to, user);
    to += <usize>(user != 0) << 3;
  }
}

/** Leaves buckets one behind the other, each with its number as it is. */
function listBuckets(buckets: usize, maxBuckets: u32): void {
  let to = buckets;
  for (let at = buckets; at < buckets + maxBuckets * 2 * BUCKET_BYTES; at += BUCKET_BYTES) {
    if (load<i64>(at) == 0) continue;
    store<i64>(to, load<i64>(at) >> 1);
    store<u64>(to, load<u64>(at, BUCKET_CLICKS), BUCKET_CLICKS);
    v128.store(to, v128.load(at, BUCKET_MONEY), BUCKET_MONEY);
    to += BUCKET_BYTES;
  }
}

/** Where the buckets of a campaign's group begin, one behind the other; of a group that is none, those of all events. */
export function trendStart(index: u32): usize {
  return index < campaignCap + 2 ? trends + index * TREND_BYTES : timeline;
}

/** How many they are, and how often their width was doubled. */
export function trendSize(index: u32): u32 {
  return load<u32>(trendHeads + min(index, campaignCap + 2) * HEAD_BYTES);
}

export function trendDoublings(index: u32): u32 {
  return load<u32>(trendHeads + min(index, campaignCap + 2) * HEAD_BYTES, 4);
}

/** A sketch stays to the end, so its room never comes back. */
function takeSketchRoom(): usize {
  if (arenaUsed + REGISTERS > ARENA_BYTES) unreachable();
  const room = arena + arenaUsed;
  arenaUsed += REGISTERS;
  memory.fill(room, 0, REGISTERS);
  return room;
}

/** Rooms that are free again, a list for each power of two: the first word of a room is the next one's address. */
const freeRooms: usize = memory.data(32 * 4);

function takeRoom(size: u32): usize {
  const list = freeRooms + ctz(size) * 4;
  let room: usize = load<u32>(list);
  if (room != 0) {
    store<u32>(list, load<u32>(room));
  } else {
    if (arenaUsed + size > ARENA_BYTES) unreachable();
    room = arena + arenaUsed;
    arenaUsed += size;
  }
  memory.fill(room, 0, size);
  return room;
}

function giveRoom(room: usize, size: u32): void {
  const list = freeRooms + ctz(size) * 4;
  store<u32>(room, load<u32>(list));
  store<u32>(list, <u32>room);
}
