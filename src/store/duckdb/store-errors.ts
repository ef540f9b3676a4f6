/** What DuckDB's messages mean to the user. Its errors have no codes, so their texts are read, here and nowhere else. */
import { statSync } from 'node:fs';
import { MapipeError, type ErrorCode } from '../../errors.js';
import { STORE_RETRY } from '../retry.js';

/** Another process has the file open for writing. */
export function isBusy(error: unknown): boolean {
  return messageOf(error).includes('Could not set lock on file');
}

/** The file is there but has no content yet: another process is just creating it, or nobody ever wrote to it. */
export function isUnwritten(error: unknown): boolean {
  return messageOf(error).includes('is not a valid DuckDB database file');
}

/** Something is wrong with the file, its disk or the engine, not with what was asked. */
export function isFailure(error: unknown): boolean {
  return FAILURE.test(messageOf(error));
}

const FAILURE =
  /^(IO|Serialization|Internal|INTERNAL|Out of Memory|Invalid|TransactionContext|FATAL) Error|Permission denied|No space left/;

/** After which the engine refuses whatever else it is asked. */
export function isFatal(error: unknown): boolean {
  return messageOf(error).startsWith('FATAL Error');
}

/** The engine may not take the memory that a query needs: that says nothing about the store. */
export function isOutOfMemory(error: unknown): boolean {
  return messageOf(error).startsWith('Out of Memory Error');
}

interface Meaning {
  readonly code: ErrorCode;
  /** Follows the path of the store. */
  readonly what: string;
  readonly hint?: string;
}

/** `waitedMs`: how long it was tried again while another process had the file. */
export function toStoreError(error: unknown, path: string, waitedMs = STORE_RETRY.maxWaitMs): unknown {
  if (error instanceof MapipeError) return error;
  if (isBusy(error)) return busy(error, path, waitedMs);
  const message = messageOf(error);
  const notOurs = whyNotAStore(message, path);
  if (notOurs !== null) return notAStore(path, notOurs, error);
  const meaning = meaningOf(message);
  if (meaning === null) return error;
  const { code, what, hint } = meaning;
  return new MapipeError(code, `the store ${path} ${what}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

function busy(error: unknown, path: string, waitedMs: number): MapipeError {
  const holder = /\(PID (\d+)\)/.exec(messageOf(error))?.[1];
  const by = holder === undefined ? 'another process' : `process ${holder}`;
  const time = waitedMs === 60_000 ? 'a minute' : `${waitedMs / 1000} s`;
  return new MapipeError('MAPIPE_STORE_BUSY', `the store ${path} has been held by ${by} for ${time}`, {
    hint: 'wait for it to end, then run the same command again: nothing is lost or counted twice',
    cause: error,
  });
}

function whyNotAStore(message: string, path: string): string | null {
  if (message.includes('is not a valid DuckDB database file')) {
    return isEmpty(path) ? 'it is an empty file' : 'its content is not a DuckDB database';
  }
  if (message.includes('in-memory database')) return 'the engine takes its name for another kind of file';
  return message.includes('Is a directory') ? 'it is a directory' : null;
}

function meaningOf(message: string): Meaning | null {
  const [line = message] = message.split('\n');
  if (/newer version of DuckDB|serialization version|storage version|can only read versions/i.test(message)) {
    return {
      code: 'MAPIPE_STORE_NEWER',
      what: 'was written by a newer version of its engine',
      hint: 'update mapipe, or name another store with --store',
    };
  }
  if (/replaying WAL|Corrupt WAL/.test(message)) {
    return {
      code: 'MAPIPE_STORE_DAMAGED',
      what: `cannot be read with the log of commits beside it, ${/"([^"]+\.wal)"/.exec(message)?.[1] ?? 'its .wal'}: ${lessQuotes(line)}`,
      hint: 'bring both files back as they were; without the log the store is as it was before its last commits',
    };
  }
  if (
    /Corrupt database file|Could not read enough bytes|Serialization Error|Failed to deserialize/.test(
      message,
    )
  ) {
    return {
      code: 'MAPIPE_STORE_DAMAGED',
      what: `is damaged: ${lessKind(line)}`,
      hint: 'bring back a copy of it, or name another store with --store and ingest the logs anew',
    };
  }
  const noRoom = /No space left on device|Disk quota exceeded|File too large/.exec(message)?.[0];
  if (noRoom !== undefined) {
    return {
      code: 'MAPIPE_STORE_FAILED',
      what: `has no room to grow: ${noRoom}`,
      hint: 'make room, then run the same command again: nothing is lost or counted twice',
    };
  }
  const refused = /Permission denied|Read-only file system/.exec(message)?.[0];
  if (refused !== undefined) {
    const file = /file "([^"]+)"/.exec(message)?.[1];
    return {
      code: 'MAPIPE_STORE_FAILED',
      what: `cannot be opened: ${refused}${file === undefined ? '' : `: ${file}`}`,
      hint: 'to ingest, the file and its folder must be writable; to report, the file must be readable',
    };
  }
  return FAILURE.test(message) ? { code: 'MAPIPE_STORE_FAILED', what: `failed: ${line}` } : null;
}

/** `log`: where only that is there. */
export function notFound(path: string, log: string | null = null): MapipeError {
  return log === null
    ? new MapipeError('MAPIPE_STORE_NOT_FOUND', `there is no store at ${path} yet`, {
        hint: 'fill one with: mapipe ingest FILE',
      })
    : new MapipeError('MAPIPE_STORE_NOT_FOUND', `there is no store at ${path}, only its log ${log}`, {
        hint: 'put the file back beside it: the log alone is no store',
      });
}

/** `signal`: by which the process died that read the file. */
export function crash(signal: string, path: string): MapipeError {
  return new MapipeError(
    'MAPIPE_STORE_FAILED',
    `the store ${path} failed: its engine died of it (${signal})`,
  );
}

export function notAStore(path: string, why: string, cause?: unknown): MapipeError {
  const hint =
    why === 'it is an empty file'
      ? 'remove it, then run the same command again; or name another file with --store'
      : 'name another file with --store; this one has not been touched';
  return new MapipeError('MAPIPE_STORE_NOT_A_STORE', `${path} is not a mapipe store: ${why}`, {
    hint,
    cause,
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isEmpty(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.size === 0;
}

/** Without the kind of error that the engine begins with. */
function lessKind(line: string): string {
  return line.replace(/^\w+ Error: /, '');
}

/** Without the file, which has been named. */
function lessQuotes(line: string): string {
  return lessKind(line).replace(/^Failure while replaying WAL file "[^"]+": /, '');
}
