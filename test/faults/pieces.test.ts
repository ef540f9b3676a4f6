/** A large file is read in pieces, on several threads: nothing of what is told or stored may depend on that. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT, run, temporaryFolder, type IngestBody, type RunOptions } from '../support/cli.js';

/** A piece is 8 MiB, and a file is read in pieces from 24 MiB on. */
const BYTES = 30 << 20;
const PIECE_BYTES = 8 << 20;
const EVENTS = { ndjson: 200_000, csv: 420_000, access: 125_000 } as const;

function makeEvents(path: string, format: keyof typeof EVENTS, ...more: string[]): void {
  const script = join(PROJECT, 'scripts/make-events.mjs');
  const sizes = ['--events', String(EVENTS[format]), '--users', '30000', '--campaigns', '20'];
  const made = spawnSync(process.execPath, [script, ...sizes, '--format', format, '--out', path, ...more]);
  expect(made.status).toBe(0);
}

/** What an ingest prints and rejects, less what tells of time. */
async function ingested(
  file: string,
  folder: string,
  jobs: number,
  more: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const rejects = join(folder, `rejects-${jobs}.ndjson`);
  writeFileSync(rejects, '');
  const { code, stdout, stderr } = await run(
    ['ingest', file, '--json', '--jobs', String(jobs), '--rejects', rejects, ...more],
    options,
  );
  expect(stderr).not.toContain('mapipe:');
  expect(code).toBe(0);
  return (stdout + readFileSync(rejects, 'utf8')).replace(/"(seconds|generated_at)": [^,\n]+/g, '');
}

describe('a pipe', () => {
  it.each([
    ['one line that nothing ends', '{"campaign_id":"a","user_id":"u"}', 1],
    [
      'a line, and one that nothing ends',
      '{"campaign_id":"a","user_id":"u"}\n{"campaign_id":"a","user_id":"v"}',
      2,
    ],
    ['lines', '{"campaign_id":"a","user_id":"u"}\n\n{"campaign_id":"a","user_id":"v"}\n', 3],
    ['nothing', '', 0],
  ])('of %s is read to its end', async (_, input, lines) => {
    const { code, stdout } = await run(['ingest', '--json', '--no-store'], { input });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lines });
  });
});

describe('lines that are too long', { timeout: 60_000 }, () => {
  it.each([1.5, 4.3, 20])(
    'of %f MB are rejected, each, at any number of jobs, of files and pipes',
    async (size) => {
      const folder = temporaryFolder();
      const file = join(folder, 'events.ndjson');
      makeEvents(file, 'ndjson');
      const good = readFileSync(file).subarray(0, 16 << 20);
      const long = Buffer.concat([Buffer.alloc(size * 1_000_000, 'x'), Buffer.from('\n')]);
      const whole = good.subarray(0, good.lastIndexOf(10) + 1);
      const input = Buffer.concat([long, whole, long, long, whole, long]);
      writeFileSync(file, input);
      const expected = await ingested(file, folder, 1, [
        '--no-store',
        '--decoder',
        'reference',
        '--input-format',
        'ndjson',
      ]);
      expect(expected).toContain('"rejected": 4');
      for (const jobs of [1, 2, 3]) {
        const more = ['--no-store', '--input-format', 'ndjson'];
        expect(await ingested(file, folder, jobs, more), `${jobs} jobs`).toBe(expected);
        const piped = await ingested('-', folder, jobs, more, { input });
        expect(piped, `${jobs} jobs, from a pipe`).toBe(expected.replaceAll(JSON.stringify(file), '"-"'));
      }
    },
  );
});

describe('a large file', { timeout: 120_000 }, () => {
  it.each([
    ['ndjson', []],
    ['ndjson', ['--ids']],
    ['csv', []],
    ['access', []],
  ] as const)('of %s %j gives the same at any number of jobs', async (format, more) => {
    const folder = temporaryFolder();
    const file = join(folder, `events.${format}`);
    makeEvents(file, format, ...more);
    // Lines of every fate, in the last piece: their numbers count from the top of the file.
    const good = readFileSync(file, 'utf8').slice(0, 40_000).split('\n').slice(1, 80);
    appendFileSync(file, `\n\nnot a line of any format\n${good.join('\n')}\n{"type":"page_view"}\n\u00e9{\n`);
    appendFileSync(file, good[0] ?? '');
    expect(readFileSync(file).length).toBeGreaterThan(BYTES * 0.8);
    const goal = format === 'access' ? ['--goal', '/checkout/thank-you'] : [];
    const expected = await ingested(file, folder, 1, ['--no-store', '--decoder', 'reference', ...goal]);
    expect(expected).toContain('"rejected"');
    for (const jobs of [1, 2, 5]) {
      expect(await ingested(file, folder, jobs, ['--no-store', ...goal]), `${jobs} jobs`).toBe(expected);
      const piped = await ingested('-', folder, jobs, ['--no-store', ...goal], { input: readFileSync(file) });
      expect(piped, `${jobs} jobs, from a pipe`).toBe(expected.replaceAll(JSON.stringify(file), '"-"'));
    }
  });

  it('is known again in one run that stores nothing, as a copy and when it has grown', async () => {
    const folder = temporaryFolder();
    const [file, copy, grown] = ['events', 'copy', 'grown'].map((name) => join(folder, `${name}.ndjson`));
    if (!file || !copy || !grown) throw new Error('three names make three paths');
    makeEvents(file, 'ndjson');
    writeFileSync(copy, readFileSync(file));
    writeFileSync(
      grown,
      Buffer.concat([readFileSync(file), Buffer.from('{"campaign_id":"new","user_id":"u"}\n')]),
    );
    const { code, stdout } = await run(['ingest', file, copy, grown, '--json', '--no-store']);
    expect(code).toBe(0);
    const body = JSON.parse(stdout) as IngestBody;
    expect(body).toMatchObject({ lines: EVENTS.ndjson + 1, accepted: EVENTS.ndjson + 1 });
    expect(body.report.campaigns.find(({ campaign_id }) => campaign_id === 'new')).toMatchObject({
      clicks: 1,
    });
  });

  it('that no kernel reads ends in order, though threads were made ready for it', async () => {
    const file = join(temporaryFolder(), 'events.log');
    const lines = 'level=info msg="click recorded" campaign_id=summer user_id=u1 source=google\n'.repeat(
      340_000,
    );
    writeFileSync(file, lines);
    expect(lines.length).toBeGreaterThan(24 << 20);
    const { code, stdout } = await run(['ingest', file, '--json', '--no-store']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 340_000, inputs: [{ format: 'logfmt' }] });
  });

  it('leaves the same store behind at any number of jobs', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'events.ndjson');
    makeEvents(file, 'ndjson', '--ids');
    // Again what stood at its top: as many duplicates.
    appendFileSync(file, readFileSync(file).subarray(0, 100_000));
    const reports: string[] = [];
    for (const jobs of [1, 2, 5]) {
      const store = join(folder, `${jobs}.duckdb`);
      const told = await ingested(file, folder, jobs, ['--store', store]);
      expect(told).toMatch(/"duplicates": [1-9]/);
      const { stdout } = await run(['report', '--json', '--by', 'ad_id', '--store', store]);
      reports.push(stdout.replace(/"generated_at": [^,\n]+/, ''));
      // It has been read to its end: the same command adds nothing.
      expect(await ingested(file, folder, jobs, ['--store', store])).toContain('"accepted": 0');
      const piped = join(folder, `piped-${jobs}.duckdb`);
      const input = readFileSync(file);
      expect(await ingested('-', folder, jobs, ['--store', piped], { input })).toBe(
        told.replaceAll(JSON.stringify(file), '"-"'),
      );
      // Threads tell which texts are new: none may be missing.
      for (const path of [store, piped]) {
        expect(await run(['doctor', '--store', path])).toMatchObject({ code: 0 });
      }
      const again = await run(['report', '--json', '--by', 'ad_id', '--store', piped]);
      reports.push(again.stdout.replace(/"generated_at": [^,\n]+/, ''));
    }
    expect(reports).toHaveLength(6);
    for (const report of reports) expect(report).toBe(reports[0]);
  });

  it('may hold CSV records over many lines, at the border of pieces as well', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'events.csv');
    makeEvents(file, 'csv');
    const lines = readFileSync(file, 'utf8').split('\n');
    const record = `click,2026-06-01T00:00:00.000Z,promo_01,"u\n${`${'x,'.repeat(90)}y\n`.repeat(900)}z",google,cpc,ad_1,,,`;
    // So many that some of them lie across the border of two pieces.
    for (let i = 1_000; i < 240_000; i += 1_500) lines[i] = record;
    const text = lines.slice(0, 240_000).join('\n');
    writeFileSync(file, `${text}\n`);
    const borders = Array.from(
      { length: Math.floor(text.length / PIECE_BYTES) },
      (_, i) => (i + 1) * PIECE_BYTES,
    );
    expect(borders.some((at) => text.lastIndexOf('"u\n', at) > text.lastIndexOf('z",', at))).toBe(true);
    const expected = await ingested(file, folder, 1, ['--no-store', '--decoder', 'reference']);
    expect(expected).toContain('record_continuation');
    for (const jobs of [1, 2]) expect(await ingested(file, folder, jobs, ['--no-store'])).toBe(expected);
    const stored = await ingested(file, folder, 2, ['--store', join(folder, 's.duckdb')]);
    expect(accountOf(stored)).toEqual(accountOf(expected));
    const piped = await ingested('-', folder, 2, ['--no-store'], { input: text });
    expect(accountOf(piped)).toEqual(accountOf(expected));
  });

  it('from a pipe may hold CSV records over many lines from somewhere on', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'events.csv');
    makeEvents(file, 'csv');
    const lines = readFileSync(file, 'utf8').split('\n');
    const record = 'click,2026-06-01T00:00:00.000Z,promo_01,"u\nv",google,cpc,ad_1,,,';
    // So close together that some of them lie across the border of two slabs, wherever the slabs end.
    const input = lines.map((line, i) => (i >= 150_001 && i < lines.length - 1 ? record : line)).join('\n');
    writeFileSync(file, input);
    const expected = await ingested(file, folder, 1, ['--no-store', '--decoder', 'reference']);
    expect(expected).toContain('record_continuation');
    for (const jobs of [1, 3]) {
      const piped = await ingested('-', folder, jobs, ['--no-store'], { input });
      expect(piped, `${jobs} jobs`).toBe(expected.replaceAll(JSON.stringify(file), '"-"'));
    }
  });
});

function accountOf(told: string): unknown {
  return ['lines', 'accepted', 'duplicates', 'ignored', 'rejected'].map((name) =>
    new RegExp(`"${name}": (\\d+)`).exec(told)?.slice(1),
  );
}
