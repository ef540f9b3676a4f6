/**
 * How lines end. Source, medium, ad and term are few as a rule, and often the last things that a line says: from the
 * first of them on it is, byte for byte, like a line before. An ending that was met is known by its bytes, and with it
 * the codes of its texts: nothing in it has to be looked for again.
 */
import { AD_ID, MEDIUM, ROW_CAPACITY, SOURCE, TERM } from './layout';
import * as rows from './rows';

/** The fields that an ending may have, as bits: SOURCE to TERM, four in a row. */
export const ENDING_FIELDS: u32 = (1 << SOURCE) | (1 << MEDIUM) | (1 << AD_ID) | (1 << TERM);
const FIELD_COUNT: u32 = 4;

/** The most bytes before the line feed. */
export const MAX_LENGTH: u32 = 63;
/** A slot of the hash table: 64 bytes, the line feed and what is behind it among them; then what is below. */
const SLOT_BYTES: u32 = 128;
const SLOTS: u32 = 1024;
/** How many bytes stand before the line feed. */
const LENGTH = 64;
/** As a length: more than any text can be like. */
const FREE: u32 = 64;
/** The node of the path that it begins at. */
const NODE = 68;
/** What is said of the path but for the ending's own fields. */
const PATH = 72;
/** The fields of its texts, as bits; and their codes, u32 each (0: it has no such text). */
const TEXTS = 76;
const CODES = 80;
const slots: usize = (heap.alloc(SLOTS * SLOT_BYTES + 64) + 63) & ~63;
let isEmpty: bool = false;

/** Where the line ends that was looked at last. */
export let endingEnd: usize = 0;

/** To be called at first, and when texts have been given other codes. */
export function forgetEndings(): void {
  if (isEmpty) return;
  isEmpty = true;
  for (let slot = slots; slot < slots + SLOTS * SLOT_BYTES; slot += SLOT_BYTES) store<u32>(slot, FREE, LENGTH);
}
forgetEndings();

@inline
function slotOf(from: usize, length: usize): usize {
  const mixed =
    load<u64>(from + length - 8) ^ rotl<u64>(load<u64>(from + length - 16), 23) ^ rotl<u64>(load<u64>(from), 41);
  return slots + (<u32>((mixed * 0x9e3779b97f4a7c15) >> 50) & (SLOTS - 1)) * SLOT_BYTES;
}

@inline
function bitsOf(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = <u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16);
  const high = <u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16);
  return <u64>low | (<u64>high << 32);
}

/** The ending that stands there, of a line that has come to this node; 0 where it is not known. */
@inline
export function findEnding(from: usize, node: usize): usize {
  const a = v128.load(from);
  const b = v128.load(from, 16);
  const c = v128.load(from, 32);
  const d = v128.load(from, 48);
  const lineFeed = i8x16.splat(0x0a);
  const lineFeeds = bitsOf(
    i8x16.eq(a, lineFeed),
    i8x16.eq(b, lineFeed),
    i8x16.eq(c, lineFeed),
    i8x16.eq(d, lineFeed),
  );
  if (lineFeeds == 0) return 0;
  const length = <usize>ctz(lineFeeds);
  // The line after this one need not wait for the slot.
  endingEnd = from + length + 1;
  const slot = slotOf(from, length);
  const same = bitsOf(
    i8x16.eq(a, v128.load(slot)),
    i8x16.eq(b, v128.load(slot, 16)),
    i8x16.eq(c, v128.load(slot, 32)),
    i8x16.eq(d, v128.load(slot, 48)),
  );
  return <u32>ctz(~same) > load<u32>(slot, LENGTH) && load<u32>(slot, NODE) == <u32>node ? slot : 0;
}

@inline
export function pathOf(ending: usize): u32 {
  return load<u32>(ending, PATH);
}

@inline
function cellOf(row: u32): usize {
  return rows.codeCell(SOURCE, row);
}

/** Each field's column lies behind the one before it. */
const NEXT: usize = ROW_CAPACITY * 8;

/** Gives a row of the batch the texts of an ending. */
@inline
export function takeEnding(ending: usize, row: u32): void {
  const cell = cellOf(row);
  store<u32>(cell, load<u32>(ending, CODES));
  store<u32>(cell, load<u32>(ending, CODES + 4), NEXT);
  store<u32>(cell, load<u32>(ending, CODES + 8), 2 * NEXT);
  store<u32>(cell, load<u32>(ending, CODES + 12), 3 * NEXT);
  rows.touch(load<u32>(ending, TEXTS));
}

/** Takes from rows of the batch what endings gave them. */
export function takeBack(first: u32, count: u32): void {
  for (let i: u32 = 0; i < FIELD_COUNT; i++) memory.fill(cellOf(first) + i * NEXT, 0, count * 4);
}

/** Keeps an ending of so many bytes; `fields` are those of its texts, whose codes a row of the batch has. */
export function keepEnding(from: usize, length: u32, node: usize, path: u32, fields: u32, row: u32): void {
  const slot = slotOf(from, length);
  memory.copy(slot, from, 64);
  store<u32>(slot, length, LENGTH);
  store<u32>(slot, <u32>node, NODE);
  store<u32>(slot, path, PATH);
  let texts: u32 = 0;
  for (let i: u32 = 0; i < FIELD_COUNT; i++) {
    const isNamed = (fields >> (SOURCE + i)) & 1;
    const code = isNamed ? load<u32>(cellOf(row) + i * NEXT) : 0;
    store<u32>(slot + i * 4, code, CODES);
    if (code != 0) texts |= 1 << (SOURCE + i);
  }
  store<u32>(slot, texts, TEXTS);
  isEmpty = false;
}
