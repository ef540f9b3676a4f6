/** What may be wrong with a store: each told in one line with what to do, nothing lost, and the same command goes on. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import { DuckdbSession } from '../../src/store/duckdb/engine.js';
import type { Segment } from '../../src/store/store.js';
import { finish, run, start, temporaryFolder, type RunResult } from '../support/cli.js';
import { overwrite, setStorageVersion, withLog } from '../support/damaged.js';
import { click, segmentOf } from '../support/events.js';
import { ingestHere, rowsOf, storedIn } from '../support/in-process.js';
import { mayMount, runOnSmallDisk, startObeyingModes, startWithinLimit } from '../support/less-rights.js';
import { post, startServer } from '../support/server.js';

interface Place {
  readonly folder: string;
  readonly store: string;
  /** One click of one user, and another one of another user. */
  readonly one: string;
  readonly two: string;
}

function newPlace(): Place {
  const folder = temporaryFolder();
  const [one, two] = [join(folder, 'one.ndjson'), join(folder, 'two.ndjson')];
  writeFileSync(one, '{"campaign_id":"a","user_id":"u1","timestamp":1780272000}\n');
  writeFileSync(two, '{"campaign_id":"b","user_id":"u2","timestamp":1780272001}\n');
  return { folder, store: join(folder, 's.duckdb'), one, two };
}

async function users(store: string): Promise<unknown[]> {
  return (await rowsOf(store, `SELECT user_id FROM events ORDER BY user_id`)).map(([user]) => user);
}

function expectRefusal({ code, stderr }: RunResult, message: string | RegExp, exitCode = 1): void {
  if (typeof message === 'string') expect(stderr).toBe(`mapipe: ${message}\n`);
  else expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(exitCode);
}

describe('a store that is damaged', () => {
  const SUM = String.raw`computed checksum \d+ does not match stored checksum \d+`;
  const BACK = String.raw`\(bring back a copy of it, or name another store with --store and ingest the logs anew\)`;
  const BOTH = String.raw`\(bring both files back as they were; without the log the store is as it was before its last commits\)`;
  const OTHER = String.raw`\(name another file with --store; this one has not been touched\)`;

  it.each<[string, (place: Place) => void, string]>([
    [
      'cut off in the middle',
      ({ store }) => {
        truncateSync(store, statSync(store).size / 2);
      },
      `the store STORE is damaged: .* ${BACK}`,
    ],
    [
      'cut off in its headers',
      ({ store }) => {
        truncateSync(store, 5000);
      },
      `the store STORE is damaged: Could not read enough bytes from file .* ${BACK}`,
    ],
    [
      'overwritten with zeros at its beginning',
      ({ store }) => {
        overwrite(store, 0, new Uint8Array(4096));
      },
      `STORE is not a mapipe store: its content is not a DuckDB database ${OTHER}`,
    ],
    [
      'overwritten with zeros in its headers',
      ({ store }) => {
        overwrite(store, 4096, new Uint8Array(8192));
      },
      `the store STORE is damaged: Corrupt database file: ${SUM} in block at location 4096 ${BACK}`,
    ],
    [
      'changed by a few bytes in its first block',
      ({ store }) => {
        overwrite(store, 20_000, Uint8Array.of(1, 2, 3, 4, 5));
      },
      `the store STORE is damaged: Corrupt database file: ${SUM} in block at location 12288 ${BACK}`,
    ],
    [
      'changed in the log beside it',
      ({ store }) => {
        overwrite(`${store}.wal`, 400, Uint8Array.of(1, 2, 3, 4, 5));
      },
      `the store STORE cannot be read with the log of commits beside it, STORE.wal: Corrupt WAL file: .* ${BOTH}`,
    ],
    [
      'beside the log of another store',
      ({ folder, store }) => {
        copyFileSync(join(folder, 'other.duckdb.wal'), `${store}.wal`);
      },
      `the store STORE cannot be read with the log of commits beside it, STORE.wal: Table with name "store_info" already exists! ${BOTH}`,
    ],
    [
      'empty',
      ({ store }) => {
        truncateSync(store);
      },
      String.raw`STORE is not a mapipe store: it is an empty file \(remove it, then run the same command again; or name another file with --store\)`,
    ],
    [
      'a directory',
      ({ store }) => {
        rmSync(store);
        mkdirSync(store);
      },
      `STORE is not a mapipe store: it is a directory ${OTHER}`,
    ],
    [
      'of a newer version of the engine',
      ({ store }) => {
        setStorageVersion(store, 200);
      },
      String.raw`the store STORE was written by a newer version of its engine \(update mapipe, or name another store with --store\)`,
    ],
  ])(
    '(%s) is refused in one line by who writes and who reads, and left as it is',
    async (what, spoil, line) => {
      const place = newPlace();
      const { folder, store, one, two } = place;
      await ingestHere(store, [one]);
      if (what.includes('log')) {
        await withLog(what.includes('another') ? join(folder, 'other.duckdb') : store, two);
      }
      spoil(place);
      const before = existsSync(store) && statSync(store).isFile() ? readFileSync(store) : null;
      const expected = new RegExp(`^mapipe: ${line.replaceAll('STORE', store)}\n$`);
      expectRefusal(await run(['ingest', two], { store }), expected);
      expectRefusal(await run(['report'], { store }), expected);
      if (before) expect(readFileSync(store).equals(before)).toBe(true);
    },
  );

  it('(by a log that is garbage from its first byte) loses nothing that is in the file, and takes more', async () => {
    const { store, one, two } = newPlace();
    await ingestHere(store, [one]);
    writeFileSync(`${store}.wal`, 'this is not a log of commits\n'.repeat(300));
    expect(await users(store)).toEqual(['u1']);
    await withLog(store, two);
    expect(await users(store)).toEqual(['u1', 'u2']);
    expect(await ingestHere(store, [one, two])).toMatchObject({ lines: 0 });
  });

  it('(by a log that ends in the middle of a commit) has the commits before it, and the same command adds the rest', async () => {
    const { store, one, two } = newPlace();
    await ingestHere(store, [one]);
    await withLog(store, two);
    const whole = readFileSync(`${store}.wal`);
    for (let cut = whole.length - 1; cut > 0; cut -= 97) {
      writeFileSync(`${store}.wal`, whole.subarray(0, cut));
      expect(await users(store), `cut at ${cut}`).toEqual(['u1']);
    }
    await ingestHere(store, [one, two]);
    expect(await users(store)).toEqual(['u1', 'u2']);
  });

  it('(a newer schema) is refused in one line that says which', async () => {
    const { store, one, two } = newPlace();
    await ingestHere(store, [one]);
    const session = await DuckdbSession.open(store, { readOnly: false, memoryMiB: 64, threads: 1 });
    await session.run(`UPDATE store_info SET schema_version = 999`);
    session.close();
    const line = `the store ${store} has schema version 999; this mapipe knows versions up to 2 (update mapipe, or name another store with --store)`;
    expectRefusal(await run(['ingest', two], { store }), line);
    expectRefusal(await run(['report'], { store }), line);
  });
});

describe('a disk without room', () => {
  const line = (store: string, why: string): string =>
    `the store ${store} has no room to grow: ${why} (make room, then run the same command again: nothing is lost or counted twice)`;

  it('for the first commit fails it whole, in one line; with room the same command stores all', async () => {
    const { store, one } = newPlace();
    for (const kib of [4, 12]) {
      expectRefusal(
        await finish(startWithinLimit(kib, ['ingest', one, '--quiet'], { store })),
        line(store, 'File too large'),
      );
    }
    expect(readdirSync(join(store, '..')).filter((name) => name.startsWith('.'))).toEqual([]);
    await ingestHere(store, [one]);
    expect(await users(store)).toEqual(['u1']);
  });

  it('in the middle of a file keeps the commits before; with room the same command adds the rest', async () => {
    const { folder, store } = newPlace();
    const file = join(folder, 'many.ndjson');
    const lineOf = (i: number): string => `{"campaign_id":"a","user_id":"u${i}","timestamp":1780272000}\n`;
    writeFileSync(file, Array.from({ length: 60_000 }, (_, i) => lineOf(i)).join(''));
    const args = ['ingest', file, '--quiet'];
    const env = { MAPIPE_COMMIT_EVENTS: '1' };
    expectRefusal(await finish(startWithinLimit(5_000, args, { store, env })), line(store, 'File too large'));
    const { clicks } = await storedIn(store);
    expect(clicks).toBeGreaterThan(0);
    expect(clicks).toBeLessThan(60_000);
    await ingestHere(store, [file]);
    expect(await storedIn(store)).toMatchObject({ clicks: 60_000, users: 60_000, textsTwice: 0 });
  });

  it('for moving the log into the file keeps what is committed in the log, which all can read', async () => {
    const { folder, store } = newPlace();
    const file = join(folder, 'some.ndjson');
    const lineOf = (i: number): string => `{"campaign_id":"a","user_id":"u${i}","timestamp":1780272000}\n`;
    writeFileSync(file, Array.from({ length: 6_000 }, (_, i) => lineOf(i)).join(''));
    // The log takes less than the file, whose blocks are of 256 KiB each.
    const { code } = await finish(startWithinLimit(600, ['ingest', file, '--quiet'], { store }));
    expect(code).toBe(0);
    expect(existsSync(`${store}.wal`)).toBe(true);
    const told = await run(['report', '--json'], { store });
    expect(JSON.parse(told.stdout)).toMatchObject({ totals: { clicks: 6_000 } });
    await ingestHere(store, [file]);
    expect(await storedIn(store)).toMatchObject({ clicks: 6_000, users: 6_000 });
    const store2 = new DuckdbStore(store);
    await store2.commit([]);
    await store2.close();
    expect(existsSync(`${store}.wal`)).toBe(false);
  });

  it('that is really full says so, where this machine lets us have one; with room all is stored', ({
    annotate,
  }) => {
    const { folder, one } = newPlace();
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    if (!mayMount(disk)) {
      // The tests above show the same by a limit that anyone may set.
      void annotate('this machine gives us no file system of our own');
      expect(process.getuid?.()).not.toBe(0);
      return;
    }
    const script = `
      head -c 600k /dev/zero > "$DISK/ballast"
      mapipe ingest '${one}' --store "$DISK/s.duckdb" --quiet > /dev/null 2> "$DISK/../err"; echo $?
      rm "$DISK/ballast"
      mapipe ingest '${one}' --store "$DISK/s.duckdb" --quiet --json | grep '"accepted"'
      mapipe ingest '${one}' --store "$DISK/s.duckdb" --quiet --json | grep '"accepted"'`;
    expect(runOnSmallDisk(disk, 604, script, {})).toBe('1\n  "accepted": 1,\n  "accepted": 0,\n');
    const told = readFileSync(join(folder, 'err'), 'utf8');
    expect(told).toMatch(
      /^mapipe: the store .*s\.duckdb has no room to grow: No space left on device \([^\n]*\n$/,
    );
  });

  it('is told to the clients of a server, which loses none of the events that it answered', async () => {
    const { store, one } = newPlace();
    await ingestHere(store, [one]);
    const held = await startServer({ store, env: { MAPIPE_FAIL_POINT: 'commit.before-commit:2:error' } });
    const event = { campaign_id: 'a', user_id: 'u9', event_id: 'e9' };
    const refused = await post(`${held.url}/api/click`, event);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect((await post(`${held.url}/api/click`, event)).status).toBe(201);
    await held.stop();
    expect(await users(store)).toEqual(['u1', 'u9']);
  });
});

describe('a store that may not be written', () => {
  const HINT = '(to ingest, the file and its folder must be writable; to report, the file must be readable)';

  it('as its file is read-only is told by an ingest in one line, and read by a report', async () => {
    const { store, one, two } = newPlace();
    await ingestHere(store, [one]);
    chmodSync(store, 0o400);
    expectRefusal(
      await finish(startObeyingModes(['ingest', two], { store })),
      `the store ${store} cannot be opened: Permission denied: ${store} ${HINT}`,
    );
    const told = await finish(startObeyingModes(['report', '--json'], { store }));
    expect(JSON.parse(told.stdout)).toMatchObject({ totals: { clicks: 1 } });
    chmodSync(store, 0o600);
    await ingestHere(store, [two]);
    expect(await users(store)).toEqual(['u1', 'u2']);
  });

  it('as its folder is read-only is told by an ingest in one line, and read by a report', async () => {
    const { folder, one, two } = newPlace();
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    const store = join(closed, 's.duckdb');
    await ingestHere(store, [one]);
    chmodSync(closed, 0o500);
    onTestFinished(() => {
      chmodSync(closed, 0o700);
    });
    expectRefusal(
      await finish(startObeyingModes(['ingest', two], { store })),
      `the store ${store} cannot be opened: Permission denied: ${store}.wal ${HINT}`,
    );
    const told = await finish(startObeyingModes(['report', '--json'], { store }));
    expect(JSON.parse(told.stdout)).toMatchObject({ totals: { clicks: 1 } });
    const another = join(closed, 'new.duckdb');
    expectRefusal(
      await finish(startObeyingModes(['ingest', two], { store: another })),
      new RegExp(`^mapipe: the store ${another} cannot be opened: Permission denied: ${closed}/[^\n]*\n$`),
    );
    chmodSync(closed, 0o700);
    await ingestHere(store, [two]);
    expect(await users(store)).toEqual(['u1', 'u2']);
  });

  it('nor read is told by a report in one line', async () => {
    const { store, one } = newPlace();
    await ingestHere(store, [one]);
    chmodSync(store, 0o000);
    expectRefusal(
      await finish(startObeyingModes(['report'], { store })),
      `the store ${store} cannot be opened: Permission denied: ${store} ${HINT}`,
    );
  });
});

describe('a store that goes away', () => {
  const oneClick = (user: string): Segment[] => [segmentOf([click(user, 'a', '2026-06-01T00:00:00Z')])];

  it('between two commits begins anew with the next one, where all stood in its file', async () => {
    const { store: path } = newPlace();
    const store = new DuckdbStore(path);
    await store.commit(oneClick('u1'));
    await store.close();
    rmSync(path);
    await store.commit(oneClick('u2'));
    await store.close();
    expect(await users(path)).toEqual(['u2']);
  });

  it('without its log is refused, not mixed with a new one; brought back it is whole', async () => {
    const { folder, store, one, two } = newPlace();
    await ingestHere(store, [one]);
    await withLog(store, two);
    const away = join(folder, 'away.duckdb');
    renameSync(store, away);
    const line = `the store ${store} is gone, but the log of its last commits is still there: ${store}.wal (bring the store back, or remove the log, too, to begin anew)`;
    expectRefusal(await run(['ingest', one], { store }), line);
    expect(existsSync(store)).toBe(false);
    renameSync(away, store);
    await ingestHere(store, [one, two]);
    expect(await users(store)).toEqual(['u1', 'u2']);
  });

  it.each([
    [
      'deleted',
      (path: string) => {
        rmSync(path);
      },
    ],
    [
      'replaced',
      (path: string, other: string) => {
        renameSync(other, path);
      },
    ],
  ])(
    '(%s) while a bulk of commits is written fails them, and leaves nothing of them to the file that comes next',
    async (_, takeAway) => {
      const { folder, store: path, one } = newPlace();
      const other = join(folder, 'other.duckdb');
      await ingestHere(other, [one]);
      const store = new DuckdbStore(path, { isBulk: true });
      await store.commit(oneClick('u8'));
      const [segment] = oneClick('u9');
      if (!segment) throw new Error('there is one');
      let isTaken = false;
      const disturbed: Segment = {
        ...segment,
        get batches() {
          if (!isTaken) takeAway(path, other);
          isTaken = true;
          return segment.batches;
        },
      };
      await expect(store.commit([disturbed])).rejects.toMatchObject({
        code: 'MAPIPE_STORE_FAILED',
        message: 'the file of the store was deleted or replaced while it was written',
      });
      await store.close();
      expect(existsSync(`${path}.wal`)).toBe(false);
      const kept = existsSync(path) ? await users(path) : [];
      await store.commit(oneClick('u2'));
      await store.close();
      expect(await users(path)).toEqual([...kept, 'u2']);
      expect(kept).toEqual(existsSync(other) ? [] : ['u1']);
    },
  );
});

describe('a store that somebody holds', () => {
  it('and never lets go is given up with exit 75 in one line that names the process; then all goes on', async () => {
    const { store, one, two } = newPlace();
    await ingestHere(store, [one]);
    const session = await DuckdbSession.open(store, { readOnly: false, memoryMiB: 64, threads: 1 });
    const line = `the store ${store} has been held by process ${process.pid} for 1 s (wait for it to end, then run the same command again: nothing is lost or counted twice)`;
    const env = { MAPIPE_STORE_WAIT_SECONDS: '1' };
    const [ingested, reported, served] = await Promise.all([
      run(['ingest', two], { store, env }),
      run(['report'], { store, env }),
      run(['serve', '--port', '0'], { store, env }),
    ]);
    for (const refused of [ingested, reported, served]) expectRefusal(refused, line, 75);
    // Whoever waits goes on as soon as it is free.
    const waiting = finish(start(['ingest', two], { store }));
    await new Promise((resolve) => setTimeout(resolve, 700));
    session.close();
    expect((await waiting).code).toBe(0);
    expect(await users(store)).toEqual(['u1', 'u2']);
  });

  it('is waited for as long as it is told, in whole seconds', async () => {
    const { store, one } = newPlace();
    const env = { MAPIPE_STORE_WAIT_SECONDS: 'soon' };
    expectRefusal(
      await run(['ingest', one], { store, env }),
      'MAPIPE_STORE_WAIT_SECONDS expects a whole number of seconds, got soon',
      2,
    );
  });
});

describe('clocks that are wrong', () => {
  it.each([
    ['ahead', new Date('2099-01-01')],
    ['behind', new Date('1980-01-01')],
  ])('(%s) change nothing of what is known of an input, by content or by name', async (_, time) => {
    const { store, one } = newPlace();
    const line = '{"campaign_id":"a","user_id":"u2","timestamp":1780272000}\n';
    const named = ['ingest', one, '--source', 'app', '--json'];
    await ingestHere(store, [one]);
    expect((await run(named, { store })).code).toBe(0);
    for (const file of [store, one]) utimesSync(file, time, time);
    const session = await DuckdbSession.open(store, { readOnly: false, memoryMiB: 64, threads: 1 });
    await session.run(`UPDATE checkpoints SET committed_at = make_timestamp(${time.getTime()} * 1000)`);
    session.close();
    writeFileSync(one, line, { flag: 'a' });
    utimesSync(one, time, time);
    expect(await ingestHere(store, [one])).toMatchObject({ lines: 1 });
    for (const lines of [1, 0]) {
      expect(JSON.parse((await run(named, { store })).stdout)).toMatchObject({ lines });
    }
  });
});

describe('what a run that was killed left beside the store', () => {
  it('goes with the next one that makes the store, unless another may still be at it', async () => {
    const { folder, store, one } = newPlace();
    const names = ['old', 'new'].map((name) => `.unfinished-${name}-s.duckdb`);
    const others = '.unfinished-old-another.duckdb';
    for (const name of [...names, others]) writeFileSync(join(folder, name), '');
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const name of [names[0] ?? '', others]) utimesSync(join(folder, name), hourAgo, hourAgo);
    await ingestHere(store, [one]);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([names[1], others].sort());
  });

  it('of what it had no memory for goes with the next commit, and nothing else in that folder', async () => {
    const { store, one, two } = newPlace();
    await ingestHere(store, [one]);
    const spilled = join(`${store}.tmp`, 'duckdb_temp_storage_DEFAULT-0.tmp');
    mkdirSync(`${store}.tmp`);
    writeFileSync(spilled, Buffer.alloc(1 << 20));
    writeFileSync(join(`${store}.tmp`, 'mine'), '');
    await ingestHere(store, [two]);
    expect(readdirSync(`${store}.tmp`)).toEqual(['mine']);
    rmSync(join(`${store}.tmp`, 'mine'));
    writeFileSync(spilled, '');
    writeFileSync(one, '{"campaign_id":"a","user_id":"u3","timestamp":1780272000}\n', { flag: 'a' });
    await ingestHere(store, [one]);
    expect(existsSync(`${store}.tmp`)).toBe(false);
  });
});
