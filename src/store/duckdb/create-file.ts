/**
 * A new store's file, whole or not at all. The engine writes a new file in steps, and whoever is killed between them would
 * leave one that is no database any more: so it is written beside its place, and put there when it is done.
 */
import { existsSync } from 'node:fs';
import { link, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MapipeError, systemErrorCode } from '../../errors.js';
import { failPoint } from '../../fail-point.js';
import { DuckdbSession, type SessionOptions } from './engine.js';
import { refuseLoneLog, removeUnfinished, unfinishedPath } from './left-over.js';
import { messageOf } from './store-errors.js';

/** Makes the file, still empty of tables, and its folder, where there is none; another process may do the same. */
export async function createFile(path: string, options: SessionOptions): Promise<void> {
  await createFolder(path);
  if (existsSync(path)) return;
  failPoint('create.begun');
  refuseLoneLog(path);
  await removeUnfinished(path);
  // With the same ending, by which the engine tells kinds of files.
  const unfinished = unfinishedPath(path);
  try {
    (await DuckdbSession.open(unfinished, options)).close();
    failPoint('create.written');
    await link(unfinished, path);
    failPoint('create.linked');
  } catch (error) {
    // Where another process was faster, its file is the store; where files have no second name, the engine makes it.
    if (systemErrorCode(error) === undefined) throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function createFolder(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new MapipeError(
      'MAPIPE_STORE_FAILED',
      `cannot create the folder of the store ${path}: ${messageOf(error)}`,
      {
        hint: 'name another place with --store',
        cause: error,
      },
    );
  }
}
