/** The names that stand for fields: of members in JSON, of query parameters in access logs. The host fills the tables. */
import { equalBytes } from './bytes';
import { UNKNOWN } from './layout';

const MAX_NAMES: u32 = 128;
const SLOTS: u32 = 256;
const ENTRY_BYTES: u32 = 24;
const TEXT_BYTES: u32 = 8192;

/** A table of names: slots (u8: index + 1 of an entry), entries (text, length, field, rank, code of the click id's kind). */
export class NameTable {
  private slots: usize = heap.alloc(SLOTS);
  private entries: usize = heap.alloc(MAX_NAMES * ENTRY_BYTES);
  private count: u32 = 0;
  private texts: usize = heap.alloc(TEXT_BYTES);
  private used: u32 = 0;

  constructor() {
    memory.fill(this.slots, 0, SLOTS);
  }

  add(text: usize, length: u32, field: u32, rank: u32, kind: u32): void {
    const entry = this.entries + this.count * ENTRY_BYTES;
    memory.copy(this.texts + this.used, text, length);
    store<u32>(entry, <u32>(this.texts + this.used));
    this.used += length;
    store<u32>(entry, length, 4);
    store<u32>(entry, field, 8);
    store<u32>(entry, rank, 12);
    store<u32>(entry, kind, 16);
    this.count++;
    let slot = hashOf(text, length);
    while (load<u8>(this.slots + slot) != 0) slot = (slot + 1) & (SLOTS - 1);
    store<u8>(this.slots + slot, this.count);
  }

  /** The entry of a name; 0 where it stands for no field. */
  find(text: usize, length: u32): usize {
    if (length == 0) return 0;
    let slot = hashOf(text, length);
    while (true) {
      const index = <u32>load<u8>(this.slots + slot);
      if (index == 0) return 0;
      const entry = this.entries + (index - 1) * ENTRY_BYTES;
      if (load<u32>(entry, 4) == length && equalBytes(load<u32>(entry), text, length)) return entry;
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  /** The entry's number, from 0. */
  indexOf(entry: usize): u32 {
    return <u32>(entry - this.entries) / ENTRY_BYTES;
  }
}

@inline
export function fieldOf(entry: usize): u32 {
  return entry == 0 ? UNKNOWN : load<u32>(entry, 8);
}

@inline
export function rankOf(entry: usize): u32 {
  return load<u32>(entry, 12);
}

@inline
export function kindOf(entry: usize): u32 {
  return load<u32>(entry, 16);
}

/** A good enough spread of short names: their length, their ends and their middle. */
function hashOf(text: usize, length: u32): u32 {
  const mixed =
    length * 31 +
    <u32>load<u8>(text) * 7 +
    <u32>load<u8>(text + length - 1) * 13 +
    <u32>load<u8>(text + (length >> 1)) * 61;
  return mixed & (SLOTS - 1);
}
