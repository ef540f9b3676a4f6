/**
 * A bot's garbage: each event names a campaign and an ad of its own. Memory stays bounded, every sum exact, and a
 * terminal is not flooded. CI reads 100,000 of them; `MAPIPE_MANY=1000000` says how many.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  environment,
  LAUNCHER,
  PROJECT,
  temporaryFolder,
  type IngestBody,
  type ReportBody,
} from '../support/cli.js';

const EVENTS = Number(process.env['MAPIPE_MANY'] ?? 100_000);
const INGEST_BAR_BYTES = 512e6;
/** A report has to hold a row a campaign; this is far from what it took when it held several copies of each. */
const REPORT_BAR_BYTES = 400e6 + EVENTS * 2_600;
const START = 1_780_272_000;
/** The live aggregator's own bounds, as DESIGN gives them no number: all that matters is that there are some. */
const MAX_LIVE_ROWS = 2_002;

interface Truth {
  readonly clicks: number;
  readonly conversions: number;
  readonly cents: number;
}

/** Every tenth is a conversion; what they come to is summed up here, and nowhere else. */
function writeGarbage(path: string): Truth {
  const file = openSync(path, 'w');
  let lines: string[] = [];
  let [clicks, conversions, cents] = [0, 0, 0];
  for (let i = 0; i < EVENTS; i++) {
    // Names in no order, none of which comes twice.
    const campaign = `bot-${((i * 2_654_435_761) % 2 ** 32).toString(36)}-${i}`;
    const more =
      i % 10 === 3
        ? `"type":"conversion","amount":"${((i % 997) / 100).toFixed(2)}"`
        : `"type":"click","ad_id":"ad-${i}","source":"s${i % 5}"`;
    if (i % 10 === 3) [conversions, cents] = [conversions + 1, cents + (i % 997)];
    else clicks++;
    lines.push(
      `{"timestamp":${START + (i % 86_400)},"campaign_id":"${campaign}","user_id":"u${i % 1_000}",${more}}\n`,
    );
    if (lines.length < 20_000 && i < EVENTS - 1) continue;
    writeSync(file, lines.join(''));
    lines = [];
  }
  closeSync(file);
  return { clicks, conversions, cents };
}

interface Ran {
  readonly stdout: string;
  readonly peakBytes: number;
}

const PRELOAD = pathToFileURL(join(PROJECT, 'bench/measure/tell-peak-memory.mjs')).href;

function mapipe(args: readonly string[], store: string): Ran {
  const peakFile = `${store}.peak`;
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', PRELOAD, LAUNCHER, ...args], {
    env: environment({ store, env: { MAPIPE_BENCH_PEAK_FILE: peakFile } }),
    encoding: 'utf8',
    maxBuffer: 2 ** 29,
    timeout: 900_000,
  });
  expect(status, stderr.slice(0, 2_000)).toBe(0);
  const peakBytes = Number(readFileSync(peakFile, 'utf8')) * 1024;
  const seconds = (performance.now() - started) / 1000;
  const what = args.filter((arg) => !arg.includes('/')).join(' ');
  console.log(`${EVENTS} campaigns: ${what}: ${seconds.toFixed(1)} s, ${Math.round(peakBytes / 1e6)} MB`);
  return { stdout, peakBytes };
}

describe(`${EVENTS} campaigns and ads of a bot`, () => {
  it('are counted exactly, in bounded memory, without a store and with one', { timeout: 3_600_000 }, () => {
    const folder = temporaryFolder();
    const path = join(folder, 'garbage.ndjson');
    const { clicks, conversions, cents } = writeGarbage(path);
    const sums = { clicks, conversions, revenue: cents / 100, unique_users: 1_000 };

    const counted = mapipe(['ingest', path, '--no-store', '--json'], join(folder, 'none.duckdb'));
    const stored = mapipe(['ingest', path, '--json'], join(folder, 's.duckdb'));
    for (const { stdout, peakBytes } of [counted, stored]) {
      const { lines, accepted, report } = JSON.parse(stdout) as IngestBody;
      expect([lines, accepted]).toEqual([EVENTS, EVENTS]);
      expect(report.totals).toMatchObject({ clicks, conversions, revenue: cents / 100 });
      // What the cap leaves out is in one row of its own, so that the rows still add up.
      expect(report.campaigns.length).toBeLessThanOrEqual(MAX_LIVE_ROWS);
      expect(report.campaigns.map((row) => row.campaign_id)).toContain('(other)');
      expect(sumOf(report, 'clicks')).toBe(clicks);
      expect(sumOf(report, 'conversions')).toBe(conversions);
      expect(Math.round(sumOf(report, 'revenue') * 100)).toBe(cents);
      expect(peakBytes).toBeLessThan(INGEST_BAR_BYTES);
    }

    const store = join(folder, 's.duckdb');
    const all = mapipe(['report', '--format', 'csv'], store);
    const [, ...records] = all.stdout.trimEnd().split('\r\n');
    expect(records).toHaveLength(EVENTS);
    const cells = records.map((record) => record.split(','));
    expect(new Set(cells.map(([name]) => name)).size).toBe(EVENTS);
    expect(cells.reduce((sum, cell) => sum + Number(cell[1]), 0)).toBe(clicks);
    expect(cells.reduce((sum, cell) => sum + Math.round(Number(cell[4]) * 100), 0)).toBe(cents);
    const limited = mapipe(['report', '--json', '--limit', '3'], store);
    const body = JSON.parse(limited.stdout) as ReportBody;
    expect(body.campaigns).toHaveLength(3);
    expect(body.totals).toMatchObject({ campaigns: EVENTS, clicks, conversions, revenue: sums.revenue });
    const table = mapipe(['report'], store);
    expect(table.stdout.match(/^bot-/gm)?.length).toBe(EVENTS + 10);
    for (const { peakBytes } of [all, limited, table]) expect(peakBytes).toBeLessThan(REPORT_BAR_BYTES);
  });
});

function sumOf({ campaigns }: ReportBody, metric: string): number {
  return campaigns.reduce((sum, row) => sum + Number(row[metric]), 0);
}
