/**
 * ClickHouse as the chdb package has it, in a process of its own: peers/clickhouse.mjs. The package is no dependency; it
 * is looked for in the project, and in the folder that MAPIPE_BENCH_CHDB names.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerOfLines, faultsOf } from './answers.mjs';

const SCRIPT = fileURLToPath(new URL('../peers/clickhouse.mjs', import.meta.url));
const library = findLibrary();

const CLICKHOUSE = {
  name: 'ClickHouse',
  find() {
    if (library === null) return null;
    const { stdout } = spawnSync(process.execPath, [SCRIPT, library, 'version'], { encoding: 'utf8' });
    return stdout.trim() || null;
  },
};

export const clickhouseSummary = {
  name: 'ClickHouse',
  engine: CLICKHOUSE,
  command: ({ file }) => ({
    program: process.execPath,
    args: [SCRIPT, library, 'summary', file.path, file.format],
    isNode: true,
  }),
  faults: ({ stdout, file }) => faultsOf(answerOfLines(stdout), file),
};

function findLibrary() {
  const folder = process.env.MAPIPE_BENCH_CHDB;
  const from = folder ? join(resolve(folder), 'package.json') : import.meta.url;
  try {
    return createRequire(from).resolve('chdb');
  } catch {
    return null;
  }
}
