/**
 * Lets one session at a time of this process at a store file. The lock that DuckDB takes on a file is the process's: it
 * keeps other processes out, but not a second session of the same one, which would write over the first.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Whoever writes goes before all who want to read: an event waits for one answer at most, not for a queue of them. */
export type Turn = 'write' | 'read';

type Start = () => void;

const lines = new Map<string, { readonly write: Start[]; readonly read: Start[] }>();

/** Runs `work` when nobody else of this process is at the file, and those who go before have been. */
export async function inTurn<T>(path: string, turn: Turn, work: () => Promise<T>): Promise<T> {
  const file = identityOf(path);
  const line = lines.get(file);
  if (line) await new Promise<void>((start) => line[turn].push(start));
  else lines.set(file, { write: [], read: [] });
  try {
    return await work();
  } finally {
    const waiting = lines.get(file);
    const next = waiting?.write.shift() ?? waiting?.read.shift();
    if (next) next();
    else lines.delete(file);
  }
}

/** One name for the file by whatever path it is reached; it need not exist yet. */
function identityOf(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const folder = dirname(absolute);
    return folder === absolute ? absolute : join(identityOf(folder), basename(absolute));
  }
}
