/** Event batches of what a kernel's columns were copied to, on whatever thread that is. */
import { codeRange, type Dictionary } from '../../event/dictionary.js';
import { mapTextFields, type EventBatch, type TextColumn } from '../../event/event-batch.js';
import type { TextField } from '../../event/event.js';
import { startOf, TextPacker, type PackedTexts } from '../../event/packed-texts.js';
import type { KernelColumns, KeyedColumn, NewTexts } from './kernel-columns.js';
import { MAX_ROWS } from './kernel-layout.js';

/** Makes event batches of the columns of one kernel, in the order in which they were copied. */
export class ColumnReader {
  readonly #dictionaries = new Map<TextField, SharedTexts>();

  batchOf(columns: KernelColumns): EventBatch {
    const { length, types, timestampMicros, amountMicros } = columns;
    const texts: Record<TextField, TextColumn> = mapTextFields(() => emptyColumn(length));
    for (const { field, codes, firstNew, newTexts } of columns.interned) {
      let known = this.#dictionaries.get(field);
      // The kernel has forgotten what was not resident: its codes mean other texts from now on.
      if (known?.size !== firstNew) known = new SharedTexts();
      this.#dictionaries.set(field, known);
      if (newTexts) known.add(newTexts);
      texts[field] = { codes, dictionary: new TextsSoFar(known, firstNew, columns.marksFreshTexts) };
    }
    for (const column of columns.keyed) {
      texts[column.field] = {
        codes: rowCodes(column.keys, length),
        dictionary: new KeyedTexts(column),
        rowKeys: column.keys.subarray(1),
      };
    }
    return { length, types, timestampMicros, amountMicros, texts };
  }
}

/** The texts of an interned field, which only grow. */
class SharedTexts {
  readonly #texts = new TextPacker();
  packed: PackedTexts = { bytes: this.#texts.bytes, ends: this.#texts.ends };
  #keys = new BigUint64Array(64);

  /** How many codes there are, that of no text included. */
  get size(): number {
    return this.#texts.size + 1;
  }

  add(texts: NewTexts): void {
    const { size } = this;
    this.#texts.addAll(texts);
    this.packed = { bytes: this.#texts.bytes, ends: this.#texts.ends };
    if (this.size > this.#keys.length) {
      const grown = new BigUint64Array(Math.max(this.size, this.#keys.length * 2));
      grown.set(this.#keys);
      this.#keys = grown;
    }
    this.#keys.set(texts.keys, size);
  }

  keysUpTo(size: number): BigUint64Array {
    return this.#keys.subarray(0, size);
  }
}

/** Those that there were for a batch. */
class TextsSoFar implements Dictionary {
  readonly size: number;
  readonly freshCodes: Uint32Array | undefined;
  readonly ownBytes: number;
  readonly #texts: SharedTexts;

  constructor(texts: SharedTexts, firstNew: number, marksFresh: boolean) {
    const { packed, size } = texts;
    this.#texts = texts;
    this.size = size;
    this.freshCodes = marksFresh ? codeRange(firstNew, size) : undefined;
    this.ownBytes =
      startOf(packed.ends, size - 1) -
      startOf(packed.ends, firstNew - 1) +
      (size - firstNew) * BYTES_PER_TEXT;
  }

  get packed(): PackedTexts {
    return this.#texts.packed;
  }

  text(code: number): string {
    return textOf(this.#texts.packed, code);
  }

  keys(): BigUint64Array {
    return this.#texts.keysUpTo(this.size);
  }
}

/** Its key, where it ends, and the places in tables that both are kept in. */
const BYTES_PER_TEXT = 32;

/** A dictionary of one entry a row: texts of which there are too many to look for those that are the same. */
class KeyedTexts implements Dictionary {
  readonly size: number;
  readonly freshCodes: Uint32Array | undefined;
  readonly #column: KeyedColumn;

  constructor(column: KeyedColumn) {
    this.#column = column;
    this.size = column.keys.length;
    this.freshCodes = column.freshCodes;
  }

  get packed(): PackedTexts {
    return this.#column.texts;
  }

  get ownBytes(): number {
    return this.#column.texts.bytes.length;
  }

  text(code: number): string {
    return textOf(this.packed, code);
  }

  keys(): BigUint64Array {
    return this.#column.keys;
  }
}

/** The text of a code: that of code 1 is the first. */
function textOf(texts: PackedTexts, code: number): string {
  if (code === 0) return '';
  const { bytes, ends } = texts;
  const start = startOf(ends, code - 1);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, (ends[code - 1] ?? 0) - start).toString('utf8');
}

let oneCodeARow: Uint32Array | null = null;
const NO_CODES = new Uint32Array(MAX_ROWS * 2);
const NO_TEXTS: Dictionary = { size: 1, text: () => '', keys: () => new BigUint64Array(1) };

function emptyColumn(length: number): TextColumn {
  return { codes: NO_CODES.subarray(0, length), dictionary: NO_TEXTS };
}

function rowCodes(keys: BigUint64Array, length: number): Uint32Array {
  const words = new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
  let row = 0;
  while (row < length && ((words[2 * row + 2] ?? 0) | (words[2 * row + 3] ?? 0)) !== 0) row++;
  if (row === length) {
    oneCodeARow ??= Uint32Array.from({ length: MAX_ROWS * 2 }, (_, before) => before + 1);
    return oneCodeARow.subarray(0, length);
  }
  const codes = new Uint32Array(length);
  for (row = 0; row < length; row++) {
    if (((words[2 * row + 2] ?? 0) | (words[2 * row + 3] ?? 0)) !== 0) codes[row] = row + 1;
  }
  return codes;
}
