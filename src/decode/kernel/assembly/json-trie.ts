/**
 * The ways in which JSON lines are written. Logs are written by programs, so that the lines of one kind have the same
 * names in the same order, with the same blanks. What stands between two values of a line (`","user_id":"`), its gap, is
 * therefore remembered in a trie, whose paths `json-paths.ts` follows. The name of an event's type is part of a gap,
 * where it is one that is known: types are few, and each has its own fields.
 */
import * as bytes from './bytes';
import { ENDING_FIELDS } from './endings';
import { meaningOf, UNKNOWN_TYPE } from './fields';
import * as layout from './layout';
import { columnOf } from './window';

/** A node: gap (48 bytes), then what is below. Its first child lies right behind it. */
const MAX_GAP: u32 = 48;
const GAP_LENGTH = 48;
/** How the value behind the gap is written, and besides whether the gap is long. */
const KIND = 49;
/** How many bytes the value usually has, if it is a STRING of a plain line; NO_LENGTH: now so, now so. */
const USUAL_LENGTH = 50;
const FIELD = 51;
/** Of each third of the gap, as bits (u16): the bytes behind the gap's end. */
const NO_MATTER = 52;
/** The field's column in the window; of an END, what is said of the path. */
const COLUMN = 60;
const PATH = 60;
/** The node to try where the gap is another. */
const SIBLING = 64;
const CLICK_ID_KIND_CODE = 68;
/** The length that was met most of late, and how sure that is. */
const MET_LENGTH = 72;
const SURENESS = 73;
const NODE_BYTES: u32 = 128;
const MAX_NODES: u32 = 512;

export const STRING: u32 = 0;
/** A STRING whose name says of which kind the click id is. */
export const CLICK_ID: u32 = 1;
export const BARE: u32 = 2;
export const END: u32 = 3;
/** A STRING from which on a line may be like another one. */
export const ENDING: u32 = 4;
/** Added to a node's kind where the gap is longer than 16 bytes. */
const LONG_GAP: u32 = 8;

/** What is said of a path: its fields, as bits, and above them the type that it is of, or NO_TYPE; and that it is one. */
const TYPE_SHIFT: u32 = 16;
const IS_PATH: u32 = 1 << 31;

const nodes: usize = (heap.alloc(MAX_NODES * NODE_BYTES + 64) + 63) & ~63;
let nodeCount: u32 = 0;
/** The slot that holds the first node of all paths. */
const root: usize = memory.data(4);

// --- Following ------------------------------------------------------------------------------------------------------

@inline
export function firstNode(): usize {
  return load<u32>(root);
}

/** The node below, where its gap is the next one. */
@inline
export function childOf(node: usize): usize {
  return node + NODE_BYTES;
}

@inline
export function siblingOf(node: usize): usize {
  return load<u32>(node, SIBLING);
}

/** Whether the gap stands there, but for what is behind its first 16 bytes. */
@inline
export function hasFirstGap(at: usize, node: usize): bool {
  return sameThird(at, node, 0) == 0xffff;
}

/** Whether the rest of the gap stands there, if it has any; `kind` is the node's. */
@inline
export function hasOtherGap(at: usize, node: usize, kind: u32): bool {
  return (kind & LONG_GAP) == 0 || (sameThird(at, node, 1) & sameThird(at, node, 2)) == 0xffff;
}

/** Which of sixteen bytes are the gap's, or do not matter. */
@inline
function sameThird(at: usize, node: usize, third: usize): u32 {
  const same = <u32>i8x16.bitmask(i8x16.eq(v128.load(at + third * 16), v128.load(node + third * 16)));
  return same | load<u16>(node + third * 2, NO_MATTER);
}

@inline
export function gapLength(node: usize): usize {
  return load<u8>(node, GAP_LENGTH);
}

/** The kind, with what is said of the gap: a STRING behind a short one is but STRING. */
@inline
export function wholeKindOf(node: usize): u32 {
  return load<u8>(node, KIND);
}

@inline
export function formOf(wholeKind: u32): u32 {
  return wholeKind & ~LONG_GAP;
}

@inline
export function fieldOf(node: usize): u32 {
  return load<u8>(node, FIELD);
}

@inline
export function columnOfNode(node: usize): usize {
  return load<u32>(node, COLUMN);
}

@inline
export function clickIdKindOf(node: usize): u32 {
  return load<u32>(node, CLICK_ID_KIND_CODE);
}

@inline
export function usualLength(node: usize): u32 {
  return load<u8>(node, USUAL_LENGTH);
}

/** What is said of the path that ends at the node; never 0. */
@inline
export function pathOf(node: usize): u32 {
  return load<u32>(node, PATH);
}

@inline
export function fieldsOfPath(path: u32): u32 {
  return path & ((1 << TYPE_SHIFT) - 1);
}

@inline
export function typeOfPath(path: u32): u32 {
  return (path >> TYPE_SHIFT) & 0xff;
}

// --- Usual lengths --------------------------------------------------------------------------------------------------

/** Longer ones are not told from the bits that are loaded for a value. */
const MAX_USUAL: u32 = 56;
const NO_LENGTH: u32 = 0xff;
/** A length is the usual one where four of five values have it: each other one costs as much as four bring. */
const SURE: u32 = 6;
const MOST_SURE: u32 = 12;
const SURPRISE: u32 = 4;

/** Takes note of the length of a value. */
export function noteLength(node: usize, length: u32): void {
  let sureness = <u32>load<u8>(node, SURENESS);
  if (length == <u32>load<u8>(node, MET_LENGTH)) {
    sureness = min(sureness + 1, MOST_SURE);
  } else if (sureness > SURPRISE) {
    sureness -= SURPRISE;
  } else {
    store<u8>(node, min(length, NO_LENGTH), MET_LENGTH);
    sureness = 1;
  }
  store<u8>(node, sureness, SURENESS);
  const met = <u32>load<u8>(node, MET_LENGTH);
  store<u8>(node, sureness >= SURE && met < MAX_USUAL ? met : NO_LENGTH, USUAL_LENGTH);
}

// --- Remembering ----------------------------------------------------------------------------------------------------

/** A step of the line being parsed with care: where its gap starts, and what is below. */
const STEP_GAP_LENGTH = 4;
const STEP_KIND = 8;
const STEP_FIELD = 12;
const STEP_CLICK_ID_KIND = 16;
/** What a type's name means, where that is all that it says; else NO_TYPE. */
const STEP_TYPE = 20;
const STEP_BYTES: u32 = 24;
const MAX_STEPS: u32 = 48;
const steps: usize = heap.alloc(MAX_STEPS * STEP_BYTES);
let stepCount: u32 = 0;
/** Two steps as one, the type's name a part of its gap. */
const joined: usize = memory.data(24, 4);
let findsEndings: bool = true;

export function beginSteps(): void {
  stepCount = 0;
}

/** Adds a gap and the value behind it; `length` is that of a string. False where the line's path cannot be remembered. */
export function addStep(gap: usize, end: usize, kind: u32, field: u32, clickIdKind: u32, length: u32): bool {
  if (stepCount == MAX_STEPS || end - gap > MAX_GAP) return false;
  const isType = field == layout.TYPE && kind == STRING && length > 0;
  const meaning = isType ? meaningOf(end, length) : UNKNOWN_TYPE;
  const step = steps + stepCount * STEP_BYTES;
  store<u32>(step, <u32>gap);
  store<u32>(step, <u32>(end - gap), STEP_GAP_LENGTH);
  store<u32>(step, clickIdKind != 0 ? CLICK_ID : kind, STEP_KIND);
  store<u32>(step, field, STEP_FIELD);
  store<u32>(step, clickIdKind, STEP_CLICK_ID_KIND);
  store<u32>(step, meaning < layout.VOCABULARY ? meaning : layout.NO_TYPE, STEP_TYPE);
  stepCount++;
  return true;
}

/** Adds the path of the steps to the trie, if there is room for all of it. */
export function remember(): void {
  if (nodeCount + stepCount > MAX_NODES) return;
  const last = steps + (stepCount - 1) * STEP_BYTES;
  const ending = endingStep(last);
  let fields: u32 = 0;
  let type: u32 = layout.NO_TYPE;
  let node: usize = 0;
  for (let step = steps; step <= last; step += STEP_BYTES) {
    let wanted = step;
    // Where a type's name is a value already it stays one: whoever has come so far does not go back to a longer gap.
    if (joinToNext(step, last) && (findStep(node, joined) != 0 || findStep(node, step) == 0)) {
      type = load<u32>(step, STEP_TYPE);
      step += STEP_BYTES;
      wanted = joined;
    }
    const known = findStep(node, wanted);
    node = known == 0 ? addNode(node, wanted) : known;
    fields |= (1 << load<u32>(step, STEP_FIELD)) & ~(<u32>1 << layout.UNKNOWN);
    if (step == ending && formOf(wholeKindOf(node)) == STRING) {
      store<u8>(node, wholeKindOf(node) | ENDING, KIND);
    }
  }
  store<u32>(node, IS_PATH | (type << TYPE_SHIFT) | fields, PATH);
}

/** Joins a step that is a type's name to the one behind it; false where it is none, or the gap would be too long. */
function joinToNext(step: usize, last: usize): bool {
  if (step == last || load<u32>(step, STEP_TYPE) == layout.NO_TYPE) return false;
  const next = step + STEP_BYTES;
  const gap = load<u32>(step);
  const length = load<u32>(next) + load<u32>(next, STEP_GAP_LENGTH) - gap;
  if (length > MAX_GAP) return false;
  memory.copy(joined, next, STEP_BYTES);
  store<u32>(joined, gap);
  store<u32>(joined, length, STEP_GAP_LENGTH);
  return true;
}

/** The first node below one, or of all (0); 0 where there is none. */
function firstBelow(parent: usize): usize {
  if (parent == 0) return load<u32>(root);
  const child = parent + NODE_BYTES;
  return child == nodes + nodeCount * NODE_BYTES ? 0 : child;
}

/** The node of a step below another one; 0 where there is none. */
function findStep(parent: usize, step: usize): usize {
  let node = firstBelow(parent);
  while (node != 0 && !isStep(node, step)) node = load<u32>(node, SIBLING);
  return node;
}

function isStep(node: usize, step: usize): bool {
  return (
    <u32>load<u8>(node, GAP_LENGTH) == load<u32>(step, STEP_GAP_LENGTH) &&
    (<u32>load<u8>(node, KIND) & ~ENDING) == kindOfStep(step) &&
    bytes.equalBytes(node, load<u32>(step), load<u32>(step, STEP_GAP_LENGTH))
  );
}

function kindOfStep(step: usize): u32 {
  const form = load<u32>(step, STEP_KIND);
  return load<u32>(step, STEP_GAP_LENGTH) > 16 ? form | LONG_GAP : form;
}

function addNode(parent: usize, step: usize): usize {
  let before = firstBelow(parent);
  const node = nodes + nodeCount * NODE_BYTES;
  nodeCount++;
  if (before != 0) {
    while (load<u32>(before, SIBLING) != 0) before = load<u32>(before, SIBLING);
    store<u32>(before, <u32>node, SIBLING);
  } else if (parent == 0) {
    store<u32>(root, <u32>node);
  }
  const gap: usize = load<u32>(step);
  const length = load<u32>(step, STEP_GAP_LENGTH);
  const field = load<u32>(step, STEP_FIELD);
  for (let third: u32 = 0; third < 3; third++) {
    const count = min<u32>(max<u32>(length, third * 16) - third * 16, 16);
    v128.store(node + third * 16, bytes.firstBytes(v128.load(gap + third * 16), count));
    store<u16>(node + third * 2, 0xffff & (-1 << count), NO_MATTER);
  }
  store<u8>(node, length, GAP_LENGTH);
  store<u8>(node, kindOfStep(step), KIND);
  store<u8>(node, NO_LENGTH, USUAL_LENGTH);
  store<u8>(node, field, FIELD);
  store<u32>(node, <u32>columnOf(field), COLUMN);
  store<u32>(node, 0, SIBLING);
  store<u32>(node, load<u32>(step, STEP_CLICK_ID_KIND), CLICK_ID_KIND_CODE);
  store<u16>(node, 0, MET_LENGTH);
  return node;
}

/** The first of the steps that an ending is of, if those are two or more; 0 where they are not. */
function endingStep(last: usize): usize {
  let first = last;
  while (first > steps && findsEndings) {
    const before = first - STEP_BYTES;
    if (load<u32>(before, STEP_KIND) != STRING || ((ENDING_FIELDS >> load<u32>(before, STEP_FIELD)) & 1) == 0) break;
    first = before;
  }
  return last - first >= 2 * STEP_BYTES ? first : 0;
}

/** From now on all values are looked at. */
export function giveUpEndings(): void {
  findsEndings = false;
  for (let node = nodes; node < nodes + nodeCount * NODE_BYTES; node += NODE_BYTES) {
    if (formOf(wholeKindOf(node)) == ENDING) store<u8>(node, wholeKindOf(node) & ~ENDING, KIND);
  }
}
