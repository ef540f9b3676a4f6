/** What stays beside a store of runs that were killed, and of stores that were deleted: what of it may go, and what not. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MapipeError } from '../../errors.js';

const UNFINISHED = '.unfinished-';
/** Making a file takes a moment. Whoever takes longer finds his gone, and has the engine make the store in its place. */
const MAX_UNFINISHED_AGE_MS = 10 * 60_000;
/** As the engine names what it has no memory for. */
const SPILLED = 'duckdb_temp_';

/** Where a new store is written, with the same ending, by which the engine tells kinds of files. */
export function unfinishedPath(path: string): string {
  return join(dirname(path), `${UNFINISHED}${randomUUID()}-${basename(path)}`);
}

/** Removes what runs have left that were killed while they made this store. */
export async function removeUnfinished(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(UNFINISHED) || !name.endsWith(`-${basename(path)}`)) continue;
    const file = join(folder, name);
    const isOld = await stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs > MAX_UNFINISHED_AGE_MS,
      () => false,
    );
    if (isOld) await rm(file, { force: true }).catch(() => undefined);
  }
}

/**
 * Removes what a killed process has left of what it had no memory for, which may be much. To be called when the file has
 * been opened for writing and before anything is done with it: then nobody else has it open, and nothing there is in use.
 */
export async function removeSpilled(path: string): Promise<void> {
  const folder = `${path}.tmp`;
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith(SPILLED)) await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
  // Not where anything else lies there.
  await rmdir(folder).catch(() => undefined);
}

/** A log without its store: the engine would put its commits into the new one, or fail at it each time. */
export function refuseLoneLog(path: string): void {
  const log = `${path}.wal`;
  // In this order, as another process makes the file before the log.
  if (!existsSync(log) || existsSync(path)) return;
  throw new MapipeError(
    'MAPIPE_STORE_DAMAGED',
    `the store ${path} is gone, but the log of its last commits is still there: ${log}`,
    { hint: 'bring the store back, or remove the log, too, to begin anew' },
  );
}
