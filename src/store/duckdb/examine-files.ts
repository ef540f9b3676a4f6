/** A store's files as the file system has them: how large, for whom to read, what was left beside them, how much room. */
import { existsSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Finding } from '../examination.js';
import { examineLog } from './examine-log.js';
import { logBytes } from './file-revision.js';
import { notFound } from './store-errors.js';

const MIN_FREE_BYTES = 100_000_000;
const OTHERS_MAY_ANYTHING = 0o077;
const OTHERS_MAY_WRITE = 0o022;
/** In such a folder (`/tmp`) only the owner of a file may put another in its place. */
const STICKY = 0o1000;

export interface FilesExamination {
  readonly sizeBytes: number;
  readonly logBytes: number;
  readonly freeBytes: number | null;
  readonly findings: readonly Finding[];
}

/** Throws where there is no store; a log without its file is none. */
export function requireFile(path: string): void {
  if (!existsSync(path)) throw notFound(path, existsSync(logOf(path)) ? logOf(path) : null);
}

/** To be asked while nobody writes: a log that is just being written is not whole. */
export async function examineFiles(path: string): Promise<FilesExamination> {
  const log = logOf(path);
  const { size } = await stat(path);
  const freeBytes = await freeBytesOf(dirname(path));
  return {
    sizeBytes: size,
    logBytes: await logBytes(path),
    freeBytes,
    findings: [
      ...(await examineLogFile(log)),
      ...(await examineAccess(path, log)),
      ...examineRoom(freeBytes, size),
      ...(await examineLeftovers(path)),
    ],
  };
}

async function examineLogFile(log: string): Promise<Finding[]> {
  if (!existsSync(log)) return [];
  const state = await examineLog(log);
  switch (state.kind) {
    case 'whole':
      return [];
    case 'cut':
      return [
        {
          code: 'log_cut',
          message: `the last ${state.restBytes} bytes of the log ${log} are no whole entry, and are passed over`,
          hint: 'a process that was killed leaves it so: run it again; if none was, compare the report with the logs',
        },
      ];
    case 'foreign':
      return [
        {
          code: 'log_damaged',
          message: `the log ${log} does not begin as one, so that nothing of it is read`,
          hint: 'commits may be missing: ingest the logs of the last run into a new store and compare',
        },
      ];
  }
}

async function examineAccess(path: string, log: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of [path, log].filter((name) => existsSync(name))) {
    const { mode } = await stat(file);
    if ((mode & OTHERS_MAY_ANYTHING) !== 0) {
      findings.push({
        code: 'readable_by_others',
        message: `others have access to ${file} (mode ${octal(mode)}), which holds personal data`,
        hint: 'let nobody else at it: chmod 600',
      });
    }
  }
  const folder = dirname(path);
  const { mode } = await stat(folder);
  if ((mode & OTHERS_MAY_WRITE) !== 0 && (mode & STICKY) === 0) {
    findings.push({
      code: 'folder_open_to_others',
      message: `others may put another store in the place of this one: its folder ${folder} has mode ${octal(mode)}`,
      hint: 'let nobody else at the folder: chmod 700',
    });
  }
  return findings;
}

function examineRoom(freeBytes: number | null, sizeBytes: number): Finding[] {
  if (freeBytes === null || freeBytes >= Math.max(MIN_FREE_BYTES, sizeBytes)) return [];
  return [
    {
      code: 'disk_low',
      message: `there is little room left beside the store: ${freeBytes} bytes, and it has ${sizeBytes}`,
      hint: 'free some, or an ingest may fail; what is committed stays',
    },
  ];
}

/** What a process that was killed left: files that were to become the store, and where the engine puts what is too much. */
async function examineLeftovers(path: string): Promise<Finding[]> {
  const name = basename(path);
  const beside = await readdir(dirname(path)).catch(() => []);
  const left = beside.filter(
    (other) => other === `${name}.tmp` || (other.startsWith('.unfinished-') && other.includes(`-${name}`)),
  );
  if (left.length === 0) return [];
  return [
    {
      code: 'leftovers',
      message: `beside the store lies what a killed process left: ${left.sort().join(', ')}`,
      hint: 'delete it while no mapipe runs',
    },
  ];
}

async function freeBytesOf(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

function logOf(path: string): string {
  return `${path}.wal`;
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
