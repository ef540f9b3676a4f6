/**
 * A bulk request against the same file from disk: seconds, events a second, peak memory. Alternating, medians.
 *
 *   node bench/bulk.mjs [--events 1000000] [--rounds 3]
 */
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { eventFile } from './event-files.mjs';
import { machineLine } from './measure/machine.mjs';
import { median } from './measure/median.mjs';
import { peakOf } from './measure/peak-of.mjs';
import { countText } from './report/numbers.mjs';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
  },
});
const events = Number(values.events);
const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapipe-bench-'));

try {
  const file = await eventFile({ format: 'ndjson', users: 1_000_000, campaigns: 50, events }, folder);
  const fromDisk = [];
  const overHttp = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    fromDisk.push(ingest(file.path, round));
    overHttp.push(await post(file.path, round));
  }
  console.log(machineLine());
  console.log(`${countText(events)} events, ${(file.bytes / 1e6).toFixed(0)} MB\n`);
  console.log('| way in | seconds | events/s | peak memory of the server |');
  console.log('| --- | ---: | ---: | ---: |');
  const disk = median(fromDisk.map(({ seconds }) => seconds));
  const http = median(overHttp.map(({ seconds }) => seconds));
  const peak = median(overHttp.map(({ peakMb }) => peakMb));
  console.log(`| \`mapipe ingest\` of the file | ${disk.toFixed(1)} | ${countText(events / disk)} | – |`);
  console.log(`| \`POST /api/events\` | ${http.toFixed(1)} | ${countText(events / http)} | ${peak} MB |`);
  console.log(`\nOver HTTP at ${((disk / http) * 100).toFixed(0)} % of the speed from disk.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function ingest(file, round) {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ['bin/mapipe.js', 'ingest', file, '--json', '--quiet', '--store', join(folder, `disk-${round}.duckdb`)],
    { cwd: project, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (status !== 0) throw new Error(stderr);
  return checked(JSON.parse(stdout));
}

async function post(file, round) {
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
    return { ...result, peakMb: Math.round(peakOf(child.pid) / (1 << 20)) };
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
