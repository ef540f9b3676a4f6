/**
 * Rows that name an event or an order may be duplicates: they are to be looked at, where all others are only counted.
 * They are set aside while the others are counted, then put back, to be copied out as a batch of their own.
 */
import { roomAboveHeap } from './dictionary';
import { EVENT_ID, ORDER_ID, ROW_CAPACITY, TEXT_FIELD_COUNT } from './layout';
import * as rows from './rows';

/** Of each row whether it is identified. */
const marks: usize = heap.alloc(ROW_CAPACITY);
/** Where the rows that are set aside lie, column by column; how many they are, and how many the others. */
let aside: usize = 0;
let identified: u32 = 0;
let others: u32 = 0;

/** Leaves the rows that are not identified, the others set aside until `putBack`. How many are left. */
export function setAside(): u32 {
  const count = rows.rowCount;
  identified = 0;
  for (let row: u32 = 0; row < count; row++) {
    const isIdentified = (load<u64>(rows.keyCell(EVENT_ID, row)) | load<u64>(rows.keyCell(ORDER_ID, row))) != 0;
    store<u8>(marks + row, <u32>isIdentified);
    identified += <u32>isIdentified;
  }
  others = count - identified;
  if (others == 0) return 0;
  aside = roomAboveHeap(identified * BYTES_PER_ROW + TEXT_FIELD_COUNT * 32);
  forEachColumn(part);
  rows.setRowCount(others);
  return others;
}

/** Puts the rows back that were set aside, in the place of the others. */
export function putBack(): void {
  if (others == 0) return;
  forEachColumn(restore);
  rows.setRowCount(identified);
}

/** Every column, with all its fields' cells and places: more than any row has. */
const BYTES_PER_ROW: u32 = TEXT_FIELD_COUNT * 16 + 17;

/** Columns that no row has a text in hold nothing to be moved. */
function forEachColumn(move: (column: usize, size: u32, saved: usize) => void): void {
  let saved = aside;
  move(rows.timestamps, 8, saved);
  saved += identified * 8;
  move(rows.amounts, 8, saved);
  saved += identified * 8;
  for (let field: u32 = 0; field < TEXT_FIELD_COUNT; field++) {
    if (((rows.touched >> field) & 1) == 0) continue;
    const size: u32 = rows.isKeyed(field) ? 8 : 4;
    move(rows.codeCell(field, 0), size, saved);
    saved += identified * 8;
    if (size == 4) continue;
    move(rows.placeCell(field, 0), 8, saved);
    saved += identified * 8;
  }
  move(rows.types, 1, saved);
}

/** Parts a column: what is identified is saved, the rest moves up. */
function part(column: usize, size: u32, saved: usize): void {
  let kept = column;
  let to = saved;
  const end = column + (others + identified) * size;
  let row: usize = marks;
  for (let from = column; from < end; from += size) {
    if (load<u8>(row++) != 0) {
      copyCell(to, from, size);
      to += size;
    } else {
      copyCell(kept, from, size);
      kept += size;
    }
  }
}

/** What is behind the rows must be empty, as everywhere. */
function restore(column: usize, size: u32, saved: usize): void {
  memory.copy(column, saved, identified * size);
  memory.fill(column + identified * size, 0, others * size);
}

@inline
function copyCell(to: usize, from: usize, size: u32): void {
  if (size == 8) store<u64>(to, load<u64>(from));
  else if (size == 4) store<u32>(to, load<u32>(from));
  else store<u8>(to, load<u8>(from));
}
