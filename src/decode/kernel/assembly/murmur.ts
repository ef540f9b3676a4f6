/** A text's 64-bit key: the first half of its MurmurHash3 x86_128, as `src/event/hash.ts` defines it. */
import { firstBytes } from './bytes';

const C1: u32 = 0x239b961b;
const C2: u32 = 0xab0e9789;
const C3: u32 = 0x38b34ae5;
const C4: u32 = 0xa1e38b93;

@inline
function finalMix(four: v128): v128 {
  let h = four;
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 16)), i32x4.splat(0x85ebca6b));
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 13)), i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

@inline
function finish(a: u32, b: u32, c: u32, d: u32, tail: v128, length: u32): u64 {
  // The lanes that the tail does not reach are 0, and leave the state as it is.
  let h4 = d ^ (rotl<u32>(<u32>i32x4.extract_lane(tail, 3) * C4, 18) * C1);
  let h3 = c ^ (rotl<u32>(<u32>i32x4.extract_lane(tail, 2) * C3, 17) * C4);
  let h2 = b ^ (rotl<u32>(<u32>i32x4.extract_lane(tail, 1) * C2, 16) * C3);
  let h1 = a ^ (rotl<u32>(<u32>i32x4.extract_lane(tail, 0) * C1, 15) * C2);
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 += h2 + h3 + h4;
  h2 += h1;
  h3 += h1;
  h4 += h1;
  const mixed = finalMix(i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(h1), 1, h2), 2, h3), 3, h4));
  h1 = i32x4.extract_lane(mixed, 0);
  h2 = i32x4.extract_lane(mixed, 1);
  h1 += h2 + <u32>i32x4.extract_lane(mixed, 2) + <u32>i32x4.extract_lane(mixed, 3);
  h2 += h1;
  const key = (<u64>h2 << 32) | <u64>h1;
  return key == 0 ? 1 : key;
}

/** The key of a text of fewer than 16 bytes, given with zeros behind it. */
@inline
export function keyOfShort(text: v128, length: u32): u64 {
  return finish(0, 0, 0, 0, text, length);
}

@inline
function tail4(words: v128, first: u32, by: i32, second: u32, lengths: v128): v128 {
  const mixed = i32x4.mul(words, i32x4.splat(first));
  const turned = v128.or(i32x4.shl(mixed, by), i32x4.shr_u(mixed, 32 - by));
  return v128.xor(i32x4.mul(turned, i32x4.splat(second)), lengths);
}

/** The keys of four texts of fewer than 16 bytes, given with zeros behind them; written to `to`. */
@inline
export function keysOfShort(a: v128, b: v128, c: v128, d: v128, lengths: v128, to: usize): void {
  // The first words of all four, the second ones, and so on.
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  let h1 = tail4(v128.shuffle<i64>(ab, cd, 0, 2), C1, 15, C2, lengths);
  let h2 = tail4(v128.shuffle<i64>(ab, cd, 1, 3), C2, 16, C3, lengths);
  let h3 = tail4(v128.shuffle<i64>(ab2, cd2, 0, 2), C3, 17, C4, lengths);
  let h4 = tail4(v128.shuffle<i64>(ab2, cd2, 1, 3), C4, 18, C1, lengths);
  h1 = i32x4.add(i32x4.add(h1, h2), i32x4.add(h3, h4));
  h2 = finalMix(i32x4.add(h2, h1));
  h3 = finalMix(i32x4.add(h3, h1));
  h4 = finalMix(i32x4.add(h4, h1));
  h1 = i32x4.add(i32x4.add(finalMix(h1), h2), i32x4.add(h3, h4));
  h2 = i32x4.add(h2, h1);
  const low = v128.shuffle<i32>(h1, h2, 0, 4, 1, 5);
  const high = v128.shuffle<i32>(h1, h2, 2, 6, 3, 7);
  // No key is 0.
  const zero = i64x2.splat(0);
  v128.store(to, i64x2.sub(low, i64x2.eq(low, zero)));
  v128.store(to, i64x2.sub(high, i64x2.eq(high, zero)), 16);
}

/** The state after the first 16 bytes, lane by lane: the state before them is 0. */
@inline
function first1(block: v128, h2: u32): u32 {
  return (rotl<u32>(rotl<u32>(<u32>i32x4.extract_lane(block, 0) * C1, 15) * C2, 19) + h2) * 5 + 0x561ccd1b;
}

@inline
function first2(block: v128): u32 {
  return rotl<u32>(rotl<u32>(<u32>i32x4.extract_lane(block, 1) * C2, 16) * C3, 17) * 5 + 0x0bcaa747;
}

@inline
function first3(block: v128): u32 {
  return rotl<u32>(rotl<u32>(<u32>i32x4.extract_lane(block, 2) * C3, 17) * C4, 15) * 5 + 0x96cd1c35;
}

@inline
function first4(block: v128, h1: u32): u32 {
  return (rotl<u32>(rotl<u32>(<u32>i32x4.extract_lane(block, 3) * C4, 18) * C1, 13) + h1) * 5 + 0x32ac3b17;
}

/** The key of a text of 16 bytes. */
@inline
export function keyOfSixteen(text: v128): u64 {
  const h1 = first1(text, 0);
  return finish(h1, first2(text), first3(text), first4(text, h1), i64x2.splat(0), 16);
}

const COUNT_UP: usize = memory.data<u64>([0x0706050403020100, 0x0f0e0d0c0b0a0908], 16);

/** The key of two texts, the first of fewer than 16 bytes, with a 0 between them. */
@inline
export function keyOfTwo(a: usize, aLength: u32, b: usize, bLength: u32): u64 {
  const length = aLength + 1 + bLength;
  // Numbers below 0 choose no byte of the second text: there, 0 comes out.
  const places = i8x16.sub(v128.load(COUNT_UP), i8x16.splat(<i8>(aLength + 1)));
  const block = v128.or(firstBytes(v128.load(a), aLength), i8x16.swizzle(v128.load(b), places));
  if (length < 16) return finish(0, 0, 0, 0, firstBytes(block, length), length);
  const h1 = first1(block, 0);
  const from = b + 15 - aLength;
  return keyFrom(h1, first2(block), first3(block), first4(block, h1), from, b + bLength, length);
}

export function keyOf(text: usize, length: u32): u64 {
  return keyFrom(0, 0, 0, 0, text, text + length, length);
}

/** The key of a text of `length` bytes, of which those from `from` to `end` are still to be read. */
@inline
function keyFrom(a: u32, b: u32, c: u32, d: u32, from: usize, end: usize, length: u32): u64 {
  let h1 = a;
  let h2 = b;
  let h3 = c;
  let h4 = d;
  let at = from;
  const blocksEnd = end - (length & 15);
  for (; at < blocksEnd; at += 16) {
    h1 ^= rotl<u32>(load<u32>(at) * C1, 15) * C2;
    h1 = (rotl<u32>(h1, 19) + h2) * 5 + 0x561ccd1b;
    h2 ^= rotl<u32>(load<u32>(at, 4) * C2, 16) * C3;
    h2 = (rotl<u32>(h2, 17) + h3) * 5 + 0x0bcaa747;
    h3 ^= rotl<u32>(load<u32>(at, 8) * C3, 17) * C4;
    h3 = (rotl<u32>(h3, 15) + h4) * 5 + 0x96cd1c35;
    h4 ^= rotl<u32>(load<u32>(at, 12) * C4, 18) * C1;
    h4 = (rotl<u32>(h4, 13) + h1) * 5 + 0x32ac3b17;
  }
  return finish(h1, h2, h3, h4, firstBytes(v128.load(at), length & 15), length);
}
