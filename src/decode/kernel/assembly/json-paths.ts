/**
 * Follows JSON lines along the paths that are known (`json-trie.ts`), on which they need no parsing, as each value ends
 * at the next stop. What is as usual is taken for granted at first, and made sure of: the processor goes on meanwhile.
 */
import * as bytes from './bytes';
import * as endings from './endings';
import { readString, textLength, textStart } from './escapes';
import { ACCEPTED, addCounts, IGNORED, LEFT } from './fields';
import { bareEnd, plainNumberEnd, skipString } from './json-values';
import * as trie from './json-trie';
import * as layout from './layout';
import * as rows from './rows';
import { bitsBase, knownTo, knowStops, nextStop } from './stops';
import * as window from './window';

/** Where the lines ended that were followed last, and of each row in the window where its line begins, and its number. */
export let pathsEnd: usize = 0;
let lineEnd: usize = 0;
let linesFollowed: u32 = 0;
let rowsPlaced: u32 = 0;
const starts: usize = heap.alloc(window.MAX_ROWS * 4);
const numbers: usize = heap.alloc(window.MAX_ROWS * 4);
/** Where the line begins at which the following came to its end, if it did not just for want of room. */
export let strayAt: usize = 0;

/** Of a decimal number, that a float holds. */
const MOST_EXACT_DIGITS: usize = 15;
/** So few that their bytes, which each column is read from, stay in the cache next to the processor. */
const ROWS_AT_ONCE: u32 = 128;

/** Endings of the window's lines that were not known: row, where it begins, and at which node of the path. */
const MOST_LEARNT: u32 = 16;
const MISSED_BYTES: u32 = 12;
const missed: usize = heap.alloc((MOST_LEARNT + 1) * MISSED_BYTES);
let missedCount: u32 = 0;
/** By how many windows those in which it did not pay to look for endings are ahead of others; and when that is enough. */
let poorWindows: u32 = 0;
const MAX_POOR_WINDOWS: u32 = 256;

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
    if (linesFollowed == 0) noteLengths(pathsEnd);
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
  learnEndings(sure);
  if (sure < rowsPlaced) {
    endings.takeBack(rows.rowCount, rowsPlaced - sure);
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
    const path = followLine(start, row, true);
    const outcome = path == 0 ? LEFT : checkRow(row, path, start, true);
    if (outcome == LEFT) {
      isPlain = false;
      break;
    }
    if (outcome == IGNORED) clearRow(row);
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
  clearRow(row);
  const path = followLine(start, row, false);
  const outcome = path == 0 ? LEFT : checkRow(row, path, start, false);
  if (outcome != ACCEPTED) clearRow(row);
  return outcome;
}

@inline
function checkRow(row: u32, path: u32, start: usize, isPlain: bool): u32 {
  return window.checkRow(row, trie.fieldsOfPath(path), trie.typeOfPath(path), lineEnd - start, isPlain);
}

/** Takes back what a line gave a row. */
function clearRow(row: u32): void {
  window.clearRow(row);
  endings.takeBack(rows.rowCount + row, 1);
  forgetMissed(row);
}

/**
 * Follows a line and places its values in a row of the window; what is said of its path, or 0 where none is known. What
 * depends on `isPlain` alone is asked by itself, as the compiler leaves it out then.
 */
@inline
function followLine(start: usize, row: u32, isPlain: bool): u32 {
  const base = bitsBase;
  const cell = row * 8;
  let at = start;
  let node = trie.firstNode();
  if (node == 0) return 0;
  while (true) {
    if (!trie.hasFirstGap(at, node)) {
      node = trie.siblingOf(node);
      if (node == 0) return 0;
      continue;
    }
    const from = at + trie.gapLength(node);
    const kind = trie.wholeKindOf(node);
    if (kind == trie.STRING) {
      at = isPlain ? placePlain(base, node, from, cell) : placeAny(base, node, from, cell);
      if (!isPlain) {
        if (at == 0) return 0;
      }
    } else {
      if (!trie.hasOtherGap(at, node, kind)) {
        node = trie.siblingOf(node);
        if (node == 0) return 0;
        continue;
      }
      const form = trie.formOf(kind);
      if (form == trie.END) {
        lineEnd = from;
        return trie.pathOf(node);
      }
      if (isPlain && form == trie.ENDING) {
        const ending = endings.findEnding(from, node);
        if (ending != 0) {
          endings.takeEnding(ending, rows.rowCount + row);
          lineEnd = endings.endingEnd;
          return endings.pathOf(ending);
        }
        noteMissed(row, from, node);
      }
      if (form != trie.BARE) {
        at = isPlain ? placePlain(base, node, from, cell) : placeAny(base, node, from, cell);
        if (!isPlain) {
          if (at == 0) return 0;
        }
        if (form == trie.CLICK_ID && at > from) window.setKind(row, trie.clickIdKindOf(node));
      } else {
        if (load<u8>(from) == 0x22) {
          node = trie.siblingOf(node);
          if (node == 0) return 0;
          continue;
        }
        at = plainNumberEnd(from);
        if (at == 0) at = bareEnd(from);
        if (at == 0) return 0;
        const field = trie.fieldOf(node);
        if (field != layout.UNKNOWN && load<u8>(from) != 0x6e) {
          if (!isPlainBare(field, from, at)) return 0;
          window.place(trie.columnOfNode(node) + cell, from, <u32>(at - from));
        }
      }
    }
    node = trie.childOf(node);
  }
}

/**
 * Places a value of a plain line; where it ends: at a quote, or no gap will be found there. Where it is as long as usual,
 * what comes next does not depend on where the stop was found, but only on whether it was there.
 */
@inline
function placePlain(base: usize, node: usize, from: usize, cell: usize): usize {
  const near = load<u64>(base + (from >> 3)) >> (from & 7);
  const usual = trie.usualLength(node);
  const end = <u32>ctz(near) == usual ? from + usual : nextStop(base, from);
  window.place(trie.columnOfNode(node) + cell, from, <u32>(end - from));
  return end;
}

/** Places a string in which there may be longer characters and escapes; where it ends, 0 where it is the reference's. */
function placeAny(base: usize, node: usize, from: usize, cell: usize): usize {
  const column = trie.columnOfNode(node) + cell;
  let end = nextStop(base, from);
  if (load<u8>(end) != 0x22) {
    if (trie.fieldOf(node) == layout.UNKNOWN) return skipString(from);
    end = readString(from);
    if (end != 0) window.place(column, textStart, textLength);
    return end;
  }
  window.place(column, from, <u32>(end - from));
  return end;
}

/** Whether the text of a bare value is what stands there: JavaScript would write some numbers otherwise. */
@inline
export function isPlainBare(field: u32, from: usize, end: usize): bool {
  const first = <u32>load<u8>(from);
  if (field == layout.AMOUNT || (first != 0x2d && !bytes.isDigit(first))) return true;
  if (first == 0x2d && load<u8>(from, 1) == 0x30) return false;
  let at = from + 1;
  while (bytes.isDigit(load<u8>(at))) at++;
  return at == end || (field == layout.TIMESTAMP && isPlainFraction(from, at, end));
}

/**
 * Whether what stands between a number's point and its end is the same moment for whoever makes a float of it first. One of
 * 15 digits comes out as it went in (DBL_DIG of C); a longer one may come out as a whole number, if those of its first 15
 * that stand behind the point are all 0 or all 9.
 */
function isPlainFraction(from: usize, point: usize, end: usize): bool {
  if (load<u8>(point) != 0x2e) return false;
  const first = load<u8>(point, 1);
  let at = point + 1;
  while (at < end && load<u8>(at) == first) at++;
  if (first == 0x30 && at == end) return true;
  if ((first == 0x30 || first == 0x39) && at - from > MOST_EXACT_DIGITS) return false;
  while (bytes.isDigit(load<u8>(at))) at++;
  return at == end && point - from <= MOST_EXACT_DIGITS;
}

/** Takes note of how long the values of a line are, as far as it is a plain one. */
function noteLengths(start: usize): void {
  let at = start;
  let node = trie.firstNode();
  while (node != 0) {
    const kind = trie.wholeKindOf(node);
    if (!trie.hasFirstGap(at, node) || !trie.hasOtherGap(at, node, kind)) {
      node = trie.siblingOf(node);
      continue;
    }
    const from = at + trie.gapLength(node);
    const form = trie.formOf(kind);
    if (form == trie.END) return;
    if (form == trie.BARE) {
      at = plainNumberEnd(from);
      if (at == 0) return;
    } else {
      at = nextStop(bitsBase, from);
      trie.noteLength(node, <u32>(at - from));
    }
    node = trie.childOf(node);
  }
}

// --- Endings --------------------------------------------------------------------------------------------------------

/** Remembers where an ending stands that is not known; of more than can be learnt only the last one. */
@inline
function noteMissed(row: u32, from: usize, node: usize): void {
  const at = missed + min(missedCount, MOST_LEARNT) * MISSED_BYTES;
  store<u32>(at, row);
  store<u32>(at, <u32>from, 4);
  store<u32>(at, <u32>node, 8);
  missedCount++;
}

/** The row will be another line's, or none. */
function forgetMissed(row: u32): void {
  if (missedCount == 0) return;
  if (load<u32>(missed + min(missedCount - 1, MOST_LEARNT) * MISSED_BYTES) == row) missedCount--;
}

/** Keeps endings that were not known, of the rows that have been taken: their texts have got their codes. */
function learnEndings(sure: u32): void {
  const first = rows.rowCount - sure;
  for (let i: u32 = 0; i < min(missedCount, MOST_LEARNT); i++) {
    const at = missed + i * MISSED_BYTES;
    const row = load<u32>(at);
    if (row < sure) learnEnding(first + row, load<u32>(at, 4), load<u32>(at, 8));
  }
  if (missedCount * 2 > sure) poorWindows++;
  else if (poorWindows > 0) poorWindows--;
  if (poorWindows == MAX_POOR_WINDOWS) trie.giveUpEndings();
  missedCount = 0;
}

/** Keeps the ending of a plain line that became a row of the batch. */
function learnEnding(row: u32, from: usize, first: usize): void {
  let fields: u32 = 0;
  let node = first;
  let at = from;
  while (true) {
    const field = trie.fieldOf(node);
    if (((endings.ENDING_FIELDS >> field) & 1) == 0) return;
    fields |= 1 << field;
    // Behind a value without quotes no gap begins with one: none will be found there.
    while (load<u8>(at) != 0x22) at++;
    node = trie.childOf(node);
    while (!trie.hasFirstGap(at, node) || !trie.hasOtherGap(at, node, trie.wholeKindOf(node))) {
      node = trie.siblingOf(node);
      if (node == 0) return;
    }
    at += trie.gapLength(node);
    if (trie.formOf(trie.wholeKindOf(node)) == trie.END) break;
  }
  const length = <u32>(at - from) - 1;
  if (length <= endings.MAX_LENGTH) endings.keepEnding(from, length, first, trie.pathOf(node) & ~fields, fields, row);
}
