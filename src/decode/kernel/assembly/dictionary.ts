/**
 * Dictionaries of texts that repeat, one a column: a text's code by its bytes. The first `residents` of a column keep
 * their codes for good; what comes after is forgotten when a dictionary has grown large, between batches.
 *
 * A slot of the hash table holds the first 16 bytes of the text, its length, its code (0: the slot is free) and where
 * the text lies. Texts lie one behind the other in `heap`, each followed by 16 bytes to read over.
 */
import { equalBytes, firstBytes, writtenFirst } from './bytes';
import { TEXT_FIELD_COUNT } from './layout';

const SLOT_BYTES: u32 = 32;
const FIRST_SLOTS: u32 = 1024;
/** A dictionary of more texts than this forgets all but its residents. */
const MAX_KEPT: u32 = 57_344;
const MAX_CODES: u32 = 65_536;
const MAX_SLOTS: u32 = 2 * MAX_CODES;
/** … and so does one whose texts, with those of the others, take more room than this. */
const MAX_KEPT_BYTES: u32 = 8 << 20;
/** Codes left when a batch has to end: more than a line, or a record that is given up, can add to one dictionary. */
const SPARE_CODES: u32 = 4096;

/** One dictionary a text field, and one for the names of event types. */
export const TYPE_NAMES: u32 = 12;
const COUNT: u32 = TEXT_FIELD_COUNT + 1;

/** Of each dictionary: table, its mask in bytes, its size (code 0 included), its residents, its entries. */
const HEADER_BYTES: u32 = 32;
/** In a header: where the group of each code stands (u16; 0: none yet). */
const GROUPS = 20;
const headers: usize = memory.data(HEADER_BYTES * COUNT);

@inline
function header(dictionary: u32): usize {
  return headers + dictionary * HEADER_BYTES;
}

/** Whether a dictionary is about to run out of codes: the batch has to end, so that transients can be forgotten. */
export let isCrowded: bool = false;

let heapStart: usize = 0;
let heapTop: usize = 0;

export function createDictionaries(residents: u32, campaignResidents: u32): void {
  for (let i: u32 = 0; i < COUNT; i++) {
    const at = header(i);
    // Only what is used of it takes memory: fresh pages are zeros.
    store<u32>(at, <u32>writtenFirst(heap.alloc(MAX_SLOTS * SLOT_BYTES), FIRST_SLOTS * SLOT_BYTES));
    store<u32>(at, (FIRST_SLOTS - 1) * SLOT_BYTES, 4);
    store<u32>(at, 1, 8);
    store<u32>(at, i == 0 ? campaignResidents : residents, 12);
    store<u32>(at, <u32>heap.alloc(MAX_CODES * 8), 16);
    store<u32>(at, <u32>heap.alloc(MAX_CODES * 2), GROUPS);
  }
}

/** Texts take all memory behind everything else; called when nothing else is to be allocated. */
export function createHeap(): void {
  heapStart = (heap.alloc(16) + 15) & ~15;
  heapTop = heapStart;
}

/** Where the groups of a dictionary's codes stand, u16 each: a text that has one is never forgotten. */
export function groupsOfCodes(dictionary: u32): usize {
  return load<u32>(header(dictionary), GROUPS);
}

export function dictionarySize(dictionary: u32): u32 {
  return load<u32>(header(dictionary), 8);
}

/** Where the code's text lies, and how long it is. */
export function textStart(dictionary: u32, code: u32): usize {
  return load<u32>(load<u32>(header(dictionary), 16) + code * 8);
}

export function textLength(dictionary: u32, code: u32): u32 {
  return load<u32>(load<u32>(header(dictionary), 16) + code * 8, 4);
}

@inline
function hashOf(prefix: v128, length: u32): u32 {
  return hashOfWords(i64x2.extract_lane(prefix, 0), i64x2.extract_lane(prefix, 1));
}

@inline
function hashOfWords(low: u64, high: u64): u32 {
  const mixed: u64 = (low ^ rotl<u64>(high, 23)) * 0x9e3779b97f4a7c15;
  // Every byte of the text contributes to the highest bits only, and a table takes the lowest of what is given.
  return <u32>((mixed >> 44) ^ (mixed >> 56));
}

/** A long text's hash follows from its end, too: many begin alike. */
function fullHashOf(text: usize, length: u32, prefix: v128): u32 {
  const hash = hashOf(prefix, length);
  return length <= 16 ? hash : hash ^ (hashOf(v128.load(text + length - 16), length) * 31);
}

/** What a text takes in the heap: itself and 16 bytes to read over, in whole sixteens. */
function roomFor(length: u32): u32 {
  return (length + 31) & ~15;
}

/** The code of a text; `prefix` are its first 16 bytes, with zeros where it is shorter. */
@inline
export function intern(dictionary: u32, text: usize, length: u32, prefix: v128): u32 {
  const at = header(dictionary);
  const mask = load<u32>(at, 4);
  const slot = load<u32>(at) + ((hashOf(prefix, length) * SLOT_BYTES) & mask);
  if (
    !v128.any_true(v128.xor(v128.load(slot), prefix)) && length <= 16 && load<u32>(slot, 16) == length
  ) {
    return load<u32>(slot, 20);
  }
  return probe(dictionary, text, length, prefix, true);
}

/** Where a dictionary's hash table lies, which does not change; and its mask, which does when a text is added. */
@inline
export function tableOf(dictionary: u32): usize {
  return load<u32>(header(dictionary));
}

@inline
export function maskOf(dictionary: u32): u32 {
  return load<u32>(header(dictionary), 4);
}

/** In a slot: the code. */
export const SLOT_CODE = 20;
/** In a slot: the length of a text of up to 16 bytes; of a longer one, no length. */
const SHORT_LENGTH = 28;

/** For each length up to 16 the bytes of a text so long, as two words. */
const WORD_MASKS: usize = memory.data(17 * 16);
for (let length: u32 = 0; length <= 16; length++) {
  v128.store(WORD_MASKS + length * 16, firstBytes(v128.splat<u8>(0xff), length));
}

/** Where the masks of the two words of a text of so many bytes stand. Words take fewer steps than vectors here. */
@inline
export function wordMasks(length: u32): usize {
  return WORD_MASKS + (min<u32>(length, 16) << 4);
}

/** Where a text of up to 16 bytes, given as two words, is looked for first. */
@inline
export function firstSlot(table: usize, mask: u32, low: u64, high: u64): usize {
  return table + ((hashOfWords(low, high) * SLOT_BYTES) & mask);
}

/** Whether a text is that of a slot; never so where it is longer than 16 bytes. */
@inline
export function isInSlot(slot: usize, low: u64, high: u64, length: u32): bool {
  const differs =
    (low ^ load<u64>(slot)) | (high ^ load<u64>(slot, 8)) | <u64>(length ^ load<u32>(slot, SHORT_LENGTH));
  return differs == 0;
}

/** As `intern`, of a text that is not where it is looked for first. */
export function internSlowly(dictionary: u32, text: usize, length: u32): u32 {
  const prefix = firstBytes(v128.load(text), min<u32>(length, 16));
  return probe(dictionary, text, length, prefix, true);
}

/** The code of a text that is known; 0 where it is not. */
@inline
export function lookUp(dictionary: u32, text: usize, length: u32, prefix: v128): u32 {
  return probe(dictionary, text, length, prefix, false);
}

function probe(dictionary: u32, text: usize, length: u32, prefix: v128, adds: bool): u32 {
  const at = header(dictionary);
  const table: usize = load<u32>(at);
  const mask = load<u32>(at, 4);
  let place = (fullHashOf(text, length, prefix) * SLOT_BYTES) & mask;
  while (true) {
    const slot = table + place;
    const code = load<u32>(slot, 20);
    if (code == 0) return adds ? add(dictionary, slot, text, length, prefix) : 0;
    if (
      load<u32>(slot, 16) == length &&
      !v128.any_true(v128.xor(v128.load(slot), prefix)) &&
      (length <= 16 || equalBytes(load<u32>(slot, 24), text, length))
    ) {
      return code;
    }
    place = (place + SLOT_BYTES) & mask;
  }
}

function add(dictionary: u32, slot: usize, text: usize, length: u32, prefix: v128): u32 {
  const at = header(dictionary);
  const code = load<u32>(at, 8);
  reserve(length + 32);
  memory.copy(heapTop, text, length);
  v128.store(slot, prefix);
  store<u32>(slot, length, 16);
  store<u32>(slot, code, 20);
  store<u32>(slot, <u32>heapTop, 24);
  store<u32>(slot, length > 16 ? -1 : length, SHORT_LENGTH);
  const entry = load<u32>(at, 16) + code * 8;
  store<u32>(entry, <u32>heapTop);
  store<u32>(entry, length, 4);
  heapTop += roomFor(length);
  store<u32>(at, code + 1, 8);
  if (code >= MAX_CODES - SPARE_CODES) isCrowded = true;
  if (isFull(code + 1, load<u32>(at, 4))) {
    store<u32>(at, (load<u32>(at, 4) + SLOT_BYTES) * 2 - SLOT_BYTES, 4);
    rebuild(dictionary);
  }
  return code;
}

/** Keeps a text that is in no dictionary until the transients are forgotten; where it lies. */
export function keepText(text: usize, length: u32): usize {
  reserve(length + 32);
  const kept = heapTop;
  memory.copy(kept, text, length);
  heapTop += roomFor(length);
  return kept;
}

/** Room for so many bytes that holds until the next text is added. */
export function roomAboveHeap(bytes: u32): usize {
  reserve(bytes + 64);
  return (heapTop + 15) & ~15;
}

/** A table is to be a quarter full at most, and where there is no room for that, a half. */
function isFull(codes: u32, mask: u32): bool {
  return codes * 4 * SLOT_BYTES > mask && mask < (MAX_SLOTS - 1) * SLOT_BYTES;
}

/** Makes sure that so many bytes can be written at the heap's top. */
function reserve(bytes: u32): void {
  const needed = heapTop + bytes;
  const have = (<usize>memory.size()) << 16;
  if (needed > have) memory.grow(<i32>max((needed - have + 0xffff) >> 16, 64));
}

/** Fills the hash table anew with the texts there are. */
function rebuild(dictionary: u32): void {
  const at = header(dictionary);
  const table: usize = load<u32>(at);
  const mask = load<u32>(at, 4);
  memory.fill(table, 0, mask + SLOT_BYTES);
  const size = load<u32>(at, 8);
  for (let code: u32 = 1; code < size; code++) {
    const text = textStart(dictionary, code);
    const length = textLength(dictionary, code);
    const prefix = firstBytes(v128.load(text), min<u32>(length, 16));
    let place = (fullHashOf(text, length, prefix) * SLOT_BYTES) & mask;
    while (load<u32>(table + place, 20) != 0) place = (place + SLOT_BYTES) & mask;
    const slot = table + place;
    v128.store(slot, prefix);
    store<u32>(slot, length, 16);
    store<u32>(slot, code, 20);
    store<u32>(slot, <u32>text, 24);
    store<u32>(slot, length > 16 ? -1 : length, SHORT_LENGTH);
  }
}

/** Whether a text has a group, or is one of the first of a field whose texts get none. */
function isKept(dictionary: u32, code: u32): bool {
  if (load<u16>(groupsOfCodes(dictionary) + code * 2) != 0) return true;
  return code <= load<u32>(header(dictionary), 12);
}

/**
 * Between batches: forgets what is not resident where a dictionary has grown large, or has no codes left for so many
 * texts more. Those that stay get new codes.
 */
export function forgetTransients(newTexts: u32): bool {
  const most = min(MAX_KEPT, MAX_CODES - newTexts);
  let grown = heapTop - heapStart > MAX_KEPT_BYTES;
  for (let i: u32 = 0; i < COUNT; i++) if (dictionarySize(i) > most) grown = true;
  if (!grown) return false;
  isCrowded = false;
  // What is kept is gathered above the heap, then moved down to its start.
  let total: u32 = 0;
  for (let i: u32 = 0; i < COUNT; i++) {
    const size = dictionarySize(i);
    for (let code: u32 = 1; code < size; code++) if (isKept(i, code)) total += roomFor(textLength(i, code));
  }
  reserve(total + 64);
  const gathered = (heapTop + 15) & ~15;
  let to = gathered;
  for (let i: u32 = 0; i < COUNT; i++) {
    const at = header(i);
    const groups = groupsOfCodes(i);
    const size = dictionarySize(i);
    let kept: u32 = 1;
    for (let code: u32 = 1; code < size; code++) {
      if (!isKept(i, code)) continue;
      const length = textLength(i, code);
      memory.copy(to, textStart(i, code), length);
      const entry = load<u32>(at, 16) + kept * 8;
      store<u32>(entry, <u32>(heapStart + (to - gathered)));
      store<u32>(entry, length, 4);
      store<u16>(groups + kept * 2, load<u16>(groups + code * 2));
      to += roomFor(length);
      kept++;
    }
    memory.fill(groups + kept * 2, 0, (size - kept) * 2);
    store<u32>(at, kept, 8);
    store<u32>(at, (FIRST_SLOTS - 1) * SLOT_BYTES, 4);
    while (isFull(kept, load<u32>(at, 4))) {
      store<u32>(at, (load<u32>(at, 4) + SLOT_BYTES) * 2 - SLOT_BYTES, 4);
    }
  }
  memory.copy(heapStart, gathered, to - gathered);
  heapTop = heapStart + (to - gathered);
  for (let i: u32 = 0; i < COUNT; i++) rebuild(i);
  return true;
}
