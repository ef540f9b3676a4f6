/**
 * SIGINT and SIGTERM at random moments: what was read is committed and told, and the same command goes on. A short run
 * by default; `MAPIPE_SIGNALS=50 npx vitest run test/faults/signals.test.ts` for a long one, which prints its figures.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { DuckdbSession } from '../../src/store/duckdb/engine.js';
import { finish, start, temporaryFolder, type IngestBody } from '../support/cli.js';
import { makeEvents, storedTruth } from '../support/event-file.js';
import { ingestHere, rowsOf, storedIn } from '../support/in-process.js';
import { post, startServer } from '../support/server.js';

const ROUNDS = Number(process.env['MAPIPE_SIGNALS'] ?? 1);
/** By turns; the first one changes from day to day. */
const DAY = Math.floor(Date.now() / 86_400_000);
/** What a user may wait for at the most. */
const MAX_EXIT_MS = 5_000;
const EVENTS = 180_000;
const outcomes = new Map<string, number>();
let slowestMs = 0;

function signalOf(round: number): NodeJS.Signals {
  return (round + DAY) % 2 === 0 ? 'SIGINT' : 'SIGTERM';
}

function count(outcome: string): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

afterAll(() => {
  const counts = [...outcomes].map(([outcome, times]) => `${times} ${outcome}`).join(', ');
  if (ROUNDS > 1) console.log(`signals: ${counts}; the slowest exit took ${Math.round(slowestMs)} ms`);
});

/** Sends the signal and measures how long the process takes to end. */
async function signalled(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const sinceMs = performance.now();
  child.kill(signal);
  await once(child, 'exit');
  const ms = performance.now() - sinceMs;
  slowestMs = Math.max(slowestMs, ms);
  expect(ms).toBeLessThan(MAX_EXIT_MS);
}

describe.each(['1', '2'])('an ingest with %s jobs that gets a signal', (jobs) => {
  it(
    'tells what it stored and how to go on, with exit 130; the same command ends with the file’s totals',
    async () => {
      const folder = temporaryFolder();
      const file = join(folder, 'events.ndjson');
      const truth = makeEvents(file, EVENTS);
      for (let i = 0; i < ROUNDS; i++) {
        const store = join(folder, `${i}.duckdb`);
        const env = { MAPIPE_COMMIT_EVENTS: i % 2 === 0 ? '1' : '70000' };
        const child = start(['ingest', file, '--json', '--jobs', jobs], { store, env });
        const done = finish(child);
        await sleep(200 + Math.random() * 1_500);
        await signalled(child, signalOf(i));
        const { code, signal, stdout, stderr } = await done;
        const stored = await storedIn(store).catch(() => ({ clicks: 0, conversions: 0 }));
        if (signal !== null) {
          // It had not begun: before there is anybody to hear it, a signal ends the process.
          count('before the start');
          expect([stdout, stored.clicks]).toEqual(['', 0]);
        } else {
          count(code === 0 ? 'behind the end' : 'on the way');
          expect([0, 130]).toContain(code);
          const body = JSON.parse(stdout) as IngestBody;
          expect(body.accepted).toBe(stored.clicks + stored.conversions);
          expect(body.report.totals).toMatchObject({ clicks: stored.clicks });
          if (code === 130) expect(stderr).toContain('run the same command again to go on where it stopped');
        }
        await ingestHere(store, [file]);
        expect(await storedIn(store), `round ${i}`).toEqual(storedTruth(truth));
      }
    },
    60_000 + ROUNDS * 10_000,
  );
});

describe('an ingest of a stream that gets a signal', () => {
  it(
    'has stored exactly what it counted, of the stream’s beginning, and says that the rest is gone',
    async () => {
      for (let i = 0; i < ROUNDS; i++) {
        const store = join(temporaryFolder(), 's.duckdb');
        const child = start(['ingest', '--json'], { store });
        const done = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
          let [stdout, stderr] = ['', ''];
          child.stdout?.on('data', (piece: Buffer) => (stdout += piece.toString()));
          child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()));
          child.on('close', (code) => {
            resolve({ code, stdout, stderr });
          });
        });
        child.stdin?.on('error', () => undefined);
        let sent = 0;
        const writing = setInterval(() => {
          const lines = Array.from({ length: 50 }, () => `{"campaign_id":"a","user_id":"u${sent++}"}\n`);
          child.stdin?.write(lines.join(''));
        }, 5);
        // One commit a second: the first one is awaited, so that it has begun.
        const deadline = performance.now() + 30_000;
        while (((await storedIn(store).catch(() => null))?.clicks ?? 0) === 0 && performance.now() < deadline)
          await sleep(50);
        await sleep(Math.random() * 1_000);
        await signalled(child, signalOf(i));
        clearInterval(writing);
        const { code, stdout, stderr } = await done;
        count('in a stream');
        expect(code).toBe(130);
        expect(stderr).toContain('stdin cannot be read again: what is counted above is stored');
        const { accepted } = JSON.parse(stdout) as IngestBody;
        const users = (await rowsOf(store, `SELECT user_id FROM events`)).map(([user]) => user);
        expect(users).toHaveLength(accepted);
        expect(new Set(users)).toEqual(new Set(Array.from({ length: accepted }, (_, n) => `u${n}`)));
      }
    },
    60_000 + ROUNDS * 10_000,
  );
});

describe('an ingest that cannot commit, as another process holds the store,', () => {
  async function heldUp(): Promise<{ child: ChildProcess; file: string; store: string; free: () => void }> {
    const folder = temporaryFolder();
    const [file, store] = [join(folder, 'a.log'), join(folder, 's.duckdb')];
    writeFileSync(file, 'timestamp=1780272000 campaign_id=a user_id=u1\n');
    await ingestHere(store, []);
    const session = await DuckdbSession.open(store, { readOnly: false, memoryMiB: 64, threads: 1 });
    await session.run('CREATE TEMP TABLE held (i INTEGER)');
    const child = start(['ingest', file], { store });
    await sleep(1_500);
    return {
      child,
      file,
      store,
      free: () => {
        session.close();
      },
    };
  }

  it('ends within five seconds of a signal, says how to go on, and has stored nothing by halves', async () => {
    const { child, file, store, free } = await heldUp();
    const done = finish(child);
    await signalled(child, 'SIGINT');
    free();
    const { code, stderr } = await done;
    expect(code).toBe(130);
    expect(stderr).toBe('mapipe: interrupted while waiting; run the same command again to go on\n');
    expect(await ingestHere(store, [file], 'logfmt')).toMatchObject({ accepted: 1 });
    expect(await storedIn(store)).toMatchObject({ clicks: 1 });
  });

  it('ends at once with the second signal', async () => {
    const { child, file, store, free } = await heldUp();
    const done = finish(child);
    child.kill('SIGTERM');
    await sleep(300);
    expect(child.exitCode).toBeNull();
    const sinceMs = performance.now();
    await signalled(child, 'SIGTERM');
    // The first one alone would have let it wait for four seconds.
    expect(performance.now() - sinceMs).toBeLessThan(3_000);
    free();
    expect((await done).code).toBe(130);
    expect(await ingestHere(store, [file], 'logfmt')).toMatchObject({ accepted: 1 });
  });
});

describe('a server that gets a signal', () => {
  it(
    'under load ends with exit 0 within five seconds, and has each event that it answered, once',
    async () => {
      const store = join(temporaryFolder(), 's.duckdb');
      const answered: string[] = [];
      for (let i = 0; i < ROUNDS; i++) {
        const server = await startServer({ store });
        const client = async (number: number): Promise<void> => {
          for (let n = 0; ; n++) {
            const user = `r${i}c${number}n${n}`;
            const event = { campaign_id: 'a', user_id: user };
            const status = await post(`${server.url}/api/click`, event).then(
              async (answer) => {
                await answer.body?.cancel();
                return answer.status;
              },
              () => 0,
            );
            if (status === 201) answered.push(user);
            else if (status !== 503) return;
          }
        };
        const clients = Array.from({ length: 20 }, (_, number) => client(number));
        await sleep(100 + Math.random() * 900);
        await signalled(server.child, signalOf(i));
        count('at a server');
        expect((await server.stop()).code).toBe(0);
        await Promise.all(clients);
      }
      const users = (await rowsOf(store, `SELECT user_id FROM events`)).map(([user]) => user);
      expect(new Set(users).size).toBe(users.length);
      const stored = new Set(users);
      expect(answered.filter((user) => !stored.has(user))).toEqual([]);
      expect(answered.length).toBeGreaterThan(0);
    },
    60_000 + ROUNDS * 10_000,
  );
});
