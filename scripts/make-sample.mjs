/**
 * Makes the sample data from a seed: the same bytes on every run.
 *
 *   node scripts/make-sample.mjs           writes data/sample_logs.txt, data/sample_logs.csv, data/sample_access.log
 *   node scripts/make-sample.mjs --check   exits 1 if a file on disk differs from what the seed gives
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createRandom } from './random.mjs';
import { sampleAccessLog } from './sample/access-log.mjs';
import { asCsv, asJsonLines } from './sample/event-formats.mjs';
import { sampleEvents } from './sample/journeys.mjs';

const SEED = 20_260_601;
const dataUrl = new URL('../data/', import.meta.url);

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const events = sampleEvents(createRandom(SEED));
const accessLog = sampleAccessLog(createRandom(SEED + 1));
const files = new Map([
  ['sample_logs.txt', asJsonLines(events)],
  ['sample_logs.csv', asCsv(events)],
  ['sample_access.log', accessLog.text],
]);

await (options.check ? check() : write());

async function write() {
  await mkdir(dataUrl, { recursive: true });
  for (const [name, text] of files) {
    await writeFile(new URL(name, dataUrl), text);
    console.error(`data/${name}: ${text.split('\n').length - 1} lines`);
  }
  const kinds = [...accessLog.kinds].sort().map(([kind, count]) => `${kind} ${count}`);
  console.error(`requests in sample_access.log: ${kinds.join(', ')}`);
}

async function check() {
  for (const [name, text] of files) {
    const onDisk = await readFile(new URL(name, dataUrl), 'utf8').catch(() => undefined);
    if (onDisk === text) continue;
    process.exitCode = 1;
    const fault = onDisk === undefined ? 'is missing' : 'differs from what the seed gives';
    console.error(`data/${name} ${fault}; run: node scripts/make-sample.mjs`);
  }
}
