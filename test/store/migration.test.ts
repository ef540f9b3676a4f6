/** A store of version 1, made by the statements that made them then, is read as it is and brought up to date by a commit. */
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import { DuckdbSession } from '../../src/store/duckdb/engine.js';
import { temporaryFolder } from '../support/cli.js';
import { click, conversion, refund, segmentOf } from '../support/events.js';
import { EVERYTHING } from '../support/questions.js';
import { storeOfVersion1 } from '../support/store-of-version-1.js';

const OPTIONS = { readOnly: false, memoryMiB: 64, threads: 1 };
let path: string;

beforeEach(async () => {
  path = join(temporaryFolder(), 's.duckdb');
  await storeOfVersion1(path);
});

describe('a store of version 1', () => {
  it('is read as it is, also where it cannot be written', async () => {
    chmodSync(path, 0o400);
    const { totals } = await new DuckdbStore(path).report(EVERYTHING);
    expect(totals).toMatchObject({ clicks: 1, conversions: 1, revenueMicros: 19_990_000n, uniqueUsers: 1 });
    const [latest] = await new DuckdbStore(path).latestEvents({ ...EVERYTHING, limit: 1 });
    expect(latest).toMatchObject({ type: 'conversion', product: 'shoes', source: 'google' });
  });

  it('takes further events, knows its own again, and lets refunds follow its orders', async () => {
    const store = new DuckdbStore(path);
    const again = conversion('u1', 1999, '2026-06-01T11:00:00Z', {
      campaign_id: 'summer_sale',
      product: 'shoes',
      order_id: 'order-1',
    });
    const outcome = await store.commit([
      segmentOf([
        again,
        click('u2', 'autumn', '2026-06-02T00:00:00Z'),
        refund('u1', 500, '2026-06-03T00:00:00Z', { order_id: 'order-1' }),
      ]),
    ]);
    await store.commit([segmentOf([click('u3', 'autumn', '2026-06-02T01:00:00Z')])]);
    expect(outcome).toEqual({ kind: 'committed', duplicates: [[[0]]] });
    const { campaigns } = await store.report(EVERYTHING);
    expect(campaigns.map((row) => [row.key, row.clicks, row.conversions, row.revenueMicros])).toEqual([
      ['autumn', 2, 0, 0n],
      ['summer_sale', 1, 1, 14_990_000n],
    ]);
    await store.close();
    const session = await DuckdbSession.open(path, OPTIONS);
    expect(await session.rows(`SELECT schema_version FROM store_info`)).toEqual([[2]]);
    const named = `SELECT type, campaign_id, user_id, source, order_id FROM events ORDER BY timestamp`;
    expect(await session.rows(named)).toEqual([
      ['click', 'summer_sale', 'u1', 'google', null],
      ['conversion', 'summer_sale', 'u1', null, 'order-1'],
      ['click', 'autumn', 'u2', null, null],
      ['click', 'autumn', 'u3', null, null],
      ['refund', null, 'u1', null, 'order-1'],
    ]);
    expect(await session.rows(`SELECT count(*), count(DISTINCT key) FROM texts`)).toEqual([[9n, 9n]]);
    session.close();
    rmSync(path);
  });
});
