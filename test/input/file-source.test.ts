import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openFile, toInputError } from '../../src/input/file-source.js';
import { HEAD_BYTES, MAX_HEAD_BYTES, type InputSource } from '../../src/input/input-source.js';
import { NEVER, collect, noise, someLog, temporaryDirectories } from './blocks.js';

const newDirectory = temporaryDirectories();

async function withFile(
  content: Buffer,
  use: (source: InputSource, path: string) => Promise<void>,
): Promise<void> {
  const path = join(await newDirectory(), 'input.log');
  await writeFile(path, content);
  const source = await openFile(path, NEVER);
  try {
    await use(source, path);
  } finally {
    await source.close();
  }
}

function whole(source: InputSource, offset = 0): Promise<Buffer> {
  return collect(source.read(offset, NEVER));
}

const LOG = someLog(3 << 20);

describe.each([
  ['a plain file', (content: Buffer): Buffer => content],
  ['a compressed file', (content: Buffer): Buffer => gzipSync(content)],
])('%s', (_, written) => {
  it('is read from any offset of its plain bytes', async () => {
    await withFile(written(LOG), async (source) => {
      for (const offset of [0, 1, 1023, 16_384, 1 << 20, LOG.length - 1, LOG.length, LOG.length + 10])
        expect((await whole(source, offset)).equals(LOG.subarray(offset)), `from ${offset}`).toBe(true);
      expect(source.fault).toBeNull();
    });
  });

  it('has a head of as many bytes as there are, up to what is enough', async () => {
    await withFile(written(LOG), async (source) => {
      const head = await source.head(() => true);
      expect(head.length).toBeGreaterThanOrEqual(HEAD_BYTES);
      expect(head.equals(LOG.subarray(0, head.length))).toBe(true);
      const longer = await source.head((bytes) => bytes.length > 2 << 20);
      expect(longer.length).toBeGreaterThan(2 << 20);
      expect(longer.equals(LOG.subarray(0, longer.length))).toBe(true);
    });
    await withFile(written(LOG.subarray(0, 100)), async (source) => {
      expect((await source.head(() => false)).equals(LOG.subarray(0, 100))).toBe(true);
    });
  });

  it('has no more of a head than a limit, though that is not enough', async () => {
    const large = someLog(6 << 20);
    await withFile(written(large), async (source) => {
      expect((await source.head(() => false)).equals(large.subarray(0, MAX_HEAD_BYTES))).toBe(true);
    });
  });

  it('gives the bytes before any places, fewer where there are not as many', async () => {
    const content = noise(3 << 20);
    await withFile(written(content), async (source) => {
      const places = [
        { offset: 2_000_000, length: 1024 },
        { offset: 10, length: 1024 },
        { offset: 0, length: 1024 },
        { offset: 1 << 20, length: 1024 },
        { offset: (1 << 20) + 5, length: 10 },
        { offset: content.length, length: 1 },
        { offset: content.length, length: content.length },
        { offset: 500, length: 0 },
        { offset: content.length + 100, length: 300 },
        { offset: content.length + 9999, length: 10 },
      ];
      const found = await source.bytesBefore(places);
      places.forEach(({ offset, length }, i) => {
        const expected = content.subarray(Math.max(0, offset - length), offset);
        expect(found[i]?.equals(expected), `${length} before ${offset}`).toBe(true);
      });
      expect(found).toHaveLength(places.length);
      expect(await source.bytesBefore([])).toEqual([]);
    });
  });

  it('tells its size on disk and how much of that has been read', async () => {
    const onDisk = written(LOG);
    await withFile(onDisk, async (source) => {
      expect(source.sizeBytes).toBe(onDisk.length);
      await source.head(() => true);
      expect(source.bytesRead).toBe(0);
      await whole(source);
      expect(source.bytesRead).toBe(onDisk.length);
      expect(source.replayable).toBe(true);
    });
  });

  it('ends when it is told to stop', async () => {
    await withFile(written(LOG), async (source) => {
      const stopping = new AbortController();
      let read = 0;
      for await (const block of source.read(0, stopping.signal)) {
        read += block.length;
        stopping.abort();
      }
      expect(read).toBeGreaterThan(0);
      expect(read).toBeLessThan(LOG.length);
      expect(source.fault).toBeNull();
    });
  });
});

describe('a plain file that grows while it is read', () => {
  it('is read to its new end', async () => {
    await withFile(Buffer.from('one\n'), async (source, path) => {
      const pieces: string[] = [];
      for await (const block of source.read(0, NEVER)) {
        pieces.push(block.toString());
        if (pieces.length === 1) await appendFile(path, 'two\n');
      }
      expect(pieces.join('')).toBe('one\ntwo\n');
    });
  });
});

describe('a damaged compressed file', () => {
  it('is read up to the fault, which is told', async () => {
    const path = join(await newDirectory(), 'app.log.gz');
    await writeFile(path, gzipSync(LOG).subarray(0, -4));
    const source = await openFile(path, NEVER);
    expect((await whole(source)).equals(LOG)).toBe(true);
    expect(source.fault).toMatchObject({ code: 'MAPIPE_INPUT_DAMAGED' });
    expect(source.fault?.message).toBe(`${path} is a damaged gzip file: it is cut off in its footer`);
    await source.close();
  });

  it('has a head and bytes before an offset all the same', async () => {
    await withFile(gzipSync(noise(100_000)).subarray(0, 50_000), async (source) => {
      expect((await source.head(() => true)).subarray(0, 1000).equals(noise(1000))).toBe(true);
      const [before] = await source.bytesBefore([{ offset: 30_000, length: 100 }]);
      expect(before?.equals(noise(30_000).subarray(-100))).toBe(true);
    });
  });
});

describe('what is no file', () => {
  it('that is not there is not found', async () => {
    const path = join(await newDirectory(), 'none.log');
    await expect(openFile(path, NEVER)).rejects.toMatchObject({
      code: 'MAPIPE_INPUT_NOT_FOUND',
      message: `no such file: ${path}`,
    });
    await expect(openFile(join(path, 'deeper'), NEVER)).rejects.toMatchObject({
      code: 'MAPIPE_INPUT_NOT_FOUND',
    });
  });

  it('but a directory is told to be one, with a hint', async () => {
    const path = await newDirectory();
    await expect(openFile(path, NEVER)).rejects.toMatchObject({ code: 'MAPIPE_INPUT_IS_DIRECTORY' });
  });

  it.each([
    ['EACCES', 'MAPIPE_INPUT_NOT_READABLE', 'no permission to read app.log'],
    ['EPERM', 'MAPIPE_INPUT_NOT_READABLE', 'no permission to read app.log'],
    ['ENOTDIR', 'MAPIPE_INPUT_NOT_FOUND', 'no such file: app.log'],
    ['EISDIR', 'MAPIPE_INPUT_IS_DIRECTORY', 'expected a file, but app.log is a directory'],
    ['EIO', 'MAPIPE_INPUT_NOT_READABLE', 'reading app.log failed: the disk says EIO'],
  ])('%s of the system is told as %s, its cause kept', (code, known, message) => {
    const cause = Object.assign(new Error(`the disk says ${code}`), { code });
    expect(toInputError(cause, 'app.log')).toMatchObject({ code: known, message, cause });
  });

  it('leaves an error that is none of the system as it is', () => {
    const error = new TypeError('a bug');
    expect(toInputError(error, 'app.log')).toBe(error);
  });
});

describe('an empty file', () => {
  it('has no bytes and no fault', async () => {
    await withFile(Buffer.alloc(0), async (source) => {
      expect(await source.head(() => false)).toHaveLength(0);
      expect(await whole(source)).toHaveLength(0);
      expect(source.fault).toBeNull();
    });
  });
});
