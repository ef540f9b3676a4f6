/**
 * Durable clicks over HTTP against the same server with an empty handler: requests a second and latency, in one run,
 * alternating, medians. Needs wrk (Debian: `apt-get install wrk`).
 *
 *   node bench/serve.mjs [--seconds 8] [--rounds 3] [--connections 64,256,1024]
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineLine } from './measure/machine.mjs';
import { median } from './measure/median.mjs';
import { countText } from './report/numbers.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64,256,1024' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), 'mapipe-bench-'));
const script = join(folder, 'click.lua');
writeFileSync(
  script,
  `wrk.method = "POST"
wrk.body = '{"campaign_id":"summer_sale","user_id":"customer_123","source":"google","ad_id":"banner_ad_456"}'
wrk.headers["Content-Type"] = "application/json"
`,
);

if (spawnSync('wrk', ['--version']).error) {
  console.error('bench/serve.mjs needs wrk: apt-get install wrk');
  process.exit(1);
}
console.log(`${machineLine()}\n`);
console.log('| connections | empty handler, requests/s | p99 | durable clicks, requests/s | p99 | ratio |');
console.log('| ---: | ---: | ---: | ---: | ---: | ---: |');
try {
  for (const connections of values.connections.split(',').map(Number)) {
    const empty = [];
    const durable = [];
    for (let round = 0; round < rounds; round++) {
      empty.push(await measure('empty', connections));
      durable.push(await measure('durable', connections));
    }
    const [e, d] = [empty, durable].map((runs) => ({
      rate: median(runs.map(({ rate }) => rate)),
      p99Ms: median(runs.map(({ p99Ms }) => p99Ms)),
    }));
    const ratio = median(durable.map(({ rate }, i) => rate / empty[i].rate));
    console.log(
      `| ${connections} | ${countText(e.rate)} | ${e.p99Ms.toFixed(0)} ms | ${countText(d.rate)} | ${d.p99Ms.toFixed(0)} ms | ${(ratio * 100).toFixed(0)} % |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One run on a server and a store of its own; throws where an answered click is not stored, or stored twice. */
async function measure(kind, connections) {
  const store = join(folder, `${kind}-${Date.now()}.duckdb`);
  const program = kind === 'empty' ? ['bench/empty-server.mjs'] : ['bin/mapipe.js', 'serve', '--port', '0'];
  const child = spawn(process.execPath, program, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, MAPIPE_STORE: store },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const url = await new Promise((resolve, reject) => {
      let text = '';
      child.stderr.on('data', (piece) => {
        text += piece;
        const found = /mapipe serves (\S+)/.exec(text)?.[1];
        if (found) resolve(found);
      });
      child.on('exit', () => reject(new Error(`the ${kind} server did not start: ${text}`)));
    });
    const wrk = await run('wrk', [
      '-t1',
      `-c${connections}`,
      `-d${seconds}s`,
      '--latency',
      '-s',
      script,
      `${url}/api/click`,
    ]);
    if (/Non-2xx/.test(wrk)) throw new Error(wrk);
    const answered = Number(/(\d+) requests in/.exec(wrk)?.[1]);
    if (kind === 'durable') {
      // Those under way when the load stopped are stored too, but were not counted as answered.
      const { totals } = await (await fetch(`${url}/api/analytics`)).json();
      if (totals.clicks < answered || totals.clicks > answered + connections) {
        throw new Error(`${answered} clicks were answered, ${totals.clicks} are stored`);
      }
    }
    return {
      rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(wrk)?.[1]),
      p99Ms: milliseconds(/^\s+99%\s+(\S+)/m.exec(wrk)?.[1]),
    };
  } finally {
    child.kill('SIGTERM');
    await new Promise((done) => child.on('exit', done));
    rmSync(store, { force: true });
  }
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (piece) => (text += piece));
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}

function milliseconds(text = '') {
  const [, value, unit] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? [];
  return Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit];
}
