import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MapipeError } from '../../src/errors.js';
import { DuckdbSession } from '../../src/store/duckdb/engine.js';
import { inTurn } from '../../src/store/duckdb/in-turn.js';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import { checkpointAt, click, conversion, segmentOf } from '../support/events.js';
import { EVERYTHING } from '../support/questions.js';
import { storeContract } from './store-contract.js';

// As the command line does: what it makes is the user’s alone.
process.umask(0o077);

const folder = mkdtempSync(join(tmpdir(), 'mapipe-store-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let number = 0;
function freshPath(): string {
  return join(folder, String(number++), 'store.duckdb');
}

storeContract('DuckDB', () => {
  const path = freshPath();
  return { store: new DuckdbStore(path), reopen: () => new DuckdbStore(path) };
});

async function inDatabase<T>(path: string, work: (session: DuckdbSession) => Promise<T>): Promise<T> {
  // A commit is durable a moment before its session is closed.
  return inTurn(path, 'write', async () => {
    const session = await DuckdbSession.open(path, { readOnly: false, memoryMiB: 64, threads: 1 });
    try {
      return await work(session);
    } finally {
      session.close();
    }
  });
}

describe('a DuckDB store’s file', () => {
  it('has an events view that reads as the events do', async () => {
    const path = freshPath();
    await new DuckdbStore(path).commit([
      segmentOf([
        click('u1', 'summer_sale', '2026-06-01T00:00:00Z', {
          source: 'google',
          click_id: 'XyZ',
          click_id_kind: 'gclid',
        }),
        conversion('u1', 9999, '2026-06-01T01:00:00Z', { product: 'premium', order_id: 'o1' }),
      ]),
    ]);
    const rows = await inDatabase(path, (session) =>
      session.rows(
        `SELECT type, timestamp::VARCHAR, amount::VARCHAR, campaign_id, user_id, source, click_id, currency, order_id
         FROM events ORDER BY timestamp`,
      ),
    );
    expect(rows).toEqual([
      ['click', '2026-06-01 00:00:00', null, 'summer_sale', 'u1', 'google', 'XyZ', null, null],
      ['conversion', '2026-06-01 01:00:00', '99.990000', null, 'u1', null, null, 'USD', 'o1'],
    ]);
  });

  it('keeps commits in the log beside it until it is closed, where many follow each other', async () => {
    const path = freshPath();
    const store = new DuckdbStore(path, { isBulk: true });
    for (const user of ['u1', 'u2']) {
      await store.commit([segmentOf([click(user, 'a', '2026-06-01T00:00:00Z')])]);
      await store.revision();
      expect(existsSync(`${path}.wal`)).toBe(true);
    }
    expect((await new DuckdbStore(path).report(EVERYTHING)).totals.clicks).toBe(2);
    await store.close();
    expect(existsSync(`${path}.wal`)).toBe(false);
    expect((await new DuckdbStore(path).report(EVERYTHING)).totals.clicks).toBe(2);
  });

  it('has another revision already while a commit stands in the log beside it, and keeps it when read then', async () => {
    const path = freshPath();
    const store = new DuckdbStore(path);
    await store.commit([segmentOf([click('u1', 'a', '2026-06-01T00:00:00Z')])]);
    const before = await store.revision();
    const left = freshPath();
    mkdirSync(join(left, '..'));
    await inDatabase(path, async (session) => {
      await session.run(`INSERT INTO plain_events FROM plain_events`);
      expect((await store.revision())?.id).not.toBe(before?.id);
      // As a process that is killed now would leave it.
      copyFileSync(path, left);
      copyFileSync(`${path}.wal`, `${left}.wal`);
    });
    const killed = new DuckdbStore(left);
    const revision = await killed.revision();
    expect((await killed.report(EVERYTHING)).totals.clicks).toBe(2);
    expect(await killed.revision()).toEqual(revision);
    // What writes moves the log into the file, in the end.
    await killed.commit([segmentOf([])]);
    await killed.close();
    expect(existsSync(`${left}.wal`)).toBe(false);
    expect((await killed.revision())?.id).not.toBe(revision?.id);
  });

  it('is in its place only when it is whole, and nothing is left beside it', async () => {
    const path = freshPath();
    const seen: { isInPlace: boolean; bytes: number | null }[] = [];
    const open = DuckdbSession.open.bind(DuckdbSession);
    const spy = vi.spyOn(DuckdbSession, 'open').mockImplementation((file, options) => {
      seen.push({ isInPlace: file === path, bytes: existsSync(path) ? statSync(path).size : null });
      return open(file, options);
    });
    onTestFinished(() => {
      spy.mockRestore();
    });
    const store = new DuckdbStore(path);
    await store.commit([segmentOf([click('u1', 'a', '2026-06-01T00:00:00Z')])]);
    await store.close();
    // Three headers of 4 KiB: what the engine asks of a file.
    expect(seen).toEqual([
      { isInPlace: false, bytes: null },
      { isInPlace: true, bytes: 12_288 },
    ]);
    expect(readdirSync(join(path, '..'))).toEqual(['store.duckdb']);
  });

  it('is one, whoever else makes it at the same time', async () => {
    const path = freshPath();
    const stores = ['u1', 'u2', 'u3'].map((user) => ({ user, store: new DuckdbStore(path) }));
    await Promise.all(
      stores.map(({ user, store }) => store.commit([segmentOf([click(user, 'a', '2026-06-01T00:00:00Z')])])),
    );
    await Promise.all(stores.map(({ store }) => store.close()));
    expect((await new DuckdbStore(path).report(EVERYTHING)).totals.clicks).toBe(3);
    expect(readdirSync(join(path, '..'))).toEqual(['store.duckdb']);
  });

  it('is the user’s alone', async () => {
    const before = process.umask(0o077);
    const path = freshPath();
    await new DuckdbStore(path).commit([segmentOf([click('u', 'a', '2026-06-01T00:00:00Z')])]);
    process.umask(before);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  it('is refused when a newer version wrote it', async () => {
    const path = freshPath();
    const store = new DuckdbStore(path);
    await store.commit([segmentOf([click('u', 'a', '2026-06-01T00:00:00Z')])]);
    await inDatabase(path, (session) => session.run(`UPDATE store_info SET schema_version = 999`));
    await expect(store.readCheckpoints()).rejects.toMatchObject({ code: 'MAPIPE_STORE_NEWER' });
    await expect(store.commit([segmentOf([])])).rejects.toMatchObject({ code: 'MAPIPE_STORE_NEWER' });
  });

  it('is left alone when it is no store: text, nothing, or somebody else’s database', async () => {
    const text = freshPath();
    mkdirSync(join(text, '..'));
    writeFileSync(text, 'clicks and conversions\n');
    const empty = freshPath();
    mkdirSync(join(empty, '..'));
    writeFileSync(empty, '');
    const foreign = freshPath();
    mkdirSync(join(foreign, '..'));
    await inDatabase(foreign, (session) => session.run(`CREATE TABLE invoices (id INTEGER)`));
    for (const path of [text, empty, foreign]) {
      const attempt = new DuckdbStore(path).commit([segmentOf([click('u', 'a', '2026-06-01T00:00:00Z')])]);
      await expect(attempt, path).rejects.toMatchObject({ code: 'MAPIPE_STORE_NOT_A_STORE' });
    }
    expect(statSync(text).size).toBe(23);
    expect(
      await inDatabase(foreign, (session) => session.rows(`SELECT table_name FROM duckdb_tables()`)),
    ).toEqual([['invoices']]);
  });

  it('is not taken for somebody else’s where its version cannot be read', async () => {
    const path = freshPath();
    const store = new DuckdbStore(path);
    await store.commit([segmentOf([click('u', 'a', '2026-06-01T00:00:00Z')])]);
    await store.close();
    const content = readFileSync(path);
    const outcomes: string[] = [];
    // One block after the other, behind three headers; in one of them lies the table with the version.
    for (let at = 3 * 4096; at < content.length; at += 256 * 1024) {
      writeFileSync(path, Buffer.from(content).fill(0xaa, at + 1000, at + 2000));
      outcomes.push(
        await store.readCheckpoints().then(
          () => 'read',
          (error: unknown) => (error instanceof MapipeError ? error.code : String(error)),
        ),
      );
    }
    expect(outcomes).toContain('MAPIPE_STORE_DAMAGED');
    expect(outcomes).not.toContain('MAPIPE_STORE_NOT_A_STORE');
  });

  it('has its checkpoints in the order of their commits, whatever the clocks of the machines said', async () => {
    const path = freshPath();
    const store = new DuckdbStore(path);
    const commit = (runId: string): Promise<unknown> =>
      store.commit([segmentOf([], { checkpoint: checkpointAt(10, { runId }) })]);
    for (const runId of ['first', 'second']) await commit(runId);
    await inDatabase(path, (session) =>
      session.run(`UPDATE checkpoints SET committed_at = '2099-01-01' WHERE run_id = 'first'`),
    );
    for (const runId of ['third', 'second']) await commit(runId);
    expect((await store.readCheckpoints()).map(({ runId }) => runId)).toEqual(['first', 'third', 'second']);
  });

  it('gives its SQL no way to other files, and no extension', async () => {
    const path = freshPath();
    await new DuckdbStore(path).commit([segmentOf([])]);
    await inDatabase(path, async (session) => {
      await expect(session.rows(`SELECT * FROM read_text('/etc/hostname')`)).rejects.toThrow(
        /disabled by configuration/,
      );
      await expect(session.run(`INSTALL httpfs`)).rejects.toThrow();
      await expect(session.run(`SET enable_external_access = true`)).rejects.toThrow();
    });
  });
});
