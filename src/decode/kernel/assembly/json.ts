/**
 * JSON lines. A line that is written as one before it follows that one's path; any other is parsed with care, and its
 * path is remembered.
 */
import { beginLine, finishLine, hasPlainType, isSeen, LEFT, markSeen, setField, unsetField } from './fields';
import { readString, textLength, textStart } from './escapes';
import * as paths from './json-paths';
import * as trie from './json-trie';
import { bareEnd, nestedEnd, skipBlanks, skipString, stringEnd } from './json-values';
import * as layout from './layout';
import { fieldOf, kindOf, NameTable, rankOf } from './names';
import * as rows from './rows';
import { forgetStops } from './stops';

export const names = new NameTable();

/** The rank of the name by which each field was set. */
const ranks: usize = memory.data(16);

/** Where the lines ended that were decoded last; the last one's line feed is before it. */
export let lineEnd: usize = 0;
/** Where a line begins that is known to follow no path. */
let strayAt: usize = 0;

/** To be called when other bytes stand in the block. */
export function forgetBlock(): void {
  forgetStops();
  strayAt = 0;
}

/** Decodes lines from `start`, up to `end` at most; how many. 0: the line at `start` is the reference's. */
export function decodeJsonLines(start: usize, end: usize): u32 {
  if (start != strayAt) {
    const followed = paths.followPaths(start, end);
    strayAt = paths.strayAt;
    lineEnd = paths.pathsEnd;
    if (followed > 0) return followed;
  }
  strayAt = 0;
  return parseLine(start) ? 1 : 0;
}

/** Takes a bare value: as text it is what stands there, but for numbers that JavaScript would write otherwise. */
function setBare(field: u32, from: usize, length: u32): bool {
  if (field == layout.UNKNOWN || load<u8>(from) == 0x6e) return true;
  return paths.isPlainBare(field, from, from + length) && setField(field, from, length, v128.load(from));
}

function setClickIdKind(code: u32): void {
  store<u32>(rows.codeCell(layout.CLICK_ID_KIND, rows.rowCount), code);
  markSeen(layout.CLICK_ID_KIND);
}

/** Parses a line with care, and remembers its path; false where it is the reference's to decode. */
function parseLine(start: usize): bool {
  rows.clearRow();
  beginLine();
  trie.beginSteps();
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
      if (isString) end = name == 0 ? skipString(from) : readString(from);
      else if (first == 0x7b || first == 0x5b) end = name == 0 ? nestedEnd(from) : 0;
      else end = bareEnd(from);
      if (end == 0) return false;
      if (first == 0x7b || first == 0x5b) cacheable = false;
      const kind = isString ? trie.STRING : trie.BARE;
      const clickIdKind = name == 0 ? 0 : kindOf(name);
      if (!trie.addStep(gap, from, kind, field, clickIdKind, <u32>(end - from))) cacheable = false;
      if (name != 0) {
        const text = isString ? textStart : from;
        const length = isString ? textLength : <u32>(end - from);
        if (!takeNamed(name, text, length, isString)) return false;
      }
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
  if (!trie.addStep(gap, lineEnd, trie.END, layout.UNKNOWN, 0, 0)) cacheable = false;
  // Where a vocabulary of its own says which of several names counts, the reference knows.
  if (ambiguous && !hasPlainType()) return false;
  if (cacheable && !ambiguous) trie.remember();
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
