/** Stdin, or anything else that can be read but once and may never end. */
import type { Readable } from 'node:stream';
import { MapipeError, systemErrorCode } from '../errors.js';
import { gunzip, GZIP_MAGIC, GzipFault } from './gunzip.js';
import {
  HEAD_BYTES,
  MAX_HEAD_BYTES,
  type InputSource,
  type LinesTest,
  type PlainPipe,
  type Slab,
} from './input-source.js';
import { PipeReader } from './pipe-reader.js';

/** Buffers as they come; a stream without an encoding is one. */
type ByteStream = PipeReader | Readable;

export class StreamSource implements InputSource {
  readonly name: string;
  readonly replayable = false;
  readonly mayGrow = false;
  readonly sizeBytes = null;
  readonly device = null;
  readonly inode = null;
  readonly plainFile = null;
  bytesRead = 0;
  fault: MapipeError | null = null;
  readonly #stream: ByteStream;
  /** Whether its first bytes show that nothing has to be decompressed. */
  #isPlain = false;
  readonly #blocks: AsyncGenerator<Buffer>;
  readonly #held: Buffer[] = [];
  /** The signal may outlive the stream by far. */
  readonly #forgetSignal: () => void;

  constructor(name: string, stream: ByteStream, signal: AbortSignal) {
    this.name = name;
    this.#stream = stream;
    const stop = (): void => {
      stream.destroy();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    this.#forgetSignal = () => {
      signal.removeEventListener('abort', stop);
    };
    this.#blocks = this.#plainBlocks();
  }

  async head(isEnough: (head: Buffer) => boolean): Promise<Buffer> {
    let bytes = 0;
    for (let lookAt = 1; ;) {
      // A long head is not looked at anew with every block, which would take the square of its length.
      if (bytes >= lookAt) {
        const head = Buffer.concat(this.#held).subarray(0, MAX_HEAD_BYTES);
        if (head.length >= MAX_HEAD_BYTES || isEnough(head)) return head;
        lookAt = bytes < HEAD_BYTES ? bytes + 1 : bytes * 2;
      }
      const next = await this.#next();
      if (next === null) return Buffer.concat(this.#held).subarray(0, MAX_HEAD_BYTES);
      this.#held.push(next);
      bytes += next.length;
    }
  }

  async *read(): AsyncGenerator<Buffer> {
    yield* this.#held.splice(0);
    for (let block = await this.#next(); block !== null; block = await this.#next()) yield block;
  }

  get plainPipe(): PlainPipe | null {
    const pipe = this.#stream;
    if (!(pipe instanceof PipeReader) || !this.#isPlain) return null;
    let hasBegun = false;
    const lines = async (withinMs: number, suits?: LinesTest): Promise<Slab | null> => {
      // The head goes back only where a slab is there to begin with it: else it is read as it was held.
      if (!hasBegun) {
        if (!(await pipe.hasLines(withinMs)) || !pipe.putBackHead()) return null;
        for (const block of this.#held.splice(0)) this.bytesRead -= block.length;
        hasBegun = true;
      }
      const slab = await pipe.takeLines(withinMs, suits);
      this.bytesRead += slab?.bytes.length ?? 0;
      return slab;
    };
    return {
      lines,
      writeTo: (nextMemory) => {
        pipe.writeTo(nextMemory);
      },
      goOn: () => {
        pipe.goOn();
      },
      writeToOwn: () => {
        pipe.writeToOwn();
      },
    };
  }

  bytesBefore(): Promise<Buffer[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    this.#forgetSignal();
    this.#stream.destroy();
    return Promise.resolve();
  }

  /** The next block; null at the end, or where the stream was stopped or is damaged. */
  async #next(): Promise<Buffer | null> {
    try {
      const next = await this.#blocks.next();
      return next.done ? null : next.value;
    } catch (error) {
      if (error instanceof GzipFault) {
        const message = `the gzip data on ${this.name === '-' ? 'stdin' : this.name} is damaged: ${error.message}`;
        this.fault = new MapipeError('MAPIPE_INPUT_DAMAGED', message, {
          hint: 'what stands before the fault has been read',
          cause: error,
        });
        return null;
      }
      if (systemErrorCode(error) === 'ERR_STREAM_PREMATURE_CLOSE') return null;
      this.fault = new MapipeError('MAPIPE_INPUT_NOT_READABLE', `reading ${this.name} failed`, {
        cause: error,
      });
      return null;
    }
  }

  async *#plainBlocks(): AsyncGenerator<Buffer> {
    const raw = this.#rawBlocks();
    let first = Buffer.alloc(0);
    while (first.length < GZIP_MAGIC.length) {
      const next = await raw.next();
      if (next.done) break;
      first = Buffer.concat([first, next.value]);
    }
    const all = startingWith(first, raw);
    this.#isPlain = !first.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);
    yield* this.#isPlain ? all : gunzip(all);
  }

  async *#rawBlocks(): AsyncGenerator<Buffer> {
    for await (const block of this.#stream as AsyncIterable<Buffer>) {
      this.bytesRead += block.length;
      yield block;
    }
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* rest;
}
