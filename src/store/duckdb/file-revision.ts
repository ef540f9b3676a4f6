/** The revision of a store file, told by the file system: the engine need not be asked, and no lock is taken. */
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { systemErrorCode } from '../../errors.js';
import type { StoreRevision } from '../store-revision.js';

/**
 * A commit changes the file, or the write-ahead log beside it until the engine has moved that into the file: one commit
 * may thus be seen as two revisions, never as none. Reading changes neither.
 */
export async function fileRevision(path: string): Promise<StoreRevision | null> {
  const log = await statOrNull(`${path}.wal`);
  const file = await statOrNull(path);
  if (!file) return null;
  const files = log ? [file, log] : [file];
  return {
    id: files.map(({ mtimeNs, size, ino }) => [mtimeNs, size, ino].map(base36).join('-')).join('_'),
    committedAt: new Date(Math.max(...files.map(({ mtimeMs }) => Number(mtimeMs)))),
  };
}

/** How large the write-ahead log is. */
export async function logBytes(path: string): Promise<number> {
  return Number((await statOrNull(`${path}.wal`))?.size ?? 0);
}

/**
 * Which file lies at the path: another one in its place, be it with the number of one that was deleted, is another.
 * null where there is none.
 */
export async function fileIdentity(path: string): Promise<string | null> {
  const file = await statOrNull(path);
  return file && [file.dev, file.ino, file.birthtimeNs].map(base36).join('-');
}

function base36(value: bigint): string {
  return value.toString(36);
}

async function statOrNull(path: string): Promise<BigIntStats | null> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
