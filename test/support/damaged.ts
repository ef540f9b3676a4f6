/** Stores as faults leave them. */
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { run } from './cli.js';

/** A run that dies before the log of its commits is moved into the file: the log stays beside it. */
export async function withLog(store: string, file: string): Promise<void> {
  const { signal } = await run(['ingest', file, '--quiet'], {
    store,
    env: { MAPIPE_FAIL_POINT: 'log.before-move' },
  });
  if (signal !== 'SIGKILL') throw new Error('the run was to die with its log in place');
}

/** Writes bytes over those that are there. */
export function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

const HEADER_BYTES = 4096;
const VERSION_AT = 12;

/** Has the file say that an engine of another storage version wrote it, with the checksum that the engine looks at. */
export function setStorageVersion(path: string, version: number): void {
  const file = readFileSync(path);
  file.writeBigUInt64LE(BigInt(version), VERSION_AT);
  let checksum = 5381n;
  for (let at = 8; at < HEADER_BYTES; at += 8) {
    checksum ^= BigInt.asUintN(64, file.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  }
  file.writeBigUInt64LE(checksum, 0);
  writeFileSync(path, file);
}
