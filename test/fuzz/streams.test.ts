/**
 * Whole inputs of every format, spoilt as bytes: no line goes unaccounted, and neither the decoder, nor how the bytes
 * come, nor gzip makes a difference. `MAPIPE_FUZZ_LINES` says of how many lines (CI: few), `MAPIPE_FUZZ_SEED` which.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { shrink } from '../differential/shrink.js';
import { environment, LAUNCHER, temporaryFolder, type IngestBody } from '../support/cli.js';
import { byteStreamOf, type ByteStream } from './byte-streams.js';
import { linesIn, readStream, type Way } from './read-stream.js';

const SEED = Number(process.env['MAPIPE_FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const LINES = Number(process.env['MAPIPE_FUZZ_LINES'] ?? 40_000);
/** Each is a process or two. */
const COMMANDS = Math.min(300, Math.ceil(LINES / 20_000));
/** Far more than the slowest input takes: what takes longer hangs. */
const WATCHDOG_MS = 60_000;

console.log(`fuzz of streams: MAPIPE_FUZZ_SEED=${SEED} MAPIPE_FUZZ_LINES=${LINES}`);

const PLAIN = { decoder: 'reference', cutSeed: 0, gzipped: false } as const;

/** What is wrong with what is made of a stream; null where nothing is. */
async function faultOf({ format, bytes }: ByteStream, seed: number): Promise<string | null> {
  // Of the first bytes a gzip file is told, and of few, what is no log.
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const expected = await readStream(bytes, { ...PLAIN, format });
  const there = linesIn(bytes);
  if (!isGzip && expected.lines !== there) return `${expected.lines} lines of ${there}`;
  const ways: Omit<Way, 'format'>[] = [
    { ...PLAIN, cutSeed: seed },
    { ...PLAIN, decoder: 'auto' },
    { decoder: 'auto', cutSeed: seed + 1, gzipped: !isGzip },
  ];
  for (const way of ways) {
    const told = await readStream(bytes, { ...way, format });
    if (told.lines !== told.accounted) return `${told.accounted} accounted for, of ${told.lines} lines`;
    if (told.body !== expected.body) return `${JSON.stringify(way)}: ${told.body}\n${expected.body}`;
  }
  const guessed = await readStream(bytes, { ...PLAIN, format: 'auto' });
  if (guessed.faults.length === 0 && guessed.lines !== there) return `${guessed.lines} lines of ${there}`;
  return guessed.lines === guessed.accounted ? null : 'lines that are not accounted for, of a guessed format';
}

it(
  `spoilt streams are accounted for, whatever reads them, seed ${SEED}`,
  { timeout: 3_600_000 },
  async () => {
    const lines = new Map<string, number>();
    for (let seed = SEED, left = LINES; left > 0; seed++) {
      const stream = byteStreamOf(seed);
      // Of the processor, as others may keep it busy.
      const before = process.cpuUsage();
      if ((await faultOf(stream, seed)) !== null) {
        const shows = async (bytes: Buffer): Promise<boolean> =>
          (await faultOf({ ...stream, bytes }, seed)) !== null;
        const bytes = await shrink(stream.bytes, shows);
        throw new Error(
          [
            `${stream.format}: ${await faultOf({ ...stream, bytes }, seed)}`,
            `input: ${JSON.stringify(bytes.toString('latin1').slice(0, 4_000))} (${bytes.length} bytes)`,
            `again, as the first stream: MAPIPE_FUZZ_SEED=${seed} MAPIPE_FUZZ_LINES=1`,
          ].join('\n'),
        );
      }
      expect(process.cpuUsage(before).user / 1000, `seed ${seed}`).toBeLessThan(WATCHDOG_MS);
      lines.set(stream.format, (lines.get(stream.format) ?? 0) + stream.lines);
      left -= stream.lines;
    }
    console.log(`fuzzed as streams: ${JSON.stringify(Object.fromEntries(lines))}`);
  },
);

/** What the command line tells of a file, and its exit code. */
function told(path: string, ...options: string[]): { code: number | null; body: string; stderr: string } {
  const args = [LAUNCHER, 'ingest', path, '--no-store', '--json', '--quiet', ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: environment({}),
    encoding: 'utf8',
    timeout: 5 * WATCHDOG_MS,
    maxBuffer: 1 << 30,
  });
  return { code: status, body: stdout, stderr };
}

it(
  `spoilt files are told the same as they are and gzipped, by the command, seed ${SEED}`,
  { timeout: 3_600_000 },
  () => {
    const folder = temporaryFolder();
    for (let seed = SEED; seed < SEED + COMMANDS; seed++) {
      const { bytes } = byteStreamOf(seed);
      const path = join(folder, `${seed}.log`);
      writeFileSync(path, bytes);
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 1 }));
      const plain = told(path);
      const gzipped = told(`${path}.gz`);
      expect([0, 1], `seed ${seed}: ${plain.stderr}`).toContain(plain.code);
      // Of an input that is no log it says so in a line, and nothing else is ever said.
      expect(plain.stderr, `seed ${seed}`).toMatch(plain.code === 0 ? /^$/ : /^mapipe: [^\n]+\n$/);
      const body = JSON.parse(plain.body) as IngestBody;
      expect(body.lines, `seed ${seed}`).toBe(body.accepted + body.duplicates + body.ignored + body.rejected);
      if (plain.code === 0) expect(body.lines, `seed ${seed}`).toBe(linesIn(bytes));
      // An event without a time is stamped with the moment.
      const steady = (text: string): string =>
        text.replace(/"(generated_at|seconds|bytes|input|first_event_at|last_event_at)": [^\n]+/g, '');
      expect([gzipped.code, steady(gzipped.body)], `seed ${seed}`).toEqual([plain.code, steady(plain.body)]);
    }
  },
);
