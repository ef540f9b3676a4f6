/** A .gz that is damaged: loud, with what stands before the fault stored once, and the rest once an intact copy is there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { finish, run, start, temporaryFolder } from '../support/cli.js';
import { ingestHere, storedIn } from '../support/in-process.js';

const LINES = 30_000;
const PLAIN = Buffer.from(
  Array.from(
    { length: LINES },
    (_, i) => `{"campaign_id":"a","user_id":"u${i}","timestamp":1780272000}\n`,
  ).join(''),
);
const half = PLAIN.lastIndexOf('\n', PLAIN.length / 2) + 1;
const MEMBERS = [PLAIN.subarray(0, half), PLAIN.subarray(half)].map((part) => gzipSync(part));
const INTACT = Buffer.concat(MEMBERS);
const [first = INTACT, second = INTACT] = MEMBERS;

function withByteFlipped(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}

describe('a gzip file of two members', () => {
  it('that is intact is read whole, and as the plain log it is of is known again', async () => {
    const folder = temporaryFolder();
    const [file, plain, store] = ['a.gz', 'a', 's.duckdb'].map((name) => join(folder, name));
    if (!file || !plain || !store) throw new Error('three names make three paths');
    writeFileSync(file, INTACT);
    writeFileSync(plain, PLAIN);
    expect(await ingestHere(store, [file])).toMatchObject({ accepted: LINES });
    expect(await ingestHere(store, [plain, file])).toMatchObject({ lines: 0 });
  });

  it.each([
    ['cut off in its footer', INTACT.subarray(0, -3), 'it is cut off in its footer', true],
    [
      'cut off in its second header',
      INTACT.subarray(0, first.length + 4),
      'it is cut off in its header',
      false,
    ],
    [
      'cut off in its data',
      INTACT.subarray(0, first.length + second.length / 2),
      'its compressed data is damaged or cut off',
      false,
    ],
    ['of a wrong checksum', withByteFlipped(INTACT, INTACT.length - 8), 'its checksum is wrong', true],
    [
      'of a wrong checksum in its first member',
      withByteFlipped(INTACT, first.length - 8),
      'its checksum is wrong',
      false,
    ],
    [
      'of a wrong length',
      withByteFlipped(INTACT, INTACT.length - 4),
      'its length is not what its footer says',
      true,
    ],
    [
      'with garbage behind it',
      Buffer.concat([INTACT, Buffer.from('garbage')]),
      'garbage follows its last member',
      true,
    ],
  ])(
    '%s is told with exit 1, has what stands before it stored, and an intact copy adds the rest',
    async (_, damaged, why, isAll) => {
      const folder = temporaryFolder();
      const [file, store] = [join(folder, 'a.gz'), join(folder, 's.duckdb')];
      writeFileSync(file, damaged);
      const { code, stdout, stderr } = await run(['ingest', file, '--json', '--quiet'], { store });
      expect(stderr).toBe(
        `mapipe: ${file} is a damaged gzip file: ${why} (what stands before the fault has been read; get an intact copy and run the same command again)\n`,
      );
      expect(code).toBe(1);
      const { clicks } = await storedIn(store).catch(() => ({ clicks: 0 }));
      const { lines, accepted, rejected } = JSON.parse(stdout) as Record<string, number>;
      expect([accepted, (lines ?? 0) - (rejected ?? 0)]).toEqual([clicks, clicks]);
      expect(clicks).toBeGreaterThanOrEqual(isAll ? LINES : Math.floor(LINES * 0.4));
      writeFileSync(file, INTACT);
      await ingestHere(store, [file]);
      expect(await storedIn(store)).toMatchObject({ clicks: LINES, users: LINES });
    },
  );

  it('on stdin is told with exit 1, and has what stands before the fault stored', async () => {
    const store = join(temporaryFolder(), 's.duckdb');
    const input = withByteFlipped(INTACT, INTACT.length - 8);
    const { code, stderr } = await finish(start(['ingest', '--quiet'], { store }), input);
    expect(stderr).toBe(
      'mapipe: the gzip data on stdin is damaged: its checksum is wrong (what stands before the fault has been read)\n',
    );
    expect(code).toBe(1);
    expect(await storedIn(store)).toMatchObject({ clicks: LINES, users: LINES });
  });
});
