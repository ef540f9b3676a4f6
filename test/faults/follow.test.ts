/**
 * `mapipe ingest --follow` as its user runs it: files grow, are rotated, come and go, and the process is stopped or killed.
 * A short run by default; `MAPIPE_KILLS=50 npx vitest run test/faults/follow.test.ts` for a long one.
 */
import type { ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { finish, report, run, start, temporaryFolder, type RunResult } from '../support/cli.js';

const KILLS = Number(process.env['MAPIPE_KILLS'] ?? 3);
/** Machines are busy: what takes a second may take many. */
const PATIENCE_MS = 30_000;

let users = 0;

/** So many clicks, each of a user of its own. */
function lines(count: number): string {
  return Array.from(
    { length: count },
    () => `{"campaign_id":"c","user_id":"u${users++}","timestamp":1780272000}\n`,
  ).join('');
}

interface Following {
  readonly child: ChildProcess;
  readonly ended: Promise<RunResult>;
}

function follow(store: string, ...names: string[]): Following {
  const child = start(['ingest', '--follow', ...names], { store });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended: finish(child) };
}

async function stop({ child, ended }: Following): Promise<RunResult> {
  child.kill('SIGINT');
  return ended;
}

interface Stored {
  readonly clicks: number;
  readonly users: number;
}

/** What a report says; nothing where there is no store yet. */
async function stored(store: string): Promise<Stored> {
  const { code } = await run(['report', '--json'], { store });
  if (code !== 0) return { clicks: 0, users: 0 };
  const { totals } = await report(store);
  return { clicks: Number(totals['clicks']), users: Number(totals['unique_users']) };
}

/** Waits until so many clicks are stored, each of another user. */
async function storedInTime(store: string, clicks: number): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  let last = await stored(store);
  while (last.clicks < clicks && performance.now() < untilMs) {
    await sleep(100);
    last = await stored(store);
  }
  expect(last).toEqual({ clicks, users: clicks });
}

function somewhere(): { folder: string; log: string; store: string } {
  const folder = temporaryFolder();
  return { folder, log: join(folder, 'app.log'), store: join(folder, 's.duckdb') };
}

describe('a followed file', () => {
  it('is read as it grows, renamed and cut off, and its end is what the totals say', async () => {
    const { log, store } = somewhere();
    writeFileSync(log, lines(5));
    const following = follow(store, log);
    await storedInTime(store, 5);
    appendFileSync(log, lines(3));
    await storedInTime(store, 8);
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, lines(1));
    writeFileSync(log, lines(2));
    await storedInTime(store, 11);
    copyFileSync(log, `${log}.0`);
    truncateSync(log);
    appendFileSync(log, lines(4));
    await storedInTime(store, 15);
    const { code, stderr } = await stop(following);
    expect(code).toBe(130);
    expect(stderr).toMatch(/15 lines/);
    expect(stderr).toContain('run the same command again to go on where it stopped');
  });

  it('need not be there yet', async () => {
    const { log, store } = somewhere();
    const following = follow(store, log);
    await sleep(500);
    writeFileSync(log, lines(2));
    await storedInTime(store, 2);
    expect((await stop(following)).stderr).toContain('is not there: waiting for it');
  });

  it('may be behind a link that is switched', async () => {
    const { folder, log, store } = somewhere();
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    writeFileSync(first, lines(3));
    writeFileSync(second, lines(4));
    symlinkSync(first, log);
    const following = follow(store, log);
    await storedInTime(store, 3);
    unlinkSync(log);
    symlinkSync(second, log);
    appendFileSync(first, lines(1));
    await storedInTime(store, 8);
    await stop(following);
  });

  it('goes on where it stood though it was renamed and compressed while nobody looked', async () => {
    const { log, store } = somewhere();
    writeFileSync(log, lines(5));
    const before = follow(store, log);
    await storedInTime(store, 5);
    await stop(before);
    appendFileSync(log, lines(2));
    writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(log)));
    rmSync(log);
    writeFileSync(log, lines(3));
    const after = follow(store, log);
    await storedInTime(store, 10);
    await stop(after);
  });
});

it('a pattern finds files that come later', async () => {
  const { folder, store } = somewhere();
  writeFileSync(join(folder, 'a.log'), lines(1));
  const following = follow(store, join(folder, '*.log'));
  await storedInTime(store, 1);
  writeFileSync(join(folder, 'b.log'), lines(2));
  await storedInTime(store, 3);
  await stop(following);
});

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('ends it within five seconds, with the totals and how to go on, and a second one at once', async () => {
    const { log, store } = somewhere();
    writeFileSync(log, lines(3));
    const following = follow(store, log);
    await storedInTime(store, 3);
    const startedMs = performance.now();
    following.child.kill(signal);
    const { code, stdout, stderr } = await following.ended;
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(code).toBe(130);
    expect(stdout).toContain('c');
    expect(stderr).toContain('3 lines');
    expect(stderr).toContain('run the same command again');

    appendFileSync(log, lines(1));
    const again = follow(store, log);
    await storedInTime(store, 4);
    again.child.kill(signal);
    again.child.kill(signal);
    expect(await again.ended).toMatchObject({ code: 130, signal: null });
  });
});

/** Ticks of processor time that a process has used. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

const TICKS_A_SECOND = 100;

it.runIf(process.platform === 'linux')('costs next to nothing while nothing comes', async () => {
  const { log, store } = somewhere();
  writeFileSync(log, lines(3));
  const following = follow(store, log);
  await storedInTime(store, 3);
  const pid = following.child.pid ?? 0;
  await sleep(500);
  const before = ticks(pid);
  const seconds = 4;
  await sleep(seconds * 1_000);
  const share = (ticks(pid) - before) / TICKS_A_SECOND / seconds;
  await stop(following);
  if (process.env['MAPIPE_FIGURES']) console.log(`idle: ${(share * 100).toFixed(2)} % of a processor`);
  expect(share).toBeLessThan(0.03);
});

it('a new line is in the report within seconds', async () => {
  const { log, store } = somewhere();
  writeFileSync(log, lines(1));
  const following = follow(store, log);
  await storedInTime(store, 1);
  const startedMs = performance.now();
  appendFileSync(log, lines(1));
  await storedInTime(store, 2);
  const tookMs = performance.now() - startedMs;
  await stop(following);
  if (process.env['MAPIPE_FIGURES']) console.log(`in the report after ${tookMs.toFixed(0)} ms`);
  expect(tookMs).toBeLessThan(5_000);
});

it(
  'killed at any moment while a log is written and rotated, it has every line once in the end',
  async () => {
    const { log, store } = somewhere();
    writeFileSync(log, lines(1));
    // Before anything of a log is stored, nothing says that what has been rotated was it.
    const first = follow(store, log);
    await storedInTime(store, 1);
    await stop(first);
    let written = 1;
    let rotations = 0;
    const writing = new AbortController();
    const writer = (async () => {
      while (!writing.signal.aborted) {
        const count = 1 + Math.floor(Math.random() * 400);
        appendFileSync(log, lines(count));
        written += count;
        // The oldest goes on being there: nothing is lost by the writer.
        if (Math.random() < 0.05) {
          const old = `${log}.${20261126000000 + rotations++}`;
          renameSync(log, old);
          writeFileSync(log, lines(1));
          written++;
        }
        await sleep(Math.random() * 40);
      }
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      const following = follow(store, log);
      await sleep(400 + Math.random() * 1_600);
      following.child.kill('SIGKILL');
      await following.ended;
    }
    writing.abort();
    await writer;
    const last = follow(store, log);
    await storedInTime(store, written);
    const { code } = await stop(last);
    expect(code).toBe(130);
    expect(await stored(store)).toEqual({ clicks: written, users: written });
  },
  60_000 + KILLS * 10_000,
);
