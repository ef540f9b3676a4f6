/** Whoever reads what is printed may read slowly, or no further than he likes: the bytes are the same, and the end is quiet. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, start } from '../support/cli.js';
import { ingestHere, storedIn } from '../support/in-process.js';

const ROUNDS = Number(process.env['MAPIPE_READERS'] ?? 1);
/** So many that no pipe holds what is printed. */
const CAMPAIGNS = 2_000;
const QUESTIONS = [
  ['report', '--json', '--tz', 'UTC'],
  ['report', '--format', 'csv', '--tz', 'UTC'],
  ['report', '--tz', 'UTC'],
];

let folder = '';
let store = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mapipe-test-'));
  store = join(folder, 's.duckdb');
  const file = join(folder, 'a.ndjson');
  const lines = Array.from(
    { length: CAMPAIGNS },
    (_, i) => `{"campaign_id":"campaign ${i}","user_id":"u${i}","timestamp":1780272000}\n`,
  );
  writeFileSync(file, lines.join(''));
  await ingestHere(store, [file]);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Less what tells of time. */
function steady(text: string): string {
  return text.replace(/"generated_at": "[^"]+"/, '');
}

/** Reads so many bytes with a pause behind each piece, then closes the pipe. */
async function readSlowly(
  args: readonly string[],
  bytes: number,
  pauseMs: number,
): Promise<{ text: string; code: number | null; stderr: string }> {
  const child = start(args, { store });
  const { stdout } = child;
  if (!stdout) throw new Error('a child has a stdout');
  let stderr = '';
  child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const exited = once(child, 'close') as Promise<[number | null]>;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stdout as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length >= bytes) break;
    await sleep(pauseMs);
  }
  stdout.destroy();
  const [code] = await exited;
  return { text: Buffer.concat(pieces).toString(), code, stderr };
}

describe.each(QUESTIONS)('what %s %s %s prints', (...args) => {
  it('is the same, byte for byte, to whoever reads it slowly', async () => {
    const expected = await run(args, { store });
    expect(expected.stdout.length).toBeGreaterThan(80 * 1024);
    for (let i = 0; i < ROUNDS; i++) {
      const { text, code, stderr } = await readSlowly(args, Infinity, 20 + Math.random() * 30);
      expect(steady(text) === steady(expected.stdout)).toBe(true);
      expect([code, stderr]).toEqual([0, '']);
    }
  });

  it('ends quietly with 0 where the reader has read enough', async () => {
    const expected = await run(args, { store });
    for (let i = 0; i < ROUNDS; i++) {
      const { text, code, stderr } = await readSlowly(args, 1 + Math.random() * 70_000, 5);
      expect(text.length).toBeLessThan(expected.stdout.length);
      expect(steady(expected.stdout).startsWith(steady(text))).toBe(true);
      expect([code, stderr]).toEqual([0, '']);
    }
  });
});

describe('an ingest whose output nobody reads', () => {
  it('has stored everything all the same, and ends with 0', async () => {
    const file = join(folder, 'more.ndjson');
    writeFileSync(file, '{"campaign_id":"more","user_id":"more"}\n'.repeat(3_000));
    const child = start(['ingest', file, '--json', '--quiet', '--no-progress'], { store });
    child.stdout?.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
    expect(await storedIn(store)).toMatchObject({ clicks: CAMPAIGNS + 3_000 });
  });
});
