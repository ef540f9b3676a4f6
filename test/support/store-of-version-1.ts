/** A store of version 1 with a click and an order of one user, made by the statements that made such stores then. */
import { textKey } from '../../src/event/hash.js';
import { DuckdbSession } from '../../src/store/duckdb/engine.js';
import { MIGRATIONS } from '../../src/store/duckdb/schema.js';

const OPTIONS = { readOnly: false, memoryMiB: 64, threads: 1 };

export async function storeOfVersion1(path: string): Promise<void> {
  const session = await DuckdbSession.open(path, OPTIONS);
  for (const statement of MIGRATIONS[0] ?? []) await session.run(statement);
  await session.run(`INSERT INTO store_info VALUES (1, 'mapipe')`);
  const texts = ['summer_sale', 'u1', 'google', 'USD', 'order-1', 'shoes'];
  for (const text of texts) await session.run(`INSERT INTO texts VALUES (?, ?)`, [textKey(text), text]);
  const columns = `type, timestamp, amount_micros, provisional_key, campaign_id_key, user_id_key, source_key, medium_key,
    ad_id_key, term_key, click_id_key, click_id_kind_key, product_key, currency_key, order_id_key, event_id_key`;
  const key = (text: string): string => `${textKey(text)}`;
  const rows = [
    [
      0,
      `'2026-06-01 10:00:00'`,
      0,
      0,
      key('summer_sale'),
      key('u1'),
      key('google'),
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
    ],
    [
      1,
      `'2026-06-01 11:00:00'`,
      19_990_000,
      0,
      key('summer_sale'),
      key('u1'),
      0,
      0,
      0,
      0,
      0,
      0,
      key('shoes'),
      key('USD'),
      key('order-1'),
      0,
    ],
  ];
  for (const row of rows) await session.run(`INSERT INTO event_data (${columns}) VALUES (${row.join(', ')})`);
  session.close();
}
