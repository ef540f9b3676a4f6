/**
 * Where the stops of JSON lines stand: quotes, backslashes, control characters (line feeds among them) and bytes of
 * longer characters. They are found ahead, some kilobytes at a time, and kept a bit a byte, so that the end of a value is
 * but one load away from its beginning.
 */

const LINE_FEED: u8 = 0x0a;
/** Bytes that are looked through at once. */
const PIECE_BYTES: u32 = 32_768;
const bits: usize = (heap.alloc(PIECE_BYTES / 8 + 64) + 15) & ~15;

/** The whole lines of which the stops are known. */
let knownFrom: usize = 0;
export let knownTo: usize = 0;
/** What to add to the eighth of an address to come to its bit's byte. */
export let bitsBase: usize = 0;

/** To be called when other bytes stand in the block. */
export function forgetStops(): void {
  knownFrom = 0;
  knownTo = 0;
}

/** Sees to it that the stops of the line at `start` are known; false where it is too long for that. */
@inline
export function knowStops(start: usize, end: usize): bool {
  return (start >= knownFrom && start < knownTo) || findStops(start, end);
}

/** The first stop from `from` on, which has to be within a line whose stops are known. */
@inline
export function nextStop(base: usize, from: usize): usize {
  const near = load<u64>(base + (from >> 3)) >> (from & 7);
  if (near != 0) return from + <usize>ctz(near);
  let at = from & ~7;
  let far: u64 = 0;
  do {
    at += 56;
    far = load<u64>(base + (at >> 3));
  } while (far == 0);
  return at + <usize>ctz(far);
}

function findStops(start: usize, end: usize): bool {
  const first = start & ~63;
  const limit = min(end, first + PIECE_BYTES);
  // A quote becomes a blank and a blank a quote: what is below 0x21 then, as a signed number, is a stop.
  const swap = i8x16.splat(0x02);
  const least = i8x16.splat(0x21);
  const backslash = i8x16.splat(0x5c);
  let to = bits;
  for (let at = first; at < limit; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const low =
      <u32>i8x16.bitmask(v128.or(i8x16.lt_s(v128.xor(a, swap), least), i8x16.eq(a, backslash))) |
      (<u32>i8x16.bitmask(v128.or(i8x16.lt_s(v128.xor(b, swap), least), i8x16.eq(b, backslash))) << 16);
    const high =
      <u32>i8x16.bitmask(v128.or(i8x16.lt_s(v128.xor(c, swap), least), i8x16.eq(c, backslash))) |
      (<u32>i8x16.bitmask(v128.or(i8x16.lt_s(v128.xor(d, swap), least), i8x16.eq(d, backslash))) << 16);
    store<u32>(to, low);
    store<u32>(to, high, 4);
    to += 8;
  }
  // Lines behind the last line feed are looked through again, with what follows them.
  let last = limit;
  while (last > start && load<u8>(last - 1) != LINE_FEED) last--;
  knownFrom = start;
  knownTo = last;
  bitsBase = bits - (first >> 3);
  return last > start;
}
