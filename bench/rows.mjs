/**
 * What is compared: the table of the bench. A row asks one question of its contestants; the first is mapipe, the others
 * are what it is measured against. The bars are those that mapipe has set itself for 5,000,000 events on two cores.
 */
import { fasterThan, peakWithin, shareOf, withinMs, withinTimesOf } from './bars.mjs';
import { barePipe } from './contestants/bare-pipe.mjs';
import { clickhouseSummary } from './contestants/clickhouse.mjs';
import { duckdbLoad, duckdbLoadUnordered, duckdbSummary } from './contestants/duckdb.mjs';
import { goaccessSummary } from './contestants/goaccess.mjs';
import {
  mapipeDurable,
  mapipeDurableFromFile,
  mapipeDurableFromPipe,
  mapipeFromFile,
  mapipeFromGzip,
  mapipeFromPipe,
  mapipeHelp,
  mapipeReport,
  mapipeSummary,
} from './contestants/mapipe.mjs';
import { millerSummary } from './contestants/miller.mjs';
import { nodeNothing } from './contestants/node.mjs';

export const FULL_EVENTS = 5_000_000;

/** What the files hold, at their full size: `users` that the events are drawn from, and campaigns. */
const MANY_USERS = { format: 'ndjson', users: 1_000_000, campaigns: 50 };
const FEW_OF_BOTH = { format: 'ndjson', users: 1_000, campaigns: 5 };
const MANY_OF_BOTH = { format: 'ndjson', users: 5_000_000, campaigns: 50_000 };
const CSV = { ...MANY_USERS, format: 'csv' };
const ACCESS_LOG = { ...MANY_USERS, format: 'access' };

const MILLER_COUNTS_NO_USERS =
  'Miller has no sketch to estimate distinct users with: it is asked for clicks, conversions and revenue only.';

export const ROWS = [
  {
    name: 'ndjson',
    title: 'NDJSON summary',
    question: 'Per campaign: clicks, conversions, revenue, distinct users (estimated). Nothing is stored.',
    data: MANY_USERS,
    contestants: [mapipeSummary, duckdbSummary, clickhouseSummary, millerSummary],
    bar: fasterThan('DuckDB', { bar: 2.5, aim: 4 }),
    notes: [MILLER_COUNTS_NO_USERS],
  },
  {
    name: 'ndjson-few',
    title: 'NDJSON summary, few users and campaigns',
    data: FEW_OF_BOTH,
    contestants: [mapipeSummary, duckdbSummary],
  },
  {
    name: 'ndjson-many',
    title: 'NDJSON summary, many users and campaigns',
    data: MANY_OF_BOTH,
    contestants: [mapipeSummary, duckdbSummary],
    notes: [
      'mapipe’s live summary names 2,000 campaigns and adds up the others as “(other)”; DuckDB lists them all.',
    ],
  },
  {
    name: 'csv',
    title: 'CSV summary',
    data: CSV,
    contestants: [mapipeSummary, duckdbSummary, clickhouseSummary, millerSummary],
    bar: fasterThan('DuckDB', { bar: 1.5, aim: 3 }),
    notes: [MILLER_COUNTS_NO_USERS],
  },
  {
    name: 'access',
    title: 'Access log summary',
    question:
      'A combined access log: landing pages with UTM parameters, and a thank-you page that means a sale.',
    data: ACCESS_LOG,
    contestants: [mapipeSummary, goaccessSummary],
    bar: fasterThan('GoAccess', { bar: 20, aim: 50 }),
    notes: [
      'GoAccess knows no campaigns, conversions or revenue, and makes other panels instead. Of its answer only the number of requests is checked: every line read, none failed.',
    ],
  },
  {
    name: 'durable',
    title: 'Durable ingest',
    question:
      'Every event into a new database on disk: mapipe’s store, and CREATE TABLE AS SELECT * in DuckDB.',
    data: MANY_USERS,
    contestants: [mapipeDurable, duckdbLoad, duckdbLoadUnordered],
    bar: fasterThan('DuckDB', { bar: 2, aim: 3 }),
    notes: [
      '“Unordered” is DuckDB with preserve_insertion_order = false, which lets it write with all its threads.',
    ],
  },
  {
    name: 'stdin-durable',
    title: 'From a pipe, stored',
    question: 'cat FILE | mapipe ingest, against the same file as a file.',
    data: MANY_USERS,
    contestants: [mapipeDurableFromPipe, mapipeDurableFromFile],
    bar: shareOf('mapipe, file', { bar: 0.7, aim: 0.95 }),
  },
  {
    name: 'stdin',
    title: 'From a pipe, summary',
    question: 'cat FILE | mapipe ingest --no-store, against the same file as a file.',
    data: MANY_USERS,
    contestants: [mapipeFromPipe, mapipeFromFile, barePipe],
    bar: shareOf('mapipe, file', { bar: 0.7, aim: 0.95 }),
    notes: ['“cat | dd” brings the same bytes through a pipe, but only throws them away.'],
  },
  {
    name: 'gzip',
    title: 'From a .gz',
    onlyIfNamed: true,
    data: MANY_USERS,
    gzip: true,
    contestants: [mapipeFromGzip, mapipeFromFile],
    notes: ['MB/s are of decompressed bytes.'],
  },
  {
    name: 'memory',
    title: 'Peak memory of ingest',
    peaksOf: ['ndjson', 'ndjson-few', 'ndjson-many', 'csv', 'access', 'durable', 'stdin-durable', 'stdin'],
    bar: peakWithin({ bar: 512e6, aim: 256e6 }),
  },
  {
    name: 'report',
    title: 'Report from the store',
    question: 'mapipe report --json: all campaigns, from every stored event, the whole process.',
    data: MANY_USERS,
    needsStore: true,
    contestants: [mapipeReport],
    bar: withinMs({ bar: 500, aim: 200 }),
  },
  {
    name: 'startup',
    title: 'Start-up',
    question: 'mapipe --help, against a Node.js that does nothing.',
    roundsFactor: 6,
    contestants: [mapipeHelp, nodeNothing],
    bar: withinTimesOf('node -e 0', { bar: 2.5, aim: 1.5 }),
  },
];
