/** Every text once, however little the process remembers of what it has stored. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventBatch } from '../../src/event/event-batch.js';
import { DuckdbSession } from '../../src/store/duckdb/engine.js';
import { TextTable } from '../../src/store/duckdb/text-table.js';
import { batchOf, click } from '../aggregate/batches.js';
import { temporaryFolder } from '../support/cli.js';

let session: DuckdbSession;

beforeEach(async () => {
  const options = { readOnly: false, memoryMiB: 64, threads: 1 };
  session = await DuckdbSession.open(join(temporaryFolder(), 's.duckdb'), options);
  await session.run('CREATE TABLE texts (key UBIGINT NOT NULL, text VARCHAR NOT NULL)');
});

afterEach(() => {
  session.close();
});

/** Clicks of users `from` to `to`, each in one of ten campaigns. */
function batchOfUsers(from: number, to: number): EventBatch {
  const users = Array.from({ length: to - from }, (_, i) => from + i);
  return batchOf(users.map((user) => click({ user_id: `u${user}`, campaign_id: `c${user % 10}` })));
}

async function add(table: TextTable, batches: readonly EventBatch[]): Promise<void> {
  await table.compareWithStore(session);
  await table.add(session, await table.collectNew(batches));
}

/** The texts of users up to `to`, and of ten campaigns. */
async function expectTexts(to: number): Promise<void> {
  const rows = await session.rows('SELECT text FROM texts ORDER BY text');
  const expected = Array.from({ length: to }, (_, i) => `u${i}`).concat(
    Array.from({ length: 10 }, (_, i) => `c${i}`),
  );
  expect(rows.map(([text]) => text)).toEqual(expected.sort());
}

describe('the texts of a store', () => {
  it.each([100, 5_000, 1_000_000])('are there once each, with %i remembered', async (maxRemembered) => {
    const table = new TextTable(maxRemembered);
    await add(table, [batchOfUsers(0, 3_000), batchOfUsers(2_000, 6_000)]);
    await expectTexts(6_000);
    await add(table, [batchOfUsers(0, 9_000), batchOfUsers(0, 9_000)]);
    await expectTexts(9_000);
    await add(new TextTable(maxRemembered), [batchOfUsers(8_000, 9_500)]);
    await add(table, [batchOfUsers(9_400, 10_000)]);
    await expectTexts(10_000);
  });

  it('are all written again to a store that was emptied, whatever a batch says is fresh', async () => {
    const table = new TextTable();
    await add(table, [batchOfUsers(0, 100)]);
    const batch = batchOfUsers(0, 100);
    const { user_id: users } = batch.texts;
    const dictionary = {
      size: users.dictionary.size,
      text: (code: number) => users.dictionary.text(code),
      keys: () => users.dictionary.keys(),
      freshCodes: new Uint32Array(0),
    };
    const hinted = { ...batch, texts: { ...batch.texts, user_id: { ...users, dictionary } } };
    await add(table, [hinted]);
    await expectTexts(100);
    await session.run('DELETE FROM texts');
    await add(table, [hinted]);
    await expectTexts(100);
  });
});
