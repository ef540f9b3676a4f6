/**
 * SIGKILL at random moments, each followed by a re-run, must end with exactly the file's totals; and must not where no
 * checkpoint is written, which shows that this test can tell. A short run by default, a long one, which prints what
 * became of each kill, by `MAPIPE_KILLS=100 npx vitest run test/faults/kill.test.ts`.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { finish, ingest, report, start, temporaryFolder } from '../support/cli.js';
import { rowsOf, storedIn } from '../support/in-process.js';
import { makeEvents, type Truth } from '../support/event-file.js';
import { KillFigures } from '../support/kill-figures.js';

const KILLS = Number(process.env['MAPIPE_KILLS'] ?? 2);
const IS_LONG = KILLS > 2;
/** Enough for a file that is read in pieces, on several threads. */
const EVENTS = 180_000;
/** A stream is sent twice for each kill. */
const STREAMED_EVENTS = IS_LONG ? EVENTS : 50_000;
/** By turns the smallest commits there are, so that a kill falls between some of them, and such as the engine fetches. */
const COMMIT_EVENTS = ['1', '70000'];

const figures = new KillFigures();

interface KillRequest {
  readonly store: string;
  readonly args: readonly string[];
  readonly delayMs: number;
  /** Whether the time runs from the first commit of events on, not from the start. */
  readonly behindCommit?: boolean;
  /** Chooses the size of commits. */
  readonly number: number;
  readonly input?: Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Under which the outcome is counted. */
  readonly kind: string;
}

/** Starts an ingest and kills it after `delayMs`; whether it was still running, and how much was stored by then. */
async function killedIngest(request: KillRequest): Promise<{ killed: boolean; stored: number }> {
  const { store, args, delayMs, behindCommit = false, number, input, env, kind } = request;
  const commitEvents = COMMIT_EVENTS[number % COMMIT_EVENTS.length] ?? '1';
  const child = start(['ingest', ...args, '--quiet'], {
    store,
    env: { MAPIPE_COMMIT_EVENTS: commitEvents, ...env },
  });
  child.stdout?.resume();
  child.stdin?.on('error', () => undefined);
  if (input) child.stdin?.write(input);
  const exited = new Promise<boolean>((resolve) => {
    child.on('exit', (_code, signal) => {
      resolve(signal === 'SIGKILL');
    });
  });
  if (behindCommit) await firstCommit(store, child);
  await sleep(delayMs);
  child.kill('SIGKILL');
  const killed = await exited;
  const { clicks, conversions } = await storedIn(store).catch(() => ({ clicks: 0, conversions: 0 }));
  figures.add(kind, killed, clicks + conversions);
  return { killed, stored: clicks + conversions };
}

/** The log of a new store with its tables and nothing else is smaller. */
const LOG_WITH_EVENTS_BYTES = 30_000;

/** Resolves when events stand in the log, or the process has ended. */
async function firstCommit(store: string, child: ChildProcess): Promise<void> {
  const bytes = (): number => statSync(`${store}.wal`, { throwIfNoEntry: false })?.size ?? 0;
  while (bytes() < LOG_WITH_EVENTS_BYTES && child.exitCode === null) await sleep(3);
}

let takesMs: number | null = null;

/** How long an ingest of a file takes, so that kills fall within it. */
async function wholeMs(folder: string, file: string): Promise<number> {
  if (takesMs !== null) return takesMs;
  const startedMs = performance.now();
  await ingest(join(folder, 'whole.duckdb'), [file]);
  return (takesMs = performance.now() - startedMs);
}

function truthOf({ clicks, conversions, revenue, users }: Truth): object {
  return { clicks, conversions, revenue: Number(revenue), unique_users: users };
}

afterAll(() => {
  if (IS_LONG) console.log(figures.text());
});

describe.each(['1', '3'])('an ingest with %s jobs that is killed', (jobs) => {
  const kind = `file, ${jobs} jobs`;

  it(
    'ends, after a re-run, with exactly the file’s totals',
    async () => {
      const folder = temporaryFolder();
      const file = join(folder, 'events.ndjson');
      const truth = makeEvents(file, EVENTS);
      const ms = await wholeMs(folder, file);
      let landed = 0;
      // A machine that has less to do than a moment ago may be done before the kill.
      for (let i = 0; i < KILLS || (landed === 0 && i < 20); i++) {
        const store = join(folder, `${i}.duckdb`);
        // Every other one behind the first commit, which comes late in a file of this size.
        const behindCommit = i % 2 === 1;
        const delayMs = behindCommit ? Math.random() * ms * 0.4 : 50 + Math.random() * ms;
        const { killed } = await killedIngest({
          store,
          args: [file, '--jobs', jobs],
          delayMs,
          behindCommit,
          number: Math.floor(i / 2),
          kind,
        });
        if (killed) landed++;
        await ingest(store, [file]);
        expect((await report(store)).totals, `kill ${i}`).toMatchObject(truthOf(truth));
      }
      expect(landed).toBeGreaterThan(0);
    },
    60_000 + KILLS * 15_000,
  );

  it(
    'gets to the end of the file however often it is killed on the way',
    async () => {
      const folder = temporaryFolder();
      const file = join(folder, 'events.ndjson');
      const truth = makeEvents(file, EVENTS, '--ids', '--seed', '2');
      const ms = await wholeMs(folder, file);
      const args = [file, '--jobs', jobs];
      let landed = 0;
      let store = join(folder, '0.duckdb');
      for (let i = 0; i < KILLS || (landed === 0 && i < 20); i++) {
        const delayMs = 50 + Math.random() * ms;
        const { killed } = await killedIngest({
          store,
          args,
          delayMs,
          number: i,
          kind: `${kind}, on the way`,
        });
        if (killed) {
          landed++;
          continue;
        }
        // It has got there; the next kills are of another store.
        expect((await report(store)).totals, `after ${i} kills`).toMatchObject(truthOf(truth));
        store = join(folder, `${i + 1}.duckdb`);
      }
      await ingest(store, [file]);
      expect((await report(store)).totals).toMatchObject(truthOf(truth));
      expect(landed).toBeGreaterThan(0);
    },
    60_000 + KILLS * 15_000,
  );
});

describe('a stream whose ingest is killed', () => {
  it(
    'has its first lines stored, and with identities is whole once it is sent again',
    async () => {
      const folder = temporaryFolder();
      const file = join(folder, 'events.ndjson');
      const truth = makeEvents(file, STREAMED_EVENTS, '--ids', '--seed', '3');
      const input = readFileSync(file);
      const ids = input.toString().match(/evt_\d+/g) ?? [];
      expect(ids).toHaveLength(STREAMED_EVENTS);
      const ms = await wholeMs(folder, file);
      for (let i = 0; i < Math.ceil(KILLS / 2); i++) {
        const store = join(folder, `${i}.duckdb`);
        const delayMs = 200 + Math.random() * ms * 1.2;
        // More could always come: only what is committed meanwhile is there.
        const { killed, stored } = await killedIngest({
          store,
          args: ['-'],
          delayMs,
          number: i,
          input,
          kind: 'stdin',
        });
        expect(killed).toBe(true);
        const first = stored === 0 ? [] : await rowsOf(store, `SELECT event_id FROM events`);
        expect(new Set(first.map(([id]) => id)), `kill ${i}`).toEqual(new Set(ids.slice(0, stored)));
        const again = await ingest(store, ['-'], input);
        expect(again).toMatchObject({ accepted: STREAMED_EVENTS - stored, duplicates: stored });
        expect((await report(store)).totals, `kill ${i}`).toMatchObject(truthOf(truth));
      }
    },
    60_000 + KILLS * 15_000,
  );
});

describe('without checkpoints (the control)', () => {
  const WITHOUT = { MAPIPE_FAULT_NO_CHECKPOINT: '1' };

  it('a run that is killed after a commit makes the next one count twice what it had stored', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'events.ndjson');
    const truth = makeEvents(file, EVENTS);
    const store = join(folder, 's.duckdb');
    const env = { ...WITHOUT, MAPIPE_FAIL_POINT: 'commit.committed:2' };
    const args = ['ingest', file, '--jobs', '1'];
    const died = await finish(start(args, { store, env: { MAPIPE_COMMIT_EVENTS: '1', ...env } }));
    expect(died.signal).toBe('SIGKILL');
    const before = await storedIn(store);
    expect(before.clicks).toBeGreaterThan(0);
    await ingest(store, [file]);
    const { totals } = await report(store);
    expect(totals['clicks']).toBe(truth.clicks + before.clicks);
    expect(totals['conversions']).toBe(truth.conversions + before.conversions);
  });

  it(
    'the kills at random moments end with totals that are too high, as soon as one falls behind a commit',
    async () => {
      const folder = temporaryFolder();
      const file = join(folder, 'events.ndjson');
      const truth = makeEvents(file, EVENTS);
      const ms = await wholeMs(folder, file);
      let wrong = 0;
      for (let i = 0; i < Math.max(KILLS, 20) && (wrong === 0 || IS_LONG); i++) {
        const store = join(folder, `${i}.duckdb`);
        const delayMs = ms * (0.5 + Math.random() / 2);
        const args = [file, '--jobs', '1'];
        const kill = { store, args, delayMs, number: 0, env: WITHOUT, kind: 'no checkpoint' };
        const { stored } = await killedIngest(kill);
        await ingest(store, [file]);
        const { clicks, conversions } = await storedIn(store);
        expect(clicks + conversions, `kill ${i}`).toBe(truth.clicks + truth.conversions + stored);
        if (stored > 0) wrong++;
      }
      expect(wrong).toBeGreaterThan(0);
    },
    60_000 + Math.max(KILLS, 20) * 15_000,
  );
});
