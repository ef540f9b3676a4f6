/** What DuckDB's messages mean to the user. Its errors have no codes, so their texts are read, here and nowhere else. */
import { MapipeError } from '../../errors.js';
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
  /^(IO|Serialization|Internal|INTERNAL|FATAL|Out of Memory|Invalid) Error|Permission denied|No space left/;

/** After which the engine refuses whatever else it is asked. */
export function isFatal(error: unknown): boolean {
  return messageOf(error).startsWith('FATAL Error');
}

/** The engine may not take the memory that a query needs: that says nothing about the store. */
export function isOutOfMemory(error: unknown): boolean {
  return messageOf(error).startsWith('Out of Memory Error');
}

/** `waitedMs`: how long a busy store was waited for. */
export function toStoreError(error: unknown, path: string, waitedMs = STORE_RETRY.maxWaitMs): unknown {
  if (error instanceof MapipeError) return error;
  const message = messageOf(error);
  if (isBusy(error)) {
    const holder = /\(PID (\d+)\)/.exec(message)?.[1];
    const by = holder === undefined ? 'another process' : `process ${holder}`;
    const long = waitedMs < 60_000 ? `${Math.round(waitedMs / 1000)} seconds` : 'a minute';
    return new MapipeError('MAPIPE_STORE_BUSY', `the store ${path} has been held by ${by} for ${long}`, {
      hint: 'wait for it to end, then run the same command again: nothing is lost or counted twice',
      cause: error,
    });
  }
  if (isUnwritten(error)) return notAStore(path, 'its content is not a DuckDB database', error);
  if (/newer version of DuckDB|serialization version|storage version/i.test(message)) {
    return new MapipeError(
      'MAPIPE_STORE_NEWER',
      `the store ${path} was written by a newer version of its engine`,
      {
        hint: 'update mapipe, or name another store with --store',
        cause: error,
      },
    );
  }
  if (message.includes('in-memory database'))
    return notAStore(path, 'the engine takes its name for another kind of file', error);
  if (message.includes('Is a directory')) return notAStore(path, 'it is a directory', error);
  if (isFailure(error)) {
    const [line = message] = message.split('\n');
    return new MapipeError('MAPIPE_STORE_FAILED', `the store ${path} failed: ${line}`, { cause: error });
  }
  return error;
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
  return new MapipeError('MAPIPE_STORE_NOT_A_STORE', `${path} is not a mapipe store: ${why}`, {
    hint: 'name another file with --store; this one has not been touched',
    cause,
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
