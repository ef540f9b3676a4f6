/** An ingest within the test's own process: what a re-run after a fault does, without the time that a start takes. */
import { ingest } from '../../src/pipeline.js';
import type { FormatName } from '../../src/decode/format.js';
import type { IngestSummary } from '../../src/ingest-summary.js';
import type { IngestRequest } from '../../src/ingest/ingest-request.js';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import { DuckdbSession, type Row } from '../../src/store/duckdb/engine.js';

export function requestFor(
  inputs: readonly string[],
  store: IngestRequest['store'],
  format: FormatName | 'auto' = 'auto',
): IngestRequest {
  return {
    inputs,
    format,
    decode: {
      defaultCurrency: 'USD',
      inputZone: 'UTC',
      receivedAtMicros: () => 0n,
      fieldPaths: new Map(),
      goals: [],
      includeBots: false,
    },
    store,
    sourceName: null,
    rejectsPath: null,
    timeZone: 'UTC',
    signal: new AbortController().signal,
  };
}

export async function ingestHere(
  path: string,
  inputs: readonly string[],
  format: FormatName | 'auto' = 'auto',
): Promise<IngestSummary> {
  const store = new DuckdbStore(path, { isBulk: true });
  const { summary, faults } = await ingest(requestFor(inputs, store, format));
  await store.close();
  for (const fault of faults) throw fault;
  return summary;
}

/** Asks the engine itself what is in a store. */
export async function rowsOf(path: string, sql: string): Promise<Row[]> {
  const session = await DuckdbSession.open(path, { readOnly: true, memoryMiB: 256, threads: 2 });
  try {
    return await session.rows(sql);
  } finally {
    session.close();
  }
}

export interface Stored {
  readonly clicks: number;
  readonly conversions: number;
  /** In micros of whatever currency. */
  readonly amountMicros: bigint;
  readonly users: number;
  /** Of the dictionary: each text is to be there once. */
  readonly textsTwice: number;
}

export async function storedIn(path: string): Promise<Stored> {
  const [row = []] = await rowsOf(
    path,
    `SELECT count(*) FILTER (type = 0), count(*) FILTER (type = 1), coalesce(sum(amount_micros), 0)::BIGINT,
            count(DISTINCT user_id_key), (SELECT count(*) - count(DISTINCT key) FROM texts)
     FROM all_events`,
  );
  const [clicks, conversions, amountMicros, users, textsTwice] = row.map((cell) => BigInt(cell ?? 0));
  return {
    clicks: Number(clicks),
    conversions: Number(conversions),
    amountMicros: amountMicros ?? 0n,
    users: Number(users),
    textsTwice: Number(textsTwice),
  };
}
