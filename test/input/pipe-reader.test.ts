/** What comes through a pipe, in slabs of lines or as it comes: every byte once, in order. */
import { spawn, spawnSync } from 'node:child_process';
import { constants, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PipeReader } from '../../src/input/pipe-reader.js';
import { createRandom } from '../../scripts/random.mjs';
import { temporaryFolder } from '../support/cli.js';

const SLAB_BYTES = 2 << 20;

/** A pipe that this file's content comes through. */
function pipeOf(content: Buffer): PipeReader {
  const folder = temporaryFolder();
  const [pipe, file] = [join(folder, 'pipe'), join(folder, 'file')];
  writeFileSync(file, content);
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  // Without waiting for the writer.
  const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  spawn('sh', ['-c', 'cat "$0" > "$1"', file, pipe]);
  return new PipeReader(reading);
}

function linesOf(bytes: number, longest: number): Buffer {
  const random = createRandom(3);
  const parts: string[] = [];
  for (let length = 0; length < bytes;) {
    const line = `${parts.length} ${'x'.repeat(random.integer(0, longest))}\n`;
    parts.push(line);
    length += line.length;
  }
  return Buffer.from(parts.join(''));
}

describe('a pipe', () => {
  it('gives slabs of whole lines, then the rest as it comes', async () => {
    const content = Buffer.concat([linesOf(3 * SLAB_BYTES + 1000, 300), Buffer.from('no line end')]);
    const pipe = pipeOf(content);
    const parts: Buffer[] = [];
    for (let slab = await pipe.takeLines(2_000); slab; slab = await pipe.takeLines(2_000)) {
      expect(slab.bytes.at(-1)).toBe(0x0a);
      expect(slab.bytes.length).toBeGreaterThan(SLAB_BYTES - 300_000);
      parts.push(Buffer.from(slab.bytes));
    }
    expect(parts.length).toBeGreaterThanOrEqual(3);
    for await (const block of pipe) parts.push(Buffer.from(block));
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });

  it('takes back its head', async () => {
    const content = linesOf(2 * SLAB_BYTES, 100);
    const pipe = pipeOf(content);
    const head = await pipe[Symbol.asyncIterator]().next();
    expect((head.value as Buffer).length).toBeGreaterThan(0);
    expect(pipe.putBackHead()).toBe(true);
    const slab = await pipe.takeLines(2_000);
    const parts = [Buffer.from(slab?.bytes ?? [])];
    expect(parts[0]?.subarray(0, 100)).toEqual(content.subarray(0, 100));
    expect(pipe.putBackHead()).toBe(false);
    for await (const block of pipe) parts.push(Buffer.from(block));
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });

  it('gives no slab where little comes, nor where a line is longer than one', async () => {
    const small = pipeOf(Buffer.from('a\nb\n'));
    expect(await small.takeLines(200)).toBeNull();
    const content = Buffer.concat([Buffer.alloc(2 * SLAB_BYTES, 'y'), linesOf(SLAB_BYTES * 2, 90)]);
    const long = pipeOf(content);
    expect(await long.takeLines(2_000)).toBeNull();
    const parts: Buffer[] = [];
    for await (const block of long) parts.push(Buffer.from(block));
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });

  it('waits for whoever takes its bytes, and ends when it is told to', async () => {
    const pipe = pipeOf(linesOf(60 << 20, 400));
    await new Promise((resolve) => setTimeout(resolve, 500));
    let bytes = 0;
    for await (const block of pipe) {
      bytes += block.length;
      pipe.destroy();
    }
    // No more than what it keeps waiting, of 60 MiB.
    expect(bytes).toBeLessThan(8 * SLAB_BYTES);
    expect(bytes).toBeGreaterThan(0);
  });
});
