/** The bench's options: what was asked for, or null for --help. Ends the process where they cannot be understood. */
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FULL_EVENTS, ROWS } from './rows.mjs';

const NAMES = ROWS.map(({ name }) => name);

export const USAGE = `Usage: npm run bench -- [options]

Runs mapipe and its peers on the same files, checks every answer, and prints medians and ratios. A whole bench takes
5 GB of disk. DuckDB is always there; ClickHouse, Miller and GoAccess take part where they are found.

Options:
  --events <n>         events in each file (default ${FULL_EVENTS}, for which the bars are set)
  --rounds <n>         timed runs of each contestant (default 5)
  --only <name,...>    only these rows: ${NAMES.slice(0, 6).join(', ')},
                       ${NAMES.slice(6).join(', ')} (gzip runs only if named)
  --data <folder>      where the files are made, once, and kept (default ${join(tmpdir(), 'mapipe-bench')});
                       choose one on a disk if that is held in memory
  --write              write the tables into docs/BENCHMARKS.md
  --json <file>        write everything measured into this file
  --help               print this

MAPIPE_BENCH_CHDB=<folder> names a folder with node_modules/chdb in it, if ClickHouse is to take part and chdb is not
installed in the project. The exit code is 1 if an answer was wrong; a missed bar is told, and no failure.
`;

export function readOptions(args) {
  const values = parsed(args);
  if (values.help) return null;
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) refuse(`--only: expected one of ${NAMES.join(', ')}, got ${unknown}`);
  if (values.write && only) refuse('--write: expected all rows, got --only: the page would lose the others');
  return {
    events: wholeNumber(values, 'events', 1_000),
    rounds: wholeNumber(values, 'rounds', 1),
    rows: ROWS.filter((row) => (only ? only.includes(row.name) : !row.onlyIfNamed)),
    data: resolve(values.data),
    write: values.write,
    json: values.json ?? null,
  };
}

function parsed(args) {
  try {
    return parseArgs({
      args,
      options: {
        events: { type: 'string', default: String(FULL_EVENTS) },
        rounds: { type: 'string', default: '5' },
        only: { type: 'string' },
        data: { type: 'string', default: join(tmpdir(), 'mapipe-bench') },
        write: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return refuse(error.message);
  }
}

function wholeNumber(values, name, least) {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= least) return value;
  return refuse(`--${name}: expected a whole number from ${least}, got ${values[name]}`);
}

function refuse(message) {
  console.error(`${message}\nnpm run bench -- --help prints the options.`);
  process.exit(2);
}
