/**
 * gzip (RFC 1952), all members, decoded up to where a file is damaged (within 16 KiB of compressed bytes, where the
 * deflate data itself is), and loud about the damage. The
 * platform's own gunzip keeps silent about trailing garbage and drops what it had decoded when a checksum is wrong; so
 * the frame is read here, and only the deflate data within is left to zlib.
 */
import type { InflateRaw } from 'node:zlib';
import { ByteReader } from './byte-reader.js';

/** Thrown once everything before the fault has been yielded. */
export class GzipFault extends Error {
  override readonly name = 'GzipFault';
}

export const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

const PIECE_BYTES = 16 * 1024;
const FLAG_HEADER_CRC = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;

export async function* gunzip(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { crc32 } = await import('node:zlib');
  const reader = new ByteReader(compressed);
  for (let member = 1; await readHeader(reader, member); member++) {
    let checksum = 0;
    let size = 0;
    for await (const piece of inflateMember(reader)) {
      checksum = crc32(piece, checksum);
      size = (size + piece.length) >>> 0;
      yield piece;
    }
    const trailer = await reader.take(8);
    if (trailer.length < 8) throw new GzipFault('it is cut off in its footer');
    if (trailer.readUInt32LE(0) !== checksum) throw new GzipFault('its checksum is wrong');
    if (trailer.readUInt32LE(4) !== size) throw new GzipFault('its length is not what its footer says');
  }
}

/** Reads a member's header; false at the end of the file, which may be padded with zeros. */
async function readHeader(reader: ByteReader, member: number): Promise<boolean> {
  const fixed = await reader.take(10);
  if (member > 1 && fixed.every((byte) => byte === 0)) {
    if (await reader.onlyZerosFollow()) return false;
    throw new GzipFault('garbage follows its last member');
  }
  if (!fixed.subarray(0, 2).equals(GZIP_MAGIC) && member > 1)
    throw new GzipFault('garbage follows its last member');
  if (fixed.length < 10) throw new GzipFault('it is cut off in its header');
  if (fixed[2] !== 8) throw new GzipFault('it is compressed by a method that gzip does not have');
  const flags = fixed[3] ?? 0;
  if (flags & FLAG_EXTRA) {
    const length = await reader.take(2);
    if (length.length === 2) await reader.take(length.readUInt16LE(0));
  }
  if (flags & FLAG_NAME) await reader.skipPast(0);
  if (flags & FLAG_COMMENT) await reader.skipPast(0);
  if (flags & FLAG_HEADER_CRC) await reader.take(2);
  return true;
}

async function* inflateMember(reader: ByteReader): AsyncGenerator<Buffer> {
  const { createInflateRaw } = await import('node:zlib');
  const inflate = createInflateRaw();
  const pieces: Buffer[] = [];
  let fault: Error | undefined;
  let ended = false;
  inflate.on('data', (piece: Buffer) => pieces.push(piece));
  inflate.on('error', (error) => (fault = error));
  inflate.on('end', () => (ended = true));
  try {
    let fed = 0;
    for (;;) {
      const input = await reader.takeUpTo(PIECE_BYTES);
      if (input.length === 0) await finish(inflate);
      else await write(inflate, input);
      fed += input.length;
      yield* pieces.splice(0);
      // A listener may have set it meanwhile.
      if (fault) throw new GzipFault('its compressed data is damaged or cut off');
      if (ended as boolean) {
        const unused = fed - inflate.bytesWritten;
        reader.putBack(input.subarray(input.length - unused));
        return;
      }
      if (input.length === 0) throw new GzipFault('it is cut off in its compressed data');
    }
  } finally {
    inflate.destroy();
  }
}

/** Waits until zlib has used the input, or has failed or ended over it; listeners hear of that in the next turn. */
async function write(inflate: InflateRaw, input: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      inflate.off('error', done);
      resolve();
    };
    inflate.once('error', done);
    inflate.write(input, done);
  });
  await nextTurn();
}

async function finish(inflate: InflateRaw): Promise<void> {
  await new Promise<void>((resolve) => {
    inflate.once('error', () => {
      resolve();
    });
    inflate.once('end', resolve);
    inflate.end();
  });
  await nextTurn();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
