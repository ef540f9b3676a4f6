/** The columns of the batch being decoded. Cells of absent texts are 0; each row is written once, in order. */
import { KEYED, ROW_CAPACITY, TEXT_FIELD_COUNT } from './layout';

export const types: usize = heap.alloc(ROW_CAPACITY + 16);
export const timestamps: usize = heap.alloc(ROW_CAPACITY * 8);
export const amounts: usize = heap.alloc(ROW_CAPACITY * 8);
/** Of an interned field u32 codes, of a keyed field u64 keys. */
export const cells: usize = heap.alloc(TEXT_FIELD_COUNT * ROW_CAPACITY * 8);
/** Of a keyed field: where its text lies (low 32 bits) and how long it is. */
export const places: usize = heap.alloc(TEXT_FIELD_COUNT * ROW_CAPACITY * 8);

export let rowCount: u32 = 0;
/** The text fields that any row has, as bits. */
export let touched: u32 = 0;

export function setRowCount(count: u32): void {
  rowCount = count;
}

export function touch(fields: u32): void {
  touched |= fields;
}

@inline
export function codeCell(field: u32, row: u32): usize {
  return cells + field * (ROW_CAPACITY * 8) + row * 4;
}

@inline
export function keyCell(field: u32, row: u32): usize {
  return cells + field * (ROW_CAPACITY * 8) + row * 8;
}

@inline
export function placeCell(field: u32, row: u32): usize {
  return places + field * (ROW_CAPACITY * 8) + row * 8;
}

/** Begins a new batch. */
export function clearRows(): void {
  for (let field: u32 = 0; field < TEXT_FIELD_COUNT; field++) {
    if ((touched >> field) & 1) {
      // One row more: a line that was given up may have left cells behind.
      memory.fill(codeCell(field, 0), 0, min<u32>(rowCount + 1, ROW_CAPACITY) * (isKeyed(field) ? 8 : 4));
    }
  }
  rowCount = 0;
  touched = 0;
}

/** Takes back what was written to the row that is being filled. */
export function clearRow(): void {
  for (let field: u32 = 0; field < TEXT_FIELD_COUNT; field++) {
    if (isKeyed(field)) store<u64>(keyCell(field, rowCount), 0);
    else store<u32>(codeCell(field, rowCount), 0);
  }
}

@inline
export function isKeyed(field: u32): bool {
  return ((KEYED >> field) & 1) != 0;
}
