/**
 * The adapter to DuckDB: a session on one store file, for as long as one commit or one report takes. It knows how to
 * run SQL with parameters and to append columns; nothing outside this folder sees a type of the engine's.
 */
import {
  BIGINT,
  LIST,
  DuckDBBlobValue,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTableFunction,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { abandonment } from '../../abandonment.js';
import { failPoint } from '../../fail-point.js';
import { EMPTY, fillList, fillVector, VECTOR_SIZE, vectorOf, wordsOfVector, type Column } from './vectors.js';

export type Cell = string | number | bigint | boolean | null;
export type Row = readonly Cell[];
/** A column of numbers of 64 bits, each as two words, the low one first. */
export type Words = Uint32Array;

/** Rows to be inserted: `count` of them, one array a column, in the order of the table's columns. */
export interface RowPart {
  readonly columns: readonly Column[];
  readonly count: number;
}

export interface SessionOptions {
  readonly readOnly: boolean;
  readonly memoryMiB: number;
  readonly threads: number;
  /** How many times a checkpoint may put small parts of a table together, which is to rewrite them; else many times. */
  readonly maxVacuumTasks?: number;
  /** Whether queries that need more memory may put some of it into a folder beside the file; else they fail. */
  readonly mayWriteBeside?: boolean;
}

/** From so many rows on it pays to have the engine fetch them. */
const MIN_FED_ROWS = 1 << 16;
/** So many are fetched at once: enough not to wait for them often, few enough for two threads to share. */
const FED_ROWS = 1 << 15;

export class DuckdbSession {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #threads: number;
  #feeds = 0;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, threads: number) {
    this.#instance = instance;
    this.#connection = connection;
    this.#threads = threads;
  }

  /** Opens the file, creating it unless read-only. The engine gets at nothing but this file, and loads no extension. */
  static async open(
    path: string,
    { readOnly, memoryMiB, threads, maxVacuumTasks, mayWriteBeside = true }: SessionOptions,
  ): Promise<DuckdbSession> {
    const instance = await DuckDBInstance.create(path, {
      access_mode: readOnly ? 'READ_ONLY' : 'READ_WRITE',
      threads: String(threads),
      memory_limit: `${memoryMiB}MiB`,
      preserve_insertion_order: 'false',
      // Each part of a table is written as soon as it is full, instead of five at once, for which there is no memory.
      write_buffer_row_group_count: '1',
      // The log is moved into the file when it suits, not within a commit, which would seem to have failed where that does.
      wal_autocheckpoint: '1TB',
      ...(maxVacuumTasks === undefined ? {} : { max_vacuum_tasks: String(maxVacuumTasks) }),
      ...(mayWriteBeside ? {} : { max_temp_directory_size: '0MB' }),
      enable_external_access: 'false',
      autoload_known_extensions: 'false',
      autoinstall_known_extensions: 'false',
      lock_configuration: 'true',
    });
    try {
      const session = new DuckdbSession(instance, await instance.connect(), threads);
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

  /** Visits the rows of a query, of the types that `rows` gives, as the engine comes upon them. */
  async forEachRow(sql: string, visit: (row: Row) => void): Promise<void> {
    const result = await this.#connection.stream(sql);
    for await (const rows of result.yieldRows()) {
      for (const row of rows) visit(row as Row);
    }
  }

  /**
   * Visits what a query finds, some thousand rows at a time, as the engine comes upon them: it has no memory for very many
   * at once. Select numbers of 64 bits only, none of them NULL; the words are valid until `visit` returns.
   */
  async forEachChunk(sql: string, visit: (columns: readonly Words[], rows: number) => void): Promise<void> {
    const result = await this.#connection.stream(sql);
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const { chunk: vectors, rowCount } = chunk;
      visit(
        Array.from({ length: result.columnCount }, (_, i) => wordsOfVector(vectorOf(vectors, i), rowCount)),
        rowCount,
      );
    }
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

  /** Inserts rows, which may come in several parts. */
  async insert(table: string, parts: readonly RowPart[]): Promise<void> {
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    if (count >= MIN_FED_ROWS) await this.#feed(table, parts);
    else if (count > 0) await this.#append(table, parts);
  }

  /** Few rows: at once, on this thread. */
  async #append(table: string, parts: readonly RowPart[]): Promise<void> {
    const appender = await this.#connection.createAppender(table);
    try {
      // One chunk for all: each is a native allocation that only the garbage collector frees.
      const chunk = DuckDBDataChunk.create(columnTypes(appender), 0);
      for (const { columns, from, to } of slicesOf(parts, VECTOR_SIZE)) {
        chunk.reset();
        chunk.rowCount = to - from;
        columns.forEach((column, i) => {
          fillVector(vectorOf(chunk.chunk, i), 0, column, from, to);
        });
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
  }

  /**
   * Many rows: a statement that runs on threads of the engine's fetches them, many at a time, so that this thread is
   * free meanwhile. They come as one list a column, which the engine takes apart: it is not kept waiting for each
   * vector. Columns that hold nothing are not fetched.
   */
  async #feed(table: string, parts: readonly RowPart[]): Promise<void> {
    const appender = await this.#connection.createAppender(table);
    const types = columnTypes(appender);
    appender.closeSync();
    const fed = types.map((_, i) => i).filter((i) => parts.some(({ columns }) => columns[i] !== EMPTY));
    const slices = slicesOf(parts, FED_ROWS);
    const name = `incoming_rows_${++this.#feeds}`;
    const feed = DuckDBTableFunction.create({
      name,
      bindFunction: (bind) => {
        for (const i of fed) bind.addResultColumn(`c${i}`, LIST(types[i] ?? BIGINT));
      },
      initFunction: (init) => {
        init.setMaxThreads(this.#threads);
      },
      mainFunction: (_, chunk) => {
        if (abandonment.signal.aborted) throw new Error('the process is about to end');
        const next = slices.next();
        chunk.rowCount = next.done ? 0 : 1;
        if (next.done) return;
        const { columns, from, to } = next.value;
        fed.forEach((i, place) => {
          fillList(vectorOf(chunk.chunk, place), columns[i] ?? EMPTY, from, to);
        });
      },
    });
    try {
      this.#connection.registerTableFunction(feed);
      const values = types.map((_, i) => (fed.includes(i) ? `unnest(c${i})` : '0'));
      await this.run(`INSERT INTO ${table} SELECT ${values.join(', ')} FROM ${name}()`);
    } finally {
      feed.destroySync();
    }
  }
}

function columnTypes(appender: DuckDBAppender): DuckDBType[] {
  return Array.from({ length: appender.columnCount }, (_, i) => appender.columnType(i));
}

/** So many rows of a part at a time, or fewer at its end. */
function* slicesOf(
  parts: readonly RowPart[],
  rows: number,
): Generator<{ readonly columns: readonly Column[]; readonly from: number; readonly to: number }, undefined> {
  for (const { columns, count } of parts) {
    for (let from = 0; from < count; from += rows) {
      yield { columns, from, to: Math.min(from + rows, count) };
      failPoint('commit.some-rows');
    }
  }
}

/** Without any, a statement takes one round through the engine's threads instead of three (extract, prepare, run). */
function valuesOf(parameters: readonly Cell[]): DuckDBValue[] | undefined {
  return parameters.length === 0 ? undefined : [...parameters];
}
