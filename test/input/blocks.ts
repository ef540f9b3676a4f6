/** What the tests of inputs share: bytes as blocks, everything of a source, and a directory that goes away again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

/** A signal that is never given. */
export const NEVER = new AbortController().signal;

export async function* inBlocks(bytes: Buffer, blockBytes = bytes.length): AsyncGenerator<Buffer> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += blockBytes) yield bytes.subarray(at, at + blockBytes);
}

export async function collect(blocks: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const block of blocks) pieces.push(block);
  return Buffer.concat(pieces);
}

/** Directories made in a test, removed after it. */
export function temporaryDirectories(): () => Promise<string> {
  const made: string[] = [];
  afterEach(async () => {
    await Promise.all(made.splice(0).map((path) => rm(path, { recursive: true, force: true })));
  });
  return async () => {
    const path = await mkdtemp(join(tmpdir(), 'mapipe-test-'));
    made.push(path);
    return path;
  };
}

/** Bytes that do not compress, the same in every run. */
export function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 12_345;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

/** A log that compresses well, about `length` bytes of it. */
export function someLog(length: number): Buffer {
  const lines: string[] = [];
  for (let at = 0, i = 0; at < length; i++) {
    const line = `{"type":"click","campaign_id":"c${i % 7}","user_id":"u${(i * 7919) % 10_007}"}\n`;
    lines.push(line);
    at += line.length;
  }
  return Buffer.from(lines.join(''));
}
