/**
 * A plain file that is being written, held open: whatever becomes of its name, its bytes can be read to the last one.
 * It is read a round at a time: what was there when the round began is its size, and more may come.
 */
import type { FileHandle } from 'node:fs/promises';
import { MapipeError } from '../../errors.js';
import { toInputError } from '../../input/file-source.js';
import { BLOCK_BYTES, HEAD_BYTES, MAX_HEAD_BYTES, type InputSource } from '../../input/input-source.js';
import { identityOf, stampOf, type FileIdentity, type FileStamp } from './file-identity.js';

export interface FileState {
  readonly size: number;
  readonly stamp: FileStamp;
}

export class GrowingFile implements InputSource {
  readonly name: string;
  readonly replayable = true;
  readonly plainPipe = null;
  readonly identity: FileIdentity;
  readonly device: bigint;
  readonly inode: bigint;
  /** False once nobody will write it any more. */
  mayGrow = true;
  sizeBytes = 0;
  bytesRead = 0;
  fault: MapipeError | null = null;
  readonly #handle: FileHandle;

  private constructor(name: string, handle: FileHandle, device: bigint, inode: bigint) {
    this.name = name;
    this.#handle = handle;
    this.device = device;
    this.inode = inode;
    this.identity = identityOf({ dev: device, ino: inode });
  }

  static async open(name: string, handle: FileHandle): Promise<GrowingFile> {
    const { dev, ino } = await handle.stat({ bigint: true });
    return new GrowingFile(name, handle, dev, ino);
  }

  /** How it is now. */
  async state(): Promise<FileState> {
    const stats = await this.#handle.stat({ bigint: true });
    return { size: Number(stats.size), stamp: stampOf(stats) };
  }

  async head(isEnough: (head: Buffer) => boolean): Promise<Buffer> {
    let head = Buffer.alloc(0);
    for await (const block of this.#blocks(0, Math.min(this.sizeBytes, MAX_HEAD_BYTES))) {
      head = Buffer.concat([head, block]);
      if (head.length >= HEAD_BYTES && isEnough(head)) break;
    }
    return head;
  }

  async *read(offset: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      for await (const block of this.#blocks(offset, this.sizeBytes)) {
        if (signal.aborted) return;
        yield block;
      }
      this.bytesRead = this.sizeBytes;
    } catch (error) {
      const known = toInputError(error, this.name);
      if (!(known instanceof MapipeError)) throw error;
      this.fault = known;
    }
  }

  async bytesBefore(
    places: readonly { readonly offset: number; readonly length: number }[],
  ): Promise<Buffer[]> {
    return Promise.all(
      places.map(async ({ offset, length }) => {
        const start = Math.max(0, offset - length);
        const room = Buffer.alloc(offset - start);
        const { bytesRead } = await this.#handle.read(room, 0, room.length, start);
        return room.subarray(0, bytesRead);
      }),
    );
  }

  get plainFile() {
    return {
      fd: this.#handle.fd,
      noteRead: (offset: number): void => void (this.bytesRead = offset),
      endsAt: (offset: number): boolean => offset >= this.sizeBytes,
    };
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async *#blocks(from: number, to: number): AsyncGenerator<Buffer> {
    for (let at = from; at < to;) {
      const length = Math.min(BLOCK_BYTES, to - at);
      const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(length), 0, length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }
}
