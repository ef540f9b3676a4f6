/**
 * CSV and TSV without quotes. Lines are taken some hundred at a time. First the ends of all their cells are found; then
 * they are decoded a column at a time, as each column wants but one kind of care. What may turn out to be the
 * reference's comes first (types, times, money), so that no text is added to a dictionary for a line that is not
 * decoded here. The rules are those of `fields.ts`.
 */
import * as bytes from './bytes';
import { internSlowly, maskOf, quickCode, tableOf } from './dictionary';
import * as fields from './fields';
import * as layout from './layout';
import { keyOf, keyOfShort, keysOfShort } from './murmur';
import * as rows from './rows';
import { NOT_QUICK, parseAnyTimestamp, quickTimestamp, timestampMicros } from './time';

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
let isAmbiguous: bool = false;
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

/** Where the lines ended that were decoded last. */
export let lineEnd: usize = 0;
/** How many lines are taken next: few where lines turned out to be the reference's, as those behind are read anew. */
let window: u32 = MAX_LINES;
/** Where a line begins that is known to be the reference's. */
let unsureAt: usize = 0;

export function setHeader(separator: u32, columns: u32, ambiguous: bool, text: usize, length: u32): void {
  delimiter = separator;
  columnCount = columns;
  isAmbiguous = ambiguous;
  memory.copy(headerStart, text, length);
  headerLength = length;
  headerMask = length >= 8 ? -1 : ((<u64>1) << (length * 8)) - 1;
  headerPrefix = load<u64>(headerStart) & headerMask;
  planned = 0;
  unsureAt = 0;
  memory.fill(countOfField, 0, 16);
}

export function addColumn(column: u32, field: u32, clickIdKind: u32): void {
  const entry = plan + planned * PLAN_BYTES;
  store<u32>(entry, column);
  store<u32>(entry, field, 4);
  store<u32>(entry, clickIdKind, 8);
  if (load<u8>(countOfField + field) == 0) store<u8>(firstOfField + field, planned);
  store<u8>(countOfField + field, load<u8>(countOfField + field) + 1);
  planned++;
}

/** Decodes lines from `start`, up to `end` at most; how many. 0: the line at `start` is the reference's. */
export function decodeCsvLines(start: usize, end: usize): u32 {
  if (start == unsureAt) {
    unsureAt = 0;
    return 0;
  }
  const most = min<u32>(window, layout.MAX_ROWS - rows.rowCount);
  const found = findCells(start, end, most);
  const typed = takeTypes(found);
  pickCells();
  const sure = takeMoney(takeTimes(sureOf(rowsTaken)));
  const done = sure < rowsTaken ? load<u32>(linesOfRows + sure * 4) : typed;
  // Nothing can fail from here on: what is left are texts.
  for (let field: u32 = 0; field < layout.TEXT_FIELD_COUNT; field++) {
    if (columnsOf(field) == 0 || field == layout.CURRENCY) continue;
    if (rows.isKeyed(field)) takeKeyed(field, sure);
    else takeInterned(field, sure);
  }
  fields.addCounts(done - sure, unstampedIn(sure));
  rows.setRowCount(rows.rowCount + sure);
  lineEnd = <usize>load<u32>(ends + done * columnCount * 4 - 4) + 1;
  window = min<u32>(done < found ? max<u32>(done * 2, 8) : window * 2, MAX_LINES);
  if (done > 0 && (done < found || (found < most && lineEnd < end))) unsureAt = lineEnd;
  return done;
}

/**
 * Finds the cells of up to `most` lines from `start`; how many there are before one that has a quote, or not as many
 * cells as there are columns.
 */
function findCells(start: usize, end: usize, most: u32): u32 {
  const columns = columnCount;
  const delimiters = i8x16.splat(<i8>delimiter);
  const lineFeeds = i8x16.splat(<i8>LINE_FEED);
  const quotes = i8x16.splat(<i8>QUOTE);
  store<u32>(ends - 4, <u32>start - 1);
  anyLonger = false;
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
    const special = v128.or(
      v128.or(v128.or(a, qa), v128.or(b, qb)),
      v128.or(v128.or(c, qc), v128.or(d, qd)),
    );
    const within = at + 64 <= end ? <u64>-1 : ((<u64>1) << (end - at)) - 1;
    feeds &= within;
    separators &= within;
    let quoted: u64 = 0;
    const firstLine = line;
    const isSpecial = i8x16.bitmask(special) != 0;
    if (isSpecial) {
      quoted = mask64(qa, qb, qc, qd) & within;
      // Lines that end before the first quote are sure.
      if (quoted != 0) feeds &= (quoted & (0 - quoted)) - 1;
    }
    let rest = separators;
    let to = ends + count * 4;
    const total = <u32>popcnt(separators);
    // Most steps have up to twelve: no branch depends on how many.
    for (let i = 0; i < 12; i++) {
      store<u32>(to, <u32>at + <u32>ctz(rest));
      rest &= rest - 1;
      to += 4;
    }
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
    if (quoted != 0 || count > expected) return line;
    at += 64;
  }
  return line;
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

/** Whether a line is neither the header again, nor blank, nor too long, nor no UTF-8. */
@inline
function isPlainLine(line: u32, base: usize): bool {
  const from = <usize>load<u32>(base) + 1;
  const lineFeed = <usize>load<u32>(base + columnCount * 4);
  if ((load<u64>(from) & headerMask) == headerPrefix && isHeader(from, lineFeed)) return false;
  if (lineFeed - from > layout.MAX_TEXT_BYTES && (lineFeed - from > layout.MAX_LINE_BYTES || hasLongText(base))) {
    return false;
  }
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

/** Whether a text among the line's cells is too long to be a dictionary's. */
function hasLongText(base: usize): bool {
  for (let i: u32 = 0; i < planned; i++) {
    const field = load<u32>(plan + i * PLAN_BYTES, 4);
    const cell = base + load<u32>(plan + i * PLAN_BYTES) * 4;
    if (field >= layout.TEXT_FIELD_COUNT || rows.isKeyed(field)) continue;
    if (load<u32>(cell, 4) - load<u32>(cell) > layout.MAX_TEXT_BYTES) return true;
  }
  return false;
}

// --- Rows -----------------------------------------------------------------------------------------------------------

/** Of each row the word before its first cell's end, and its line. */
const bases: usize = heap.alloc(MAX_LINES * 4);
const linesOfRows: usize = heap.alloc(MAX_LINES * 4);
let rowsTaken: u32 = 0;
const FIELDS: u32 = 15;
/** Rows that are no clicks. */
const moneyRows: usize = heap.alloc(MAX_LINES * 4 + 4);
let moneyCount: u32 = 0;
let anyUnstamped: bool = false;

/** What names of types mean that were met, by their length: 16 bytes of text, and the meaning. */
const metTypes: usize = memory.data(16 * 32, 16);

/** Of each field the first of its columns in the plan, and how many there are. */
const firstOfField: usize = memory.data(16);
const countOfField: usize = memory.data(16);
/** Of a field of several columns, for each row the cell that counts: the byte before it, its end. */
const picked: usize = heap.alloc(16 * MAX_LINES * 8);
const pickedKinds: usize = heap.alloc(MAX_LINES * 4);

@inline
function columnsOf(field: u32): u32 {
  return load<u8>(countOfField + field);
}

@inline
function firstColumnOf(field: u32): u32 {
  return load<u32>(plan + <u32>load<u8>(firstOfField + field) * PLAN_BYTES);
}

/** Where the picks of a field lie; 0 where it has but one column. */
@inline
function picksOf(field: u32): usize {
  return columnsOf(field) > 1 ? picked + field * (MAX_LINES * 8) : 0;
}

/** The cell of a row: the word of the byte before it, then that of its end. */
@inline
function cellOf(row: u32, picks: usize, column: u32): usize {
  return picks == 0 ? <usize>load<u32>(bases + row * 4) + column * 4 : picks + row * 8;
}

/** Whether cells of a field may have a carriage return at their end that is the line's. */
@inline
function isLastOf(field: u32): bool {
  return columnsOf(field) == 1 && firstColumnOf(field) + 1 == columnCount;
}

@inline
function cellEnd(cell: usize, from: usize, isLast: bool): usize {
  const to = <usize>load<u32>(cell, 4);
  return isLast && to > from && load<u8>(to - 1) == CARRIAGE_RETURN ? to - 1 : to;
}

/** Finds of each line whether it is a row, and its type; how many lines there are before one that is not sure. */
function takeTypes(found: u32): u32 {
  const lineBytes = columnCount * 4;
  const types = rows.types + rows.rowCount;
  const columns = columnsOf(layout.TYPE);
  const first = plan + <u32>load<u8>(firstOfField + layout.TYPE) * PLAN_BYTES;
  let base = ends - 4;
  let row: u32 = 0;
  let line: u32 = 0;
  for (; line < found; line++) {
    if (!isPlainLine(line, base)) break;
    let type: u32 = layout.NO_TYPE;
    for (let i: u32 = 0; i < columns; i++) {
      const column = load<u32>(first + i * PLAN_BYTES);
      const cell = base + column * 4;
      const from = <usize>load<u32>(cell) + 1;
      const length = <u32>(cellEnd(cell, from, column + 1 == columnCount) - from);
      if (length == 0) continue;
      type = typeOf(from, length);
      break;
    }
    if (type == fields.UNKNOWN_TYPE) break;
    store<u32>(bases + row * 4, <u32>base);
    store<u32>(linesOfRows + row * 4, line);
    store<u8>(types + row, type);
    row += <u32>(type != layout.OTHER_EVENT);
    base += lineBytes;
  }
  rowsTaken = row;
  return line;
}

/** The type of a name that is not empty; UNKNOWN_TYPE where it is the reference's to say. */
@inline
function typeOf(from: usize, length: u32): u32 {
  const v = v128.load(from);
  if (length < 16) {
    const met = metTypes + length * 32;
    if (load<u32>(met, 20) != 0 && !v128.any_true(v128.xor(bytes.firstBytes(v, length), v128.load(met)))) {
      return load<u32>(met, 16);
    }
  }
  return meetType(from, length);
}

function meetType(from: usize, length: u32): u32 {
  const meaning = fields.meaningOf(from, length);
  // Where a vocabulary of its own says which of several columns counts, the reference knows.
  if (meaning == fields.UNKNOWN_TYPE || (isAmbiguous && meaning >= layout.VOCABULARY)) return fields.UNKNOWN_TYPE;
  const type = meaning & 3;
  if (length < 16) {
    v128.store(metTypes + length * 32, bytes.firstBytes(v128.load(from), length));
    store<u32>(metTypes + length * 32, type, 16);
    store<u32>(metTypes + length * 32, 1, 20);
  }
  return type;
}

/** Of each field of several columns, but the type: picks the first of its cells that is not empty, for each row. */
function pickCells(): void {
  for (let field: u32 = 0; field < FIELDS; field++) {
    const columns = columnsOf(field);
    if (columns < 2 || field == layout.TYPE) continue;
    const first = plan + <u32>load<u8>(firstOfField + field) * PLAN_BYTES;
    const picks = picksOf(field);
    for (let row: u32 = 0; row < rowsTaken; row++) {
      const base: usize = load<u32>(bases + row * 4);
      let before: u32 = 0;
      let end: u32 = 1;
      let kind: u32 = 0;
      for (let i: u32 = 0; i < columns; i++) {
        const column = load<u32>(first + i * PLAN_BYTES);
        const cell = base + column * 4;
        const from = <usize>load<u32>(cell) + 1;
        const to = cellEnd(cell, from, column + 1 == columnCount);
        if (to == from) continue;
        before = <u32>from - 1;
        end = <u32>to;
        kind = load<u32>(first + i * PLAN_BYTES, 8);
        break;
      }
      store<u32>(picks + row * 8, before);
      store<u32>(picks + row * 8, end, 4);
      if (field == layout.CLICK_ID) store<u32>(pickedKinds + row * 4, kind);
    }
  }
}

/** Finishes the types, and finds the rows that are about money; how many rows have all that their type needs. */
function sureOf(count: u32): u32 {
  const types = rows.types + rows.rowCount;
  const amounts = rows.amounts + rows.rowCount * 8;
  const userPicks = picksOf(layout.USER_ID);
  const userColumn = firstColumnOf(layout.USER_ID);
  const userIsLast = isLastOf(layout.USER_ID);
  const campaignPicks = picksOf(layout.CAMPAIGN_ID);
  const campaignColumn = firstColumnOf(layout.CAMPAIGN_ID);
  const campaignIsLast = isLastOf(layout.CAMPAIGN_ID);
  const hasCampaigns = columnsOf(layout.CAMPAIGN_ID) > 0;
  const hasAmounts = columnsOf(layout.AMOUNT) > 0;
  moneyCount = 0;
  let money = moneyRows;
  for (let row: u32 = 0; row < count; row++) {
    let type = <u32>load<u8>(types + row);
    if (type == layout.NO_TYPE) {
      type = hasAmounts && amountLength(row) > 0 ? layout.CONVERSION : layout.CLICK;
      store<u8>(types + row, type);
    }
    store<i64>(amounts + row * 8, 0);
    store<u32>(money, row);
    const isClick = type == layout.CLICK;
    money += <usize>!isClick << 2;
    const isNamed = hasLength(row, userPicks, userColumn, userIsLast);
    const isPlaced = !isClick | (hasCampaigns & hasLength(row, campaignPicks, campaignColumn, campaignIsLast));
    if (!(isNamed & isPlaced)) {
      moneyCount = <u32>(money - moneyRows) >> 2;
      return row;
    }
  }
  moneyCount = <u32>(money - moneyRows) >> 2;
  return count;
}

@inline
function hasLength(row: u32, picks: usize, column: u32, isLast: bool): bool {
  const cell = cellOf(row, picks, column);
  const from = <usize>load<u32>(cell) + 1;
  return cellEnd(cell, from, isLast) != from;
}

function amountLength(row: u32): u32 {
  const cell = cellOf(row, picksOf(layout.AMOUNT), firstColumnOf(layout.AMOUNT));
  const from = <usize>load<u32>(cell) + 1;
  return <u32>(cellEnd(cell, from, isLastOf(layout.AMOUNT)) - from);
}

/** Reads the timestamps; how many rows there are before one that has none of the common forms. */
function takeTimes(count: u32): u32 {
  const timestamps = rows.timestamps + rows.rowCount * 8;
  const now = fields.receivedAtMicros;
  const hasTimes = columnsOf(layout.TIMESTAMP) > 0;
  const picks = picksOf(layout.TIMESTAMP);
  const column = firstColumnOf(layout.TIMESTAMP);
  const isLast = isLastOf(layout.TIMESTAMP);
  anyUnstamped = !hasTimes;
  for (let row: u32 = 0; row < count; row++) {
    let micros = now;
    if (hasTimes) {
      const cell = cellOf(row, picks, column);
      const from = <usize>load<u32>(cell) + 1;
      const length = <u32>(cellEnd(cell, from, isLast) - from);
      micros = quickTimestamp(from, length);
      if (micros == NOT_QUICK) {
        if (length == 0) {
          anyUnstamped = true;
          micros = now;
        } else {
          if (!parseAnyTimestamp(from, length)) return row;
          micros = timestampMicros;
        }
      }
    }
    store<i64>(timestamps + row * 8, micros);
  }
  return count;
}

/** How many of the rows came without a timestamp. */
function unstampedIn(count: u32): u32 {
  if (!anyUnstamped) return 0;
  if (columnsOf(layout.TIMESTAMP) == 0) return count;
  const picks = picksOf(layout.TIMESTAMP);
  const column = firstColumnOf(layout.TIMESTAMP);
  const isLast = isLastOf(layout.TIMESTAMP);
  let unstamped: u32 = 0;
  for (let row: u32 = 0; row < count; row++) unstamped += <u32>!hasLength(row, picks, column, isLast);
  return unstamped;
}

/** Reads amounts and currencies of the rows that are no clicks; how many rows there are before one that is not sure. */
function takeMoney(count: u32): u32 {
  const types = rows.types + rows.rowCount;
  const amounts = rows.amounts + rows.rowCount * 8;
  const currencies = rows.codeCell(layout.CURRENCY, rows.rowCount);
  const hasAmounts = columnsOf(layout.AMOUNT) > 0;
  const hasCurrencies = columnsOf(layout.CURRENCY) > 0;
  const picks = picksOf(layout.CURRENCY);
  const column = firstColumnOf(layout.CURRENCY);
  const isLast = isLastOf(layout.CURRENCY);
  for (let i: u32 = 0; i < moneyCount; i++) {
    const row = load<u32>(moneyRows + i * 4);
    if (row >= count) break;
    const length = hasAmounts ? amountLength(row) : 0;
    if (length > 0) {
      const cell = cellOf(row, picksOf(layout.AMOUNT), firstColumnOf(layout.AMOUNT));
      const micros = fields.parseAmount(<usize>load<u32>(cell) + 1, length);
      if (micros < 0) return row;
      store<i64>(amounts + row * 8, micros);
    } else if (load<u8>(types + row) == layout.REFUND) {
      return row;
    }
    let code = fields.defaultCurrencyCode;
    if (hasCurrencies) {
      const cell = cellOf(row, picks, column);
      const from = <usize>load<u32>(cell) + 1;
      const to = cellEnd(cell, from, isLast);
      if (to != from) {
        code = fields.currencyOf(from, <u32>(to - from));
        if (code == 0) return row;
      }
    }
    store<u32>(currencies + row * 4, code);
    rows.touch(1 << layout.CURRENCY);
  }
  return count;
}

/** Texts of which the key is kept. */
function takeKeyed(field: u32, count: u32): void {
  const keys = rows.keyCell(field, rows.rowCount);
  const places = rows.placeCell(field, rows.rowCount);
  const kinds = rows.codeCell(layout.CLICK_ID_KIND, rows.rowCount);
  const picks = picksOf(field);
  const column = firstColumnOf(field);
  const isLast = isLastOf(field);
  const kind = load<u32>(plan + <u32>load<u8>(firstOfField + field) * PLAN_BYTES, 8);
  let touched: u32 = 0;
  let row: u32 = 0;
  // Four at a time, as long as they are short and none is missing.
  while (field != layout.CLICK_ID && row + 4 <= count) {
    const cellA = cellOf(row, picks, column);
    const cellB = cellOf(row + 1, picks, column);
    const cellC = cellOf(row + 2, picks, column);
    const cellD = cellOf(row + 3, picks, column);
    const fromA = <usize>load<u32>(cellA) + 1;
    const fromB = <usize>load<u32>(cellB) + 1;
    const fromC = <usize>load<u32>(cellC) + 1;
    const fromD = <usize>load<u32>(cellD) + 1;
    const a = <u32>(cellEnd(cellA, fromA, isLast) - fromA);
    const b = <u32>(cellEnd(cellB, fromB, isLast) - fromB);
    const c = <u32>(cellEnd(cellC, fromC, isLast) - fromC);
    const d = <u32>(cellEnd(cellD, fromD, isLast) - fromD);
    if (max(max(a - 1, b - 1), max(c - 1, d - 1)) >= 15) break;
    touched = 1;
    keysOfShort(
      bytes.firstBytes(v128.load(fromA), a),
      bytes.firstBytes(v128.load(fromB), b),
      bytes.firstBytes(v128.load(fromC), c),
      bytes.firstBytes(v128.load(fromD), d),
      i32x4(a, b, c, d),
      keys + row * 8,
    );
    store<u64>(places + row * 8, (<u64>a << 32) | <u64>fromA);
    store<u64>(places + row * 8, (<u64>b << 32) | <u64>fromB, 8);
    store<u64>(places + row * 8, (<u64>c << 32) | <u64>fromC, 16);
    store<u64>(places + row * 8, (<u64>d << 32) | <u64>fromD, 24);
    row += 4;
  }
  for (; row < count; row++) {
    const cell = cellOf(row, picks, column);
    const from = <usize>load<u32>(cell) + 1;
    const length = <u32>(cellEnd(cell, from, isLast) - from);
    if (length == 0) continue;
    touched = 1;
    const key =
      length < 16 ? keyOfShort(bytes.firstBytes(v128.load(from), length), length) : keyOf(from, length);
    store<u64>(keys + row * 8, key);
    store<u64>(places + row * 8, (<u64>length << 32) | <u64>from);
    if (field == layout.CLICK_ID) {
      const itsKind = picks == 0 ? kind : load<u32>(pickedKinds + row * 4);
      store<u32>(kinds + row * 4, itsKind);
      if (itsKind != 0) rows.touch(1 << layout.CLICK_ID_KIND);
    }
  }
  rows.touch(touched << field);
}

/** Texts that are kept as codes. */
function takeInterned(field: u32, count: u32): void {
  const codes = rows.codeCell(field, rows.rowCount);
  const picks = picksOf(field);
  const column = firstColumnOf(field);
  const isLast = isLastOf(field);
  const table = tableOf(field);
  let mask = maskOf(field);
  let touched: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const cell = cellOf(row, picks, column);
    const from = <usize>load<u32>(cell) + 1;
    const length = <u32>(cellEnd(cell, from, isLast) - from);
    if (length == 0) continue;
    touched = 1;
    let code = quickCode(table, mask, length, bytes.firstBytes(v128.load(from), min<u32>(length, 16)));
    if (code == 0 || length > 16) {
      code = internSlowly(field, from, length);
      mask = maskOf(field);
    }
    store<u32>(codes + row * 4, code);
  }
  rows.touch(touched << field);
}
