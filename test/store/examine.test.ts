/** Stores damaged on purpose: each kind of damage is found, under its own name, and nothing is touched. */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FINDINGS, type StoreExamination } from '../../src/store/examination.js';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import { DuckdbSession } from '../../src/store/duckdb/engine.js';
import { MIGRATIONS } from '../../src/store/duckdb/schema.js';
import { temporaryFolder } from '../support/cli.js';
import { checkpointAt, click, conversion, segmentOf } from '../support/events.js';

process.umask(0o077);

let path: string;

beforeEach(async () => {
  path = join(temporaryFolder(), 's.duckdb');
  const store = new DuckdbStore(path);
  const visitors = Array.from({ length: 2_000 }, (_, i) => click(`u${i}`, 'summer', '2026-06-01T00:00:00Z'));
  const order = conversion('u1', 1999, '2026-06-02T00:00:00Z', { order_id: 'o1', event_id: 'e1' });
  await store.commit([segmentOf([...visitors]), segmentOf([order], { checkpoint: checkpointAt(700) })]);
  await store.close();
});

async function sql(...statements: string[]): Promise<void> {
  const session = await DuckdbSession.open(path, { readOnly: false, memoryMiB: 64, threads: 1 });
  for (const statement of statements) await session.run(statement);
  session.close();
}

async function examine(): Promise<StoreExamination> {
  return new DuckdbStore(path).examine();
}

/** `code: message`, one a finding, without the folder of the test. */
async function found(): Promise<string[]> {
  const { findings } = await examine();
  return findings.map(({ code, message }) => `${code}: ${message}`.replaceAll(dirname(path), 'FOLDER'));
}

/** A store with 500 clicks more in its log, as a process leaves it that is killed. */
async function leaveLog(): Promise<void> {
  const killed = `${path}.killed`;
  const session = await DuckdbSession.open(path, { readOnly: false, memoryMiB: 64, threads: 1 });
  await session.run('PRAGMA disable_checkpoint_on_shutdown');
  await session.run(`INSERT INTO plain_events FROM plain_events LIMIT 500`);
  await session.run(`DELETE FROM checkpoints WHERE lines = 99`);
  copyFileSync(path, killed);
  copyFileSync(`${path}.wal`, `${killed}.wal`);
  session.close();
  renameSync(killed, path);
  renameSync(`${killed}.wal`, `${path}.wal`);
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const content = readFileSync(file);
  bytes.copy(content, at);
  writeFileSync(file, content);
}

describe('the rows of a store', () => {
  it.each([
    [
      'a text that events name is gone',
      [`DELETE FROM texts WHERE text IN ('u7', 'u8', 'summer')`],
      'text_missing: 3 texts are not there, though events name them: 1 of campaign_id, 2 of user_id',
    ],
    [
      'a text is there twice',
      [`INSERT INTO texts FROM texts WHERE text = 'u7'`],
      'text_twice: 1 text is too many, as two have one key',
    ],
    [
      'an event is there twice, by both of its identities',
      [`INSERT INTO detailed_events FROM detailed_events WHERE order_id_key <> 0`],
      'event_twice: 2 events are counted twice: 1 by event_id, 1 by type and order_id',
    ],
    [
      'events are none that could have been accepted',
      [
        `UPDATE plain_events SET type = 9 WHERE rowid = 1`,
        `UPDATE plain_events SET user_id_key = 0 WHERE rowid = 2`,
        `UPDATE plain_events SET timestamp = 'infinity' WHERE rowid = 3`,
        `UPDATE detailed_events SET currency_key = 0, amount_micros = -1`,
      ],
      // What is of no known type has no currency either.
      'event_invalid: 4 events are not possible: 1 of an unknown type, 1 with a negative amount, 1 without a user, 2 with money but no currency, 1 at no possible time',
    ],
    [
      'a run has two checkpoints for one input',
      [`INSERT INTO checkpoints FROM checkpoints`],
      'checkpoint_twice: 1 checkpoint is too many, as a run has one an input',
    ],
    [
      'a checkpoint is impossible',
      [`UPDATE checkpoints SET "offset" = -5`],
      'checkpoint_invalid: 1 checkpoint is of impossible figures',
    ],
    [
      'an event is of an open line that no checkpoint tells of',
      [`UPDATE detailed_events SET provisional_key = 5`],
      'open_event_unknown: 1 event is of a last line that may grow, but of no input that is known',
    ],
    [
      'a checkpoint tells of an open line whose event is gone',
      [`UPDATE checkpoints SET provisional_key = 5, open_offset = 690`],
      'open_event_missing: 1 input is without the event of a last line that had no end yet',
    ],
  ])('are found wrong when %s', async (_, statements, finding) => {
    expect(await found()).toEqual([]);
    await sql(...statements);
    expect(await found()).toEqual([finding]);
  });
});

describe('a store file', () => {
  it('is read to the last block of its last column', async () => {
    const { size } = statSync(path);
    const damaged: string[] = [];
    // Beyond the header, whose damage keeps the file from being opened at all.
    for (let at = 20_000; at < size; at += 100_000) {
      const before = readFileSync(path);
      overwrite(path, at, Buffer.from([(before[at] ?? 0) ^ 0x41]));
      damaged.push(...(await found()).map((finding) => finding.replace(/\d{3,}/g, 'N')));
      writeFileSync(path, before);
    }
    expect(new Set(damaged.map((finding) => finding.slice(0, 24)))).toContain('unreadable: the table te');
    // A block holds the columns of one table or the other, or what tells of all.
    expect(damaged.length).toBeGreaterThan(size / 100_000 / 2);
    expect(damaged.filter((finding) => !finding.startsWith('unreadable: '))).toEqual([]);
    expect(await found()).toEqual([]);
  });

  it.each([
    [
      'cut in the middle',
      () => {
        truncateSync(path, 300_000);
      },
      'unreadable: ',
    ],
    [
      'cut in its header',
      () => {
        truncateSync(path, 5_000);
      },
      'unreadable: ',
    ],
    [
      'with zeros for a header',
      () => {
        overwrite(path, 0, Buffer.alloc(4096));
      },
      'not_a_store: ',
    ],
    [
      'with zeros for its roots',
      () => {
        overwrite(path, 4096, Buffer.alloc(8192));
      },
      'unreadable: ',
    ],
    [
      'of text',
      () => {
        writeFileSync(path, 'clicks and conversions\n');
      },
      'not_a_store: ',
    ],
    [
      'without content',
      () => {
        writeFileSync(path, '');
      },
      'not_a_store: ',
    ],
  ])('%s has one problem', async (_, damage, code) => {
    damage();
    const { findings, contents, checkpoints } = await examine();
    expect(findings.map((finding) => `${finding.code}: `)).toEqual([code]);
    expect({ contents, checkpoints }).toEqual({ contents: null, checkpoints: [] });
  });

  it('of somebody else is no store, whoever may read it', async () => {
    path = join(dirname(path), 'invoices.duckdb');
    await sql(`CREATE TABLE invoices (id INTEGER)`);
    chmodSync(path, 0o644);
    expect(await found()).toEqual([
      'not_a_store: FOLDER/invoices.duckdb is not a mapipe store: it is a DuckDB database with other tables',
    ]);
  });

  it('of version 1 is sound, and told to be so', async () => {
    path = join(dirname(path), 'old.duckdb');
    await sql(...(MIGRATIONS[0] ?? []), `INSERT INTO store_info VALUES (1, 'mapipe')`);
    expect(await examine()).toMatchObject({ findings: [], schemaVersion: 1, currentSchemaVersion: 2 });
  });

  it('into which nothing was put yet is sound', async () => {
    path = join(dirname(path), 'empty.duckdb');
    await sql();
    expect(await examine()).toMatchObject({ findings: [], schemaVersion: 0, contents: { texts: 0 } });
  });

  it('of a newer version is refused', async () => {
    await sql(`UPDATE store_info SET schema_version = 999`);
    await expect(examine()).rejects.toMatchObject({ code: 'MAPIPE_STORE_NEWER' });
  });

  it('that is gone, though its log is there, is not found', async () => {
    await leaveLog();
    renameSync(path, `${path}.away`);
    await expect(examine()).rejects.toMatchObject({
      code: 'MAPIPE_STORE_NOT_FOUND',
      message: `there is no store at ${path}, only its log ${path}.wal`,
    });
  });
});

describe('the log of a store', () => {
  beforeEach(leaveLog);

  it('counts with what it holds', async () => {
    const { findings, contents, logBytes } = await examine();
    expect(findings).toEqual([]);
    expect(contents?.events.get('click')).toBe(2_500);
    expect(logBytes).toBe(statSync(`${path}.wal`).size);
  });

  it('is reported where its end is missing, as after a kill', async () => {
    truncateSync(`${path}.wal`, statSync(`${path}.wal`).size - 7);
    expect(await found()).toMatchObject([expect.stringMatching(/^log_cut: the last \d+ bytes/)]);
  });

  it('is reported where the engine would pass over commits without a word, as a length is wrong', async () => {
    // The length of the first entry stands behind the version's eight bytes.
    overwrite(`${path}.wal`, 8 + 3, Buffer.from([0x7f]));
    expect((await examine()).contents?.events.get('click')).toBe(2_000);
    expect(await found()).toMatchObject([expect.stringMatching(/^log_cut: /)]);
  });

  it.each([
    [
      'is garbage',
      () => {
        writeFileSync(`${path}.wal`, Buffer.alloc(5_000, 'garbage'));
      },
    ],
    [
      'has a byte changed',
      () => {
        overwrite(`${path}.wal`, 100, Buffer.from([0xee]));
      },
    ],
  ])('is damaged when it %s', async (_, damage) => {
    damage();
    expect(await found()).toMatchObject([expect.stringMatching(/^log_damaged: /)]);
  });
});

describe('what lies around a store', () => {
  it('is told where others could read or replace it', async () => {
    chmodSync(path, 0o640);
    chmodSync(dirname(path), 0o770);
    expect(await found()).toEqual([
      'readable_by_others: others have access to FOLDER/s.duckdb (mode 0640), which holds personal data',
      'folder_open_to_others: others may put another store in the place of this one: its folder FOLDER has mode 0770',
    ]);
  });

  it('is told where a killed process left something', async () => {
    const unfinished = `.unfinished-123-${basename(path)}`;
    writeFileSync(join(dirname(path), unfinished), '');
    mkdirSync(`${path}.tmp`);
    writeFileSync(join(dirname(path), '.unfinished-123-other.duckdb'), '');
    expect(await found()).toEqual([
      `leftovers: beside the store lies what a killed process left: ${unfinished}, s.duckdb.tmp`,
    ]);
  });

  it('is told where the room would not do for the store once more', async () => {
    const { bavail, bsize } = statfsSync(dirname(path));
    // Without taking room: what was never written is not there.
    truncateSync(path, bavail * bsize * 2);
    expect(await found()).toMatchObject([expect.stringMatching(/^disk_low: there is little room left/)]);
  });

  it('is as it was, whatever the state', async () => {
    await leaveLog();
    const before = snapshot();
    await examine();
    expect(snapshot()).toEqual(before);
    appendFileSync(`${path}.wal`, 'half an entry');
    const damaged = snapshot();
    await examine();
    expect(snapshot()).toEqual(damaged);
  });

  function snapshot(): unknown {
    const folder = dirname(path);
    return readdirSync(folder).map((name) => [
      name,
      readFileSync(join(folder, name)).toString('base64'),
      statSync(join(folder, name)).mtimeMs,
    ]);
  }
});

it('has a test for each finding', () => {
  const source = readFileSync(import.meta.filename, 'utf8');
  expect(Object.keys(FINDINGS).filter((code) => !new RegExp(`['^]?${code}: `).test(source))).toEqual([]);
});
