/**
 * The adapter to DuckDB: a session on one store file, for as long as one commit or one report takes. It knows how to
 * run SQL with parameters and to append columns; nothing outside this folder sees a type of the engine's.
 */
import {
  DuckDBBlobValue,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { PackedTexts } from '../../event/packed-texts.js';

export type Cell = string | number | bigint | boolean | null;
export type Row = readonly Cell[];

/** A column to append: numbers, copied as they are in memory, keys by code, or texts. */
export type AppendColumn = BigInt64Array | BigUint64Array | Uint8Array | CodedKeys | PackedTexts;

/** Of each row a code, and of each code a key: they come together a vector at a time, so that no column is made of them. */
export interface CodedKeys {
  readonly codes: Uint32Array;
  readonly keys: BigUint64Array;
}

export interface SessionOptions {
  readonly readOnly: boolean;
  readonly memoryMiB: number;
  readonly threads: number;
}

const VECTOR_SIZE = duckdb.vector_size();

export class DuckdbSession {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** Opens the file, creating it unless read-only. The engine gets at nothing but this file, and loads no extension. */
  static async open(path: string, { readOnly, memoryMiB, threads }: SessionOptions): Promise<DuckdbSession> {
    const instance = await DuckDBInstance.create(path, {
      access_mode: readOnly ? 'READ_ONLY' : 'READ_WRITE',
      threads: String(threads),
      memory_limit: `${memoryMiB}MiB`,
      preserve_insertion_order: 'false',
      enable_external_access: 'false',
      autoload_known_extensions: 'false',
      autoinstall_known_extensions: 'false',
      lock_configuration: 'true',
    });
    try {
      const session = new DuckdbSession(instance, await instance.connect());
      // A name such as x.json makes the engine open nothing but memory; what goes there would be lost.
      const [row] = await session.rows(`SELECT path FROM duckdb_databases() WHERE NOT internal`);
      if (row?.[0] == null) throw new Error('it would be an in-memory database');
      return session;
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async run(sql: string, parameters: readonly Cell[] = []): Promise<void> {
    await this.#connection.run(sql, valuesOf(parameters));
  }

  /** All rows of a query. Select plain types only: numbers, texts, booleans; moments as `epoch_us(…)`. */
  async rows(sql: string, parameters: readonly Cell[] = []): Promise<Row[]> {
    const reader = await this.#connection.runAndReadAll(sql, valuesOf(parameters));
    // The queries of this folder select nothing but the types that a Cell is.
    return reader.getRows() as Row[];
  }

  /** All rows of a query whose last column is a BLOB: the cells before it, and its bytes. */
  async rowsWithBytes(sql: string): Promise<{ readonly cells: Row; readonly bytes: Uint8Array }[]> {
    const reader = await this.#connection.runAndReadAll(sql);
    return reader.getRows().map((row) => {
      const blob = row.at(-1);
      if (!(blob instanceof DuckDBBlobValue)) throw new TypeError('the last column of the query is no BLOB');
      return { cells: row.slice(0, -1) as Cell[], bytes: blob.bytes };
    });
  }

  /** Appends `count` rows, given as one array a column, in the table's column order. */
  async append(table: string, columns: readonly AppendColumn[], count: number): Promise<void> {
    const appender = await this.openAppender(table);
    try {
      appender.add(columns, count);
      appender.flush();
    } finally {
      appender.close();
    }
  }

  /** For rows that come in several parts. */
  async openAppender(table: string): Promise<RowAppender> {
    return new RowAppender(await this.#connection.createAppender(table));
  }
}

/** Appends rows to one table; they are there once it has been flushed. */
export class RowAppender {
  readonly #appender: DuckDBAppender;
  /** One for all: each is a native allocation that only the garbage collector frees. */
  readonly #chunk: DuckDBDataChunk;

  constructor(appender: DuckDBAppender) {
    this.#appender = appender;
    const types = Array.from({ length: appender.columnCount }, (_, i) => appender.columnType(i));
    this.#chunk = DuckDBDataChunk.create(types, 0);
  }

  /** Adds `count` rows, given as one array a column, in the table's column order. */
  add(columns: readonly AppendColumn[], count: number): void {
    for (let from = 0; from < count; from += VECTOR_SIZE) {
      const to = Math.min(from + VECTOR_SIZE, count);
      this.#chunk.reset();
      this.#chunk.rowCount = to - from;
      columns.forEach((column, i) => {
        fillVector(duckdb.data_chunk_get_vector(this.#chunk.chunk, i), column, from, to);
      });
      this.#appender.appendDataChunk(this.#chunk);
    }
  }

  flush(): void {
    this.#appender.flushSync();
  }

  close(): void {
    this.#appender.closeSync();
  }
}

/** Without any, a statement takes one round through the engine's threads instead of three (extract, prepare, run). */
function valuesOf(parameters: readonly Cell[]): DuckDBValue[] | undefined {
  return parameters.length === 0 ? undefined : [...parameters];
}

function fillVector(vector: duckdb.Vector, column: AppendColumn, from: number, to: number): void {
  if (column instanceof BigInt64Array || column instanceof BigUint64Array || column instanceof Uint8Array) {
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

/** Keys are moved as pairs of words: a bigint each would be an object each. */
function gatherKeys({ codes, keys }: CodedKeys, from: number, to: number): Uint32Array {
  const words = new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
  for (let row = from, at = 0; row < to; row++, at += 2) {
    const word = 2 * (codes[row] ?? 0);
    gathered[at] = words[word] ?? 0;
    gathered[at + 1] = words[word + 1] ?? 0;
  }
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
