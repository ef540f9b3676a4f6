/** The table of engines: which one a store's path or URL means. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MapipeError } from '../errors.js';
import type { Store } from './store.js';

export interface StoreOptions {
  readonly isBulk?: boolean;
  readonly maxWaitMs?: number;
}

/** `$XDG_DATA_HOME/mapipe/mapipe.duckdb`, the variable defaulting to `~/.local/share`. */
export function defaultStorePath(environment: NodeJS.ProcessEnv): string {
  return join(environment['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'mapipe', 'mapipe.duckdb');
}

/**
 * The engine is loaded only here, when it is needed: it is by far the largest part of a start. `isBulk`: many large
 * commits follow each other, until the store is closed. `maxWaitMs`: how long a busy store is waited for.
 */
export async function openStore(location: string, options?: StoreOptions): Promise<Store> {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1];
  if (scheme !== undefined) {
    throw new MapipeError('MAPIPE_USAGE', `--store expects the path of a DuckDB file, got a ${scheme} URL`, {
      hint: 'no other engine is supported yet',
    });
  }
  const { DuckdbStore } = await import('./duckdb/duckdb-store.js');
  return new DuckdbStore(location, options);
}
