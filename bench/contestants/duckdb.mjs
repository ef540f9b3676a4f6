/** DuckDB through its Node.js package, in a process of its own: peers/duckdb.mjs. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerOfLines, faultsOf } from './answers.mjs';

const SCRIPT = fileURLToPath(new URL('../peers/duckdb.mjs', import.meta.url));
const DATABASE = 'new.duckdb';

const DUCKDB = {
  name: 'DuckDB',
  find: () => spawnSync(process.execPath, [SCRIPT, 'version'], { encoding: 'utf8' }).stdout.trim() || null,
};

export const duckdbSummary = {
  name: 'DuckDB',
  engine: DUCKDB,
  command: ({ file }) => duckdb('summary', file.path, file.format),
  faults: summaryFaults,
};

export const duckdbLoad = load('DuckDB', 'load');

export const duckdbLoadUnordered = load('DuckDB, unordered', 'load-unordered');

function load(name, task) {
  return {
    name,
    engine: DUCKDB,
    command: ({ file, folder }) => duckdb(task, file.path, file.format, join(folder, DATABASE)),
    faults: ({ stdout, file }) => faultsOf({ events: Number(stdout) }, file),
    audit: {
      command: ({ folder }) => duckdb('stored', join(folder, DATABASE)),
      faults: summaryFaults,
    },
  };
}

function duckdb(...args) {
  return { program: process.execPath, args: [SCRIPT, ...args], isNode: true };
}

function summaryFaults({ stdout, file }) {
  return faultsOf(answerOfLines(stdout), file);
}
