/** Inputs that change or fail while they are read: what was read of them is stored once, and the rest when it is there again. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { finish, LAUNCHER, start, temporaryFolder } from '../support/cli.js';
import { ingestHere, storedIn } from '../support/in-process.js';

/** So long that several commits come of it. */
const LINES = 60_000;

function lineOf(i: number): string {
  return `{"campaign_id":"a","user_id":"u${i}","timestamp":1780272000}\n`;
}

function textOf(lines: number): string {
  return Array.from({ length: lines }, (_, i) => lineOf(i)).join('');
}

/** Has `fail` happen before a file is read for the n-th time, by whoever reads one in this process. */
async function atRead(nth: number, fail: () => void): Promise<void> {
  const handle = await open(import.meta.filename);
  // The class of file handles has no name of its own to be had by.
  const FileHandle = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its own `this`.
  const read = FileHandle.read as (...args: unknown[]) => Promise<unknown>;
  let reads = 0;
  const spy = vi.spyOn(FileHandle, 'read').mockImplementation(async function (this: unknown, ...args) {
    if (++reads === nth) fail();
    return (await read.apply(this, args)) as never;
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
}

describe('a file', () => {
  it('that cannot be read on is told with why, and has what stands before stored; the rest follows', async () => {
    const folder = temporaryFolder();
    const [file, store] = [join(folder, 'a.ndjson'), join(folder, 's.duckdb')];
    writeFileSync(file, textOf(LINES));
    await atRead(5, () => {
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    });
    await expect(ingestHere(store, [file])).rejects.toMatchObject({
      code: 'MAPIPE_INPUT_NOT_READABLE',
      message: `reading ${file} failed: EIO: i/o error, read`,
    });
    const { clicks, users } = await storedIn(store);
    expect(clicks).toBeGreaterThan(10_000);
    expect(clicks).toBeLessThan(LINES);
    expect(users).toBe(clicks);
    vi.restoreAllMocks();
    expect(await ingestHere(store, [file])).toMatchObject({ lines: LINES - clicks, rejected: 0 });
    expect(await storedIn(store)).toMatchObject({ clicks: LINES, users: LINES });
  });

  it('that becomes shorter while it is read has its lines up to there, and the others when they are back', async () => {
    const folder = temporaryFolder();
    const [file, store] = [join(folder, 'a.ndjson'), join(folder, 's.duckdb')];
    const whole = textOf(LINES);
    writeFileSync(file, whole);
    const left = textOf(LINES / 2);
    await atRead(4, () => {
      truncateSync(file, left.length);
    });
    await ingestHere(store, [file]);
    const { clicks } = await storedIn(store);
    expect(clicks).toBeGreaterThanOrEqual(LINES / 2);
    writeFileSync(file, whole);
    await ingestHere(store, [file]);
    expect(await storedIn(store)).toMatchObject({ clicks: LINES, users: LINES });
  });

  it('that is deleted while it is read is read to its end', async () => {
    const folder = temporaryFolder();
    const [file, store] = [join(folder, 'a.ndjson'), join(folder, 's.duckdb')];
    writeFileSync(file, textOf(LINES));
    await atRead(4, () => {
      rmSync(file);
    });
    expect(await ingestHere(store, [file])).toMatchObject({ lines: LINES, accepted: LINES });
    expect(await storedIn(store)).toMatchObject({ clicks: LINES, users: LINES });
  });

  it('read in pieces that becomes shorter meanwhile loses nothing that is there, and nothing that comes back', async () => {
    const folder = temporaryFolder();
    const [file, store] = [join(folder, 'a.ndjson'), join(folder, 's.duckdb')];
    const events = 420_000;
    const whole = textOf(events);
    writeFileSync(file, whole);
    const child = start(['ingest', file, '--jobs', '2', '--json'], {
      store,
      env: { MAPIPE_COMMIT_EVENTS: '1' },
    });
    const done = finish(child);
    // As soon as there are commits, of which the first ones are far from the file's end.
    while (((await storedIn(store).catch(() => null))?.clicks ?? 0) === 0 && child.exitCode === null);
    truncateSync(file, textOf(events / 2).length);
    const { code, stdout, stderr } = await done;
    expect(stderr).not.toContain('mapipe:');
    expect(code).toBe(0);
    const { lines, accepted } = JSON.parse(stdout) as { lines: number; accepted: number };
    expect(lines).toBe(accepted);
    expect(lines).toBeGreaterThanOrEqual(events / 2);
    writeFileSync(file, whole);
    await ingestHere(store, [file]);
    expect(await storedIn(store)).toMatchObject({ clicks: events, users: events });
  }, 90_000);
});

describe('a named pipe', () => {
  it('whose writer dies within a line has the lines before stored, and that one rejected', async () => {
    const folder = temporaryFolder();
    const [pipe, store] = [join(folder, 'pipe'), join(folder, 's.duckdb')];
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const reading = finish(start(['ingest', pipe, '--json', '--rejects', join(folder, 'r')], { store }));
    const script = 'require("fs").createWriteStream(process.argv[1]).write(process.argv[2])';
    const cut = `${textOf(3)}${lineOf(3).slice(0, 20)}`;
    const writer = spawn(process.execPath, ['-e', `${script}; setInterval(() => {}, 1000)`, pipe, cut]);
    const deadline = performance.now() + 30_000;
    while (((await storedIn(store).catch(() => null))?.clicks ?? 0) < 3 && performance.now() < deadline);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const { code, stdout } = await reading;
    expect(JSON.parse(stdout)).toMatchObject({ lines: 4, accepted: 3, rejects: { invalid_json: 1 } });
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'r'), 'utf8')).toContain(JSON.stringify(lineOf(3).slice(0, 20)));
    expect(await storedIn(store)).toMatchObject({ clicks: 3 });
  });
});

it('is not read where stdin is a folder', () => {
  const folder = openSync(temporaryFolder(), 'r');
  const { status, stderr } = spawnSync(process.execPath, [LAUNCHER, 'ingest', '--no-store', '--quiet'], {
    stdio: [folder, 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  closeSync(folder);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr:
      'mapipe: expected a log on stdin, got a folder (name its files instead: mapipe ingest FOLDER/*)\n',
  });
});
