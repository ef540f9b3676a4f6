/**
 * Every nasty input of scripts/make-nasty.mjs, of every format, by every decoder, plain and gzipped, and in every form
 * of output. The huge ones are read of one format; `MAPIPE_NASTY_HUGE=1` reads them of all.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  nastyInputs,
  type NastyAccount,
  type NastyFormat,
  type NastyInput,
} from '../../scripts/make-nasty.mjs';
import type { DecoderName } from '../../src/decode/decoder.js';
import { parseGoal, type Goal } from '../../src/decode/goal.js';
import type { IngestResult } from '../../src/ingest/ingest-request.js';
import { StreamSource } from '../../src/input/stream-source.js';
import { ingest } from '../../src/pipeline.js';
import { loadRenderer, OUTPUT_FORMATS, type OutputFormat } from '../../src/report/render/formats.js';
import { PLAIN_STYLE } from '../../src/report/render/plain-style.js';
import { OPTIONS } from '../decode/decoding.js';
import { chunksOf } from '../differential/decode-both.js';
import { isKernels } from '../differential/kernel-formats.js';
import { environment, LAUNCHER, temporaryFolder, type IngestBody, type ReportBody } from '../support/cli.js';
import { readCsv } from './read-csv.js';

const FORMATS: readonly NastyFormat[] = ['ndjson', 'csv', 'tsv', 'logfmt', 'text', 'common', 'combined'];
const HUGE_OF_ALL = process.env['MAPIPE_NASTY_HUGE'] === '1';
const BUY = parseGoal('/buy') as Goal;
const DECODE = { ...OPTIONS, inputZone: 'Europe/Berlin', goals: [BUY] };
/** What no terminal may get from a log: controls but the line feed, marks of direction, other ends of lines. */
// eslint-disable-next-line no-control-regex -- they are what is looked for.
const UNSAFE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

interface Way {
  readonly decoder: DecoderName;
  readonly cutSeed: number;
  readonly gzipped: boolean;
  readonly guessed: boolean;
}

function waysFor({ format, isLarge, isRefusedWhenGuessed, input, expected }: NastyInput): Way[] {
  const plain = { decoder: 'reference', cutSeed: 0, gzipped: false, guessed: false } as const;
  const [firstLine = ''] = input
    .toString('utf8', 0, 1 << 16)
    .replace('\ufeff', '')
    .split(/\r?\n/, 1);
  const hasKernel = expected.accepted > 0 && isKernels(format, DECODE, firstLine);
  return [
    { ...plain, cutSeed: 1 },
    { ...plain, decoder: hasKernel ? 'kernel' : 'auto' },
    ...(isLarge
      ? []
      : [
          { ...plain, gzipped: true, cutSeed: 2 },
          { ...plain, decoder: 'auto' as const, cutSeed: 3 },
        ]),
    ...(isLarge || isRefusedWhenGuessed ? [] : [{ ...plain, guessed: true }]),
  ];
}

async function read(
  { input, format }: NastyInput,
  { decoder, cutSeed, gzipped, guessed }: Way,
): Promise<IngestResult> {
  const sent = gzipped ? gzipSync(input) : input;
  return ingest({
    inputs: ['nasty'],
    open: (name, signal) =>
      Promise.resolve(new StreamSource(name, Readable.from(chunksOf(sent, cutSeed)), signal)),
    format: guessed ? 'auto' : format,
    decode: DECODE,
    decoder,
    jobs: 1,
    store: null,
    sourceName: null,
    rejectsPath: null,
    timeZone: 'UTC',
    signal: new AbortController().signal,
  });
}

function expectOutcome({ summary, faults }: IngestResult, { expected, at }: NastyInput, why: string): void {
  expect(faults, why).toEqual([]);
  const { lines, accepted, ignores, rejects, report } = summary;
  const counts = (map: ReadonlyMap<string, number>): object =>
    Object.fromEntries([...map].filter(([, count]) => count > 0));
  expect({ lines, accepted, ignores: counts(ignores), rejects: counts(rejects) }, why).toEqual({
    ...{ lines: expected.lines, accepted: expected.accepted },
    ...{ ignores: expected.ignores, rejects: expected.rejects },
  });
  expect(lines, why).toBe(accepted + summary.duplicates + summary.ignored + summary.rejected);
  const campaigns = report.campaigns.map(
    ({ campaignId, clicks, conversions, revenueMicros }) =>
      [campaignId, { clicks, conversions, revenueMicros }] as const,
  );
  expect(new Map(campaigns), why).toEqual(expected.campaigns);
  expect(campaigns, why).toHaveLength(expected.campaigns.size);
  const timed = report.campaigns.find(({ campaignId }) => campaignId === 'timed');
  if (timed) expect(timed.firstEventMicros, why).toBe(BigInt(Date.parse(at ?? '')) * 1000n);
}

async function shown({ summary }: IngestResult, format: OutputFormat): Promise<string> {
  const renderer = await loadRenderer(format);
  return [...renderer.report(summary.report, { style: PLAIN_STYLE })].join('');
}

/** Revenue as it is written: two decimals, or as many as it needs. */
function decimal(micros: bigint): string {
  const digits = micros.toString().padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6).replace(/0{1,4}$/, '')}`;
}

/** Each form of output is safe to show, and gives back what is in it. */
async function expectOutputs(result: IngestResult, expected: NastyAccount): Promise<void> {
  const text = new Map<OutputFormat, string>();
  for (const format of OUTPUT_FORMATS) text.set(format, await shown(result, format));
  for (const format of ['table', 'markdown'] as const) expect(text.get(format)).not.toMatch(UNSAFE);
  expect((text.get('csv') ?? '').replaceAll('\r\n', '\n')).not.toMatch(UNSAFE);
  expect(text.get('json')).not.toMatch(UNSAFE);
  expect(text.get('ndjson')).not.toMatch(UNSAFE);
  expect(text.get('markdown')).not.toMatch(/<img/);

  const body = JSON.parse(text.get('json') ?? '') as ReportBody;
  const rows = (text.get('ndjson') ?? '').split('\n').slice(0, -1);
  expect(new Set(body.campaigns.map((row) => row.campaign_id))).toEqual(new Set(expected.campaigns.keys()));
  expect(rows.map((row) => JSON.parse(row) as unknown)).toEqual(body.campaigns);
  for (const [, { revenueMicros }] of expected.campaigns)
    expect(text.get('json')).toContain(`"revenue": ${decimal(revenueMicros)},`);

  const [head = [], ...records] = readCsv(text.get('csv') ?? '');
  expect(records).toHaveLength(expected.campaigns.size);
  for (const [name = '', ...numbers] of records) {
    expect(numbers).toHaveLength(head.length - 1);
    expect(name).not.toMatch(/^[=+\-@\t\r]/);
    for (const number of numbers.slice(0, 8)) expect(number).toMatch(/^(-?\d+(\.\d+)?(e-\d+)?)?$/);
  }
}

describe.each(FORMATS)('nasty input as %s', (format) => {
  it(
    'comes to what it must by every decoder, in whatever chunks, gzipped and guessed, and in every output',
    { timeout: 600_000 },
    async () => {
      let inputs = 0;
      for (const nasty of nastyInputs({ formats: [format], huge: HUGE_OF_ALL || format === 'logfmt' })) {
        inputs++;
        for (const way of waysFor(nasty)) {
          const result = await read(nasty, way);
          expectOutcome(result, nasty, `${nasty.name}, ${JSON.stringify(way)}`);
          if (way.decoder === 'reference' && way.cutSeed === 1 && !nasty.isLarge)
            await expectOutputs(result, nasty.expected);
        }
        if (!nasty.isRefusedWhenGuessed) continue;
        const { summary, faults } = await read(nasty, {
          decoder: 'auto',
          cutSeed: 0,
          gzipped: false,
          guessed: true,
        });
        expect([summary.lines, faults.map(({ code }) => code)], nasty.name).toEqual([
          0,
          ['MAPIPE_INPUT_BINARY'],
        ]);
      }
      expect(inputs).toBeGreaterThan(60);
    },
  );

  it('is stored as it comes, and shown by the command without anything unsafe', { timeout: 300_000 }, () => {
    const folder = temporaryFolder();
    const store = join(folder, 's.duckdb');
    const sum = { lines: 0, accepted: 0 };
    const campaigns = new Map<string | null, { clicks: number; conversions: number }>();
    const files: string[] = [];
    const seen = new Set<string>();
    for (const { name, input, expected, isLarge } of nastyInputs({ formats: [format], huge: false })) {
      // A blank file says no format, and a copy of another one adds nothing.
      const content = input.toString('latin1');
      if (expected.lines === 0 || seen.has(content)) continue;
      // Every other table is this one, grown. Large ones are stored of the formats that several threads read in their own way.
      if (name === 'a header only' || (isLarge && !['ndjson', 'csv', 'combined'].includes(format))) continue;
      seen.add(content);
      const path = join(folder, `${files.length}${files.length % 4 === 0 ? '.gz' : ''}`);
      writeFileSync(path, files.length % 4 === 0 ? gzipSync(input, { level: 1 }) : input);
      files.push(path);
      sum.lines += expected.lines;
      sum.accepted += expected.accepted;
      for (const [name, { clicks, conversions }] of expected.campaigns) {
        const so = campaigns.get(name) ?? { clicks: 0, conversions: 0 };
        campaigns.set(name, { clicks: so.clicks + clicks, conversions: so.conversions + conversions });
      }
    }
    const mapipe = (...args: string[]): { stdout: string; stderr: string } => {
      const env = environment({ store });
      const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args], {
        ...{ env, encoding: 'utf8', timeout: 120_000, maxBuffer: 1 << 30 },
      });
      expect(stderr).not.toContain('mapipe:');
      expect(status, stderr).toBe(0);
      return { stdout, stderr };
    };
    const options = ['--input-format', format, '--input-tz', 'Europe/Berlin', '--jobs', '3'];
    const goal = format === 'common' || format === 'combined' ? ['--goal', '/buy'] : [];
    const { stdout, stderr } = mapipe('ingest', ...files, '--json', ...options, ...goal);
    const account = JSON.parse(stdout) as IngestBody;
    expect(account).toMatchObject(sum);
    expect(account.lines).toBe(account.accepted + account.duplicates + account.ignored + account.rejected);
    expect(stdout + stderr).not.toMatch(UNSAFE);
    const { stdout: json } = mapipe('report', '--json');
    const stored = (JSON.parse(json) as ReportBody).campaigns.map(
      ({ campaign_id, clicks, conversions }) => [campaign_id, { clicks, conversions }] as const,
    );
    expect(new Map(stored)).toEqual(campaigns);
    expect(stored).toHaveLength(campaigns.size);
    expect(mapipe('report').stdout).not.toMatch(UNSAFE);
  });
});

it('a half-written .gz is read to where it ends, and told', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'half.gz');
  const line = '{"campaign_id":"c","user_id":"u","timestamp":1780315200}\n';
  // A member that is whole, and one of which there is no more than its header.
  writeFileSync(path, Buffer.concat([gzipSync(line.repeat(3)), gzipSync(line).subarray(0, 10)]));
  for (const more of [[], ['--no-store']]) {
    const store = join(folder, 's.duckdb');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [LAUNCHER, 'ingest', path, '--json', '--quiet', ...more],
      {
        ...{ env: environment({ store }), encoding: 'utf8', timeout: 60_000 },
      },
    );
    expect(JSON.parse(stdout)).toMatchObject({ lines: 3, accepted: 3 });
    expect(stderr).toMatch(/^mapipe: .*damaged gzip[^\n]*\n$/);
    expect(status).toBe(1);
  }
});
