import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beginningOf } from '../../src/input/beginning.js';
import { openFile } from '../../src/input/file-source.js';
import { fingerprint } from '../../src/input/recognise.js';
import { FINGERPRINT_BYTES } from '../../src/store/checkpoint.js';
import { checkpointAt } from '../support/events.js';
import { NEVER, someLog, temporaryDirectories } from './blocks.js';

const newDirectory = temporaryDirectories();
const log = someLog(10_000);
const known = checkpointAt(8_000, { headHash: fingerprint(log.subarray(0, FINGERPRINT_BYTES)) });

/** Where the log was read to of which a file of that name and content is the beginning. */
async function found(name: string, content: Buffer, headerBytes = 0): Promise<number | null> {
  const path = join(await newDirectory(), name);
  await writeFile(path, content);
  const source = await openFile(path, NEVER);
  try {
    const head = await source.head(() => true);
    return (await beginningOf(source, { head, headerBytes }, [known]))?.offset ?? null;
  } finally {
    await source.close();
  }
}

describe('a file named as a rotated one', () => {
  it('is the beginning of what was read further, if it begins the same and is shorter', async () => {
    expect(await found('app.log.1', log.subarray(0, 7_999))).toBe(8_000);
    expect(await found('app.log.1', log.subarray(0, FINGERPRINT_BYTES))).toBe(8_000);
  });

  it('is none where it is as long, or begins otherwise, or is too short to tell', async () => {
    expect(await found('app.log.1', log.subarray(0, 8_000))).toBeNull();
    expect(await found('app.log.1', log.subarray(1, 7_000))).toBeNull();
    expect(await found('app.log.1', log.subarray(0, FINGERPRINT_BYTES - 1))).toBeNull();
  });

  it('is none where all that is the same is a header', async () => {
    expect(await found('app.log.1', log.subarray(0, 7_000), FINGERPRINT_BYTES - 100)).toBeNull();
    expect(await found('app.log.1', log.subarray(0, 7_000), 200)).toBe(8_000);
  });
});

it('a file of any other name is what it is', async () => {
  expect(await found('copy.log', log.subarray(0, 7_000))).toBeNull();
});
