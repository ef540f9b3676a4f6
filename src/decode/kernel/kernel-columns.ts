/**
 * A batch as the kernel has it, copied out of its memory: plain arrays that can go to another thread, and the
 * `EventBatch` that they are there. Of each interned field only texts that the other side has not got yet go along.
 */
import { canonicalText } from '../../event/canonical-text.js';
import type { Dictionary } from '../../event/dictionary.js';
import { mapTextFields, type EventBatch, type TextColumn } from '../../event/event-batch.js';
import type { TextField } from '../../event/event.js';
import { writeTextKey } from '../../event/hash.js';
import type { PackedTexts } from '../../event/packed-texts.js';
import { BatchMemory } from './batch-memory.js';
import type { Kernel } from './kernel.js';
import { FIELD_CODES, INTERNED_FIELDS, KEYED_FIELDS, MAX_ROWS } from './kernel-layout.js';

export interface KernelColumns {
  readonly length: number;
  readonly types: Uint8Array;
  readonly timestampMicros: BigInt64Array;
  readonly amountMicros: BigInt64Array;
  readonly interned: readonly InternedColumn[];
  readonly keyed: readonly KeyedColumn[];
  /** What the arrays above lie in. */
  readonly memory: readonly ArrayBufferLike[];
}

/** Of a field that any row has. */
interface InternedColumn {
  readonly field: TextField;
  readonly codes: Uint32Array;
  /** The dictionary's texts from the code `firstNew` on; those before it are known. */
  readonly firstNew: number;
  readonly newTexts: readonly string[];
}

interface KeyedColumn {
  readonly field: TextField;
  /** `keys[row + 1]`, 0 where the row has none; `keys[0]` is 0. */
  readonly keys: BigUint64Array;
  /** The texts one behind the other, and where each row's ends. */
  readonly textEnds: Uint32Array;
  readonly textBytes: Uint8Array;
  /** See Dictionary. */
  readonly freshCodes?: Uint32Array;
}

/** About what a batch takes: a row's type, moment and amount, its codes and keys, and the texts of its keys. */
const BYTES_PER_ROW = 80;
const MIN_BATCH_BYTES = 4 * 1024;

/** Copies batches out of a kernel. */
export class ColumnCopier {
  readonly memory: BatchMemory;
  readonly #kernel: Kernel;
  readonly #marksFreshTexts: boolean;
  readonly #known = new Map<TextField, number>();

  constructor(kernel: Kernel, marksFreshTexts: boolean) {
    this.#kernel = kernel;
    this.#marksFreshTexts = marksFreshTexts;
    // Such batches are for another thread.
    this.memory = new BatchMemory(marksFreshTexts);
  }

  /** To be called when the kernel's dictionaries have forgotten texts: all of them count as new. */
  forget(): void {
    this.#known.clear();
  }

  copy(): KernelColumns {
    const { exports: kernel } = this.#kernel;
    const length = kernel.rowCount();
    const touched = kernel.touchedFields();
    const has = (field: TextField): boolean => ((touched >> FIELD_CODES[field]) & 1) === 1;
    this.memory.begin(MIN_BATCH_BYTES + length * BYTES_PER_ROW);
    const columns = {
      length,
      types: this.#copyBytes(kernel.typesStart(), length),
      timestampMicros: longs(this.#copyBytes(kernel.timestampsStart(), length * 8)),
      amountMicros: longs(this.#copyBytes(kernel.amountsStart(), length * 8)),
      interned: INTERNED_FIELDS.filter(has).map((field) => this.#copyInterned(field, length)),
      keyed: KEYED_FIELDS.filter(has).map((field) => this.#copyKeyed(field, length)),
    };
    return { ...columns, memory: this.memory.end() };
  }

  #copyInterned(field: TextField, length: number): InternedColumn {
    const { exports: kernel } = this.#kernel;
    const number = FIELD_CODES[field];
    const firstNew = this.#known.get(field) ?? 1;
    const size = kernel.dictionarySize(number);
    const newTexts: string[] = [];
    for (let code = firstNew; code < size; code++) {
      const text = this.#kernel.textAt(kernel.textStart(number, code), kernel.textLength(number, code));
      newTexts.push(canonicalText(field, text));
    }
    this.#known.set(field, size);
    const codes = words(this.#copyBytes(kernel.columnStart(number), length * 4));
    return { field, codes, firstNew, newTexts };
  }

  #copyKeyed(field: TextField, length: number): KeyedColumn {
    const { exports: kernel } = this.#kernel;
    const number = FIELD_CODES[field];
    const endsStart = kernel.gatherTexts(number);
    const textEnds = words(this.#copyBytes(endsStart, length * 4));
    const textBytes = this.#copyBytes(endsStart + length * 4, textEnds[length - 1] ?? 0);
    const keyBytes = this.memory.take((length + 1) * 8);
    keyBytes.fill(0, 0, 8);
    this.#copyInto(keyBytes.subarray(8), kernel.columnStart(number));
    const keys = new BigUint64Array(keyBytes.buffer, keyBytes.byteOffset, length + 1);
    return { field, keys, textEnds, textBytes, ...this.#freshCodes(number) };
  }

  #freshCodes(number: number): Pick<KeyedColumn, 'freshCodes'> {
    if (!this.#marksFreshTexts) return {};
    const { exports: kernel } = this.#kernel;
    const start = kernel.markFresh(number);
    return { freshCodes: words(this.#copyBytes(start, kernel.freshCount() * 4)) };
  }

  #copyBytes(start: number, length: number): Uint8Array {
    const room = this.memory.take(length);
    this.#copyInto(room, start);
    return room;
  }

  #copyInto(room: Uint8Array, start: number): void {
    room.set(this.#kernel.bytes.subarray(start, start + room.length));
  }
}

function words({ buffer, byteOffset, length }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function longs({ buffer, byteOffset, length }: Uint8Array): BigInt64Array {
  return new BigInt64Array(buffer, byteOffset, length / 8);
}

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
      for (const text of newTexts) known.add(text);
      texts[field] = { codes, dictionary: known.upTo(firstNew + newTexts.length) };
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

/** The texts of an interned field, which only grow; each batch sees those that there were for it. */
class SharedTexts {
  readonly #texts: string[] = [''];
  #keys = new BigUint64Array(64);
  #hashed = 1;

  get size(): number {
    return this.#texts.length;
  }

  add(text: string): void {
    this.#texts.push(text);
  }

  upTo(size: number): Dictionary {
    return { size, text: (code) => this.#texts[code] ?? '', keys: () => this.#keysUpTo(size) };
  }

  #keysUpTo(size: number): BigUint64Array {
    if (size > this.#keys.length) {
      const grown = new BigUint64Array(Math.max(size, this.#keys.length * 2));
      grown.set(this.#keys);
      this.#keys = grown;
    }
    const words = new Uint32Array(this.#keys.buffer);
    for (; this.#hashed < size; this.#hashed++) {
      writeTextKey(this.#texts[this.#hashed] ?? '', words, 2 * this.#hashed);
    }
    return this.#keys.subarray(0, size);
  }
}

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
    return { bytes: this.#column.textBytes, ends: this.#column.textEnds };
  }

  text(code: number): string {
    const { textBytes, textEnds } = this.#column;
    const start = code < 2 ? 0 : (textEnds[code - 2] ?? 0);
    const end = code < 1 ? 0 : (textEnds[code - 1] ?? 0);
    return Buffer.from(textBytes.buffer, textBytes.byteOffset + start, end - start).toString('utf8');
  }

  keys(): BigUint64Array {
    return this.#column.keys;
  }
}

const ONE_CODE_A_ROW = Uint32Array.from({ length: MAX_ROWS * 2 }, (_, row) => row + 1);
const NO_CODES = new Uint32Array(MAX_ROWS * 2);
const NO_TEXTS: Dictionary = { size: 1, text: () => '', keys: () => new BigUint64Array(1) };

function emptyColumn(length: number): TextColumn {
  return { codes: NO_CODES.subarray(0, length), dictionary: NO_TEXTS };
}

function rowCodes(keys: BigUint64Array, length: number): Uint32Array {
  const words = new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
  let row = 0;
  while (row < length && ((words[2 * row + 2] ?? 0) | (words[2 * row + 3] ?? 0)) !== 0) row++;
  if (row === length) return ONE_CODE_A_ROW.subarray(0, length);
  const codes = new Uint32Array(length);
  for (row = 0; row < length; row++) {
    if (((words[2 * row + 2] ?? 0) | (words[2 * row + 3] ?? 0)) !== 0) codes[row] = row + 1;
  }
  return codes;
}
