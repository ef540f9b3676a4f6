/**
 * The parameters of a request's query that mean something, each a bit: those of one field in the order in which they are
 * looked for, so that the one that counts is the lowest of the field's bits. The host fills the tables.
 */
import { equalBytes, firstBytes, utf8Length } from './bytes';
import * as layout from './layout';

/** A slot of the hash table: the first 16 bytes of the name, its length, where it lies, its bit + 1 (0: free). */
const SLOT_BYTES: u32 = 32;
const SLOTS: u32 = 256;
const slots: usize = heap.alloc(SLOTS * SLOT_BYTES);
const MAX_PARAMETERS: u32 = 64;
const TEXTS_BYTES: u32 = 16_384;
const texts: usize = heap.alloc(TEXTS_BYTES);
let used: u32 = 0;
let count: u32 = 0;

/** Stands for the bit of a name that means nothing. */
export const NONE: u32 = MAX_PARAMETERS;

/** The parameters that the query has with a text, as bits; and those it has at all. */
export let given: u64 = 0;
let met: u64 = 0;
/** By bit: where the text begins; its length, with ENCODED where it is still to be decoded. */
const values: usize = memory.data(64 * 8);
const ENCODED: u32 = 0x80000000;

/** Adds a name that was not there; its bit. */
export function addParameter(text: usize, length: u32): u32 {
  const kept = texts + used;
  memory.copy(kept, text, length);
  used += (length + 31) & ~15;
  const prefix = firstBytes(v128.load(kept), min<u32>(length, 16));
  let place = hashOf(prefix, length);
  while (load<u32>(slots + place * SLOT_BYTES, 24) != 0) place = (place + 1) & (SLOTS - 1);
  const slot = slots + place * SLOT_BYTES;
  v128.store(slot, prefix);
  store<u32>(slot, length, 16);
  store<u32>(slot, <u32>kept, 20);
  count++;
  store<u32>(slot, count, 24);
  return count - 1;
}

@inline
function hashOf(prefix: v128, length: u32): u32 {
  const mixed: u64 =
    (i64x2.extract_lane(prefix, 0) ^ (rotl<u64>(i64x2.extract_lane(prefix, 1), 23) + length)) * 0x9e3779b97f4a7c15;
  return <u32>(mixed >> 56);
}

/** The bit of a name whose first 16 bytes (and what follows, where it is shorter) are `v`. */
@inline
export function bitOf(text: usize, length: u32, v: v128): u32 {
  const prefix = length < 16 ? firstBytes(v, length) : v;
  let place = hashOf(prefix, length);
  while (true) {
    const slot = slots + place * SLOT_BYTES;
    const number = load<u32>(slot, 24);
    if (number == 0) return NONE;
    if (
      load<u32>(slot, 16) == length &&
      !v128.any_true(v128.xor(v128.load(slot), prefix)) &&
      (length <= 16 || equalBytes(load<u32>(slot, 20), text, length))
    ) {
      return number - 1;
    }
    place = (place + 1) & (SLOTS - 1);
  }
}

@inline
export function beginQuery(): void {
  given = 0;
  met = 0;
}

/** Takes a parameter of the query. The first of equal names counts, and no text is as good as none of them. */
@inline
export function take(bit: u32, from: usize, length: u32, isEncoded: bool): void {
  const mask = (<u64>1) << bit;
  if ((met & mask) != 0) return;
  met |= mask;
  if (length == 0) return;
  given |= mask;
  store<u32>(values + bit * 8, <u32>from);
  store<u32>(values + bit * 8, length | (isEncoded ? ENCODED : 0), 4);
}

@inline
export function valueStart(bit: u32): usize {
  return load<u32>(values + bit * 8);
}

@inline
export function valueLength(bit: u32): u32 {
  return load<u32>(values + bit * 8, 4) & ~ENCODED;
}

@inline
export function isEncoded(bit: u32): bool {
  return (load<u32>(values + bit * 8, 4) & ENCODED) != 0;
}

// --- Fields ---------------------------------------------------------------------------------------------------------

/** The parameters that give a click's fields, and all of them: those that make a request a click by themselves. */
export let campaigns: u64 = 0;
export let sources: u64 = 0;
export let mediums: u64 = 0;
export let ads: u64 = 0;
export let terms: u64 = 0;
export let clickNames: u64 = 0;

/** Which parameters give a field of a goal (by number, from 1): a list of field, bits, bits to fall back on. */
const MAX_PURPOSES: u32 = 33;
const MAX_FIELDS: u32 = 15;
const RULE_BYTES: u32 = 24;
const rules: usize = heap.alloc(MAX_PURPOSES * MAX_FIELDS * RULE_BYTES);
const ruleCounts: usize = memory.data(33 * 4);

/** Says which parameters give a field, of a click (purpose 0) or a goal (its number from 1). */
export function addRule(purpose: u32, field: u32, first: u64, otherwise: u64): void {
  if (purpose == 0) {
    addClickRule(field, first);
    return;
  }
  const number = load<u32>(ruleCounts + purpose * 4);
  const rule = ruleAt(purpose, number);
  store<u32>(rule, field);
  store<u64>(rule, first, 8);
  store<u64>(rule, otherwise, 16);
  store<u32>(ruleCounts + purpose * 4, number + 1);
}

function addClickRule(field: u32, bits: u64): void {
  if (field == layout.CAMPAIGN_ID) campaigns = bits;
  else if (field == layout.SOURCE) sources = bits;
  else if (field == layout.MEDIUM) mediums = bits;
  else if (field == layout.AD_ID) ads = bits;
  else terms = bits;
  clickNames |= bits;
}

@inline
export function ruleCount(purpose: u32): u32 {
  return load<u32>(ruleCounts + purpose * 4);
}

@inline
export function ruleAt(purpose: u32, number: u32): usize {
  return rules + (purpose * MAX_FIELDS + number) * RULE_BYTES;
}

@inline
export function fieldOf(rule: usize): u32 {
  return load<u32>(rule);
}

/** Of the parameters that are given, those that may be the field's. */
@inline
export function candidates(rule: usize): u64 {
  const first = given & load<u64>(rule, 8);
  return first != 0 ? first : given & load<u64>(rule, 16);
}

// --- Click ids ------------------------------------------------------------------------------------------------------

/** By bit: the code of the click id's kind, whether it is paid, and the texts it implies for source and medium. */
const KIND_BYTES: u32 = 96;
const SOURCE_TEXT: u32 = 16;
const MEDIUM_TEXT: u32 = 56;
export const MAX_IMPLIED_BYTES: u32 = 32;
const kinds: usize = heap.alloc(64 * KIND_BYTES + 16);
/** The parameters that are click ids. */
export let clickIds: u64 = 0;

export function addClickIdKind(bit: u32, code: u32, isPaid: bool): void {
  clickIds |= (<u64>1) << bit;
  store<u32>(kinds + bit * KIND_BYTES, code);
  store<u32>(kinds + bit * KIND_BYTES, isPaid ? 1 : 0, 4);
}

/** A paid click id names its source, or its medium. */
export function addImplied(bit: u32, isMedium: bool, text: usize, length: u32): void {
  const at = kinds + bit * KIND_BYTES + (isMedium ? MEDIUM_TEXT : SOURCE_TEXT);
  store<u32>(at, length);
  memory.copy(at + 4, text, length);
}

@inline
export function kindCode(bit: u32): u32 {
  return load<u32>(kinds + bit * KIND_BYTES);
}

@inline
export function isPaid(bit: u32): bool {
  return load<u32>(kinds + bit * KIND_BYTES, 4) != 0;
}

@inline
export function impliedLength(bit: u32, isMedium: bool): u32 {
  return load<u32>(kinds + bit * KIND_BYTES + (isMedium ? MEDIUM_TEXT : SOURCE_TEXT));
}

@inline
export function impliedText(bit: u32, isMedium: bool): usize {
  return kinds + bit * KIND_BYTES + (isMedium ? MEDIUM_TEXT : SOURCE_TEXT) + 4;
}

// --- Escapes --------------------------------------------------------------------------------------------------------

const MAX_DECODED: u32 = 4096;
/** The text that was decoded last. */
export const decoded: usize = heap.alloc(MAX_DECODED + 64);
const character: usize = memory.data(16);
const FAILED: u32 = 0xffffffff;

/** As `decodeOnce` of the reference, into `decoded`; FAILED where the text is too long for it. */
export function decode(from: usize, length: u32): u32 {
  if (length > MAX_DECODED) return FAILED;
  let to = decoded;
  let at = from;
  const end = from + length;
  while (at < end) {
    const byte = <u32>load<u8>(at);
    if (byte != 0x25) {
      store<u8>(to, byte == 0x2b ? 0x20 : byte);
      at++;
      to++;
      continue;
    }
    // Up to four escapes that stand together: the first of them may be one character of up to four bytes.
    let bytes: u32 = 0;
    store<u32>(character, 0);
    while (bytes < 4 && at + bytes * 3 + 3 <= end && load<u8>(at + bytes * 3) == 0x25) {
      const value = hexByte(at + bytes * 3 + 1);
      if (value > 0xff) break;
      store<u8>(character + bytes, value);
      bytes++;
    }
    const size = bytes == 0 ? 0 : characterLength(bytes);
    if (size == 0) {
      // What is no escape, or no UTF-8, stays as it stands.
      store<u8>(to, byte);
      at++;
      to++;
      continue;
    }
    memory.copy(to, character, size);
    to += size;
    at += size * 3;
  }
  return <u32>(to - decoded);
}

export function isFailed(length: u32): bool {
  return length == FAILED;
}

/** The length of the character that the escapes begin with; 0 where they are no UTF-8. */
function characterLength(bytes: u32): u32 {
  if (load<u8>(character) < 0x80) return 1;
  const length = utf8Length(character);
  return length <= bytes ? length : 0;
}

function hexByte(at: usize): u32 {
  const high = hexDigit(load<u8>(at));
  const low = hexDigit(load<u8>(at, 1));
  return (high << 4) | low;
}

/** The value of a hexadecimal digit; something large where it is none. */
function hexDigit(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : 0x100;
}
