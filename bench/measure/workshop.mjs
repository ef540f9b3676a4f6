/** Where a bench works: its folders, and the files and stores that it reads. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { STORE, mapipeDurable } from '../contestants/mapipe.mjs';
import { eventFile, gzipFile, warm } from '../event-files.mjs';
import { FULL_EVENTS } from '../rows.mjs';
import { createProgress } from './progress.mjs';
import { runContestant } from './run-contestant.mjs';

/** A smaller bench has fewer users too, down to this. */
const LEAST_USERS = 1_000;
const SCRATCH = /^scratch-(\d+)$/;

export function openWorkshop({ data, events, rounds }) {
  mkdirSync(data, { recursive: true });
  sweep(data);
  const scratch = join(data, `scratch-${process.pid}`);
  mkdirSync(scratch);
  const progress = createProgress(process.stderr);
  const stores = new Map();

  /** Does the work in a folder of its own, which is then taken away. */
  async function inFolder(work) {
    const folder = mkdtempSync(join(scratch, 'run-'));
    try {
      return await work(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** What a row reads: its file, made if need be and in the page cache, and its store. */
  async function inputOf(row) {
    if (!row.data) return {};
    const users = Math.max(LEAST_USERS, Math.round((row.data.users * events) / FULL_EVENTS));
    progress.begin(row.name, 'data');
    const file = await eventFile({ ...row.data, events, users }, data, scratch);
    const gzipPath = row.gzip ? await gzipFile(file.path, scratch) : null;
    await warm(file.path);
    progress.end(file.name);
    return { file, gzipPath, store: row.needsStore ? await storeOf(row, file) : null };
  }

  async function storeOf(row, file) {
    if (!stores.has(file.path)) {
      progress.begin(row.name, 'store');
      const folder = mkdtempSync(join(scratch, 'store-'));
      const { seconds, faults } = await runContestant(mapipeDurable, { file }, folder);
      if (faults.length > 0) throw new Error(`the store could not be made: ${faults.join('; ')}`);
      progress.end(`made in ${seconds.toFixed(1)} s`);
      stores.set(file.path, join(folder, STORE));
    }
    return stores.get(file.path);
  }

  return { events, rounds, scratch, progress, proofs: new Map(), inFolder, inputOf };
}

/** Takes away what benches that were killed have left. */
function sweep(folder) {
  for (const name of readdirSync(folder)) {
    const pid = SCRATCH.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
