/** Values of JSON (RFC 8259): where they end. Whatever is not well-formed, or is not understood here, ends nowhere: at 0. */
import * as bytes from './bytes';

/** Where the string that begins at `from` ends; 0 where it holds escapes, or what no JSON string may hold. */
export function stringEnd(from: usize): usize {
  let at = from;
  while (true) {
    const stops = bytes.stringStops(v128.load(at));
    if (stops == 0) {
      at += 16;
      continue;
    }
    at += ctz(stops);
    const byte = <u32>load<u8>(at);
    if (byte == 0x22) return at;
    if (byte < 0x80) return 0;
    const length = bytes.utf8Length(at);
    if (length == 0) return 0;
    at += length;
  }
}

/** As `stringEnd`, of a string that need not be understood: escapes are checked and passed over. */
export function skipString(from: usize): usize {
  let at = from;
  while (true) {
    const stops = bytes.stringStops(v128.load(at));
    if (stops == 0) {
      at += 16;
      continue;
    }
    at += ctz(stops);
    const byte = <u32>load<u8>(at);
    if (byte == 0x22) return at;
    if (byte == 0x5c) {
      const escape = <u32>load<u8>(at, 1);
      if (escape == 0x75) {
        for (let i: usize = 2; i < 6; i++) if (!isHexDigit(load<u8>(at + i))) return 0;
        at += 6;
      } else if (isEscape(escape)) {
        at += 2;
      } else {
        return 0;
      }
      continue;
    }
    if (byte < 0x80) return 0;
    const length = bytes.utf8Length(at);
    if (length == 0) return 0;
    at += length;
  }
}

function isEscape(byte: u32): bool {
  switch (byte) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true;
    default:
      return false;
  }
}

function isHexDigit(byte: u32): bool {
  return bytes.isDigit(byte) || (byte | 0x20) - 0x61 < 6;
}

/**
 * Where a number of up to 15 digits and perhaps a point ends, without a branch for each of them; 0 where it is none, or of
 * another form.
 */
@inline
export function plainNumberEnd(from: usize): usize {
  const v = v128.load(from);
  const digits = <u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x30)), i8x16.splat(10)));
  const points = <u32>i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x2e)));
  const length = <u32>ctz(~(digits | points));
  const within = points & ((1 << length) - 1);
  if (length > 15 || (digits & 1) == 0 || ((digits >> (length - 1)) & 1) == 0 || (within & (within - 1)) != 0) return 0;
  const hasLeadingZero = load<u8>(from) == 0x30 && length > 1 && (within & 2) == 0;
  return hasLeadingZero || (load<u8>(from + length) | 0x20) == 0x65 ? 0 : from + length;
}

/** Where the number, true, false or null that begins at `from` ends; 0 where it is none of them (RFC 8259, section 6). */
@inline
export function bareEnd(from: usize): usize {
  let at = from;
  const first = <u32>load<u8>(at);
  if (first == 0x74) return load<u32>(at) == 0x65757274 ? at + 4 : 0;
  if (first == 0x66) return load<u32>(at, 1) == 0x65736c61 ? at + 5 : 0;
  if (first == 0x6e) return load<u32>(at) == 0x6c6c756e ? at + 4 : 0;
  if (first == 0x2d) at++;
  if (!bytes.isDigit(load<u8>(at))) return 0;
  if (load<u8>(at) == 0x30) {
    at++;
    if (bytes.isDigit(load<u8>(at))) return 0;
  } else {
    while (bytes.isDigit(load<u8>(at))) at++;
  }
  if (load<u8>(at) == 0x2e) {
    at++;
    if (!bytes.isDigit(load<u8>(at))) return 0;
    while (bytes.isDigit(load<u8>(at))) at++;
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    at++;
    if (load<u8>(at) == 0x2b || load<u8>(at) == 0x2d) at++;
    if (!bytes.isDigit(load<u8>(at))) return 0;
    while (bytes.isDigit(load<u8>(at))) at++;
  }
  return at;
}

@inline
function isBlank(byte: u32): bool {
  return byte == 0x20 || byte == 0x09;
}

export function skipBlanks(from: usize): usize {
  let at = from;
  while (isBlank(load<u8>(at))) at++;
  return at;
}

const MAX_DEPTH: u32 = 64;
const opened: usize = memory.data(64);

/** Where the object or list that begins at `from` ends; 0 where it is not well-formed, or too deep to say. */
export function nestedEnd(from: usize): usize {
  let depth: u32 = 0;
  let at = from;
  while (true) {
    // A value begins here.
    const first = <u32>load<u8>(at);
    if (first == 0x7b || first == 0x5b) {
      if (depth == MAX_DEPTH) return 0;
      store<u8>(opened + depth, first);
      depth++;
      at = skipBlanks(at + 1);
      if (load<u8>(at) != first + 2) {
        if (first == 0x7b) {
          at = memberValue(at);
          if (at == 0) return 0;
        }
        continue;
      }
    } else if (first == 0x22) {
      at = skipString(at + 1);
      if (at == 0) return 0;
      at++;
      at = skipBlanks(at);
    } else {
      at = bareEnd(at);
      if (at == 0) return 0;
      at = skipBlanks(at);
    }
    // A value has ended, or a bracket closes.
    while (true) {
      const open = <u32>load<u8>(opened + depth - 1);
      if (load<u8>(at) == open + 2) {
        depth--;
        at++;
        if (depth == 0) return at;
        at = skipBlanks(at);
        continue;
      }
      if (load<u8>(at) != 0x2c) return 0;
      at = skipBlanks(at + 1);
      if (open == 0x7b) {
        at = memberValue(at);
        if (at == 0) return 0;
      }
      break;
    }
  }
}

/** Passes over a member's name; where its value begins, or 0. */
function memberValue(from: usize): usize {
  if (load<u8>(from) != 0x22) return 0;
  const end = skipString(from + 1);
  if (end == 0) return 0;
  const colon = skipBlanks(end + 1);
  return load<u8>(colon) == 0x3a ? skipBlanks(colon + 1) : 0;
}
