/**
 * Counts batches that come from elsewhere with the kernel: as `Aggregator.add` does, but without a look at single rows.
 * A batch's columns are copied into the kernel's own, its texts' codes exchanged for the kernel's.
 */
import type { AggregateSums } from '../../aggregate/aggregator.js';
import type { Dictionary } from '../../event/dictionary.js';
import type { EventBatch, TextColumn } from '../../event/event-batch.js';
import type { TextField } from '../../event/event.js';
import { gatherWords, wordsOf } from '../../event/key-words.js';
import { startOf } from '../../event/packed-texts.js';
import type { Kernel } from './kernel.js';
import { FIELD_CODES, MAX_CURRENCIES, ROW_CAPACITY } from './kernel-layout.js';
import { KernelTotals } from './kernel-totals.js';

/** The interned fields that totals are made of. */
const COUNTED_FIELDS = [
  'campaign_id',
  'source',
  'medium',
  'ad_id',
  'product',
  'currency',
] as const satisfies readonly TextField[];

/** So many are looked up faster than it is seen which of them there are. */
const FEW_TEXTS = 1_024;
const ALL_CODES = Uint32Array.from({ length: FEW_TEXTS }, (_, code) => code);

export class KernelCounter {
  readonly #kernel: Kernel;
  readonly #totals: KernelTotals;
  /** By a batch's code the kernel's; 0: not known yet. */
  #codes = new Uint32Array(1 << 10);

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#totals = new KernelTotals(kernel);
  }

  /**
   * Adds the rows of a batch but those in `except` (row numbers, ascending); false, and nothing is added, where it has
   * more rows than the kernel has room for, or more currencies than it tells apart.
   */
  add(batch: EventBatch, except: readonly number[] = []): boolean {
    const rows = except.length === 0 ? null : rowsWithout(batch.length, except);
    const count = rows?.length ?? batch.length;
    if (count > ROW_CAPACITY) return false;
    const { exports: kernel } = this.#kernel;
    // A text of each row may be new.
    kernel.clearRows(count);
    let fields = 1 << FIELD_CODES.user_id;
    for (const field of COUNTED_FIELDS) {
      if (batch.texts[field].dictionary.size === 1) continue;
      this.#copyCodes(batch.texts[field], field, rows);
      fields |= 1 << FIELD_CODES[field];
    }
    // From here on no text is added, so that the kernel's memory stays where it is.
    this.#copyUsers(batch.texts.user_id, count, rows);
    const { bytes } = this.#kernel;
    const types = bytes.subarray(kernel.typesStart(), kernel.typesStart() + count);
    if (rows) rows.forEach((row, i) => (types[i] = batch.types[row] ?? 0));
    else types.set(batch.types);
    copyWords(
      batch.timestampMicros,
      new Uint32Array(bytes.buffer, kernel.timestampsStart(), count * 2),
      rows,
    );
    copyWords(batch.amountMicros, new Uint32Array(bytes.buffer, kernel.amountsStart(), count * 2), rows);
    kernel.setRows(count, fields);
    const isCountable = kernel.dictionarySize(FIELD_CODES.currency) <= MAX_CURRENCIES;
    if (isCountable) this.#totals.addRows();
    return isCountable;
  }

  /** All that was counted since this was last asked; null where that is nothing. */
  take(): AggregateSums | null {
    return this.#totals.isEmpty ? null : this.#totals.take();
  }

  #copyCodes({ codes, dictionary }: TextColumn, field: TextField, rows: Uint32Array | null): void {
    const theirs = rows ? rows.map((row) => codes[row] ?? 0) : codes;
    const ours = this.#oursOf(theirs, dictionary, field);
    const { exports: kernel } = this.#kernel;
    const table = kernel.scratchFor(dictionary.size * 4 + 4);
    const tableStart = (table + 3) & ~3;
    const { buffer } = this.#kernel.bytes;
    new Uint32Array(buffer, tableStart, dictionary.size).set(ours);
    new Uint32Array(buffer, kernel.columnStart(FIELD_CODES[field]), theirs.length).set(theirs);
    kernel.exchangeCodes(FIELD_CODES[field], theirs.length, tableStart);
  }

  /** By their code ours: of all, where they are few, else of those that there are. */
  #oursOf(theirs: Uint32Array, dictionary: Dictionary, field: TextField): Uint32Array {
    const { size } = dictionary;
    if (size > this.#codes.length) this.#codes = new Uint32Array(size * 2);
    const ours = this.#codes.fill(0, 0, size);
    const codes = size <= FEW_TEXTS ? ALL_CODES.subarray(1, size) : theirs;
    for (const code of codes) {
      if (ours[code] === 0 && code !== 0) ours[code] = this.#intern(field, dictionary, code);
    }
    return ours.subarray(0, size);
  }

  #copyUsers({ codes, dictionary, rowKeys }: TextColumn, count: number, rows: Uint32Array | null): void {
    const start = this.#kernel.exports.columnStart(FIELD_CODES.user_id);
    const keys = new Uint32Array(this.#kernel.bytes.buffer, start, count * 2);
    if (rowKeys) copyWords(rowKeys, keys, rows);
    else copyWords(dictionary.keys(), keys, rows ? rows.map((row) => codes[row] ?? 0) : codes);
  }

  #intern(field: TextField, dictionary: Dictionary, code: number): number {
    const { exports: kernel } = this.#kernel;
    const text = bytesOf(dictionary, code);
    const room = kernel.scratchFor(text.length);
    this.#kernel.bytes.set(text, room);
    return kernel.internText(FIELD_CODES[field], room, text.length);
  }
}

function bytesOf(dictionary: Dictionary, code: number): Uint8Array {
  const { packed } = dictionary;
  if (!packed) return utf8.encode(dictionary.text(code));
  const { bytes, ends } = packed;
  return bytes.subarray(startOf(ends, code - 1), ends[code - 1]);
}

const utf8 = new TextEncoder();

function rowsWithout(length: number, except: readonly number[]): Uint32Array {
  const rows = new Uint32Array(length - except.length);
  let count = 0;
  let skipped = 0;
  for (let row = 0; row < length; row++) {
    if (except[skipped] === row) skipped++;
    else rows[count++] = row;
  }
  return rows;
}

/** Copies numbers of 64 bits, or of them only some. */
function copyWords(from: BigInt64Array | BigUint64Array, to: Uint32Array, which: Uint32Array | null): void {
  if (which) gatherWords(wordsOf(from), which, 0, which.length, to);
  else to.set(wordsOf(from));
}
