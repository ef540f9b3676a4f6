/**
 * Where the cells of CSV and TSV stand. Separators, line feeds and quotes are looked for 64 bytes at a time and kept as
 * bits; what stands in quotes separates nothing.
 */

const LINE_FEED: u32 = 0x0a;
const CARRIAGE_RETURN: u32 = 0x0d;
const QUOTE: u32 = 0x22;

/** Lines taken at once, and columns that they may have. */
export const MAX_LINES: u32 = 256;
export const MAX_COLUMNS: u32 = 256;
/** What one step of 64 bytes may add beyond, in words. */
const SLACK: u32 = 192;

let delimiter: u32 = 0x2c;
let columnCount: u32 = 0;

/** The word before the first line, then where each cell of each line ends (u32). */
export const ends: usize = heap.alloc(((MAX_LINES + 1) * MAX_COLUMNS + SLACK) * 4) + 4;
/** Which lines hold bytes above 0x7f, or may. */
export const longer: usize = heap.alloc(MAX_LINES + SLACK);
export let anyLonger: bool = false;
/** Whether any cell stands in quotes, and whether any has quotes within. */
export let anyQuoted: bool = false;
export let anyDoubled: bool = false;

export function setTable(separator: u32, columns: u32): void {
  delimiter = separator;
  columnCount = columns;
}

/** Where so many of the lines end whose cells were found last. */
@inline
export function endOf(lines: u32): usize {
  return <usize>load<u32>(ends + lines * columnCount * 4 - 4) + 1;
}

/**
 * Finds the cells of up to `most` lines from `start`; how many there are before one whose quotes stand otherwise than
 * around cells and doubled within, or that has not as many cells as there are columns.
 */
export function findCells(start: usize, end: usize, most: u32): u32 {
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
