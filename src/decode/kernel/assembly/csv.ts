/**
 * CSV and TSV. Lines are taken some hundred at a time: first the ends of all their cells are found, then the cells that
 * stand for fields are placed in the window, which makes rows of them. Cells may stand in quotes; records of several lines,
 * and quotes that stand otherwise, are the reference's.
 */
import * as bytes from './bytes';
import { readCell, roomLeft, textLength, textStart } from './escapes';
import * as fields from './fields';
import * as layout from './layout';
import * as rows from './rows';
import * as window from './window';

const LINE_FEED: u32 = 0x0a;
const CARRIAGE_RETURN: u32 = 0x0d;
const QUOTE: u32 = 0x22;

/** Lines taken at once, and separators that they may have. */
const MAX_LINES: u32 = 256;
const MAX_COLUMNS: u32 = 256;
/** What one step of 64 bytes may add beyond, in words. */
const SLACK: u32 = 192;

let delimiter: u32 = 0x2c;
let columnCount: u32 = 0;
const headerStart: usize = memory.data(1040);
let headerLength: u32 = 0;
let headerPrefix: u64 = 0;
let headerMask: u64 = 0;

/** Columns that stand for fields: number, field, code of the click id's kind; by field, of each the lowest rank first. */
const PLAN_BYTES: u32 = 12;
const plan: usize = heap.alloc(MAX_COLUMNS * PLAN_BYTES);
let planned: u32 = 0;

/** The word before the first line, then where each cell of each line ends (u32). */
const ends: usize = heap.alloc(((MAX_LINES + 1) * MAX_COLUMNS + SLACK) * 4) + 4;
/** Which lines hold bytes above 0x7f, or may. */
const longer: usize = heap.alloc(MAX_LINES + SLACK);
let anyLonger: bool = false;
/** Whether any cell stands in quotes, and whether any has quotes within. */
let anyQuoted: bool = false;
let anyDoubled: bool = false;

/** Where the lines ended that were decoded last. */
export let lineEnd: usize = 0;
/** How many lines are taken next: few where lines turned out to be the reference's, as those behind are read anew. */
let linesAtOnce: u32 = MAX_LINES;
/** Where a line begins that is known to be the reference's. */
let unsureAt: usize = 0;

export function setHeader(separator: u32, columns: u32, ambiguous: bool, text: usize, length: u32): void {
  delimiter = separator;
  columnCount = columns;
  memory.copy(headerStart, text, length);
  headerLength = length;
  headerMask = length >= 8 ? -1 : ((<u64>1) << (length * 8)) - 1;
  headerPrefix = load<u64>(headerStart) & headerMask;
  planned = 0;
  named = 0;
  unsureAt = 0;
  // Where a vocabulary of its own says which of several columns counts, the reference knows.
  window.leaveVocabularies(ambiguous);
}

export function addColumn(column: u32, field: u32, clickIdKind: u32): void {
  const entry = plan + planned * PLAN_BYTES;
  store<u32>(entry, column);
  store<u32>(entry, field, 4);
  store<u32>(entry, clickIdKind, 8);
  named |= 1 << field;
  planned++;
}

/** Decodes lines from `start`, up to `end` at most; how many. 0: the line at `start` is the reference's. */
export function decodeCsvLines(start: usize, end: usize): u32 {
  if (start == unsureAt) {
    unsureAt = 0;
    return 0;
  }
  const most = min<u32>(linesAtOnce, layout.MAX_ROWS - rows.rowCount);
  const found = findCells(start, end, most);
  // No text is longer than what it is made of.
  if (anyDoubled && roomLeft() < endOf(found) - start) {
    linesAtOnce = 1;
    return 0;
  }
  placeCells(found);
  let row: u32 = 0;
  let line: u32 = 0;
  let base = ends - 4;
  for (; line < found; line++) {
    if (!isPlainLine(line, base)) break;
    if (line != row) window.moveRow(line, row);
    const lineBytes = load<u32>(base + columnCount * 4) - load<u32>(base) - 1;
    let outcome = window.checkRow(row, named, layout.NO_TYPE, lineBytes, true);
    if (outcome == fields.LEFT) outcome = window.checkRow(row, named, layout.NO_TYPE, lineBytes, false);
    if (outcome == fields.LEFT) break;
    store<u32>(numbers + row * 4, line);
    row += <u32>(outcome == fields.ACCEPTED);
    base += columnCount * 4;
  }
  window.fill(named);
  const sure = window.takeRows(row, found);
  const done = sure < row ? load<u32>(numbers + sure * 4) : line;
  fields.addCounts(done - sure, 0);
  lineEnd = endOf(done);
  linesAtOnce = min<u32>(done < found ? max<u32>(done * 2, 8) : linesAtOnce * 2, MAX_LINES);
  if (done > 0 && (done < found || (found < most && lineEnd < end))) unsureAt = lineEnd;
  return done;
}

/** Where so many of the lines end whose cells were found last. */
@inline
function endOf(lines: u32): usize {
  return <usize>load<u32>(ends + lines * columnCount * 4 - 4) + 1;
}

/**
 * Finds the cells of up to `most` lines from `start`; how many there are before one whose quotes are not just around
 * cells, or that has not as many cells as there are columns.
 */
function findCells(start: usize, end: usize, most: u32): u32 {
  const columns = columnCount;
  const delimiters = i8x16.splat(<i8>delimiter);
  const lineFeeds = i8x16.splat(<i8>LINE_FEED);
  const quotes = i8x16.splat(<i8>QUOTE);
  const carriageReturns = i8x16.splat(<i8>CARRIAGE_RETURN);
  store<u32>(ends - 4, <u32>start - 1);
  anyLonger = false;
  anyQuoted = false;
  anyDoubled = false;
  /** Of the byte before a step: whether it stands in quotes (all bits, or none), and whether it is a closing quote. */
  let wasInside: u64 = 0;
  let wasClosing: u64 = 0;
  let line: u32 = 0;
  /** Separators found, and the number that the next line feed has to be. */
  let count: u32 = 0;
  let expected = columns - 1;
  let at = start;
  while (at < end) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const fa = i8x16.eq(a, lineFeeds);
    const fb = i8x16.eq(b, lineFeeds);
    const fc = i8x16.eq(c, lineFeeds);
    const fd = i8x16.eq(d, lineFeeds);
    let feeds = mask64(fa, fb, fc, fd);
    let separators = mask64(
      v128.or(fa, i8x16.eq(a, delimiters)),
      v128.or(fb, i8x16.eq(b, delimiters)),
      v128.or(fc, i8x16.eq(c, delimiters)),
      v128.or(fd, i8x16.eq(d, delimiters)),
    );
    const qa = i8x16.eq(a, quotes);
    const qb = i8x16.eq(b, quotes);
    const qc = i8x16.eq(c, quotes);
    const qd = i8x16.eq(d, quotes);
    const within = at + 64 <= end ? <u64>-1 : ((<u64>1) << (end - at)) - 1;
    feeds &= within;
    separators &= within;
    /** Where a line turns out to be the reference's. */
    let odd: u64 = 0;
    if (v128.any_true(v128.or(v128.or(qa, qb), v128.or(qc, qd))) || (wasInside | wasClosing) != 0) {
      anyQuoted = true;
      const quoted = mask64(qa, qb, qc, qd) & within;
      // From each opening quote up to the byte before the closing one.
      const inside = parities(quoted) ^ wasInside;
      odd = feeds & inside;
      separators &= ~inside;
      const before = <u32>load<u8>(at - 1);
      const cellStarts = (separators << 1) | <u64>(before == delimiter || before == LINE_FEED);
      const closing = quoted & ~inside;
      const afterClosing = (closing << 1) | wasClosing;
      const doubled = quoted & inside & afterClosing;
      anyDoubled = anyDoubled || doubled != 0;
      odd |= quoted & inside & ~(cellStarts | doubled);
      const returns = mask64(
        i8x16.eq(a, carriageReturns),
        i8x16.eq(b, carriageReturns),
        i8x16.eq(c, carriageReturns),
        i8x16.eq(d, carriageReturns),
      );
      const beforeFeeds = (feeds >> 1) | (<u64>(load<u8>(at + 64) == LINE_FEED) << 63);
      odd |= afterClosing & ~(separators | doubled | (returns & beforeFeeds));
      wasInside = <u64>(<i64>inside >> 63);
      wasClosing = closing >> 63;
      // Lines that end before it are sure.
      if (odd != 0) feeds &= (odd & (0 - odd)) - 1;
    }
    const firstLine = line;
    const isSpecial = i8x16.bitmask(v128.or(v128.or(a, b), v128.or(c, d))) != 0;
    let rest = separators;
    let to = ends + count * 4;
    const total = <u32>popcnt(separators);
    // Most steps have up to twelve: no branch depends on how many.
    rest = storeFour(to, at, rest);
    rest = storeFour(to + 16, at, rest);
    rest = storeFour(to + 32, at, rest);
    to += 48;
    while (rest != 0) {
      store<u32>(to, <u32>at + <u32>ctz(rest));
      rest &= rest - 1;
      to += 4;
    }
    while (feeds != 0) {
      const below = (feeds & (0 - feeds)) - 1;
      if (count + <u32>popcnt(separators & below) != expected) return markLonger(isSpecial, firstLine, line);
      expected += columns;
      line++;
      if (line == most) return markLonger(isSpecial, firstLine, line);
      feeds &= feeds - 1;
    }
    count += total;
    markLonger(isSpecial, firstLine, line);
    if (odd != 0 || count > expected) return line;
    at += 64;
  }
  return line;
}

/** Of each bit whether there is an odd number of bits up to it. */
@inline
function parities(bits: u64): u64 {
  let sums = bits ^ (bits << 1);
  sums ^= sums << 2;
  sums ^= sums << 4;
  sums ^= sums << 8;
  sums ^= sums << 16;
  return sums ^ (sums << 32);
}

/** Stores the places of the four lowest bits, and gives the others. */
@inline
function storeFour(to: usize, at: usize, bits: u64): u64 {
  const second = bits & (bits - 1);
  const third = second & (second - 1);
  const fourth = third & (third - 1);
  store<u32>(to, <u32>at + <u32>ctz(bits));
  store<u32>(to, <u32>at + <u32>ctz(second), 4);
  store<u32>(to, <u32>at + <u32>ctz(third), 8);
  store<u32>(to, <u32>at + <u32>ctz(fourth), 12);
  return fourth & (fourth - 1);
}

@inline
function mask64(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a) | ((<u32>i8x16.bitmask(b)) << 16)) |
    ((<u64>(<u32>i8x16.bitmask(c) | ((<u32>i8x16.bitmask(d)) << 16))) << 32)
  );
}

/** Marks lines as perhaps not of ASCII; gives the last of them. */
@inline
function markLonger(marks: bool, first: u32, last: u32): u32 {
  if (marks) {
    if (!anyLonger) memory.fill(longer, 0, MAX_LINES + 1);
    anyLonger = true;
    memory.fill(longer + first, 1, last + 1 - first);
  }
  return last;
}

/** Whether a line is neither the header again, nor blank, nor no UTF-8. */
@inline
function isPlainLine(line: u32, base: usize): bool {
  const from = <usize>load<u32>(base) + 1;
  const lineFeed = <usize>load<u32>(base + columnCount * 4);
  if ((load<u64>(from) & headerMask) == headerPrefix && isHeader(from, lineFeed)) return false;
  if (<u32>load<u8>(from) - 0x21 > 0x5d && isBlank(from, lineFeed)) return false;
  return !anyLonger || load<u8>(longer + line) == 0 || (!beginsWithMark(from) && bytes.isUtf8(from, lineFeed));
}

function isHeader(from: usize, lineFeed: usize): bool {
  const length = <u32>(lineFeed - from);
  const hasReturn = length > 0 && load<u8>(lineFeed - 1) == CARRIAGE_RETURN;
  return length - <u32>hasReturn == headerLength && bytes.equalBytes(from, headerStart, headerLength);
}

/** Whether there is nothing that is printed, so that the line may be blank. */
function isBlank(from: usize, lineFeed: usize): bool {
  for (let at = from; at < lineFeed; at++) if (<u32>load<u8>(at) - 0x21 <= 0x5d) return false;
  return true;
}

function beginsWithMark(from: usize): bool {
  return load<u8>(from) == 0xef && load<u8>(from, 1) == 0xbb && load<u8>(from, 2) == 0xbf;
}

// --- Rows -----------------------------------------------------------------------------------------------------------

/** Of each row in the window its line. */
const numbers: usize = heap.alloc(window.MAX_ROWS * 4);
/** The fields that have columns, as bits. */
let named: u32 = 0;

/** Places the cells of `count` lines in the window, a column at a time. */
function placeCells(count: u32): void {
  const lineBytes = columnCount * 4;
  // Those of the lowest rank go first: a cell is placed where none was before.
  let placed: u32 = 0;
  for (let i: u32 = 0; i < planned; i++) {
    const column = load<u32>(plan + i * PLAN_BYTES);
    const field = load<u32>(plan + i * PLAN_BYTES, 4);
    const kind = load<u32>(plan + i * PLAN_BYTES, 8);
    const isFirst = ((placed >> field) & 1) == 0;
    placed |= 1 << field;
    let word = ends - 4 + column * 4;
    const to = window.columnOf(field);
    if (isFirst && kind == 0 && column + 1 != columnCount && !anyQuoted) {
      for (let row: u32 = 0; row < count; row++) {
        const from = load<u32>(word) + 1;
        window.place(to + row * 8, from, load<u32>(word, 4) - from);
        word += lineBytes;
      }
    } else {
      placeOthers(count, column, field, kind);
    }
  }
}

/**
 * As `placeCells`, of the last column, or one of several of a field, or one whose name says of which kind a click id is, or
 * where cells stand in quotes.
 */
function placeOthers(count: u32, column: u32, field: u32, kind: u32): void {
  const isLast = column + 1 == columnCount;
  const to = window.columnOf(field);
  for (let row: u32 = 0; row < count; row++) {
    const word = ends - 4 + (row * columnCount + column) * 4;
    let from = <usize>load<u32>(word) + 1;
    let end = <usize>load<u32>(word, 4);
    // A carriage return there is the line's.
    if (isLast && end > from && load<u8>(end - 1) == CARRIAGE_RETURN) end--;
    // Where there is a quote, there are two.
    const isQuoted = <usize>(load<u8>(from) == QUOTE);
    from += isQuoted;
    end -= isQuoted;
    let length = <u32>(end - from);
    if (anyDoubled && isQuoted && readCell(from, end)) {
      from = textStart;
      length = textLength;
    }
    if (length == 0 || load<u32>(to + row * 8, 4) != 0) continue;
    window.place(to + row * 8, from, length);
    if (kind != 0) window.setKind(row, kind);
  }
}
