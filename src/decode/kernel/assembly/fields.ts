/** The fields of the line being decoded, and the rules by which they become a row. */
import { parseAmount } from './amounts';
import { firstBytes } from './bytes';
import { intern, lookUp, TYPE_NAMES } from './dictionary';
import * as layout from './layout';
import { keyOf, keyOfShort } from './murmur';
import * as rows from './rows';
import { parseTimestamp, timestampMicros } from './time';

/** Fields that the line has and that are not empty, as bits. */
export let seen: u32 = 0;
let typeCode: u32 = layout.NO_TYPE;
/** Whether the type's name is one of mapipe's own, of which no vocabulary says where else its fields are. */
let typeIsPlain: bool = true;
let currencyCode: u32 = 0;
const upperCase: usize = memory.data(16);
let amountAt: usize = 0;
let amountLength: u32 = 0;
let lineMicros: i64 = 0;

export let defaultCurrencyCode: u32 = 0;
export let receivedAtMicros: i64 = 0;
/** What the names of event types mean, by their code in the dictionary TYPE_NAMES. */
const typeMeanings: usize = memory.data(256);
/** The last name of fewer than 16 bytes that was looked up, and what it means. */
let lastTypeName: v128 = v128.splat<u8>(0xff);
let lastTypeLength: u32 = 0;
let lastTypeMeaning: u32 = 0;

/** Lines that became no row: events that are none of the three types, and blank lines. */
export let otherEvents: u32 = 0;
export let stamped: u32 = 0;

export function setDefaultCurrency(code: u32): void {
  defaultCurrencyCode = code;
}

export function setReceivedAt(micros: i64): void {
  receivedAtMicros = micros;
}

export function setTypeMeaning(code: u32, meaning: u32): void {
  store<u8>(typeMeanings + code, meaning);
}

export function clearFieldCounts(): void {
  otherEvents = 0;
  stamped = 0;
}

/** Counts lines that were decoded elsewhere. */
export function addCounts(others: u32, unstamped: u32): void {
  otherEvents += others;
  stamped += unstamped;
}

@inline
export function beginLine(): void {
  seen = 0;
  typeCode = layout.NO_TYPE;
  currencyCode = defaultCurrencyCode;
}

/**
 * Takes a field's text, whose first 16 bytes (and what follows, where it is shorter) are `v`. False where the line is
 * the reference's to decode.
 */
@inline
export function setField(field: u32, from: usize, length: u32, v: v128): bool {
  if (length == 0) return true;
  switch (field) {
    case layout.USER_ID:
    case layout.CLICK_ID:
    case layout.ORDER_ID:
    case layout.EVENT_ID:
      setKeyed(field, from, length, v);
      break;
    case layout.CAMPAIGN_ID:
    case layout.SOURCE:
    case layout.MEDIUM:
    case layout.AD_ID:
    case layout.TERM:
    case layout.CLICK_ID_KIND:
    case layout.PRODUCT:
      if (length > layout.MAX_TEXT_BYTES) return false;
      setInterned(field, from, length, v);
      break;
    case layout.TIMESTAMP:
      if (!parseTimestamp(from, length)) return false;
      lineMicros = timestampMicros;
      break;
    case layout.TYPE:
      if (!setType(from, length, v)) return false;
      break;
    case layout.AMOUNT:
      amountAt = from;
      amountLength = length;
      break;
    case layout.CURRENCY:
      if (!setCurrency(from, length)) return false;
      break;
    default:
      return true;
  }
  seen |= 1 << field;
  return true;
}

/** Gives a keyed field a text whose key is known. */
@inline
export function setKey(field: u32, key: u64, from: usize, length: u32): void {
  store<u64>(rows.keyCell(field, rows.rowCount), key);
  store<u64>(rows.placeCell(field, rows.rowCount), (<u64>length << 32) | <u64>from);
  seen |= 1 << field;
}

/** Gives an interned field a text of up to MAX_TEXT_BYTES, whose first 16 bytes (and what follows) are `v`. */
@inline
export function setText(field: u32, from: usize, length: u32, v: v128): void {
  const prefix = firstBytes(v, min<u32>(length, 16));
  store<u32>(rows.codeCell(field, rows.rowCount), intern(field, from, length, prefix));
  seen |= 1 << field;
}

@inline
function setKeyed(field: u32, from: usize, length: u32, v: v128): void {
  const key = length < 16 ? keyOfShort(firstBytes(v, length), length) : keyOf(from, length);
  store<u64>(rows.keyCell(field, rows.rowCount), key);
  store<u64>(rows.placeCell(field, rows.rowCount), (<u64>length << 32) | <u64>from);
}

@inline
function setInterned(field: u32, from: usize, length: u32, v: v128): void {
  const prefix = length < 16 ? firstBytes(v, length) : v;
  store<u32>(rows.codeCell(field, rows.rowCount), intern(field, from, length, prefix));
}

/** Where the type does not come from a name. */
@inline
export function setTypeCode(code: u32): void {
  typeCode = code;
}

/** Where the moment does not come from a text. */
@inline
export function setMoment(micros: i64): void {
  lineMicros = micros;
  seen |= 1 << layout.TIMESTAMP;
}

export const UNKNOWN_TYPE: u32 = 0x100;

/** What the name of a type means; UNKNOWN_TYPE where it is the reference's to say. */
export function meaningOf(from: usize, length: u32): u32 {
  if (length > 64) return UNKNOWN_TYPE;
  const v = v128.load(from);
  const code = lookUp(TYPE_NAMES, from, length, length < 16 ? firstBytes(v, length) : v);
  return code == 0 ? UNKNOWN_TYPE : <u32>load<u8>(typeMeanings + code);
}

/** A name of another case or none that is known is the reference's. */
@inline
function setType(from: usize, length: u32, v: v128): bool {
  if (length > 15) return setLongType(from, length);
  const name = firstBytes(v, length);
  if (length != lastTypeLength || v128.any_true(v128.xor(name, lastTypeName))) return setOtherType(from, length, name);
  typeCode = lastTypeMeaning & 3;
  typeIsPlain = lastTypeMeaning < layout.VOCABULARY;
  return true;
}

function setOtherType(from: usize, length: u32, name: v128): bool {
  const code = lookUp(TYPE_NAMES, from, length, name);
  if (code == 0) return false;
  lastTypeName = name;
  lastTypeLength = length;
  lastTypeMeaning = load<u8>(typeMeanings + code);
  typeCode = lastTypeMeaning & 3;
  typeIsPlain = lastTypeMeaning < layout.VOCABULARY;
  return true;
}

function setLongType(from: usize, length: u32): bool {
  const meaning = meaningOf(from, length);
  if (meaning == UNKNOWN_TYPE) return false;
  typeCode = meaning & 3;
  typeIsPlain = meaning < layout.VOCABULARY;
  return true;
}

function setCurrency(from: usize, length: u32): bool {
  const code = currencyOf(from, length);
  if (code == 0) return false;
  currencyCode = code;
  return true;
}

/** The code of a currency, in whatever case it is written; 0 where it is none. */
export function currencyOf(from: usize, length: u32): u32 {
  if (length != 3) return 0;
  let code: u32 = 0;
  for (let i: u32 = 0; i < 3; i++) {
    const letter = <u32>load<u8>(from + i) & 0xdf;
    if (letter - 0x41 > 25) return 0;
    code |= letter << (i * 8);
  }
  // What the dictionary keeps is in upper case, whatever stood in the line.
  store<u32>(upperCase, code);
  return intern(layout.CURRENCY, upperCase, 3, i32x4(code, 0, 0, 0));
}

export function markSeen(field: u32): void {
  seen |= 1 << field;
}

@inline
export function isSeen(field: u32): bool {
  return ((seen >> field) & 1) != 0;
}

export function hasPlainType(): bool {
  return typeCode == layout.NO_TYPE || typeIsPlain;
}

/** Forgets a field that the line named before, for another name of it goes before that one. */
export function unsetField(field: u32): void {
  seen &= ~(<u32>1 << field);
}

/** What `finishLine` made of a line. */
export const ACCEPTED = 0;
export const IGNORED = 1;
export const LEFT = 2;

/** Applies the rules of the event model to the line's fields: a row, an event to be ignored, or not for the kernel. */
@inline
export function finishLine(): u32 {
  let type = typeCode;
  if (type == layout.OTHER_EVENT) {
    otherEvents++;
    rows.clearRow();
    return IGNORED;
  }
  if (type == layout.NO_TYPE) type = (seen >> layout.AMOUNT) & 1 ? layout.CONVERSION : layout.CLICK;
  if (((seen >> layout.USER_ID) & 1) == 0) return LEFT;
  const row = rows.rowCount;
  if (type == layout.CLICK) {
    if ((seen & (1 << layout.CAMPAIGN_ID)) == 0) return LEFT;
    store<i64>(rows.amounts + row * 8, 0);
    seen &= ~(<u32>1 << layout.CURRENCY);
  } else {
    let micros: i64 = 0;
    if ((seen >> layout.AMOUNT) & 1) {
      micros = parseAmount(amountAt, amountLength);
      if (micros < 0) return LEFT;
    } else if (type == layout.REFUND) {
      return LEFT;
    }
    store<i64>(rows.amounts + row * 8, micros);
    store<u32>(rows.codeCell(layout.CURRENCY, row), currencyCode);
    seen |= 1 << layout.CURRENCY;
  }
  if ((seen >> layout.TIMESTAMP) & 1) {
    store<i64>(rows.timestamps + row * 8, lineMicros);
  } else {
    store<i64>(rows.timestamps + row * 8, receivedAtMicros);
    stamped++;
  }
  store<u8>(rows.types + row, type);
  rows.touch(seen);
  rows.setRowCount(row + 1);
  return ACCEPTED;
}
