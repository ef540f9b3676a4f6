/**
 * JSON lines. Logs are written by programs, so that the lines of one kind have the same names in the same order, with
 * the same blanks. What stands between two values of a line (`","user_id":"`), its gap, is therefore remembered in a
 * trie: a line that follows a known path through it needs no parsing but for the ends of its values. Any other line is
 * parsed with care, and its path is remembered.
 */
import * as bytes from './bytes';
import { beginLine, finishLine, hasPlainType, isSeen, LEFT, markSeen, setField, unsetField } from './fields';
import * as layout from './layout';
import { fieldOf, kindOf, NameTable, rankOf } from './names';
import * as rows from './rows';

export const names = new NameTable();

/** A node: gap (32 bytes), its mask (32 bytes), then the fields below. */
const GAP_LENGTH = 64;
/** How the value behind the gap is written: STRING, BARE, or none (END). */
const KIND = 68;
const FIELD = 72;
const CLICK_ID_KIND_CODE = 76;
/** The node to try where the gap is another. */
const SIBLING = 80;
/** The first of the nodes that may follow. */
const CHILD = 84;
const NODE_BYTES: u32 = 96;
const MAX_NODES: u32 = 512;
const MAX_GAP: u32 = 32;

const STRING: u32 = 0;
const BARE: u32 = 1;
const END: u32 = 2;

const nodes: usize = (heap.alloc(MAX_NODES * NODE_BYTES + 16) + 15) & ~15;
let nodeCount: u32 = 0;
/** The slot that holds the first node of all paths. */
const root: usize = memory.data(4);

/** The steps of the line being parsed with care: gap start, gap length, kind, field, kind of the click id. */
const STEP_BYTES: u32 = 20;
const MAX_STEPS: u32 = 48;
const steps: usize = heap.alloc(MAX_STEPS * STEP_BYTES);
let stepCount: u32 = 0;
/** The rank of the name by which each field was set. */
const ranks: usize = memory.data(16);

/** Where the line ended that was decoded last; its line feed is before it. */
export let lineEnd: usize = 0;

/** Decodes the line at `start`; false where it is the reference's. */
@inline
export function decodeJsonLine(start: usize): bool {
  return followPath(start) || parseLine(start);
}

@inline
function followPath(start: usize): bool {
  let at = start;
  let node: usize = load<u32>(root);
  beginLine();
  while (true) {
    if (node == 0) return false;
    const length = load<u32>(node, GAP_LENGTH);
    if (
      v128.any_true(v128.and(v128.xor(v128.load(at), v128.load(node)), v128.load(node, 32))) ||
      (length > 16 && v128.any_true(v128.and(v128.xor(v128.load(at, 16), v128.load(node, 16)), v128.load(node, 48))))
    ) {
      node = load<u32>(node, SIBLING);
      continue;
    }
    const from = at + length;
    const kind = load<u32>(node, KIND);
    const field = load<u32>(node, FIELD);
    if (kind == STRING) {
      const v = v128.load(from);
      const stops = bytes.stringStops(v);
      let end: usize;
      if (stops != 0 && load<u8>(from + ctz(stops)) == 0x22) {
        end = from + ctz(stops);
      } else {
        const stops2 = stops == 0 ? bytes.stringStops(v128.load(from, 16)) : 0;
        if (stops2 != 0 && load<u8>(from + 16 + ctz(stops2)) == 0x22) end = from + 16 + ctz(stops2);
        else end = field == layout.UNKNOWN ? skipString(from) : stringEnd(from);
        if (end == 0) return false;
      }
      if (!setField(field, from, <u32>(end - from), v)) return false;
      at = end;
    } else if (kind == BARE) {
      if (load<u8>(from) == 0x22) {
        node = load<u32>(node, SIBLING);
        continue;
      }
      const end = bareEnd(from);
      if (end == 0 || !setBare(field, from, <u32>(end - from))) return false;
      at = end;
    } else {
      lineEnd = from;
      return from - start <= layout.MAX_LINE_BYTES && finishLine() != LEFT;
    }
    const click = load<u32>(node, CLICK_ID_KIND_CODE);
    if (click != 0 && at > from) setClickIdKind(click);
    node = load<u32>(node, CHILD);
  }
}

/** Where the string that begins at `from` ends; 0 where it holds escapes, or what no JSON string may hold. */
function stringEnd(from: usize): usize {
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
function skipString(from: usize): usize {
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

/** Where the number, true, false or null that begins at `from` ends; 0 where it is none of them (RFC 8259, section 6). */
function bareEnd(from: usize): usize {
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

/** Takes a bare value: as text it is what stands there, but for numbers that JavaScript would write otherwise. */
function setBare(field: u32, from: usize, length: u32): bool {
  if (field == layout.UNKNOWN) return true;
  const first = <u32>load<u8>(from);
  if (first == 0x6e) return true;
  if (field != layout.AMOUNT && (first == 0x2d || bytes.isDigit(first))) {
    if (first == 0x2d && load<u8>(from, 1) == 0x30) return false;
    for (let at = from + 1; at < from + length; at++) if (!bytes.isDigit(load<u8>(at))) return false;
  }
  return setField(field, from, length, v128.load(from));
}

function setClickIdKind(code: u32): void {
  store<u32>(rows.codeCell(layout.CLICK_ID_KIND, rows.rowCount), code);
  markSeen(layout.CLICK_ID_KIND);
}

@inline
function isBlank(byte: u32): bool {
  return byte == 0x20 || byte == 0x09;
}

function skipBlanks(from: usize): usize {
  let at = from;
  while (isBlank(load<u8>(at))) at++;
  return at;
}

/** Parses a line with care, and remembers its path; false where it is the reference's to decode. */
function parseLine(start: usize): bool {
  rows.clearRow();
  beginLine();
  stepCount = 0;
  if (load<u8>(start) != 0x7b) return false;
  // Whether each name of a field occurs once, and no two names mean one field.
  let known: u64 = 0;
  let knownHigh: u64 = 0;
  let fieldsNamed: u32 = 0;
  let ambiguous = false;
  let cacheable = true;
  let gap = start;
  let at = skipBlanks(start + 1);
  if (load<u8>(at) != 0x7d) {
    while (true) {
      if (load<u8>(at) != 0x22) return false;
      const nameEnd = stringEnd(at + 1);
      if (nameEnd == 0) return false;
      const name = names.find(at + 1, <u32>(nameEnd - at - 1));
      const field = fieldOf(name);
      at = skipBlanks(nameEnd + 1);
      if (load<u8>(at) != 0x3a) return false;
      at = skipBlanks(at + 1);
      if (name != 0) {
        const index = names.indexOf(name);
        const bit: u64 = (<u64>1) << (index & 63);
        // Of equal names the last one counts, and the first one's place.
        if (((index < 64 ? known : knownHigh) & bit) != 0) return false;
        if (index < 64) known |= bit;
        else knownHigh |= bit;
        if ((fieldsNamed >> field) & 1) ambiguous = true;
        fieldsNamed |= 1 << field;
        if (kindOf(name) != 0) {
          if ((fieldsNamed >> layout.CLICK_ID_KIND) & 1) ambiguous = true;
          fieldsNamed |= 1 << layout.CLICK_ID_KIND;
        }
      }
      const first = <u32>load<u8>(at);
      const isString = first == 0x22;
      const from = isString ? at + 1 : at;
      let end: usize;
      if (isString) end = name == 0 ? skipString(from) : stringEnd(from);
      else if (first == 0x7b || first == 0x5b) end = name == 0 ? nestedEnd(from) : 0;
      else end = bareEnd(from);
      if (end == 0) return false;
      if (first == 0x7b || first == 0x5b) cacheable = false;
      if (!addStep(gap, from, isString ? STRING : BARE, field, name == 0 ? 0 : kindOf(name))) cacheable = false;
      if (name != 0 && !takeNamed(name, from, <u32>(end - from), isString)) return false;
      gap = end;
      at = skipBlanks(isString ? end + 1 : end);
      const next = <u32>load<u8>(at);
      if (next == 0x7d) break;
      if (next != 0x2c) return false;
      at = skipBlanks(at + 1);
    }
  }
  at = skipBlanks(at + 1);
  if (load<u8>(at) == 0x0d) at++;
  if (load<u8>(at) != 0x0a) return false;
  lineEnd = at + 1;
  if (!addStep(gap, lineEnd, END, layout.UNKNOWN, 0)) cacheable = false;
  // Where a vocabulary of its own says which of several names counts, the reference knows.
  if (ambiguous && !hasPlainType()) return false;
  if (cacheable && !ambiguous) remember();
  return lineEnd - start <= layout.MAX_LINE_BYTES && finishLine() != LEFT;
}

/** Takes the value of a name that stands for a field; of several names the one of the lowest rank counts. */
function takeNamed(name: usize, from: usize, length: u32, isString: bool): bool {
  const field = fieldOf(name);
  if (kindOf(name) != 0 && !isString) return false;
  const isEmpty = length == 0 || (!isString && load<u8>(from) == 0x6e);
  if (isEmpty) return true;
  // What is said of the kind goes before what the name of a click id says of it.
  if (field == layout.CLICK_ID_KIND && isSeen(layout.CLICK_ID)) return false;
  if (isSeen(field)) {
    if (rankOf(name) >= <u32>load<u8>(ranks + field)) return true;
    // What the other name said beside its text would stay.
    if (field == layout.CLICK_ID) return false;
    unsetField(field);
  }
  store<u8>(ranks + field, rankOf(name));
  if (kindOf(name) != 0) {
    if (isSeen(layout.CLICK_ID_KIND)) return false;
    setClickIdKind(kindOf(name));
  }
  return isString ? setField(field, from, length, v128.load(from)) : setBare(field, from, length);
}

const MAX_DEPTH: u32 = 64;
const opened: usize = memory.data(64);

/** Where the object or list that begins at `from` ends; 0 where it is not well-formed, or too deep to say. */
function nestedEnd(from: usize): usize {
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

function addStep(gap: usize, end: usize, kind: u32, field: u32, clickIdKind: u32): bool {
  if (stepCount == MAX_STEPS || end - gap > MAX_GAP) return false;
  const step = steps + stepCount * STEP_BYTES;
  store<u32>(step, <u32>gap);
  store<u32>(step, <u32>(end - gap), 4);
  store<u32>(step, kind, 8);
  store<u32>(step, field, 12);
  store<u32>(step, clickIdKind, 16);
  stepCount++;
  return true;
}

/** Adds the path of the steps to the trie, as far as there is room. */
function remember(): void {
  let slot: usize = root;
  for (let i: u32 = 0; i < stepCount; i++) {
    const step = steps + i * STEP_BYTES;
    let node: usize = load<u32>(slot);
    while (node != 0 && !isStep(node, step)) {
      slot = node + SIBLING;
      node = load<u32>(slot);
    }
    if (node == 0) {
      if (nodeCount == MAX_NODES) return;
      node = nodes + nodeCount * NODE_BYTES;
      nodeCount++;
      const length = load<u32>(step, 4);
      const gap: usize = load<u32>(step);
      v128.store(node, bytes.firstBytes(v128.load(gap), min<u32>(length, 16)));
      v128.store(node, bytes.firstBytes(v128.load(gap, 16), max<u32>(length, 16) - 16), 16);
      v128.store(node, v128.load(bytes.MASKS + 16 - min<u32>(length, 16)), 32);
      v128.store(node, v128.load(bytes.MASKS + 32 - max<u32>(length, 16)), 48);
      store<u32>(node, length, GAP_LENGTH);
      store<u32>(node, load<u32>(step, 8), KIND);
      store<u32>(node, load<u32>(step, 12), FIELD);
      store<u32>(node, load<u32>(step, 16), CLICK_ID_KIND_CODE);
      store<u32>(node, 0, SIBLING);
      store<u32>(node, 0, CHILD);
      store<u32>(slot, <u32>node);
    }
    slot = node + CHILD;
  }
}

function isStep(node: usize, step: usize): bool {
  return (
    load<u32>(node, GAP_LENGTH) == load<u32>(step, 4) &&
    load<u32>(node, KIND) == load<u32>(step, 8) &&
    bytes.equalBytes(node, load<u32>(step), load<u32>(step, 4))
  );
}
