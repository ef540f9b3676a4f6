/** Bytes in linear memory: sixteen at a time where it can be. */

/** Sixteen bytes 0xff, then sixteen 0x00: read from `MASKS + 16 - n`, a mask for the first n of sixteen. */
export const MASKS: usize = memory.data<u64>([-1, -1, 0, 0]);

const STOPS: usize = memory.data<u64>([0x2222222222222222,0x2222222222222222,0x5c5c5c5c5c5c5c5c,0x5c5c5c5c5c5c5c5c,0x2020202020202020,0x2020202020202020], 16);
@inline
export function firstBytes(v: v128, n: u32): v128 {
  return v128.and(v, v128.load(MASKS + 16 - n));
}

/** Copies a text; a short one without a call. Up to 16 bytes behind it are read, and written behind the copy, as well. */
@inline
export function copyText(to: usize, from: usize, length: u32): void {
  v128.store(to, v128.load(from));
  for (let done: u32 = 16; done < length; done += 16) v128.store(to + done, v128.load(from + done));
}

/** In a JSON string: where a quote, a backslash, a control character or a byte of a longer character stands. */
@inline
export function stringStops(v: v128): i32 {
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(v, v128.load(STOPS)), i8x16.eq(v, v128.load(STOPS, 16))),
      i8x16.lt_s(v, v128.load(STOPS, 32)),
    ),
  );
}

@inline
export function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

/** Where the first line feed stands; there must be one. */
export function findLineFeed(from: usize): usize {
  let at = from;
  while (true) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0x0a)));
    if (mask != 0) return at + ctz(mask);
    at += 16;
  }
}

export function equalBytes(a: usize, b: usize, length: u32): bool {
  let i: u32 = 0;
  for (; i + 16 <= length; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  for (; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

/**
 * The length of the UTF-8 character of two to four bytes at `at`, 0 where it is not well-formed (Unicode 15, table
 * 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
 */
export function utf8Length(at: usize): u32 {
  const lead = <u32>load<u8>(at);
  const second = <u32>load<u8>(at, 1);
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return (second & 0xc0) == 0x80 ? 2 : 0;
  if ((<u32>load<u8>(at, 2) & 0xc0) != 0x80) return 0;
  if (lead < 0xf0) {
    const least: u32 = lead == 0xe0 ? 0xa0 : 0x80;
    const most: u32 = lead == 0xed ? 0x9f : 0xbf;
    return second >= least && second <= most ? 3 : 0;
  }
  if (lead > 0xf4 || (<u32>load<u8>(at, 3) & 0xc0) != 0x80) return 0;
  const least: u32 = lead == 0xf0 ? 0x90 : 0x80;
  const most: u32 = lead == 0xf4 ? 0x8f : 0xbf;
  return second >= least && second <= most ? 4 : 0;
}

/** Whether the bytes are well-formed UTF-8. */
export function isUtf8(from: usize, end: usize): bool {
  let at = from;
  while (at < end) {
    if (load<u8>(at) < 0x80) {
      at++;
      continue;
    }
    const length = utf8Length(at);
    if (length == 0) return false;
    at += length;
  }
  return at == end;
}

/** All ones in each byte that is this one. */
@inline
export function equalTo(v: v128, byte: u8): v128 {
  return i8x16.eq(v, i8x16.splat(byte));
}

/**
 * Zeros that are read before they are written cost twice: the system first shows a page that many share, and has to stop
 * all threads when it puts another one there. So what will be written all the same is written at once.
 */
export function writtenFirst(room: usize, bytes: u32): usize {
  memory.fill(room, 0, bytes);
  return room;
}
