/**
 * A batch as the kernel has it, copied out of its memory: plain arrays that another thread can make an `EventBatch` of
 * (`column-reader.ts`). Of each interned field only texts that the other side has not got yet go along.
 */
import { canonicalText } from '../../event/canonical-text.js';
import type { TextField } from '../../event/event.js';
import { writeKeyOfBytes } from '../../event/hash.js';
import { wordsOf } from '../../event/key-words.js';
import { TextPacker, type PackedTexts } from '../../event/packed-texts.js';
import { BatchMemory } from './batch-memory.js';
import type { Kernel } from './kernel.js';
import { FIELD_CODES, INTERNED_FIELDS, KEYED_FIELDS } from './kernel-layout.js';

export interface KernelColumns {
  readonly length: number;
  readonly types: Uint8Array;
  readonly timestampMicros: BigInt64Array;
  readonly amountMicros: BigInt64Array;
  readonly interned: readonly InternedColumn[];
  readonly keyed: readonly KeyedColumn[];
  /** Whether fresh texts are told (see Dictionary). */
  readonly marksFreshTexts: boolean;
  /** What the arrays above lie in. */
  readonly memory: readonly ArrayBufferLike[];
}

/** Of a field that any row has. */
interface InternedColumn {
  readonly field: TextField;
  readonly codes: Uint32Array;
  /** The dictionary's texts from the code `firstNew` on; those before it are known. */
  readonly firstNew: number;
  readonly newTexts: NewTexts | null;
}

/** Texts in the form in which they are stored, and the key of each. */
export interface NewTexts extends PackedTexts {
  readonly keys: BigUint64Array;
}

export interface KeyedColumn {
  readonly field: TextField;
  /** `keys[row + 1]`, 0 where the row has none; `keys[0]` is 0. */
  readonly keys: BigUint64Array;
  /** One a row. */
  readonly texts: PackedTexts;
  /** See Dictionary. */
  readonly freshCodes?: Uint32Array;
}

/** About what a batch takes: a row's type, moment and amount, its codes and keys, and the texts of its keys. */
const BYTES_PER_ROW = 80;
const MIN_BATCH_BYTES = 4 * 1024;

/** Copies batches out of a kernel. */
export class ColumnCopier {
  readonly #kernel: Kernel;
  readonly #memory: BatchMemory;
  readonly #marksFreshTexts: boolean;
  readonly #known = new Map<TextField, number>();
  readonly #packer = new TextPacker();

  constructor(kernel: Kernel, memory: BatchMemory, marksFreshTexts: boolean) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#marksFreshTexts = marksFreshTexts;
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
    this.#memory.begin(MIN_BATCH_BYTES + length * BYTES_PER_ROW);
    const columns = {
      length,
      types: this.#copyBytes(kernel.typesStart(), length),
      timestampMicros: longs(this.#copyBytes(kernel.timestampsStart(), length * 8)),
      amountMicros: longs(this.#copyBytes(kernel.amountsStart(), length * 8)),
      interned: INTERNED_FIELDS.filter(has).map((field) => this.#copyInterned(field, length)),
      keyed: KEYED_FIELDS.filter(has).map((field) => this.#copyKeyed(field, length)),
    };
    return { ...columns, marksFreshTexts: this.#marksFreshTexts, memory: this.#memory.end() };
  }

  #copyInterned(field: TextField, length: number): InternedColumn {
    const { exports: kernel } = this.#kernel;
    const number = FIELD_CODES[field];
    const firstNew = this.#known.get(field) ?? 1;
    const size = kernel.dictionarySize(number);
    const newTexts = firstNew === size ? null : this.#newTexts(field, firstNew, size);
    this.#known.set(field, size);
    const codes = words(this.#copyBytes(kernel.columnStart(number), length * 4));
    return { field, codes, firstNew, newTexts };
  }

  /** Not in the batch's own memory, as later batches refer to them, too. */
  #newTexts(field: TextField, from: number, to: number): NewTexts {
    const { exports: kernel } = this.#kernel;
    const number = FIELD_CODES[field];
    const packer = this.#packer;
    packer.clear();
    for (let code = from; code < to; code++) {
      const start = kernel.textStart(number, code);
      const length = kernel.textLength(number, code);
      const { bytes } = this.#kernel;
      if (isCanonical(field, bytes, start, start + length)) packer.addPart(bytes, start, start + length);
      else packer.add(utf8.encode(canonicalText(field, this.#kernel.textAt(start, length))));
    }
    const texts = { bytes: packer.bytes.slice(), ends: packer.ends.slice() };
    return { ...texts, keys: keysOf(texts) };
  }

  #copyKeyed(field: TextField, length: number): KeyedColumn {
    const { exports: kernel } = this.#kernel;
    const number = FIELD_CODES[field];
    const endsStart = kernel.gatherTexts(number);
    const ends = words(this.#copyBytes(endsStart, length * 4));
    const bytes = this.#copyBytes(endsStart + length * 4, ends[length - 1] ?? 0);
    const keyBytes = this.#memory.take((length + 1) * 8);
    keyBytes.fill(0, 0, 8);
    this.#copyInto(keyBytes.subarray(8), kernel.columnStart(number));
    const keys = new BigUint64Array(keyBytes.buffer, keyBytes.byteOffset, length + 1);
    return { field, keys, texts: { bytes, ends }, ...this.#freshCodes(number) };
  }

  #freshCodes(number: number): Pick<KeyedColumn, 'freshCodes'> {
    if (!this.#marksFreshTexts) return {};
    const { exports: kernel } = this.#kernel;
    const start = kernel.markFresh(number);
    return { freshCodes: words(this.#copyBytes(start, kernel.freshCount() * 4)) };
  }

  #copyBytes(start: number, length: number): Uint8Array {
    const room = this.#memory.take(length);
    this.#copyInto(room, start);
    return room;
  }

  #copyInto(room: Uint8Array, start: number): void {
    room.set(this.#kernel.bytes.subarray(start, start + room.length));
  }
}

const utf8 = new TextEncoder();

/** Whether it is seen at once that a text is in the form in which it is stored (see `canonicalText`). */
function isCanonical(field: TextField, bytes: Uint8Array, start: number, end: number): boolean {
  const foldsCase = field === 'source' || field === 'medium';
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte > 0x7f || (foldsCase && byte >= 0x41 && byte <= 0x5a)) return false;
  }
  return true;
}

function keysOf({ bytes, ends }: PackedTexts): BigUint64Array {
  const keys = new BigUint64Array(ends.length);
  const out = wordsOf(keys);
  let start = 0;
  ends.forEach((end, i) => {
    writeKeyOfBytes(bytes.subarray(start, end), end - start, out, 2 * i);
    start = end;
  });
  return keys;
}

function words({ buffer, byteOffset, length }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function longs({ buffer, byteOffset, length }: Uint8Array): BigInt64Array {
  return new BigInt64Array(buffer, byteOffset, length / 8);
}
