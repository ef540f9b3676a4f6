import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFile } from '../../src/input/file-source.js';
import { fingerprint, recognise, recogniseByName, sharesHead } from '../../src/input/recognise.js';
import { FINGERPRINT_BYTES, type Checkpoint } from '../../src/store/checkpoint.js';
import { NEVER, noise, someLog, temporaryDirectories } from './blocks.js';

const newDirectory = temporaryDirectories();

/** What is kept when `content` has been read up to `offset`. */
function checkpointAt(content: Buffer, offset: number, more: Partial<Checkpoint> = {}): Checkpoint {
  const head = content.subarray(0, Math.min(FINGERPRINT_BYTES, offset));
  const tail = content.subarray(Math.max(0, offset - FINGERPRINT_BYTES), offset);
  return {
    runId: 'run',
    inputNumber: 0,
    name: 'app.log',
    source: null,
    device: null,
    inode: null,
    headLength: head.length,
    headHash: fingerprint(head),
    tailLength: tail.length,
    tailHash: fingerprint(tail),
    offset,
    lines: 0,
    openOffset: null,
    provisionalKey: 0n,
    rereads: false,
    ...more,
  };
}

async function recognised(path: string, checkpoints: readonly Checkpoint[]): Promise<Checkpoint | null> {
  const source = await openFile(path, NEVER);
  try {
    return await recognise(source, await source.head(() => true), checkpoints);
  } finally {
    await source.close();
  }
}

async function recognisedContent(
  content: Buffer,
  checkpoints: readonly Checkpoint[],
): Promise<Checkpoint | null> {
  const path = join(await newDirectory(), 'input.log');
  await writeFile(path, content);
  return recognised(path, checkpoints);
}

describe('an input that was read before', () => {
  const log = someLog(20_000);

  it.each([1, 10, 500, 1023, 1024, 1025, 1500, 2048, 15_000, 20_000])(
    'up to %s bytes is known again',
    async (offset) => {
      const checkpoint = checkpointAt(log, offset);
      expect(await recognisedContent(log, [checkpoint])).toBe(checkpoint);
    },
  );

  it('is known when it has grown, small ones too', async () => {
    const checkpoints = [checkpointAt(log, 100), checkpointAt(someLog(9000), 9000)];
    expect(await recognisedContent(log, checkpoints.slice(0, 1))).toBe(checkpoints[0]);
    expect(await recognisedContent(log, checkpoints)).toBe(checkpoints[1]);
  });

  it('is known under another name, as a copy, by a link and compressed', async () => {
    const directory = await newDirectory();
    const [original, copy, link, compressed] = ['app.log', 'copy.txt', 'link', 'app.log.1.gz'].map((name) =>
      join(directory, name),
    ) as [string, string, string, string];
    await writeFile(original, log);
    await copyFile(original, copy);
    await symlink(original, link);
    await writeFile(compressed, gzipSync(log));
    const checkpoint = checkpointAt(log, 15_000);
    for (const path of [original, copy, link, compressed])
      expect(await recognised(path, [checkpoint])).toBe(checkpoint);
  });

  it('is known up to the furthest place, whatever the order of the checkpoints', async () => {
    const checkpoints = [5000, 18_000, 200].map((offset) => checkpointAt(log, offset));
    expect(await recognisedContent(log, checkpoints)).toBe(checkpoints[1]);
    expect(await recognisedContent(log, checkpoints.toReversed())).toBe(checkpoints[1]);
  });

  it('is known among those of other inputs', async () => {
    const known = checkpointAt(log, 7000);
    const others = [checkpointAt(noise(9000), 9000), checkpointAt(someLog(9000).fill(0x78, 0, 1), 9000)];
    expect(await recognisedContent(log, [...others, known])).toBe(known);
  });
});

describe('an input that is new', () => {
  const log = someLog(20_000);

  it('is one that nothing is known of', async () => {
    expect(await recognisedContent(log, [])).toBeNull();
    expect(await recognisedContent(Buffer.alloc(0), [checkpointAt(log, 500)])).toBeNull();
    expect(await recognisedContent(log, [checkpointAt(Buffer.alloc(0), 0)])).toBeNull();
  });

  it.each([19_999, 15_000, 1024, 1000, 1])('is one that was cut off, to %s bytes', async (length) => {
    expect(await recognisedContent(log.subarray(0, length), [checkpointAt(log, 20_000)])).toBeNull();
  });

  it('is one whose first bytes are others', async () => {
    const other = Buffer.from(log);
    other[0] = 0x5b;
    expect(await recognisedContent(other, [checkpointAt(log, 15_000)])).toBeNull();
  });

  it('is one with the same start whose bytes before the offset are others, as after copytruncate', async () => {
    const other = Buffer.from(log);
    other[14_999] = 0x5b;
    expect(await recognisedContent(other, [checkpointAt(log, 15_000)])).toBeNull();
    expect(await recognisedContent(gzipSync(other), [checkpointAt(log, 15_000)])).toBeNull();
  });
});

describe('sharesHead', () => {
  it('holds for an input that is as long at least and begins alike', () => {
    const log = someLog(3000);
    expect(sharesHead(log, checkpointAt(log, 3000))).toBe(true);
    expect(sharesHead(log.subarray(0, 1024), checkpointAt(log, 3000))).toBe(true);
    expect(sharesHead(log.subarray(0, 1023), checkpointAt(log, 3000))).toBe(false);
    expect(sharesHead(log, checkpointAt(log, 0))).toBe(false);
  });
});

describe('recogniseByName', () => {
  it('finds the last checkpoint of the source that the user named, whatever it holds', () => {
    const checkpoints = [
      checkpointAt(noise(10), 10, { source: 'web' }),
      checkpointAt(noise(10), 5, { source: 'web' }),
      checkpointAt(noise(10), 9, { source: 'shop' }),
      checkpointAt(noise(10), 8),
    ];
    expect(recogniseByName('web', checkpoints)).toBe(checkpoints[1]);
    expect(recogniseByName('mail', checkpoints)).toBeNull();
  });
});
