/** The engine's vectors: columns of a few thousand values, and how ours are written into them. */
import duckdb from '@duckdb/node-bindings';
import { gatherWords, wordsOf } from '../../event/key-words.js';
import { startOf, type PackedTexts } from '../../event/packed-texts.js';

export const VECTOR_SIZE = duckdb.vector_size();

/** Values to be written: numbers, copied as they are in memory, keys by code, texts, or no keys at all. */
export type Column = BigInt64Array | BigUint64Array | Uint8Array | CodedKeys | PackedTexts | typeof EMPTY;

/** A column of keys in which each is 0. */
export const EMPTY = null;

/** Of each row a code, and of each code a key: they come together a vector at a time, so that no column is made of them. */
export interface CodedKeys {
  readonly codes: Uint32Array;
  readonly keys: BigUint64Array;
}

const zeros = new BigUint64Array(VECTOR_SIZE);

/** A chunk's vector for one of its columns. */
export const vectorOf = duckdb.data_chunk_get_vector;

/** The first numbers of a vector of numbers of 64 bits, each as two words. */
export function wordsOfVector(vector: duckdb.Vector, count: number): Uint32Array {
  const { buffer, byteOffset } = duckdb.vector_get_data(vector, count * 8);
  return new Uint32Array(buffer, byteOffset, count * 2);
}

/** Writes the values `from` to `to` of a column, no more than a vector's, into a vector, from its row `at` on. */
export function fillVector(
  vector: duckdb.Vector,
  at: number,
  column: Column,
  from: number,
  to: number,
): void {
  if (column === EMPTY) {
    copyToVector(vector, at, zeros.subarray(0, to - from));
  } else if (
    column instanceof BigInt64Array ||
    column instanceof BigUint64Array ||
    column instanceof Uint8Array
  ) {
    copyToVector(vector, at, column.subarray(from, to));
  } else if ('codes' in column) {
    copyToVector(vector, at, gatherKeys(column, from, to));
  } else {
    fillWithTexts(vector, at, column, from, to);
  }
}

/** Writes the values `from` to `to` of a column as one list, the only one of its vector. */
export function fillList(vector: duckdb.Vector, column: Column, from: number, to: number): void {
  const length = to - from;
  duckdb.list_vector_reserve(vector, length);
  duckdb.list_vector_set_size(vector, length);
  // A list is told by where it begins and how long it is.
  copyToVector(vector, 0, BigUint64Array.of(0n, BigInt(length)));
  const values = duckdb.list_vector_get_child(vector);
  for (let at = 0; at < length; at += VECTOR_SIZE) {
    fillVector(values, at, column, from + at, Math.min(from + at + VECTOR_SIZE, to));
  }
}

/** Copies values into a vector, from its row `at` on. */
function copyToVector(
  vector: duckdb.Vector,
  at: number,
  values: BigInt64Array | BigUint64Array | Uint8Array,
  bytesPerRow = values.BYTES_PER_ELEMENT,
): void {
  const { buffer, byteOffset, byteLength } = values;
  if (buffer instanceof ArrayBuffer) {
    duckdb.copy_data_to_vector(vector, at * bytesPerRow, buffer, byteOffset, byteLength);
  } else {
    // The engine does not read shared memory.
    own.set(new Uint8Array(buffer, byteOffset, byteLength));
    duckdb.copy_data_to_vector(vector, at * bytesPerRow, own.buffer, 0, byteLength);
  }
}

const own = new Uint8Array(8 * VECTOR_SIZE);

const gathered = new BigUint64Array(VECTOR_SIZE);

function gatherKeys({ codes, keys }: CodedKeys, from: number, to: number): BigUint64Array {
  gatherWords(wordsOf(keys), codes, from, to, wordsOf(gathered));
  return gathered.subarray(0, to - from);
}

/** As the engine's `duckdb_string_t` is: a length of 32 bits, then up to 12 bytes of text (else a pointer). */
const STRING_BYTES = 16;
const MAX_INLINED_BYTES = 12;
const strings = new Uint8Array(STRING_BYTES * VECTOR_SIZE);

/** Short texts are written as the engine has them in memory, all with one call; only long ones need one each. */
function fillWithTexts(
  vector: duckdb.Vector,
  row: number,
  texts: PackedTexts,
  from: number,
  to: number,
): void {
  const { bytes, ends } = texts;
  strings.fill(0);
  const lengths = new Uint32Array(strings.buffer);
  for (let i = from; i < to; i++) {
    const start = startOf(ends, i);
    const length = (ends[i] ?? 0) - start;
    if (length > MAX_INLINED_BYTES) continue;
    const at = (i - from) * STRING_BYTES;
    lengths[at / 4] = length;
    for (let j = 0; j < length; j++) strings[at + 4 + j] = bytes[start + j] ?? 0;
  }
  copyToVector(vector, row, strings.subarray(0, (to - from) * STRING_BYTES), STRING_BYTES);
  for (let i = from; i < to; i++) {
    const start = startOf(ends, i);
    const end = ends[i] ?? 0;
    if (end - start <= MAX_INLINED_BYTES) continue;
    // Bytes with a length: a text may hold NUL, at which a C string would end.
    duckdb.vector_assign_string_element_len(vector, row + i - from, bytes.subarray(start, end));
  }
}
