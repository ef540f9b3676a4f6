/**
 * SIGKILL at random moments, each followed by a re-run, must end with exactly the file's totals. A short run by default;
 * `MAPIPE_KILLS=100 npx vitest run test/faults/kill.test.ts` for a long one.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ingest, PROJECT, report, start, temporaryFolder } from '../support/cli.js';

const KILLS = Number(process.env['MAPIPE_KILLS'] ?? 4);
/** Enough for a file that is read in pieces, on several threads. */
const EVENTS = 250_000;
/** By turns the smallest commits there are, so that a kill falls between some of them, and such as the engine fetches. */
const COMMIT_EVENTS = ['1', '70000'];

interface Truth {
  readonly clicks: number;
  readonly conversions: number;
  readonly revenue: string;
  readonly users: number;
}

function makeEvents(path: string, ...more: string[]): Truth {
  const script = join(PROJECT, 'scripts/make-events.mjs');
  const sizes = ['--events', String(EVENTS), '--users', '20000', '--campaigns', '8'];
  const made = spawnSync(process.execPath, [script, ...sizes, '--out', path, ...more], { encoding: 'utf8' });
  return JSON.parse(made.stderr) as Truth;
}

/** Starts an ingest and kills it after `delayMs`; whether it was still running. */
async function killedIngest(
  store: string,
  file: string,
  delayMs: number,
  jobs: string,
  kill: number,
): Promise<boolean> {
  const env = { MAPIPE_COMMIT_EVENTS: COMMIT_EVENTS[kill % COMMIT_EVENTS.length] ?? '1' };
  const child = start(['ingest', file, '--quiet', '--jobs', jobs], { store, env });
  child.stdout?.resume();
  const exited = new Promise<boolean>((resolve) => {
    child.on('exit', (_code, signal) => {
      resolve(signal === 'SIGKILL');
    });
  });
  await sleep(delayMs);
  child.kill('SIGKILL');
  return exited;
}

describe.each(['1', '3'])('an ingest with %s jobs that is killed', (jobs) => {
  it(
    'ends, after a re-run, with exactly the file’s totals',
    async () => {
      const folder = temporaryFolder();
      const file = join(folder, 'events.ndjson');
      const truth = makeEvents(file);
      const startedMs = performance.now();
      await ingest(join(folder, 'whole.duckdb'), [file]);
      const wholeMs = performance.now() - startedMs;
      let killed = 0;
      for (let i = 0; i < KILLS; i++) {
        const store = join(folder, `${i}.duckdb`);
        if (await killedIngest(store, file, 50 + Math.random() * wholeMs * 1.1, jobs, i)) killed++;
        await ingest(store, [file]);
        const { totals } = await report(store);
        expect(totals, `kill ${i}`).toMatchObject({
          clicks: truth.clicks,
          conversions: truth.conversions,
          revenue: Number(truth.revenue),
          unique_users: truth.users,
        });
      }
      expect(killed).toBeGreaterThan(0);
    },
    60_000 + KILLS * 15_000,
  );

  it(
    'gets to the end of the file however often it is killed on the way',
    async () => {
      const folder = temporaryFolder();
      const file = join(folder, 'events.ndjson');
      const truth = makeEvents(file, '--ids', '--seed', '2');
      const store = join(folder, 's.duckdb');
      for (let i = 0; i < KILLS; i++) await killedIngest(store, file, 300 + Math.random() * 1500, jobs, i);
      await ingest(store, [file]);
      expect((await report(store)).totals).toMatchObject({
        clicks: truth.clicks,
        conversions: truth.conversions,
        revenue: Number(truth.revenue),
      });
    },
    60_000 + KILLS * 15_000,
  );
});
