/**
 * Texts that do not stand in the block as they are: JSON strings with escapes (RFC 8259, section 7), and cells of CSV with
 * quotes in them (RFC 4180, section 2). They are written out as UTF-8 to where they stay as long as the block does: rows
 * refer to them as to what stands in the block.
 */
import { stringStops, utf8Length } from './bytes';
import { stringEnd } from './json-values';

/** What one step may write beyond the text. */
const SLACK: u32 = 64;

let room: usize = 0;
let roomEnd: usize = 0;
/** Where the next text goes. */
let next: usize = 0;

/** The text that was read last. */
export let textStart: usize = 0;
export let textLength: u32 = 0;

/** Only what is used of it takes memory. */
export function createTexts(bytes: u32): void {
  room = heap.alloc(bytes + SLACK);
  roomEnd = room + bytes;
  next = room;
}

/** To be called when other bytes stand in the block. */
export function forgetTexts(): void {
  next = room;
}

/** How many bytes of texts there is room for. */
export function roomLeft(): usize {
  return roomEnd - next;
}

/** Reads what stands between two quotes, of which two stand for one; false where there are none. There has to be room. */
export function readCell(from: usize, end: usize): bool {
  let at = from;
  while (at < end && load<u8>(at) != 0x22) at++;
  if (at == end) return false;
  let to = next;
  for (at = from; at < end; at++, to++) {
    const byte = load<u8>(at);
    store<u8>(to, byte);
    at += <usize>(byte == 0x22);
  }
  textStart = next;
  textLength = <u32>(to - next);
  next = to;
  return true;
}

/** Reads the string that begins at `from`; where it ends, or 0 where it is the reference's to read. */
export function readString(from: usize): usize {
  const end = stringEnd(from);
  if (end == 0) return readEscaped(from);
  textStart = from;
  textLength = <u32>(end - from);
  return end;
}

function readEscaped(from: usize): usize {
  let at = from;
  let to = next;
  while (to < roomEnd) {
    const v = v128.load(at);
    const stops = stringStops(v);
    v128.store(to, v);
    const plain = stops == 0 ? 16 : ctz(stops);
    at += plain;
    to += plain;
    if (stops == 0) continue;
    const byte = <u32>load<u8>(at);
    if (byte == 0x22) {
      textStart = next;
      textLength = <u32>(to - next);
      next = to;
      return at;
    }
    if (byte == 0x5c) {
      const escape = <u32>load<u8>(at, 1);
      if (escape != 0x75) {
        const character = meaningOf(escape);
        if (character == 0) return 0;
        store<u8>(to, character);
        at += 2;
        to++;
        continue;
      }
      let code = hexAt(at + 2);
      at += 6;
      if ((code & 0xfc00) == 0xd800) {
        // Half a character, the other half of which has to follow.
        const low = load<u16>(at) == 0x755c ? hexAt(at + 2) : NO_HEX;
        if ((low & ~0x3ff) != 0xdc00) return 0;
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
        at += 6;
      } else if (code == NO_HEX || (code & 0xfc00) == 0xdc00) {
        return 0;
      }
      to += writeCharacter(to, code);
      continue;
    }
    const length = byte < 0x80 ? 0 : utf8Length(at);
    if (length == 0) return 0;
    store<u32>(to, load<u32>(at));
    at += length;
    to += length;
  }
  return 0;
}

/** What the character behind a backslash stands for; 0 where it stands for nothing. */
function meaningOf(escape: u32): u32 {
  switch (escape) {
    case 0x22:
    case 0x5c:
    case 0x2f:
      return escape;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return 0;
  }
}

const NO_HEX: u32 = 0xffffffff;

/** The number that four hexadecimal digits are; NO_HEX where they are none. */
function hexAt(at: usize): u32 {
  let value: u32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte = <u32>load<u8>(at + i);
    const digit = byte - 0x30;
    const letter = (byte | 0x20) - 0x61;
    if (digit > 9 && letter > 5) return NO_HEX;
    value = (value << 4) | (digit <= 9 ? digit : letter + 10);
  }
  return value;
}

/** Writes a character as UTF-8; how many bytes it is. */
function writeCharacter(to: usize, code: u32): usize {
  if (code < 0x80) {
    store<u8>(to, code);
    return 1;
  }
  if (code < 0x800) {
    store<u8>(to, 0xc0 | (code >> 6));
    store<u8>(to, 0x80 | (code & 0x3f), 1);
    return 2;
  }
  if (code < 0x10000) {
    store<u8>(to, 0xe0 | (code >> 12));
    store<u8>(to, 0x80 | ((code >> 6) & 0x3f), 1);
    store<u8>(to, 0x80 | (code & 0x3f), 2);
    return 3;
  }
  store<u8>(to, 0xf0 | (code >> 18));
  store<u8>(to, 0x80 | ((code >> 12) & 0x3f), 1);
  store<u8>(to, 0x80 | ((code >> 6) & 0x3f), 2);
  store<u8>(to, 0x80 | (code & 0x3f), 3);
  return 4;
}
