/**
 * A bulk request against the same file from disk: seconds, events a second, peak memory. Alternating, medians.
 *
 *   node bench/bulk.mjs [--events 1000000] [--rounds 3]
 */
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
  },
});
const events = Number(values.events);
const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapipe-bench-'));
const file = join(folder, 'events.ndjson');

try {
  const made = spawnSync(
    process.execPath,
    ['scripts/make-events.mjs', '--events', values.events, '--seed', '1', '--out', file],
    { cwd: project },
  );
  if (made.status !== 0) throw new Error(String(made.stderr));
  const fromDisk = [];
  const overHttp = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    fromDisk.push(ingest(round));
    overHttp.push(await post(round));
  }
  console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.version}`);
  console.log(`${count(events)} events, ${(statSync(file).size / 1e6).toFixed(0)} MB\n`);
  console.log('| way in | seconds | events/s | peak memory of the server |');
  console.log('| --- | ---: | ---: | ---: |');
  const disk = median(fromDisk.map(({ seconds }) => seconds));
  const http = median(overHttp.map(({ seconds }) => seconds));
  const peak = median(overHttp.map(({ peakMb }) => peakMb));
  console.log(`| \`mapipe ingest\` of the file | ${disk.toFixed(1)} | ${count(events / disk)} | – |`);
  console.log(`| \`POST /api/events\` | ${http.toFixed(1)} | ${count(events / http)} | ${peak} MB |`);
  console.log(`\nOver HTTP at ${((disk / http) * 100).toFixed(0)} % of the speed from disk.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function ingest(round) {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ['bin/mapipe.js', 'ingest', file, '--json', '--quiet', '--store', join(folder, `disk-${round}.duckdb`)],
    { cwd: project, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (status !== 0) throw new Error(stderr);
  return checked(JSON.parse(stdout));
}

async function post(round) {
  const child = spawn(
    process.execPath,
    ['bin/mapipe.js', 'serve', '--port', '0', '--store', join(folder, `http-${round}.duckdb`)],
    { cwd: project, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    const url = await new Promise((resolve, reject) => {
      child.stderr.on('data', (piece) => resolve(/mapipe serves (\S+)/.exec(String(piece))?.[1]));
      child.on('exit', () => reject(new Error('the server did not start')));
    });
    const answer = await fetch(`${url}/api/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: createReadStream(file),
      duplex: 'half',
    });
    const result = checked(await answer.json());
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return { ...result, peakMb: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024) };
  } finally {
    child.kill();
    await new Promise((done) => child.on('exit', done));
  }
}

function checked(body) {
  if (body.accepted !== events || body.lines !== events) {
    throw new Error(`${events} events went in, ${body.accepted} were accepted`);
  }
  return { seconds: body.seconds };
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function count(value) {
  return Math.round(value).toLocaleString('en');
}
