/** Moments: text to microseconds since the epoch, for the forms of `src/event/time.ts` that logs are full of. */
import { isDigit } from './bytes';

const NO_MEMO = v128.splat<u8>(0);
/** `1970-01-01T00:00` */
const EPOCH: usize = memory.data<u64>([0x2d31302d30373931, 0x30303a3030543130], 16);
/** The last minute that was read: its 16 characters, and the moment it began, as if it were UTC. */
let memo: v128 = v128.load(EPOCH);
let memoMicros: i64 = 0;
/** The one before that: about the turn of a minute lines are of this one and that one. */
let memoBefore: v128 = memo;
let memoBeforeMicros: i64 = 0;

/** Whether times without an offset are UTC. Where they are not, they are the reference's. */
let zonelessIsUtc: bool = false;

/** What `parseTimestamp` read. */
export let timestampMicros: i64 = 0;

export function setZonelessIsUtc(value: bool): void {
  zonelessIsUtc = value;
}

const MICROS_PER_MINUTE: i64 = 60_000_000;

/** Days from 1970-01-01 in the proleptic Gregorian calendar; years of March to February make the leap day the last. */
export function daysFromCivil(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function isCivilDate(year: i32, month: i32, day: i32): bool {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  if (month == 2) return day <= ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28);
  return day <= (month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31);
}

/** Makes the minute before the last one the last one, if it is the one asked for. */
@inline
function recallMinute(v: v128): bool {
  if (v128.any_true(v128.xor(v, memoBefore))) return false;
  const micros = memoBeforeMicros;
  memoBefore = memo;
  memoBeforeMicros = memoMicros;
  memo = v;
  memoMicros = micros;
  return true;
}

/** Reads `YYYY-MM-DD HH:MM` (T or t in place of the blank). */
function parseMinute(v: v128): bool {
  const separator = <u32>i8x16.extract_lane_u(v, 10);
  if (separator != 0x54 && separator != 0x20 && separator != 0x74) return false;
  // The text less `0000-00-00T00:00` is digits of 0 to 9, and 0 where the separators are.
  const zeros = i8x16(
    0x30,
    0x30,
    0x30,
    0x30,
    0x2d,
    0x30,
    0x30,
    0x2d,
    0x30,
    0x30,
    0x54,
    0x30,
    0x30,
    0x3a,
    0x30,
    0x30,
  );
  const most = i8x16(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9);
  const d = i8x16.replace_lane(i8x16.sub(v, zeros), 10, 0);
  if (v128.any_true(i8x16.gt_u(d, most))) return false;
  const year =
    <i32>i8x16.extract_lane_u(d, 0) * 1000 +
    <i32>i8x16.extract_lane_u(d, 1) * 100 +
    <i32>i8x16.extract_lane_u(d, 2) * 10 +
    <i32>i8x16.extract_lane_u(d, 3);
  const month = <i32>i8x16.extract_lane_u(d, 5) * 10 + <i32>i8x16.extract_lane_u(d, 6);
  const day = <i32>i8x16.extract_lane_u(d, 8) * 10 + <i32>i8x16.extract_lane_u(d, 9);
  const hour = <i32>i8x16.extract_lane_u(d, 11) * 10 + <i32>i8x16.extract_lane_u(d, 12);
  const minute = <i32>i8x16.extract_lane_u(d, 14) * 10 + <i32>i8x16.extract_lane_u(d, 15);
  if (hour > 23 || minute > 59 || !isCivilDate(year, month, day)) return false;
  memoBefore = memo;
  memoBeforeMicros = memoMicros;
  memo = v;
  memoMicros = (<i64>daysFromCivil(year, month, day) * 1440 + hour * 60 + minute) * MICROS_PER_MINUTE;
  return true;
}

/** Reads a timestamp into `timestampMicros`; false where it is not one of the common forms. */
@inline
export function parseTimestamp(from: usize, length: u32): bool {
  const quick = quickTimestamp(from, length);
  if (quick == NOT_QUICK) return parseAnyTimestamp(from, length);
  timestampMicros = quick;
  return true;
}

/** As `parseTimestamp`, which has tried the usual form already. */
export function parseAnyTimestamp(from: usize, length: u32): bool {
  if (length < 19) return parseEpoch(from, length);
  const v = v128.load(from);
  if (v128.any_true(v128.xor(v, memo)) && !recallMinute(v) && !parseMinute(v)) return false;
  const tens = <u32>load<u8>(from, 17) - 0x30;
  const ones = <u32>load<u8>(from, 18) - 0x30;
  // Second 60 is the reference's.
  if (load<u8>(from, 16) != 0x3a || tens > 5 || ones > 9) return false;
  let micros: i64 = memoMicros + <i64>(tens * 10 + ones) * 1_000_000;
  let at = from + 19;
  const end = from + length;
  if (at < end && (load<u8>(at) == 0x2e || load<u8>(at) == 0x2c)) {
    at++;
    const first = at;
    let unit: i64 = 100_000;
    for (; at < end && isDigit(load<u8>(at)); at++) {
      micros += <i64>(<u32>load<u8>(at) - 0x30) * unit;
      unit /= 10;
    }
    if (at == first) return false;
  }
  if (at == end) {
    timestampMicros = micros;
    return zonelessIsUtc;
  }
  const rest = <u32>(end - at);
  const sign = <u32>load<u8>(at);
  if (rest == 1 && (sign | 0x20) == 0x7a) {
    timestampMicros = micros;
    return true;
  }
  if (rest == 6 && (sign == 0x2b || sign == 0x2d) && load<u8>(at, 3) == 0x3a) {
    const minutes = offsetMinutes(at + 1, at + 4);
    if (minutes < 0) return false;
    timestampMicros = micros + (sign == 0x2d ? <i64>minutes : -(<i64>minutes)) * MICROS_PER_MINUTE;
    return true;
  }
  return false;
}

/** Not a moment: what `quickTimestamp` gives where a timestamp is to be read with care. */
export const NOT_QUICK: i64 = i64.MIN_VALUE;

/** As `parseTimestamp`, of `YYYY-MM-DDTHH:MM:SS.mmmZ` within the minute that was read last. */
@inline
export function quickTimestamp(from: usize, length: u32): i64 {
  if (length != 24 || v128.any_true(v128.xor(v128.load(from), memo))) return NOT_QUICK;
  // Less `:00.000Z` it is digits of 0 to 9, the first one of 0 to 5, and 0 where the separators are.
  const d = load<u64>(from, 16) ^ 0x5a30_3030_2e30_303a;
  if (((d | (d + 0x0006_0606_0006_0a00)) & 0xfff0_f0f0_fff0_f0ff) != 0) return NOT_QUICK;
  const seconds = <u32>((d >> 8) & 15) * 10 + <u32>((d >> 16) & 15);
  const millis = <u32>((d >> 32) & 15) * 100 + <u32>((d >> 40) & 15) * 10 + <u32>(d >> 48);
  return memoMicros + <i64>((seconds * 1000 + millis) * 1000);
}

/** Minutes of an offset's four digits, given where its hours and its minutes stand; -1 where there is none. */
export function offsetMinutes(hoursAt: usize, minutesAt: usize): i32 {
  const a = <u32>load<u8>(hoursAt) - 0x30;
  const b = <u32>load<u8>(hoursAt, 1) - 0x30;
  const c = <u32>load<u8>(minutesAt) - 0x30;
  const d = <u32>load<u8>(minutesAt, 1) - 0x30;
  if (a > 9 || b > 9 || c > 5 || d > 9 || a * 10 + b > 23) return -1;
  return <i32>((a * 10 + b) * 60 + c * 10 + d);
}

/** Seconds, milliseconds or microseconds, by magnitude, perhaps with a fraction; what is below a microsecond is cut off. */
function parseEpoch(from: usize, length: u32): bool {
  const end = from + length;
  let at = from;
  let value: i64 = 0;
  for (; at < end && isDigit(load<u8>(at)); at++) value = value * 10 + (load<u8>(at) - 0x30);
  if (at == from || at - from > 16) return false;
  let unit: i64 = 1;
  if (value < 100_000_000_000) unit = 1_000_000;
  else if (value < 100_000_000_000_000) unit = 1000;
  timestampMicros = value * unit;
  if (at == end) return true;
  const fraction = at + 1;
  if (load<u8>(at) != 0x2e || fraction == end) return false;
  for (at = fraction; at < end && isDigit(load<u8>(at)); at++) {
    unit /= 10;
    timestampMicros += <i64>(<u32>load<u8>(at) - 0x30) * unit;
  }
  return at == end;
}

/** The last second but for its digits that was read of an access log: `[01/Jun/2026:00:`, `0:00:.. +0000] "`. */
let logMemoStart: v128 = NO_MEMO;
let logMemoEnd: v128 = NO_MEMO;
let logMemoMicros: i64 = 0;
const WITHOUT_SECONDS: usize = memory.data<u64>([0xff0000ffffffffff, 0xffffffffffffffff], 16);
const MONTHS: usize = memory.data<u8>([
  0x4a, 0x61, 0x6e, 0x46, 0x65, 0x62, 0x4d, 0x61, 0x72, 0x41, 0x70, 0x72, 0x4d, 0x61, 0x79, 0x4a, 0x75, 0x6e, 0x4a,
  0x75, 0x6c, 0x41, 0x75, 0x67, 0x53, 0x65, 0x70, 0x4f, 0x63, 0x74, 0x4e, 0x6f, 0x76, 0x44, 0x65, 0x63,
]);

/** Reads `[01/Jun/2026:00:00:00 +0000] "` into `timestampMicros`; false where it is not of this form. */
@inline
export function parseLogTime(at: usize): bool {
  const start = v128.load(at);
  const end = v128.and(v128.load(at, 14), v128.load(WITHOUT_SECONDS));
  const differs = v128.or(v128.xor(start, logMemoStart), v128.xor(end, logMemoEnd));
  if (v128.any_true(differs) && !parseLogMinute(at, start, end)) return false;
  const tens = <u32>load<u8>(at, 19) - 0x30;
  const ones = <u32>load<u8>(at, 20) - 0x30;
  // Second 60 is the reference's.
  if (tens > 5 || ones > 9) return false;
  timestampMicros = logMemoMicros + <i64>(tens * 10 + ones) * 1_000_000;
  return true;
}

function parseLogMinute(at: usize, start: v128, end: v128): bool {
  if (
    load<u8>(at) != 0x5b ||
    load<u8>(at, 3) != 0x2f ||
    load<u8>(at, 7) != 0x2f ||
    load<u8>(at, 12) != 0x3a ||
    load<u8>(at, 15) != 0x3a ||
    load<u8>(at, 18) != 0x3a ||
    load<u8>(at, 21) != 0x20 ||
    load<u8>(at, 27) != 0x5d ||
    load<u8>(at, 28) != 0x20 ||
    load<u8>(at, 29) != 0x22
  ) {
    return false;
  }
  const day = twoDigits(at + 1);
  const century = twoDigits(at + 8);
  const yearOfCentury = twoDigits(at + 10);
  const hour = twoDigits(at + 13);
  const minute = twoDigits(at + 16);
  if (day < 0 || century < 0 || yearOfCentury < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
  const year = century * 100 + yearOfCentury;
  const month = monthOf(at + 4);
  const sign = <u32>load<u8>(at, 22);
  const offset = offsetMinutes(at + 23, at + 25);
  if (!isCivilDate(year, month, day) || offset < 0 || (sign != 0x2b && sign != 0x2d)) return false;
  const minutes = <i64>daysFromCivil(year, month, day) * 1440 + hour * 60 + minute;
  logMemoMicros = (minutes + (sign == 0x2d ? offset : -offset)) * MICROS_PER_MINUTE;
  logMemoStart = start;
  logMemoEnd = end;
  return true;
}

/** The number of the month whose name has three letters there; 0 where there is none. */
function monthOf(at: usize): i32 {
  for (let month = 0; month < 12; month++) {
    const name = MONTHS + month * 3;
    if (load<u16>(at) == load<u16>(name) && load<u8>(at, 2) == load<u8>(name, 2)) return month + 1;
  }
  return 0;
}

/** A number of two digits; -1 where there is none. */
function twoDigits(at: usize): i32 {
  const tens = <u32>load<u8>(at) - 0x30;
  const ones = <u32>load<u8>(at, 1) - 0x30;
  return tens > 9 || ones > 9 ? -1 : <i32>(tens * 10 + ones);
}
