/**
 * The files that are read, made from a seed by scripts/make-events.mjs. A file is made once and kept: its name carries
 * what it was made of, and it gets that name only when it and the truth about it are whole.
 */
import { spawn } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';

const MAKE_EVENTS = fileURLToPath(new URL('../scripts/make-events.mjs', import.meta.url));
const SEED = 1;

/**
 * `{ path, name, format, bytes, users, campaigns, truth }`: the file of these events in `folder`, made there if need be.
 * What is being made lies in `workFolder`, which must be on the same file system.
 */
export async function eventFile({ format, users, campaigns, events }, folder, workFolder = folder) {
  const name = `events-${events}-users-${users}-campaigns-${campaigns}-seed-${SEED}.${format}`;
  const path = join(folder, name);
  const truthPath = `${path}.truth.json`;
  if (!existsSync(path) || !existsSync(truthPath)) {
    mkdirSync(folder, { recursive: true });
    const unfinished = join(workFolder, `${name}.unfinished`);
    const truth = await makeEvents({ format, users, campaigns, events, seed: SEED, out: unfinished });
    writeFileSync(`${unfinished}.truth`, truth);
    renameSync(`${unfinished}.truth`, truthPath);
    renameSync(unfinished, path);
  }
  const truth = JSON.parse(readFileSync(truthPath, 'utf8'));
  return { path, name, format, bytes: statSync(path).size, users, campaigns, truth };
}

/** The same file gzipped, beside it. */
export async function gzipFile(path, workFolder) {
  const gzipped = `${path}.gz`;
  if (!existsSync(gzipped)) {
    const unfinished = join(workFolder, 'gzip.unfinished');
    await pipeline(createReadStream(path), createGzip(), createWriteStream(unfinished));
    renameSync(unfinished, gzipped);
  }
  return gzipped;
}

/** Reads a file once, so that it lies in the page cache as far as there is room. */
export async function warm(path) {
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) void piece;
}

/** Gives the line of JSON that tells what is in the file. */
function makeEvents(parameters) {
  const args = Object.entries(parameters).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAKE_EVENTS, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    const stop = () => child.kill();
    process.once('exit', stop);
    let text = '';
    child.stderr.on('data', (piece) => (text += piece));
    child.on('error', reject);
    child.on('close', (status) => {
      process.off('exit', stop);
      if (status === 0) resolve(text);
      else reject(new Error(`the events could not be made: ${text}`));
    });
  });
}
