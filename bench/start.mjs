/**
 * How long mapipe takes to start, against a Node that does nothing: each command in turn, again and again.
 *
 *   node bench/start.mjs --runs 40
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '40' } } });
const runs = Number(values.runs);
const launcher = fileURLToPath(new URL('../bin/mapipe.js', import.meta.url));
const sample = fileURLToPath(new URL('../data/sample_logs.txt', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapipe-start-'));
const tenLines = join(folder, 'ten.log');
// Without what makes every Node start slower: NODE_EXTRA_CA_CERTS alone takes longer than an empty program.
const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_'));
const env = { ...Object.fromEntries(inherited), MAPIPE_STORE: join(folder, 's.duckdb'), TZ: 'UTC' };

const contestants = new Map([
  ['`node -e 0`', ['-e', '0']],
  ['`mapipe --help`', [launcher, '--help']],
  [
    '`mapipe ingest FILE --no-store --json`, 10 lines',
    [launcher, 'ingest', tenLines, '--no-store', '--json'],
  ],
  ['`mapipe report --json`', [launcher, 'report', '--json']],
  ['`mapipe report`', [launcher, 'report']],
]);

try {
  writeFileSync(tenLines, readFileSync(sample, 'utf8').split('\n').slice(0, 10).join('\n') + '\n');
  timeOf([launcher, 'ingest', sample, '--quiet']);
  const times = new Map([...contestants.keys()].map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const [name, args] of contestants) times.get(name).push(timeOf(args));
  }
  const empty = median(times.get('`node -e 0`'));
  console.log('| command | median | against `node -e 0` |\n| --- | ---: | ---: |');
  for (const [name, all] of times) {
    console.log(`| ${name} | ${median(all).toFixed(0)} ms | ${(median(all) / empty).toFixed(1)} × |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function timeOf(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - start;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
