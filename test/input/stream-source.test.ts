import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { StreamSource } from '../../src/input/stream-source.js';
import { collect, NEVER, someLog } from './blocks.js';

const LOG = someLog(100_000);

function sourceOf(...blocks: Buffer[]): StreamSource {
  return new StreamSource('-', Readable.from(blocks), NEVER);
}

describe('a stream', () => {
  it('is read whole after its head was looked at', async () => {
    const source = sourceOf(LOG.subarray(0, 10), LOG.subarray(10, 5000), LOG.subarray(5000));
    expect((await source.head((head) => head.length >= 100)).equals(LOG.subarray(0, 5000))).toBe(true);
    expect((await collect(source.read())).equals(LOG)).toBe(true);
    expect(source.bytesRead).toBe(LOG.length);
    expect(source.fault).toBeNull();
  });

  it('gives a head without waiting for more than is enough', async () => {
    const stream = new PassThrough();
    stream.write('one line\n');
    const source = new StreamSource('-', stream, NEVER);
    expect((await source.head((head) => head.includes('\n'))).toString()).toBe('one line\n');
    stream.end('and more');
    expect((await collect(source.read())).toString()).toBe('one line\nand more');
  });

  it('that ends before its head is enough gives what there is', async () => {
    expect((await sourceOf(Buffer.from('x')).head(() => false)).toString()).toBe('x');
    expect(await sourceOf().head(() => false)).toHaveLength(0);
  });

  it.each([2, 3, 11, 1000])(
    'that is compressed is decompressed, its first block being %s bytes',
    async (size) => {
      const compressed = gzipSync(LOG);
      const source = sourceOf(compressed.subarray(0, size), compressed.subarray(size));
      expect((await collect(source.read())).equals(LOG)).toBe(true);
      expect(source.bytesRead).toBe(compressed.length);
    },
  );

  it('that is compressed is decompressed, though its first byte comes alone', async () => {
    const compressed = gzipSync(LOG);
    const source = sourceOf(compressed.subarray(0, 1), compressed.subarray(1));
    expect((await collect(source.read())).equals(LOG)).toBe(true);
  });

  it('that is damaged is read up to the fault, which is told', async () => {
    const source = sourceOf(gzipSync(LOG).subarray(0, -3));
    expect((await collect(source.read())).equals(LOG)).toBe(true);
    expect(source.fault).toMatchObject({
      code: 'MAPIPE_INPUT_DAMAGED',
      message: 'the gzip data on stdin is damaged: it is cut off in its footer',
    });
  });

  it('that fails is read up to there, and the fault is told', async () => {
    const stream = new PassThrough();
    stream.write('before\n');
    const source = new StreamSource('pipe', stream, NEVER);
    const pieces: string[] = [];
    for await (const block of source.read()) {
      pieces.push(block.toString());
      stream.destroy(new Error('cable pulled'));
    }
    expect(pieces).toEqual(['before\n']);
    expect(source.fault).toMatchObject({ code: 'MAPIPE_INPUT_NOT_READABLE', message: 'reading pipe failed' });
  });

  it('ends without a fault when it is told to stop, though it would never end itself', async () => {
    const stream = new PassThrough();
    stream.write('first\n');
    const stopping = new AbortController();
    const source = new StreamSource('-', stream, stopping.signal);
    const pieces: string[] = [];
    for await (const block of source.read()) {
      pieces.push(block.toString());
      stopping.abort();
    }
    expect(pieces).toEqual(['first\n']);
    expect(source.fault).toBeNull();
  });

  it('is told to stop while nothing comes, or before anything could', async () => {
    const stopping = new AbortController();
    const waiting = new StreamSource('-', new PassThrough(), stopping.signal);
    const head = waiting.head(() => false);
    stopping.abort();
    expect(await head).toHaveLength(0);
    expect(waiting.fault).toBeNull();
    const stopped = new StreamSource('-', new PassThrough(), stopping.signal);
    expect(await collect(stopped.read())).toHaveLength(0);
    expect(stopped.fault).toBeNull();
  });

  it('cannot be read again, and has no size', () => {
    expect(sourceOf()).toMatchObject({ replayable: false, sizeBytes: null, device: null, inode: null });
  });
});
