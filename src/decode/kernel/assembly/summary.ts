/**
 * The totals of all rows so far, as `src/aggregate/` keeps them, for runs that need no row again: groups by campaign,
 * source, medium, ad and product, each with its counts, its money by currency and a sketch of its users; and cells of
 * campaign and hour. The host turns them into an aggregator's snapshot. Sums over all rows follow from the campaigns,
 * as every row has one or is of the group of those that have none.
 */
import * as dictionaries from './dictionary';
import * as layout from './layout';
import * as rows from './rows';

/** The tables of groups, and the field of each. Codes above the residents of a field are of the group of others. */
const TABLES: u32 = 5;
const GROUP_BYTES: u32 = 48;
/** Offsets in a group; the moments are those of its first and last event. */
const CLICKS = 0;
const CONVERSIONS = 4;
const REFUNDS = 8;
const USER_SLOTS = 12;
const FIRST = 16;
const LAST = 24;
const USERS = 32;
/** Users in the list, or waiting for the sketch. */
const USER_COUNT = 36;
/** The code of its text. */
const CODE = 40;
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
let groupCount: u32 = 0;
let campaignCap: u32 = 0;
let otherCap: u32 = 0;

const CELL_BYTES: u32 = 32;
const CELL_SLOTS: u32 = 131_072;
/** Key (hour and campaign's group, + 1; 0: free), clicks, conversions, money as 128 bits. */
let cells: usize = 0;
let cellsUsed: u32 = 0;

/** Room for users: lists of keys while they are few, then sketches. */
const ARENA_BYTES: u32 = 160 << 20;
/** Past this no set grows larger than a sketch: it becomes one instead. */
const SETS_BYTES: u32 = 32 << 20;
/** Past this no set grows at all: what is left is for the first set and the sketch of each group. */
let roomForSets: u32 = 0;
const FIRST_SLOTS: u32 = 16;
const MAX_SLOTS: u32 = 8192;
/** As MAX_EXACT of `src/aggregate/distinct-counter.ts`. */
const MAX_EXACT: u32 = 4096;
const REGISTERS: u32 = 1 << 14;
/** Stands for a number of slots. */
const SKETCH: u32 = 0xffffffff;
/** Behind the registers: users that are not in them yet. */
const MAX_WAITING: u32 = 64;
const SKETCH_BYTES: u32 = REGISTERS + MAX_WAITING * 4;
let arena: usize = 0;
let arenaUsed: u32 = 0;

export function createSummary(residents: u32, campaignResidents: u32): void {
  campaignCap = campaignResidents;
  otherCap = residents;
  groupCount = campaignCap + 2 + (otherCap + 2) * (TABLES - 1);
  cells = heap.alloc(CELL_BYTES * CELL_SLOTS);
  arena = (heap.alloc(ARENA_BYTES) + 15) & ~15;
  roomForSets = ARENA_BYTES - groupCount * (SKETCH_BYTES + FIRST_SLOTS * 8);
  groups = heap.alloc(groupCount * GROUP_BYTES);
  moneys = heap.alloc(groupCount * MAX_CURRENCIES * MONEY_BYTES);
}

/** Begins anew with nothing counted. */
export function clearSummary(): void {
  memory.fill(groups, 0, groupCount * GROUP_BYTES);
  for (let table: u32 = 0; table < TABLES; table++) {
    const dictionary = load<u32>(fieldsOf + table * 4);
    memory.fill(dictionaries.groupsOfCodes(dictionary), 0, dictionaries.dictionarySize(dictionary) * 2);
    store<u32>(usedOf + table * 4, 0);
  }
  memory.fill(moneys, 0, groupCount * MAX_CURRENCIES * MONEY_BYTES);
  clearCells();
  arenaUsed = 0;
  memory.fill(freeRooms, 0, 32 * 4);
}

export function clearCells(): void {
  memory.fill(cells, 0, CELL_BYTES * CELL_SLOTS);
  cellsUsed = 0;
}

export function cellCount(): u32 {
  return cellsUsed;
}

export function cellsStart(): usize {
  return cells;
}

/** Of a table's groups, MAX_CURRENCIES each. */
export function moneyStart(table: u32): usize {
  return moneys + ((groupsStart(table) - groups) / GROUP_BYTES) * MAX_CURRENCIES * MONEY_BYTES;
}

@inline
function capOf(table: u32): u32 {
  return table == 0 ? campaignCap : otherCap;
}

/** Where a table's groups begin: that of no text, that of others, then one a code. */
export function groupsStart(table: u32): usize {
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
  const index = used < capOf(table) ? used + 2 : OTHERS;
  if (index != OTHERS) {
    store<u32>(usedOf + table * 4, used + 1);
    store<u32>(groupsStart(table) + index * GROUP_BYTES, code, CODE);
    store<u16>(ofCodes + code * 2, index);
  }
  return index;
}

/** How many groups of a table are in use, those of no text and of others included. */
export function groupsUsed(table: u32): u32 {
  return load<u32>(usedOf + table * 4) + 2;
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
}

/** The rows of the batch that are clicks, and after the last of them those that are money, by number. */
const rowNumbers: usize = heap.alloc(layout.ROW_CAPACITY * 4);
let clickCount: u32 = 0;
/** Of each row's user: the register (from bit 6 on) and the rank. */
const placesInSketch: usize = heap.alloc(layout.ROW_CAPACITY * 4);

/** Counts all rows of the batch. */
export function addRows(): void {
  prepareRows();
  for (let table: u32 = 0; table < TABLES - 1; table++) countTable(table);
  countProducts();
  countHours();
}

/** What is worked out once for all tables. Clicks are apart from money, so that no table has to ask row by row. */
function prepareRows(): void {
  const keys = rows.keyCell(layout.USER_ID, 0);
  const count = rows.rowCount;
  let clicks: u32 = 0;
  let money: u32 = count;
  for (let row: u32 = 0; row < count; row++) {
    const key = load<u64>(keys + row * 8);
    const rank = <u32>clz<u64>((key >> 12) & 0x3f_ffff_ffff) - 25;
    store<u32>(placesInSketch + row * 4, (<u32>(key >> 50) << 6) | rank);
    const isClick = <u32>(<u32>load<u8>(rows.types + row) == layout.CLICK);
    // Written to both ends; the one that is not meant is written over.
    store<u32>(rowNumbers + clicks * 4, row);
    store<u32>(rowNumbers + (money - 1) * 4, row);
    clicks += isClick;
    money -= 1 - isClick;
  }
  clickCount = clicks;
}

/** Campaigns have part in every event; source, medium and ad are a click's, so that all others have none. */
function countTable(table: u32): void {
  const first = groupsStart(table);
  const field = load<u32>(fieldsOf + table * 4);
  const ofCodes = dictionaries.groupsOfCodes(field);
  const codes = rows.codeCell(field, 0);
  const count = rows.rowCount;
  const clicks = clickCount;
  for (let i: u32 = 0; i < clicks; i++) {
    const row = load<u32>(rowNumbers + i * 4);
    const group = groupOf(first, ofCodes, table, load<u32>(codes + row * 4));
    store<u32>(group, load<u32>(group, CLICKS) + 1, CLICKS);
    addSighting(group, row);
  }
  for (let i: u32 = clicks; i < count; i++) {
    const row = load<u32>(rowNumbers + i * 4);
    const group = table == 0 ? groupOf(first, ofCodes, table, load<u32>(codes + row * 4)) : first;
    addMoney(group, <u32>load<u8>(rows.types + row), row);
    addSighting(group, row);
  }
}

function countProducts(): void {
  const first = groupsStart(TABLES - 1);
  const ofCodes = dictionaries.groupsOfCodes(layout.PRODUCT);
  const codes = rows.codeCell(layout.PRODUCT, 0);
  const count = rows.rowCount;
  for (let i: u32 = clickCount; i < count; i++) {
    const row = load<u32>(rowNumbers + i * 4);
    const group = groupOf(first, ofCodes, TABLES - 1, load<u32>(codes + row * 4));
    addMoney(group, <u32>load<u8>(rows.types + row), row);
    addSighting(group, row);
  }
}

const MICROS_PER_HOUR: i64 = 3_600_000_000;

function countHours(): void {
  const ofCodes = dictionaries.groupsOfCodes(layout.CAMPAIGN_ID);
  const codes = rows.codeCell(layout.CAMPAIGN_ID, 0);
  const count = rows.rowCount;
  let hour: i64 = 0;
  let hourStart: i64 = 1;
  let hourEnd: i64 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const micros = load<i64>(rows.timestamps + row * 8);
    if (micros < hourStart || micros >= hourEnd) {
      hour = micros / MICROS_PER_HOUR;
      if (micros < 0 && hour * MICROS_PER_HOUR != micros) hour--;
      hourStart = hour * MICROS_PER_HOUR;
      hourEnd = hourStart + MICROS_PER_HOUR;
    }
    const code = load<u32>(codes + row * 4);
    const known = <u32>load<u16>(ofCodes + code * 2);
    const group: u32 = code == 0 ? NONE : known == 0 ? OTHERS : known;
    const cell = cellOf((<u64>hour << 16) + group + 1);
    const type = <u32>load<u8>(rows.types + row);
    if (type == layout.CLICK) {
      store<u32>(cell, load<u32>(cell, 8) + 1, 8);
    } else {
      if (type == layout.CONVERSION) store<u32>(cell, load<u32>(cell, 12) + 1, 12);
      addTo128(cell + 16, type, load<u64>(rows.amounts + row * 8));
    }
  }
}

@inline
function cellOf(key: u64): usize {
  let slot = <u32>((key * 0x9e3779b97f4a7c15) >> 47);
  while (true) {
    const cell = cells + slot * CELL_BYTES;
    const found = load<u64>(cell);
    if (found == key) return cell;
    if (found == 0) {
      store<u64>(cell, key);
      cellsUsed++;
      return cell;
    }
    slot = (slot + 1) & (CELL_SLOTS - 1);
  }
}

function addMoney(group: usize, type: u32, row: u32): void {
  const currency = load<u32>(rows.codeCell(layout.CURRENCY, row));
  const index = <u32>(group - groups) / GROUP_BYTES;
  const money = moneys + (index * MAX_CURRENCIES + currency) * MONEY_BYTES;
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

@inline
function addSighting(group: usize, row: u32): void {
  const micros = load<i64>(rows.timestamps + row * 8);
  if (load<u32>(group, USER_SLOTS) == SKETCH) {
    // Without branches, which would be guessed wrong too often.
    const first = load<i64>(group, FIRST);
    const last = load<i64>(group, LAST);
    store<i64>(group, select<i64>(micros, first, micros < first), FIRST);
    store<i64>(group, select<i64>(micros, last, micros > last), LAST);
    const registers: usize = load<u32>(group, USERS);
    const waiting = load<u32>(group, USER_COUNT);
    store<u32>(registers + REGISTERS + waiting * 4, load<u32>(placesInSketch + row * 4));
    store<u32>(group, waiting + 1, USER_COUNT);
    if (waiting == MAX_WAITING - 1) sketchWaiting(group);
  } else {
    addToList(group, micros, load<u64>(rows.keyCell(layout.USER_ID, row)) >> 12);
  }
}

/**
 * Takes the users that wait behind a sketch's registers into it. Registers lie all over the cache: a loop of nothing
 * but them has many of them on the way at a time.
 */
function sketchWaiting(group: usize): void {
  const registers: usize = load<u32>(group, USERS);
  const end = registers + REGISTERS + load<u32>(group, USER_COUNT) * 4;
  for (let at = registers + REGISTERS; at < end; at += 4) {
    const place = load<u32>(at);
    raise(registers + (place >> 6), place & 63);
  }
  store<u32>(group, 0, USER_COUNT);
}

/** Brings all groups to where their users can be read: each once in a list, or all in the sketch. */
export function settle(): void {
  for (let i: u32 = 0; i < groupCount; i++) {
    const group = groups + i * GROUP_BYTES;
    const slots = load<u32>(group, USER_SLOTS);
    if (slots == SKETCH) sketchWaiting(group);
    else if (slots != 0 && takeOutTwins(group) > MAX_EXACT) becomeSketch(group);
  }
}

/** The sketch of `src/aggregate/hyperloglog.ts`: of 52 bits 14 choose a register, the first 1 among the others its rank. */
@inline
function sketch(registers: usize, bits: u64): void {
  raise(registers + <u32>(bits >> 38), <u32>clz<u64>(bits & 0x3f_ffff_ffff) - 25);
}

@inline
function raise(register: usize, rank: u32): void {
  const known = <u32>load<u8>(register);
  store<u8>(register, select<u32>(rank, known, rank > known));
}

/** While there are few, users are only listed; when the list is full, those that are in it twice are taken out. */
function addToList(group: usize, micros: i64, bits: u64): void {
  if (load<u32>(group, USER_SLOTS) == 0) {
    store<i64>(group, micros, FIRST);
    store<i64>(group, micros, LAST);
    store<u32>(group, <u32>takeRoom(FIRST_SLOTS * 8), USERS);
    store<u32>(group, FIRST_SLOTS, USER_SLOTS);
  }
  if (micros < load<i64>(group, FIRST)) store<i64>(group, micros, FIRST);
  if (micros > load<i64>(group, LAST)) store<i64>(group, micros, LAST);
  const count = load<u32>(group, USER_COUNT);
  store<u64>(load<u32>(group, USERS) + count * 8, bits);
  store<u32>(group, count + 1, USER_COUNT);
  if (count + 1 == load<u32>(group, USER_SLOTS)) makeRoom(group);
}

function makeRoom(group: usize): void {
  const slots = load<u32>(group, USER_SLOTS);
  const count = takeOutTwins(group);
  if (count > MAX_EXACT) becomeSketch(group);
  else if (count * 2 > slots) {
    if (mayGrow(slots * 16)) growList(group);
    else becomeSketch(group);
  }
}

/** A table to find twins by: twice as large as the longest list. */
const seen: usize = heap.alloc(MAX_SLOTS * 2 * 8);

/** Leaves each user once in the list of a group; how many there are. */
function takeOutTwins(group: usize): u32 {
  const slots = load<u32>(group, USER_SLOTS) * 2;
  const list: usize = load<u32>(group, USERS);
  const count = load<u32>(group, USER_COUNT);
  memory.fill(seen, 0, slots * 8);
  let kept: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const bits = load<u64>(list + i * 8);
    if (!insert(seen, slots, bits + 1)) continue;
    store<u64>(list + kept * 8, bits);
    kept++;
  }
  store<u32>(group, kept, USER_COUNT);
  return kept;
}

function mayGrow(size: u32): bool {
  return (size <= REGISTERS || arenaUsed <= SETS_BYTES) && arenaUsed + size <= roomForSets;
}

/** Adds a number (not 0) to a set with at least one free slot; false if it was there. */
function insert(set: usize, slots: u32, value: u64): bool {
  let slot = <u32>(value >> 20) & (slots - 1);
  while (true) {
    const found = load<u64>(set + slot * 8);
    if (found == value) return false;
    if (found == 0) {
      store<u64>(set + slot * 8, value);
      return true;
    }
    slot = (slot + 1) & (slots - 1);
  }
}

function growList(group: usize): void {
  const slots = load<u32>(group, USER_SLOTS);
  const list: usize = load<u32>(group, USERS);
  const grown = takeRoom(slots * 16);
  memory.copy(grown, list, load<u32>(group, USER_COUNT) * 8);
  giveRoom(list, slots * 8);
  store<u32>(group, <u32>grown, USERS);
  store<u32>(group, slots * 2, USER_SLOTS);
}

function becomeSketch(group: usize): void {
  const list: usize = load<u32>(group, USERS);
  const count = load<u32>(group, USER_COUNT);
  const registers = takeSketchRoom();
  for (let i: u32 = 0; i < count; i++) sketch(registers, load<u64>(list + i * 8));
  giveRoom(list, load<u32>(group, USER_SLOTS) * 8);
  store<u32>(group, <u32>registers, USERS);
  store<u32>(group, SKETCH, USER_SLOTS);
  store<u32>(group, 0, USER_COUNT);
}

/** A sketch stays to the end, so its room never comes back. */
function takeSketchRoom(): usize {
  if (arenaUsed + SKETCH_BYTES > ARENA_BYTES) unreachable();
  const room = arena + arenaUsed;
  arenaUsed += SKETCH_BYTES;
  memory.fill(room, 0, SKETCH_BYTES);
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
