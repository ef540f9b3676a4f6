/**
 * The adapter to DuckDB: a session on one store file, for as long as one commit or one report takes. It knows how to
 * run SQL with parameters and to append columns; nothing outside this folder sees a type of the engine's.
 */
import {
  DuckDBBlobValue,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

export type Cell = string | number | bigint | boolean | null;
export type Row = readonly Cell[];

/** A column to append: typed numbers, copied as they are in memory, or texts. */
export type AppendColumn = BigInt64Array | BigUint64Array | Uint8Array | readonly (string | Uint8Array)[];

export interface SessionOptions {
  readonly readOnly: boolean;
  readonly memoryMiB: number;
  readonly threads: number;
}

const VECTOR_SIZE = duckdb.vector_size();
const utf8 = new TextEncoder();

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
    const appender = await this.#connection.createAppender(table);
    try {
      // One chunk for all: each is a native allocation that only the garbage collector frees.
      const chunk = DuckDBDataChunk.create(
        columns.map((_, i) => appender.columnType(i)),
        0,
      );
      for (let from = 0; from < count; from += VECTOR_SIZE) {
        const to = Math.min(from + VECTOR_SIZE, count);
        chunk.reset();
        chunk.rowCount = to - from;
        columns.forEach((column, i) => {
          fillVector(duckdb.data_chunk_get_vector(chunk.chunk, i), column, from, to);
        });
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
  }
}

/** Without any, a statement takes one round through the engine's threads instead of three (extract, prepare, run). */
function valuesOf(parameters: readonly Cell[]): DuckDBValue[] | undefined {
  return parameters.length === 0 ? undefined : [...parameters];
}

function fillVector(vector: duckdb.Vector, column: AppendColumn, from: number, to: number): void {
  if (column instanceof BigInt64Array || column instanceof BigUint64Array || column instanceof Uint8Array) {
    const part = column.subarray(from, to);
    // Batches are built on plain ArrayBuffers, never on shared ones.
    duckdb.copy_data_to_vector(vector, 0, part.buffer as ArrayBuffer, part.byteOffset, part.byteLength);
  } else {
    // Bytes with a length: a text may hold NUL, at which a C string would end.
    for (let i = from; i < to; i++) {
      const text = column[i] ?? '';
      duckdb.vector_assign_string_element_len(
        vector,
        i - from,
        typeof text === 'string' ? utf8.encode(text) : text,
      );
    }
  }
}
