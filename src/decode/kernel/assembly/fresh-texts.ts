/**
 * Marks texts of keyed fields that come for the first time, so that whoever stores them need not look for each among
 * all it knows. It goes by the keys that this kernel has seen; when there are too many, it forgets them and starts anew.
 */
import { roomAboveHeap } from './dictionary';
import * as rows from './rows';

const MAX_KEYS: u32 = 1 << 20;
const SLOTS: u32 = 2 * MAX_KEYS;
/** A hash table of keys, 0 where a slot is free; keys are hashes already. */
let table: usize = 0;
let keys: u32 = 0;
/** How many rows `markFresh` found. */
export let freshCount: u32 = 0;
/** So many slots are read side by side before the first is looked at: one after the other, each would be waited for. */
const WARMED_ROWS: u32 = 64;
/** Nobody asks for it; but what is read for nothing may not be read at all. */
let warmth: u64 = 0;

export function createFreshTexts(): void {
  // Only what is used of it takes memory: fresh pages are zeros.
  table = heap.alloc(SLOTS * 8);
}

/** Lists the rows, counted from 1, whose text of a field is fresh; where the list begins, until a text is added. */
export function markFresh(field: u32): usize {
  const count = rows.rowCount;
  if (keys > MAX_KEYS - count) forget();
  const list = roomAboveHeap(count * 4);
  let fresh: u32 = 0;
  for (let from: u32 = 0; from < count; from += WARMED_ROWS) {
    const to = min(from + WARMED_ROWS, count);
    warm(field, from, to);
    for (let row = from; row < to; row++) {
      const key = load<u64>(rows.keyCell(field, row));
      if (key == 0 || !add(key)) continue;
      store<u32>(list + fresh * 4, row + 1);
      fresh++;
    }
  }
  keys += fresh;
  freshCount = fresh;
  return list;
}

function warm(field: u32, from: u32, to: u32): void {
  let sum: u64 = 0;
  for (let row = from; row < to; row++) {
    sum += load<u64>(table + (load<u32>(rows.keyCell(field, row)) & (SLOTS - 1)) * 8);
  }
  warmth = sum;
}

/** Adds a key, which is not 0; false if it was there. */
@inline
function add(key: u64): bool {
  let slot = <u32>key & (SLOTS - 1);
  let found = load<u64>(table + slot * 8);
  while (found != key && found != 0) {
    slot = (slot + 1) & (SLOTS - 1);
    found = load<u64>(table + slot * 8);
  }
  if (found == key) return false;
  store<u64>(table + slot * 8, key);
  return true;
}

function forget(): void {
  memory.fill(table, 0, SLOTS * 8);
  keys = 0;
}
