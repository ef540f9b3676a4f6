/**
 * Peak memory where there is much of everything: a file of 4 GB, and one of 5,000,000 users and 1,000,000 campaigns.
 * Each is only counted, then stored; every sum is held against what the maker of the file knows.
 *
 *   node bench/memory.mjs [--data FOLDER] [--scale 1]     about 10 GB of disk; --scale 0.01 is a quick look
 */
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { microsOf } from './contestants/answers.mjs';
import { eventFile } from './event-files.mjs';
import { machineLine } from './measure/machine.mjs';
import { tellingPeak, toldPeak } from './measure/peak-memory.mjs';
import { runProcess } from './measure/run-process.mjs';
import { bytesText, countText, durationText } from './report/numbers.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(tmpdir(), 'mapipe-bench') },
    scale: { type: 'string', default: '1' },
  },
});
const scale = Number(values.scale);
const LAUNCHER = fileURLToPath(new URL('../bin/mapipe.js', import.meta.url));
const BAR_BYTES = 512e6;

mkdirSync(values.data, { recursive: true });
console.log(`${machineLine()}\n`);
console.log('| file | events | way | seconds | peak memory | sums |');
console.log('| --- | ---: | --- | ---: | ---: | --- |');
let isWrong = false;
for (const file of [await largeFile(), await fileOfMany()]) {
  await measure(file, 'counted', () => [['ingest', file.path, '--no-store', '--json'], null]);
  await measure(file, 'stored', (folder) => {
    const store = ['--store', join(folder, 'new.duckdb')];
    return [
      ['ingest', file.path, '--json', ...store],
      ['report', '--json', ...store],
    ];
  });
}
if (isWrong) process.exitCode = 1;

async function largeFile() {
  const events = Math.round(26_000_000 * scale);
  const file = await eventFile({ format: 'ndjson', users: 1_000_000, campaigns: 50, events }, values.data);
  const { clicks, conversions, revenue } = file.truth;
  const truth = { clicks, conversions, revenueMicros: microsOf(revenue), campaigns: 50 };
  return { path: file.path, name: bytesText(file.bytes), events, truth };
}

/** Each event is another user's, and five of them share a campaign; every tenth is a conversion. */
async function fileOfMany() {
  const events = Math.round(5_000_000 * scale);
  const campaigns = Math.round(1_000_000 * scale);
  const path = join(values.data, `users-${events}-campaigns-${campaigns}.ndjson`);
  let cents = 0;
  const line = (i) => {
    const moment = new Date(Date.UTC(2026, 5, 1) + i * 500).toISOString();
    // 7,919 is prime to the number of campaigns: all of them come, in no order.
    const start = `"timestamp":"${moment}","campaign_id":"c${(i * 7_919) % campaigns}","user_id":"user-${i}"`;
    if (i % 10 !== 0) return `{"type":"click",${start},"source":"google"}\n`;
    const price = (i * 37) % 100_000;
    cents += price;
    return `{"type":"conversion",${start},"amount":${(price / 100).toFixed(2)}}\n`;
  };
  const isThere = existsSync(path);
  const output = isThere ? null : createWriteStream(`${path}.unfinished`);
  for (let i = 0, block = ''; i < events; i++) {
    block += line(i);
    if (output && (block.length > 1 << 20 || i === events - 1)) {
      if (!output.write(block)) await once(output, 'drain');
    }
    if (block.length > 1 << 20) block = '';
  }
  if (output) {
    output.end();
    await once(output, 'close');
    renameSync(`${path}.unfinished`, path);
  }
  const conversions = Math.ceil(events / 10);
  const truth = {
    clicks: events - conversions,
    conversions,
    revenueMicros: BigInt(cents) * 10_000n,
    campaigns,
  };
  const name = `${countText(events)} users, ${countText(campaigns)} campaigns, ${bytesText(statSync(path).size)}`;
  return { path, name, events, truth };
}

async function measure({ name, events, truth }, way, commandsIn) {
  const folder = mkdtempSync(join(values.data, 'memory-'));
  try {
    const [ingest, report] = commandsIn(folder).map(
      (args) => args && { program: process.execPath, args: [LAUNCHER, ...args], isNode: true },
    );
    const run = await runProcess(tellingPeak(ingest, folder), folder);
    if (run.fault !== null) throw new Error(run.fault);
    const peak = toldPeak(folder);
    const told = JSON.parse(run.stdout);
    const faults = faultsOf(told.report, truth, false);
    if (told.accepted !== events) faults.push(`${told.accepted} accepted`);
    if (report) {
      const stored = await runProcess(report, folder);
      if (stored.fault !== null) throw new Error(stored.fault);
      faults.push(...faultsOf(JSON.parse(stored.stdout), truth, true));
    }
    if (faults.length > 0) isWrong = true;
    const memory = `${bytesText(peak)}${peak > BAR_BYTES ? ' (MISSED)' : ''}`;
    const sums = faults.length === 0 ? 'exact' : `WRONG: ${faults.join(', ')}`;
    console.log(
      `| ${name} | ${countText(events)} | ${way} | ${durationText(run.seconds)} | ${memory} | ${sums} |`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is wrong with a report: its totals, and the sums of its campaigns; of a stored one also how many there are. */
function faultsOf({ totals, campaigns }, truth, listsAll) {
  const sum = (valueOf) => campaigns.reduce((total, row) => total + valueOf(row), 0n);
  const revenue = (row) => revenueMicros(row.revenue);
  const checks = [
    ['clicks', BigInt(totals.clicks), BigInt(truth.clicks)],
    ['conversions', BigInt(totals.conversions), BigInt(truth.conversions)],
    ['revenue', revenue(totals), truth.revenueMicros],
    ['clicks of campaigns', sum((row) => BigInt(row.clicks)), BigInt(truth.clicks)],
    ['revenue of campaigns', sum(revenue), truth.revenueMicros],
    ...(listsAll ? [['campaigns', BigInt(totals.campaigns), BigInt(truth.campaigns)]] : []),
  ];
  return checks
    .filter(([, found, wanted]) => found !== wanted)
    .map(([what, found, wanted]) => `${what} ${found}, not ${wanted}`);
}

/** The number was written from a decimal of two digits, which rounding to cents gives back. */
function revenueMicros(revenue) {
  return BigInt(Math.round(revenue * 100)) * 10_000n;
}
