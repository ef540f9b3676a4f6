/**
 * Keeps what V8 makes of the bundled files (its code cache) in dist/code/, for src/launch.ts: mapipe is run as its users
 * would, and what it took to answer them is kept.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapipe-build-'));
/** Enough for several threads. */
const MANY = 300_000;

try {
  const sample = join(root, 'data/sample_logs.txt');
  const many = join(folder, 'many.ndjson');
  node('scripts/make-events.mjs', '--events', String(MANY), '--out', many);
  const store = ['--store', join(folder, 'store.duckdb'), '--quiet'];
  // Each run begins with what those before it kept.
  mapipe('--help');
  mapipe('ingest', sample, '--no-store');
  mapipe('ingest', sample, ...store);
  mapipe('ingest', many, '--no-store', '--jobs', '2', '--json');
  mapipe('report', ...store);
  mapipe('report', ...store, '--json');
} finally {
  rmSync(folder, { recursive: true });
}

function mapipe(...command) {
  node('--require', join(root, 'scripts/code/record.cjs'), join(root, 'bin/mapipe.js'), ...command);
}

/** What is said on stderr is seen where it fails. */
function node(...command) {
  execFileSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
}
