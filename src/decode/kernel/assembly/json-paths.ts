/**
 * The ways in which JSON lines are written. Logs are written by programs, so that the lines of one kind have the same
 * names in the same order, with the same blanks. What stands between two values of a line (`","user_id":"`), its gap, is
 * therefore remembered in a trie: a line that follows a known path through it needs no parsing, as each value ends at
 * the next stop.
 */
import * as bytes from './bytes';
import { ACCEPTED, addCounts, IGNORED, LEFT } from './fields';
import { bareEnd, plainNumberEnd, skipString, stringEnd } from './json-values';
import * as layout from './layout';
import * as rows from './rows';
import { bitsBase, knownTo, knowStops, nextStop } from './stops';
import * as window from './window';

/** A node: gap (32 bytes), then the fields below. Its first child lies right behind it. */
const GAP_LENGTH = 32;
/** How the value behind the gap is written: STRING, BARE, or none (END). */
const KIND = 36;
const FIELD = 40;
/** Of each half of the gap, as bits: the bytes behind the gap's end. */
const NO_MATTER = 44;
const CLICK_ID_KIND_CODE = 52;
/** The node to try where the gap is another. */
const SIBLING = 56;
/** The field's column in the window; of an END, the fields that the path has, as bits. */
const COLUMN = 60;
const NAMED = 60;
const NODE_BYTES: u32 = 64;
const MAX_NODES: u32 = 512;
const MAX_GAP: u32 = 32;

export const STRING: u32 = 0;
/** A STRING whose name says of which kind the click id is. */
const CLICK_ID: u32 = 1;
export const BARE: u32 = 2;
export const END: u32 = 3;
/** Added to a node's kind where the gap is longer than 16 bytes. */
const LONG_GAP: u32 = 4;

const nodes: usize = (heap.alloc(MAX_NODES * NODE_BYTES + 16) + 15) & ~15;
let nodeCount: u32 = 0;
/** The slot that holds the first node of all paths. */
const root: usize = memory.data(4);

/** The steps of the line being parsed with care: gap start, gap length, kind, field, kind of the click id. */
const STEP_BYTES: u32 = 20;
const MAX_STEPS: u32 = 48;
const steps: usize = heap.alloc(MAX_STEPS * STEP_BYTES);
let stepCount: u32 = 0;

/** Where the lines ended that were followed last, and of each row in the window where its line begins, and its number. */
export let pathsEnd: usize = 0;
let lineEnd: usize = 0;
let linesFollowed: u32 = 0;
let rowsPlaced: u32 = 0;
const starts: usize = heap.alloc(window.MAX_ROWS * 4);
const numbers: usize = heap.alloc(window.MAX_ROWS * 4);
/** Where the line begins at which the following came to its end, if it did not just for want of room. */
export let strayAt: usize = 0;

/** So few that their bytes, which each column is read from, stay in the cache next to the processor. */
const ROWS_AT_ONCE: u32 = 128;

/** Follows the lines from `start` as long as their paths are known, and makes rows of them; how many lines. */
export function followPaths(start: usize, end: usize): u32 {
  const most = min<u32>(ROWS_AT_ONCE, layout.MAX_ROWS - rows.rowCount);
  linesFollowed = 0;
  rowsPlaced = 0;
  pathsEnd = start;
  strayAt = 0;
  while (rowsPlaced < most && pathsEnd < end) {
    if (!knowStops(pathsEnd, end)) {
      strayAt = pathsEnd;
      break;
    }
    if (followPlainLines(most)) continue;
    const outcome = followOddLine(pathsEnd, rowsPlaced);
    if (outcome == LEFT) {
      strayAt = pathsEnd;
      break;
    }
    store<u32>(starts + rowsPlaced * 4, <u32>pathsEnd);
    store<u32>(numbers + rowsPlaced * 4, linesFollowed);
    rowsPlaced += <u32>(outcome == ACCEPTED);
    linesFollowed++;
    pathsEnd = lineEnd;
  }
  const sure = window.takeRows(rowsPlaced, rowsPlaced);
  if (sure < rowsPlaced) {
    linesFollowed = load<u32>(numbers + sure * 4);
    pathsEnd = load<u32>(starts + sure * 4);
    strayAt = pathsEnd;
  }
  addCounts(linesFollowed - sure, 0);
  return linesFollowed;
}

/**
 * Follows lines up to `most` rows, or as far as stops are known; false where a line is not plain. Nothing is called in
 * here, so that what is at hand stays in registers.
 */
function followPlainLines(most: u32): bool {
  let start = pathsEnd;
  let row = rowsPlaced;
  let line = linesFollowed;
  const limit = knownTo;
  let isPlain = true;
  do {
    const last = followLine(start, row, true);
    const outcome = last == 0 ? LEFT : window.checkRow(row, load<u32>(last, NAMED), lineEnd - start, true);
    if (outcome == LEFT) {
      isPlain = false;
      break;
    }
    if (outcome == IGNORED) window.clearRow(row);
    store<u32>(starts + row * 4, <u32>start);
    store<u32>(numbers + row * 4, line);
    row += <u32>(outcome == ACCEPTED);
    line++;
    start = lineEnd;
  } while (row < most && start < limit);
  pathsEnd = start;
  rowsPlaced = row;
  linesFollowed = line;
  return isPlain;
}

/** Follows a line in which there may be longer characters, escapes and anything that is rare; what became of it. */
function followOddLine(start: usize, row: u32): u32 {
  window.clearRow(row);
  const last = followLine(start, row, false);
  const outcome = last == 0 ? LEFT : window.checkRow(row, load<u32>(last, NAMED), lineEnd - start, false);
  if (outcome != ACCEPTED) window.clearRow(row);
  return outcome;
}

/** Follows a line and places its values in a row of the window; the last node of its path, or 0 where none is known. */
@inline
function followLine(start: usize, row: u32, isPlain: bool): usize {
  const base = bitsBase;
  const cell = row * 8;
  let at = start;
  let node: usize = load<u32>(root);
  if (node == 0) return 0;
  while (true) {
    if (!hasGap(at, node, 0)) {
      node = load<u32>(node, SIBLING);
      if (node == 0) return 0;
      continue;
    }
    const from = at + load<u32>(node, GAP_LENGTH);
    const kind = load<u32>(node, KIND);
    if (kind == STRING) {
      // In a plain line a quote is where the value ends, or no gap will be found there.
      at = isPlain ? nextStop(base, from) : anyStringEnd(base, node, from);
      if (!isPlain && at == 0) return 0;
      window.place(load<u32>(node, COLUMN) + cell, from, <u32>(at - from));
    } else {
      if ((kind & LONG_GAP) != 0 && !hasGap(at, node, 16)) {
        node = load<u32>(node, SIBLING);
        if (node == 0) return 0;
        continue;
      }
      const form = kind & ~LONG_GAP;
      if (form == END) {
        lineEnd = from;
        return node;
      }
      if (form != BARE) {
        at = isPlain ? nextStop(base, from) : anyStringEnd(base, node, from);
        if (!isPlain && at == 0) return 0;
        window.place(load<u32>(node, COLUMN) + cell, from, <u32>(at - from));
        if (form == CLICK_ID && at > from) window.setKind(row, load<u32>(node, CLICK_ID_KIND_CODE));
      } else {
        if (load<u8>(from) == 0x22) {
          node = load<u32>(node, SIBLING);
          if (node == 0) return 0;
          continue;
        }
        at = plainNumberEnd(from);
        if (at == 0) at = bareEnd(from);
        if (at == 0) return 0;
        const field = load<u32>(node, FIELD);
        if (field != layout.UNKNOWN && load<u8>(from) != 0x6e) {
          if (!isPlainBare(field, from, at)) return 0;
          window.place(load<u32>(node, COLUMN) + cell, from, <u32>(at - from));
        }
      }
    }
    node += NODE_BYTES;
  }
}

/** Where a string ends in which there may be longer characters, and escapes if it stands for no field; 0 where it does not. */
function anyStringEnd(base: usize, node: usize, from: usize): usize {
  const end = nextStop(base, from);
  if (load<u8>(end) == 0x22) return end;
  return load<u32>(node, FIELD) == layout.UNKNOWN ? skipString(from) : stringEnd(from);
}

/** Whether sixteen bytes of a node's gap stand there: the first or, from `half` = 16 on, the others. */
@inline
function hasGap(at: usize, node: usize, half: usize): bool {
  const same = <u32>i8x16.bitmask(i8x16.eq(v128.load(at + half), v128.load(node + half)));
  return (same | load<u32>(node + (half >> 2), NO_MATTER)) == 0xffff;
}

/** Whether the text of a bare value is what stands there: JavaScript would write some numbers otherwise. */
@inline
export function isPlainBare(field: u32, from: usize, end: usize): bool {
  const first = <u32>load<u8>(from);
  if (field == layout.AMOUNT || (first != 0x2d && !bytes.isDigit(first))) return true;
  if (first == 0x2d && load<u8>(from, 1) == 0x30) return false;
  let at = from + 1;
  while (bytes.isDigit(load<u8>(at))) at++;
  return at == end;
}

export function beginSteps(): void {
  stepCount = 0;
}

export function addStep(gap: usize, end: usize, kind: u32, field: u32, clickIdKind: u32): bool {
  if (stepCount == MAX_STEPS || end - gap > MAX_GAP) return false;
  const step = steps + stepCount * STEP_BYTES;
  store<u32>(step, <u32>gap);
  store<u32>(step, <u32>(end - gap), 4);
  store<u32>(step, kind, 8);
  store<u32>(step, field, 12);
  store<u32>(step, clickIdKind, 16);
  stepCount++;
  return true;
}

/** Adds the path of the steps to the trie, if there is room for all of it. */
export function remember(): void {
  if (nodeCount + stepCount > MAX_NODES) return;
  let node: usize = 0;
  let named: u32 = 0;
  for (let i: u32 = 0; i < stepCount; i++) {
    const step = steps + i * STEP_BYTES;
    // Nothing is behind the last node yet, where a path is new from here on.
    let slot = i == 0 ? root : node + NODE_BYTES;
    const isNew = i > 0 && slot == nodes + nodeCount * NODE_BYTES;
    node = i == 0 ? <usize>load<u32>(root) : isNew ? 0 : slot;
    while (node != 0 && !isStep(node, step)) {
      slot = node + SIBLING;
      node = load<u32>(slot);
    }
    named |= (1 << load<u32>(step, 12)) & ~(<u32>1 << layout.UNKNOWN);
    if (node == 0) {
      node = addNode(step);
      if (!isNew) store<u32>(slot, <u32>node);
    }
    if (i == stepCount - 1) store<u32>(node, named, NAMED);
  }
}

function addNode(step: usize): usize {
  const node = nodes + nodeCount * NODE_BYTES;
  nodeCount++;
  const gap: usize = load<u32>(step);
  const length = load<u32>(step, 4);
  const field = load<u32>(step, 12);
  v128.store(node, bytes.firstBytes(v128.load(gap), min<u32>(length, 16)));
  v128.store(node, bytes.firstBytes(v128.load(gap, 16), max<u32>(length, 16) - 16), 16);
  store<u32>(node, length, GAP_LENGTH);
  store<u32>(node, kindOf(step), KIND);
  store<u32>(node, field, FIELD);
  store<u32>(node, 0xffff & (-1 << min<u32>(length, 16)), NO_MATTER);
  store<u32>(node, 0xffff & (-1 << (max<u32>(length, 16) - 16)), NO_MATTER + 4);
  store<u32>(node, load<u32>(step, 16), CLICK_ID_KIND_CODE);
  store<u32>(node, 0, SIBLING);
  store<u32>(node, <u32>window.columnOf(field), COLUMN);
  return node;
}

function kindOf(step: usize): u32 {
  const form = load<u32>(step, 16) != 0 ? CLICK_ID : load<u32>(step, 8);
  return load<u32>(step, 4) > 16 ? form | LONG_GAP : form;
}

function isStep(node: usize, step: usize): bool {
  return (
    load<u32>(node, GAP_LENGTH) == load<u32>(step, 4) &&
    load<u32>(node, KIND) == kindOf(step) &&
    bytes.equalBytes(node, load<u32>(step), load<u32>(step, 4))
  );
}
