/** Amounts of money as they are written: plain decimals, as micros of their unit. */
import { isDigit } from './bytes';

const COUNT_UP: usize = memory.data<u64>([0x0706050403020100, 0x0f0e0d0c0b0a0908], 16);

/** Ten to the power of 6 less the number of decimals, by that number. */
const SCALES: usize = memory.data<u32>([1_000_000, 100_000, 10_000, 1000, 100, 10, 1]);

/** Micros of a plain decimal of up to 12 digits and 6 decimals; -1 where it is anything else. */
export function parseAmount(from: usize, length: u32): i64 {
  if (length > 16) return parseLongAmount(from, length);
  const v = v128.load(from);
  const all: u32 = (1 << length) - 1;
  const digits = <u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x30)), i8x16.splat(10))) & all;
  const points = <u32>i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x2e))) & all;
  if ((digits | points) != all || (points & (points - 1)) != 0) return -1;
  const whole = points == 0 ? length : <u32>ctz(points);
  const decimals = points == 0 ? 0 : length - whole - 1;
  if (whole - 1 > 11 || decimals > 6 || (points != 0 && decimals == 0)) return -1;
  // The digits move to the right end of sixteen, and those before the point one further: no branch for each of them.
  const places = i8x16.add(v128.load(COUNT_UP), i8x16.splat(<i8>(length - 16)));
  const moved = i8x16.add(places, i8x16.lt_s(places, i8x16.splat(<i8>(whole + 1))));
  const text = i8x16.swizzle(v, points == 0 ? places : moved);
  const value = eightDigits(i64x2.extract_lane(text, 0)) * 100_000_000 + eightDigits(i64x2.extract_lane(text, 1));
  return <i64>(value * <u64>load<u32>(SCALES + decimals * 4));
}

/** The number of eight digits, where a 0 may stand for the digit, too. */
@inline
function eightDigits(text: u64): u64 {
  const pairs = ((text & 0x0f0f_0f0f_0f0f_0f0f) * 2561) >> 8;
  const fours = ((pairs & 0x00ff_00ff_00ff_00ff) * 6_553_601) >> 16;
  return ((fours & 0x0000_ffff_0000_ffff) * 42_949_672_960_001) >> 32;
}

/** As `parseAmount`, digit by digit. */
function parseLongAmount(from: usize, length: u32): i64 {
  let value: i64 = 0;
  let at = from;
  const end = from + length;
  for (; at < end && isDigit(load<u8>(at)); at++) value = value * 10 + (<u32>load<u8>(at) - 0x30);
  const digits = at - from;
  if (digits == 0 || digits > 12) return -1;
  let decimals: u32 = 0;
  if (at < end) {
    if (load<u8>(at) != 0x2e) return -1;
    at++;
    const first = at;
    for (; at < end && isDigit(load<u8>(at)); at++) {
      value = value * 10 + (<u32>load<u8>(at) - 0x30);
      if (at - first > 5) return -1;
    }
    decimals = <u32>(at - first);
    if (at < end || decimals == 0) return -1;
  }
  for (; decimals < 6; decimals++) value *= 10;
  return value;
}
