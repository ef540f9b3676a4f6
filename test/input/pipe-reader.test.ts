/** What comes through a pipe, in slabs of lines or as it comes: every byte once, in order. */
import { spawn, spawnSync } from 'node:child_process';
import { constants, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PipeReader } from '../../src/input/pipe-reader.js';
import { createRandom } from '../../scripts/random.mjs';
import { temporaryFolder } from '../support/cli.js';

const SLAB_BYTES = 2 << 20;
/** What somebody else gives. */
const BLOCK_BYTES = 5 << 19;

/** A pipe that this content comes through. */
function pipeOf(content: Buffer): PipeReader {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, content);
  return pipeFrom('cat "$1"', file);
}

/** A pipe that a script writes to, as its stdout. */
function pipeBy(script: string): PipeReader {
  return pipeFrom('exec "$1" -e "$2"', process.execPath, script);
}

function pipeFrom(command: string, ...args: string[]): PipeReader {
  const pipe = join(temporaryFolder(), 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  // Without waiting for the writer.
  const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  spawn('sh', ['-c', `exec > "$0"; ${command}`, pipe, ...args]);
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

  it('writes into the memory it is given, and not into any before that is given back', async () => {
    const content = Buffer.concat([linesOf(30 << 20, 900), Buffer.from('no line end')]);
    const pipe = pipeOf(content);
    const blocks: Uint8Array[] = Array.from(
      { length: 3 },
      () => new Uint8Array(new SharedArrayBuffer(BLOCK_BYTES)),
    );
    const free = [...blocks];
    const parts: Buffer[] = [];
    const random = createRandom(5);
    const held: { readonly memory: Uint8Array; readonly bytes: Uint8Array }[] = [];
    const giveBack = (): void => {
      const slab = held.shift();
      if (!slab) return;
      parts.push(Buffer.from(slab.bytes));
      slab.memory.fill(0x2a);
      if (blocks.includes(slab.memory)) free.push(slab.memory);
      pipe.goOn();
    };
    pipe.writeTo(() => free.pop() ?? null);
    for (let slab = await pipe.takeLines(2_000); slab; slab = await pipe.takeLines(2_000)) {
      held.push(slab);
      while (held.length === 3 || (held.length > 0 && random.chance(0.4))) {
        if (random.chance(0.3)) await new Promise((resolve) => setTimeout(resolve, random.integer(0, 20)));
        giveBack();
      }
    }
    while (held.length > 0) giveBack();
    expect(parts.length).toBeGreaterThan(8);
    pipe.writeToOwn();
    for (const block of blocks) block.fill(0x2b);
    for await (const block of pipe) parts.push(Buffer.from(block));
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });

  it('takes it for no fault of the pipe that it has nowhere to write to', async () => {
    const content = linesOf(12 << 20, 300);
    const pipe = pipeOf(content);
    const memory = new Uint8Array(BLOCK_BYTES);
    let free: Uint8Array | null = null;
    pipe.writeTo(() => {
      const given = free;
      free = null;
      return given;
    });
    // The first slab was begun before, in memory of the reader's own.
    const first = await pipe.takeLines(2_000);
    const parts = [Buffer.from(first?.bytes ?? [])];
    const second = pipe.takeLines(100);
    await new Promise((resolve) => setTimeout(resolve, 350));
    free = memory;
    pipe.goOn();
    const late = await second;
    expect(late?.memory).toBe(memory);
    parts.push(Buffer.from(late?.bytes ?? []));
    pipe.writeToOwn();
    for await (const block of pipe) parts.push(Buffer.from(block));
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });

  it('is not taken for slow where it is this thread that is busy', async () => {
    const pipe = pipeOf(linesOf(4 << 20, 300));
    let isOver = false;
    // Each turn reads what a pipe holds, and no more.
    const spin = (): void => {
      for (const end = performance.now() + 15; performance.now() < end;);
      if (!isOver) setImmediate(spin);
    };
    spin();
    const slab = await pipe.takeLines(100);
    isOver = true;
    pipe.destroy();
    expect(slab?.bytes.length).toBeGreaterThan(SLAB_BYTES - 300_000);
  });

  it('is taken for slow where it is full now and then, but brings no slab in ten times its time', async () => {
    const pipe = pipeBy(`
      const line = 'x'.repeat(63) + '\\n';
      setInterval(() => require('node:fs').writeSync(1, line.repeat(1024)), 60);`);
    // The writer has to start first.
    await pipe[Symbol.asyncIterator]().next();
    expect(pipe.putBackHead()).toBe(true);
    expect(await pipe.takeLines(100)).toBeNull();
    const beginning = await pipe[Symbol.asyncIterator]().next();
    pipe.destroy();
    expect((beginning.value as Buffer).length).toBeGreaterThan(0);
  });

  it('keeps what it has begun to write when the memory is taken away', async () => {
    const content = linesOf(20 << 20, 200);
    for (const slabs of [1, 2, 5]) {
      const pipe = pipeOf(content);
      const blocks: Uint8Array[] = [];
      pipe.writeTo(() => {
        const block = new Uint8Array(BLOCK_BYTES);
        blocks.push(block);
        return block;
      });
      const parts: Buffer[] = [];
      for (let i = 0; i < slabs; i++) parts.push(Buffer.from((await pipe.takeLines(2_000))?.bytes ?? []));
      await new Promise((resolve) => setTimeout(resolve, 5 * slabs));
      pipe.writeToOwn();
      for (const block of blocks) block.fill(0x2b);
      for await (const block of pipe) parts.push(Buffer.from(block));
      expect(Buffer.concat(parts).equals(content)).toBe(true);
    }
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
