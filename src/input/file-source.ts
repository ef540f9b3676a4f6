/** A file on disk, plain or gzip (told by its first bytes, not by its name). */
import { fstatSync, readSync, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { MapipeError, systemErrorCode } from '../errors.js';
import { gunzip, GZIP_MAGIC, GzipFault } from './gunzip.js';
import { BLOCK_BYTES, HEAD_BYTES, MAX_HEAD_BYTES, type InputSource, type PlainFile } from './input-source.js';
import { StreamSource } from './stream-source.js';

/** Opens the file, or says in one line why not. */
export async function openFile(path: string, signal: AbortSignal): Promise<InputSource> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const stats = fstatSync(handle.fd, { bigint: true });
    if (stats.isDirectory()) {
      throw new MapipeError('MAPIPE_INPUT_IS_DIRECTORY', `expected a file, but ${path} is a directory`, {
        hint: `to read the files in it: mapipe ingest '${path.replace(/\/$/, '')}/*'`,
      });
    }
    // A named pipe or a device can be read but once.
    if (!stats.isFile()) return new StreamSource(path, handle.createReadStream(), signal);
    const magic = Buffer.alloc(GZIP_MAGIC.length);
    readSync(handle.fd, magic, 0, magic.length, 0);
    return new FileSource(path, handle, stats, magic.equals(GZIP_MAGIC));
  } catch (error) {
    await handle?.close();
    throw toInputError(error, path);
  }
}

export function toInputError(error: unknown, path: string): unknown {
  switch (systemErrorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new MapipeError('MAPIPE_INPUT_NOT_FOUND', `no such file: ${path}`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new MapipeError('MAPIPE_INPUT_NOT_READABLE', `no permission to read ${path}`, { cause: error });
    case 'EISDIR':
      return new MapipeError('MAPIPE_INPUT_IS_DIRECTORY', `expected a file, but ${path} is a directory`, {
        cause: error,
      });
    case undefined:
      return error;
    default:
      return new MapipeError('MAPIPE_INPUT_NOT_READABLE', `reading ${path} failed: ${messageOf(error)}`, {
        cause: error,
      });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

class FileSource implements InputSource {
  readonly name: string;
  readonly replayable = true;
  readonly mayGrow = false;
  readonly sizeBytes: number;
  readonly device: bigint;
  readonly inode: bigint;
  bytesRead = 0;
  fault: MapipeError | null = null;
  readonly #handle: FileHandle;
  readonly #compressed: boolean;

  constructor(name: string, handle: FileHandle, stats: BigIntStats, compressed: boolean) {
    this.name = name;
    this.sizeBytes = Number(stats.size);
    this.device = stats.dev;
    this.inode = stats.ino;
    this.#handle = handle;
    this.#compressed = compressed;
  }

  async head(isEnough: (head: Buffer) => boolean): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let length = 0;
    try {
      for await (const piece of this.#plainBlocks(0)) {
        pieces.push(piece);
        length += piece.length;
        if (length >= HEAD_BYTES && isEnough(Buffer.concat(pieces).subarray(0, MAX_HEAD_BYTES))) break;
        if (length >= MAX_HEAD_BYTES) break;
      }
    } catch (error) {
      // What is damaged is reported when it is read for good.
      if (!(error instanceof GzipFault)) throw toInputError(error, this.name);
    }
    return Buffer.concat(pieces).subarray(0, MAX_HEAD_BYTES);
  }

  async *read(offset: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      for await (const block of this.#plainBlocks(offset, true)) {
        if (signal.aborted) return;
        yield block;
      }
    } catch (error) {
      this.fault = this.#faultOf(error);
    }
  }

  async bytesBefore(
    places: readonly { readonly offset: number; readonly length: number }[],
  ): Promise<Buffer[]> {
    if (this.#compressed) return collectBefore(this.#plainBlocks(0), places);
    return Promise.all(
      places.map(async ({ offset, length }) => {
        const start = Math.max(0, offset - length);
        const { buffer, bytesRead } = await this.#handle.read(
          Buffer.alloc(offset - start),
          0,
          offset - start,
          start,
        );
        return buffer.subarray(0, bytesRead);
      }),
    );
  }

  readonly plainPipe = null;

  get plainFile(): PlainFile | null {
    if (this.#compressed) return null;
    const { fd } = this.#handle;
    return {
      fd,
      noteRead: (offset) => void (this.bytesRead = offset),
      endsAt: (offset) => fstatSync(fd).size === offset,
    };
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async *#plainBlocks(offset: number, counted = false): AsyncGenerator<Buffer> {
    if (!this.#compressed) {
      yield* this.#blocks(offset, counted);
      return;
    }
    let skip = offset;
    for await (const block of gunzip(this.#blocks(0, counted))) {
      if (block.length > skip) yield block.subarray(skip);
      skip = Math.max(0, skip - block.length);
    }
  }

  async *#blocks(offset: number, counted: boolean): AsyncGenerator<Buffer> {
    // The first block is small, as often it is all that is looked at.
    for (let at = offset, size = HEAD_BYTES; ; size = BLOCK_BYTES) {
      const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(size), 0, size, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      if (counted) this.bytesRead = at;
      yield buffer.subarray(0, bytesRead);
    }
  }

  #faultOf(error: unknown): MapipeError {
    if (error instanceof GzipFault) {
      return new MapipeError(
        'MAPIPE_INPUT_DAMAGED',
        `${this.name} is a damaged gzip file: ${error.message}`,
        {
          hint: 'what stands before the fault has been read; get an intact copy and run the same command again',
          cause: error,
        },
      );
    }
    const known = toInputError(error, this.name);
    if (known instanceof MapipeError) return known;
    throw error;
  }
}

/** Picks bytes out of a sequence of blocks that can only be walked through. */
async function collectBefore(
  blocks: AsyncIterable<Buffer>,
  places: readonly { readonly offset: number; readonly length: number }[],
): Promise<Buffer[]> {
  const end = Math.max(0, ...places.map(({ offset }) => offset));
  const found = places.map((): Buffer[] => []);
  let at = 0;
  try {
    for await (const block of blocks) {
      places.forEach(({ offset, length }, i) => {
        const from = Math.max(0, offset - length) - at;
        if (from < block.length && offset > at)
          found[i]?.push(Buffer.from(block.subarray(Math.max(0, from), offset - at)));
      });
      at += block.length;
      if (at >= end) break;
    }
  } catch (error) {
    if (!(error instanceof GzipFault)) throw error;
  }
  return found.map((pieces) => Buffer.concat(pieces));
}
