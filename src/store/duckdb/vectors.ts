/** The engine's vectors: columns of a few thousand values, and how ours are written into them. */
import duckdb from '@duckdb/node-bindings';
import { gatherWords, wordsOf } from '../../event/key-words.js';
import type { PackedTexts } from '../../event/packed-texts.js';

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

/** Writes the values `from` to `to` of a column into a chunk's vector. */
export function fillVector(
  chunk: duckdb.DataChunk,
  index: number,
  column: Column,
  from: number,
  to: number,
): void {
  const vector = duckdb.data_chunk_get_vector(chunk, index);
  if (column === EMPTY) {
    copyToVector(vector, zeros.subarray(0, to - from));
  } else if (
    column instanceof BigInt64Array ||
    column instanceof BigUint64Array ||
    column instanceof Uint8Array
  ) {
    copyToVector(vector, column.subarray(from, to));
  } else if ('codes' in column) {
    copyToVector(vector, gatherKeys(column, from, to));
  } else {
    fillWithTexts(vector, column, from, to);
  }
}

function copyToVector(vector: duckdb.Vector, part: ArrayBufferView): void {
  // Batches are built on plain ArrayBuffers, never on shared ones.
  const buffer = part.buffer as ArrayBuffer;
  duckdb.copy_data_to_vector(vector, 0, buffer, part.byteOffset, part.byteLength);
}

const gathered = new Uint32Array(2 * VECTOR_SIZE);

function gatherKeys({ codes, keys }: CodedKeys, from: number, to: number): Uint32Array {
  gatherWords(wordsOf(keys), codes, from, to, gathered);
  return gathered.subarray(0, 2 * (to - from));
}

/** As the engine's `duckdb_string_t` is: a length of 32 bits, then up to 12 bytes of text (else a pointer). */
const STRING_BYTES = 16;
const MAX_INLINED_BYTES = 12;
const strings = new Uint8Array(STRING_BYTES * VECTOR_SIZE);

/** Short texts are written as the engine has them in memory, all with one call; only long ones need one each. */
function fillWithTexts(vector: duckdb.Vector, texts: PackedTexts, from: number, to: number): void {
  const { bytes, ends } = texts;
  strings.fill(0);
  const lengths = new Uint32Array(strings.buffer);
  for (let i = from; i < to; i++) {
    const start = i === 0 ? 0 : (ends[i - 1] ?? 0);
    const length = (ends[i] ?? 0) - start;
    if (length > MAX_INLINED_BYTES) continue;
    const at = (i - from) * STRING_BYTES;
    lengths[at / 4] = length;
    for (let j = 0; j < length; j++) strings[at + 4 + j] = bytes[start + j] ?? 0;
  }
  copyToVector(vector, strings.subarray(0, (to - from) * STRING_BYTES));
  for (let i = from; i < to; i++) {
    const start = i === 0 ? 0 : (ends[i - 1] ?? 0);
    const end = ends[i] ?? 0;
    if (end - start <= MAX_INLINED_BYTES) continue;
    // Bytes with a length: a text may hold NUL, at which a C string would end.
    duckdb.vector_assign_string_element_len(vector, i - from, bytes.subarray(start, end));
  }
}
