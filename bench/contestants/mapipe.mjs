/** mapipe itself, as its users run it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf, microsOf } from './answers.mjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const LAUNCHER = join(PROJECT, 'bin', 'mapipe.js');

/** The store that `mapipeDurable` leaves in its folder. */
export const STORE = 'new.duckdb';

const MAPIPE = {
  name: 'mapipe',
  find() {
    if (!existsSync(join(PROJECT, 'dist', 'main.cjs'))) throw new Error('mapipe is not built: npm run build');
    return JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')).version;
  },
};

const summary = ['ingest', '--no-store', '--json'];

export const mapipeSummary = {
  name: 'mapipe',
  engine: MAPIPE,
  command: ({ file }) => mapipe([...summary, ...goal(file), file.path]),
  faults: ingestFaults,
};

export const mapipeFromFile = { ...mapipeSummary, name: 'mapipe, file' };

export const mapipeFromPipe = {
  name: 'mapipe, pipe',
  engine: MAPIPE,
  command: ({ file }) => throughPipe(file, mapipe(summary)),
  faults: ingestFaults,
};

export const mapipeFromGzip = {
  name: 'mapipe, gzip',
  engine: MAPIPE,
  command: ({ gzipPath }) => mapipe([...summary, gzipPath]),
  faults: ingestFaults,
};

export const mapipeDurable = {
  name: 'mapipe',
  engine: MAPIPE,
  command: ({ file, folder }) => mapipe(['ingest', file.path, '--store', join(folder, STORE), '--json']),
  faults: ingestFaults,
  /** What it says is stored is there, as another process sees it. */
  audit: {
    command: ({ folder }) => report(join(folder, STORE)),
    faults: reportFaults,
  },
};

export const mapipeDurableFromFile = { ...mapipeDurable, name: 'mapipe, file' };

export const mapipeDurableFromPipe = {
  ...mapipeDurable,
  name: 'mapipe, pipe',
  command: ({ file, folder }) =>
    throughPipe(file, mapipe(['ingest', '--store', join(folder, STORE), '--json'])),
};

export const mapipeReport = {
  name: 'mapipe',
  engine: MAPIPE,
  command: ({ store }) => report(store),
  faults: reportFaults,
};

export const mapipeHelp = {
  name: 'mapipe --help',
  engine: MAPIPE,
  command: () => mapipe(['--help']),
  faults: ({ stdout }) => (stdout.includes('Usage: mapipe') ? [] : ['it printed no usage']),
};

function mapipe(args) {
  return { program: process.execPath, args: [LAUNCHER, ...args], isNode: true };
}

/** By a shell, so that it is a pipe: what Node.js connects two processes with is a socket. */
function throughPipe(file, { program, args }) {
  return { program: 'sh', args: ['-c', 'cat "$0" | "$@"', file.path, program, ...args], isNode: true };
}

function report(store) {
  return mapipe(['report', '--json', '--store', store]);
}

/** In an access log a sale is a page. */
function goal({ format }) {
  return format === 'access' ? ['--goal', '/checkout/thank-you'] : [];
}

function ingestFaults({ stdout, file }) {
  const { accepted, duplicates, rejected, report } = JSON.parse(stdout);
  return faultsOf({ ...answerOf(report), events: accepted, failed: duplicates + rejected }, file);
}

function reportFaults({ stdout, file }) {
  return faultsOf(answerOf(JSON.parse(stdout)), file);
}

function answerOf({ totals, campaigns }) {
  return {
    events: totals.clicks + totals.conversions,
    users: totals.unique_users,
    campaigns: campaigns.map(({ campaign_id, clicks, conversions, revenue, unique_users }) => ({
      name: campaign_id,
      clicks,
      conversions,
      // The number was written from a decimal of few digits, which its shortest text gives back.
      revenueMicros: microsOf(String(revenue)),
      users: unique_users,
    })),
  };
}
