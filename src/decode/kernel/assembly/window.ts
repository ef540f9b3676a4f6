/**
 * A window of lines whose fields have been found, but not yet understood: for each field and row where its text lies and
 * how long it is (0: the row has none). They become rows of the batch a column at a time, as each column wants but one
 * kind of care. What may turn out to be for others to decode comes first (times, money), so that no text is added to a
 * dictionary for a line that is not decoded here. The rules are those of `fields.ts`.
 */
import { parseAmount } from './amounts';
import { firstBytes } from './bytes';
import { firstSlot, internSlowly, isInSlot, maskOf, SLOT_CODE, tableOf, wordMasks } from './dictionary';
import * as fields from './fields';
import * as layout from './layout';
import { keyOf, keyOfShort, keysOfShort } from './murmur';
import * as rows from './rows';
import { NOT_QUICK, parseAnyTimestamp, quickTimestamp, timestampMicros } from './time';

export const MAX_ROWS: u32 = 256;
/** A column: address and length, u32 each, of each row. Columns do not begin a power of two apart, for the cache's sake. */
const COLUMN_BYTES: u32 = MAX_ROWS * 8 + 64;
const COLUMNS: u32 = 16;
const places: usize = (heap.alloc(COLUMNS * COLUMN_BYTES + 64) + 63) & ~63;

/** What the names of click ids say of their kind: a code, or 0. */
const kinds: usize = heap.alloc(MAX_ROWS * 4);
let anyKinds: bool = false;

/** Rows that are no clicks. */
const moneyRows: usize = heap.alloc(MAX_ROWS * 4 + 4);
let moneyEnd: usize = moneyRows;
let anyUnstamped: bool = false;
/** The fields that rows may have, as bits. */
let filled: u32 = 0;

/** What names of types mean that were met, by their length: 16 bytes of text, and the meaning. */
const metTypes: usize = memory.data(16 * 32, 16);
/** Whether types that have a vocabulary of their own are for others to understand. */
let leavesVocabularies: bool = false;

export function leaveVocabularies(value: bool): void {
  leavesVocabularies = value;
  memory.fill(metTypes, 0, 16 * 32);
}

@inline
export function columnOf(field: u32): usize {
  return places + field * COLUMN_BYTES;
}

@inline
export function place(cell: usize, from: usize, length: u32): void {
  store<u32>(cell, <u32>from);
  store<u32>(cell, length, 4);
}

@inline
export function setKind(row: u32, code: u32): void {
  store<u32>(kinds + row * 4, code);
  anyKinds = true;
}

@inline
function lengthOf(field: u32, row: u32): u32 {
  return load<u32>(places + field * COLUMN_BYTES + row * 8, 4);
}

@inline
function startOf(field: u32, row: u32): usize {
  return load<u32>(places + field * COLUMN_BYTES + row * 8);
}

/** Takes back what was placed in a row. */
@inline
export function clearRow(row: u32): void {
  for (let field: u32 = 0; field < COLUMNS; field++) store<u64>(columnOf(field) + row * 8, 0);
  store<u32>(kinds + row * 4, 0);
}

/** Says which fields rows may have, as bits, where no row was accepted that has them. */
export function fill(named: u32): void {
  filled |= named;
}

/** Gives a row what was placed in another one. */
export function moveRow(from: u32, to: u32): void {
  for (let field: u32 = 0; field < COLUMNS; field++) {
    store<u64>(columnOf(field) + to * 8, load<u64>(columnOf(field) + from * 8));
  }
  store<u32>(kinds + to * 4, load<u32>(kinds + from * 4));
}

/**
 * Applies to a row what rules there are but for times and money; `named` are the fields that it may have, as bits,
 * `knownType` is its type where no text has to say it, else NO_TYPE. A row that is LEFT where only plain ones are wanted
 * may be accepted where others are, too: nothing is called for those.
 */
@inline
export function checkRow(row: u32, named: u32, knownType: u32, lineBytes: usize, isPlain: bool): u32 {
  if (lineBytes > layout.MAX_TEXT_BYTES && (isPlain || lineBytes > layout.MAX_LINE_BYTES || hasLongText(row))) {
    return fields.LEFT;
  }
  let type = knownType;
  if (type == layout.NO_TYPE) {
    const typeLength = lengthOf(layout.TYPE, row);
    if (typeLength != 0) type = typeOf(startOf(layout.TYPE, row), typeLength, isPlain);
    if (type == fields.UNKNOWN_TYPE) return fields.LEFT;
  }
  if (type == layout.OTHER_EVENT) return fields.IGNORED;
  if (type == layout.NO_TYPE) type = lengthOf(layout.AMOUNT, row) > 0 ? layout.CONVERSION : layout.CLICK;
  if (lengthOf(layout.USER_ID, row) == 0) return fields.LEFT;
  const isClick = type == layout.CLICK;
  if (isClick && lengthOf(layout.CAMPAIGN_ID, row) == 0) return fields.LEFT;
  store<u8>(rows.types + rows.rowCount + row, type);
  // Written in any case, kept where it is money: no branch depends on it.
  store<u32>(moneyEnd, row);
  moneyEnd += <usize>!isClick << 2;
  filled |= named;
  return fields.ACCEPTED;
}

/** The type of a name that is not empty; UNKNOWN_TYPE where it is for others to say. */
@inline
function typeOf(from: usize, length: u32, isPlain: bool): u32 {
  if (length < 16) {
    const met = metTypes + length * 32;
    const differs = v128.xor(firstBytes(v128.load(from), length), v128.load(met));
    if (load<u32>(met, 20) != 0 && !v128.any_true(differs)) return load<u32>(met, 16);
  }
  return isPlain ? fields.UNKNOWN_TYPE : meetType(from, length);
}

function meetType(from: usize, length: u32): u32 {
  const meaning = fields.meaningOf(from, length);
  if (meaning == fields.UNKNOWN_TYPE || (leavesVocabularies && meaning >= layout.VOCABULARY)) return fields.UNKNOWN_TYPE;
  if (length < 16) {
    const met = metTypes + length * 32;
    v128.store(met, firstBytes(v128.load(from), length));
    store<u32>(met, meaning & 3, 16);
    store<u32>(met, 1, 20);
  }
  return meaning & 3;
}

/** Whether a text of the row is too long to be a dictionary's. */
function hasLongText(row: u32): bool {
  for (let field: u32 = 0; field < layout.TEXT_FIELD_COUNT; field++) {
    if (!rows.isKeyed(field) && lengthOf(field, row) > layout.MAX_TEXT_BYTES) return true;
  }
  return false;
}

/**
 * Adds the window's rows to the batch, up to one that is for others to decode; how many. In `placed` rows there may be
 * something: the window is empty then.
 */
export function takeRows(count: u32, placed: u32): u32 {
  const sure = takeMoney(takeTimes(count));
  // Nothing can fail from here on: what is left are texts. A kind that a text names goes before one that a name tells.
  if (anyKinds) takeKinds(sure);
  for (let field: u32 = 0; field < layout.TEXT_FIELD_COUNT; field++) {
    if (((filled >> field) & 1) == 0 || field == layout.CURRENCY) continue;
    if (rows.isKeyed(field)) takeKeyed(field, sure);
    else takeInterned(field, sure);
  }
  if (anyUnstamped) fields.addCounts(0, unstampedIn(sure));
  rows.setRowCount(rows.rowCount + sure);
  for (let field: u32 = 0; field < COLUMNS; field++) {
    if ((filled >> field) & 1) memory.fill(columnOf(field), 0, placed * 8);
  }
  filled = 0;
  moneyEnd = moneyRows;
  return sure;
}

/** Reads the timestamps; how many rows there are before one that has none of the common forms. */
function takeTimes(count: u32): u32 {
  const column = columnOf(layout.TIMESTAMP);
  const timestamps = rows.timestamps + rows.rowCount * 8;
  anyUnstamped = false;
  let row: u32 = 0;
  while (true) {
    for (; row < count; row++) {
      const micros = quickTimestamp(load<u32>(column + row * 8), load<u32>(column + row * 8, 4));
      if (micros == NOT_QUICK) break;
      store<i64>(timestamps + row * 8, micros);
    }
    if (row == count) return count;
    let micros = fields.receivedAtMicros;
    const length = load<u32>(column + row * 8, 4);
    if (length == 0) {
      anyUnstamped = true;
    } else {
      if (!parseAnyTimestamp(load<u32>(column + row * 8), length)) return row;
      micros = timestampMicros;
    }
    store<i64>(timestamps + row * 8, micros);
    row++;
  }
}

function unstampedIn(count: u32): u32 {
  let unstamped: u32 = 0;
  for (let row: u32 = 0; row < count; row++) unstamped += <u32>(lengthOf(layout.TIMESTAMP, row) == 0);
  return unstamped;
}

/** Reads amounts and currencies of the rows that are no clicks; how many rows there are before one that is not sure. */
function takeMoney(count: u32): u32 {
  const types = rows.types + rows.rowCount;
  const amounts = rows.amounts + rows.rowCount * 8;
  const currencies = rows.codeCell(layout.CURRENCY, rows.rowCount);
  memory.fill(amounts, 0, count * 8);
  for (let at = moneyRows; at < moneyEnd; at += 4) {
    const row = load<u32>(at);
    if (row >= count) break;
    const amount = load<u64>(columnOf(layout.AMOUNT) + row * 8);
    if (amount >> 32 != 0) {
      const micros = parseAmount(<u32>amount, <u32>(amount >> 32));
      if (micros < 0) return row;
      store<i64>(amounts + row * 8, micros);
    } else if (load<u8>(types + row) == layout.REFUND) {
      return row;
    }
    const currency = load<u64>(columnOf(layout.CURRENCY) + row * 8);
    let code = fields.defaultCurrencyCode;
    if (currency >> 32 != 0) {
      code = fields.currencyOf(<u32>currency, <u32>(currency >> 32));
      if (code == 0) return row;
    }
    store<u32>(currencies + row * 4, code);
    rows.touch(1 << layout.CURRENCY);
  }
  return count;
}

/** Texts of which the key is kept. */
function takeKeyed(field: u32, count: u32): void {
  const column = columnOf(field);
  const keys = rows.keyCell(field, rows.rowCount);
  const kept = rows.placeCell(field, rows.rowCount);
  memory.copy(kept, column, count * 8);
  let any: u64 = 0;
  let row: u32 = 0;
  while (row < count) {
    const cell = column + row * 8;
    const a = load<u32>(cell, 4);
    if (row + 4 <= count) {
      const b = load<u32>(cell, 12);
      const c = load<u32>(cell, 20);
      const d = load<u32>(cell, 28);
      // Four at a time, where all are short and none is missing.
      if (max(max(a - 1, b - 1), max(c - 1, d - 1)) < 15) {
        any = 1;
        keysOfShort(
          firstBytes(v128.load(load<u32>(cell)), a),
          firstBytes(v128.load(load<u32>(cell, 8)), b),
          firstBytes(v128.load(load<u32>(cell, 16)), c),
          firstBytes(v128.load(load<u32>(cell, 24)), d),
          i32x4(a, b, c, d),
          keys + row * 8,
        );
        row += 4;
        continue;
      }
    }
    if (a != 0) {
      any = 1;
      const from: usize = load<u32>(cell);
      store<u64>(keys + row * 8, a < 16 ? keyOfShort(firstBytes(v128.load(from), a), a) : keyOf(from, a));
    }
    row++;
  }
  rows.touch(<u32>any << field);
}

/** Texts that are kept as codes. */
function takeInterned(field: u32, count: u32): void {
  const end = columnOf(field) + count * 8;
  const table = tableOf(field);
  let mask = maskOf(field);
  let any: u32 = 0;
  let code = rows.codeCell(field, rows.rowCount);
  let cell = columnOf(field);
  while (true) {
    // Nothing is called in here, so that what is at hand stays in registers.
    for (; cell < end; cell += 8, code += 4) {
      const length = load<u32>(cell, 4);
      if (length == 0) continue;
      any = 1;
      const text: usize = load<u32>(cell);
      const masks = wordMasks(length);
      const low = load<u64>(text) & load<u64>(masks);
      const high = load<u64>(text, 8) & load<u64>(masks, 8);
      const slot = firstSlot(table, mask, low, high);
      if (!isInSlot(slot, low, high, length)) break;
      store<u32>(code, load<u32>(slot, SLOT_CODE));
    }
    if (cell == end) break;
    store<u32>(code, internSlowly(field, load<u32>(cell), load<u32>(cell, 4)));
    mask = maskOf(field);
    cell += 8;
    code += 4;
  }
  rows.touch(any << field);
}

/** Kinds of click ids that no text names. */
function takeKinds(count: u32): void {
  const codes = rows.codeCell(layout.CLICK_ID_KIND, rows.rowCount);
  for (let row: u32 = 0; row < count; row++) {
    const kind = load<u32>(kinds + row * 4);
    if (kind == 0) continue;
    store<u32>(codes + row * 4, kind);
    rows.touch(1 << layout.CLICK_ID_KIND);
  }
  memory.fill(kinds, 0, MAX_ROWS * 4);
  anyKinds = false;
}
