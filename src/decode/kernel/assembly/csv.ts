/**
 * CSV and TSV. Lines are taken some hundred at a time: first the ends of all their cells are found, then the cells that
 * stand for fields are placed in the window, which makes rows of them. Cells may stand in quotes; records of several lines,
 * and quotes that stand otherwise, are the reference's.
 */
import * as bytes from './bytes';
import * as cells from './csv-cells';
import { readCell, roomLeft, textLength, textStart } from './escapes';
import * as fields from './fields';
import * as layout from './layout';
import * as rows from './rows';
import * as window from './window';

const CARRIAGE_RETURN: u32 = 0x0d;
const QUOTE: u32 = 0x22;

let columnCount: u32 = 0;
const headerStart: usize = memory.data(1040);
let headerLength: u32 = 0;
let headerPrefix: u64 = 0;
let headerMask: u64 = 0;

/** Columns that stand for fields: number, field, code of the click id's kind; by field, of each the lowest rank first. */
const PLAN_BYTES: u32 = 12;
const plan: usize = heap.alloc(cells.MAX_COLUMNS * PLAN_BYTES);
let planned: u32 = 0;

/** Where the lines ended that were decoded last. */
export let lineEnd: usize = 0;
/** How many lines are taken next: few where lines turned out to be the reference's, as those behind are read anew. */
let linesAtOnce: u32 = cells.MAX_LINES;
/** Where a line begins that is known to be the reference's. */
let unsureAt: usize = 0;

export function setHeader(separator: u32, columns: u32, ambiguous: bool, text: usize, length: u32): void {
  cells.setTable(separator, columns);
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
  const found = cells.findCells(start, end, most);
  // No text is longer than what it is made of.
  if (cells.anyDoubled && roomLeft() < cells.endOf(found) - start) {
    linesAtOnce = 1;
    return 0;
  }
  placeCells(found);
  let row: u32 = 0;
  let line: u32 = 0;
  let base = cells.ends - 4;
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
  lineEnd = cells.endOf(done);
  linesAtOnce = min<u32>(done < found ? max<u32>(done * 2, 8) : linesAtOnce * 2, cells.MAX_LINES);
  if (done > 0 && (done < found || (found < most && lineEnd < end))) unsureAt = lineEnd;
  return done;
}

/** Whether a line is neither the header again, nor blank, nor no UTF-8. */
@inline
function isPlainLine(line: u32, base: usize): bool {
  const from = <usize>load<u32>(base) + 1;
  const lineFeed = <usize>load<u32>(base + columnCount * 4);
  if ((load<u64>(from) & headerMask) == headerPrefix && isHeader(from, lineFeed)) return false;
  if (<u32>load<u8>(from) - 0x21 > 0x5d && isBlank(from, lineFeed)) return false;
  return !cells.anyLonger || load<u8>(cells.longer + line) == 0 || (!beginsWithMark(from) && bytes.isUtf8(from, lineFeed));
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
    let word = cells.ends - 4 + column * 4;
    const to = window.columnOf(field);
    if (isFirst && kind == 0 && column + 1 != columnCount && !cells.anyQuoted) {
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
    const word = cells.ends - 4 + (row * columnCount + column) * 4;
    let from = <usize>load<u32>(word) + 1;
    let end = <usize>load<u32>(word, 4);
    // A carriage return there is the line's.
    if (isLast && end > from && load<u8>(end - 1) == CARRIAGE_RETURN) end--;
    // Where there is a quote, there are two.
    const isQuoted = <usize>(load<u8>(from) == QUOTE);
    from += isQuoted;
    end -= isQuoted;
    let length = <u32>(end - from);
    if (cells.anyDoubled && isQuoted && readCell(from, end)) {
      from = textStart;
      length = textLength;
    }
    if (length == 0 || load<u32>(to + row * 8, 4) != 0) continue;
    window.place(to + row * 8, from, length);
    if (kind != 0) window.setKind(row, kind);
  }
}
