/**
 * Lets one session at a time of this process at a store file. The lock that DuckDB takes on a file is the process's: it
 * keeps other processes out, but not a second session of the same one, which would write over the first.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const turns = new Map<string, Promise<unknown>>();

/** Runs `work` once all that was asked for earlier on the same file has ended. */
export async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const file = identityOf(path);
  const turn = (turns.get(file) ?? Promise.resolve()).then(work);
  const settled = turn.catch(() => undefined);
  turns.set(file, settled);
  try {
    return await turn;
  } finally {
    if (turns.get(file) === settled) turns.delete(file);
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
