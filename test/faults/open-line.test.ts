/** A log may be read while its last line is being written: whatever was there, the line counts once and whole. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingest as runIngest } from '../../src/pipeline.js';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import type { FormatName } from '../../src/decode/format.js';
import { temporaryFolder } from '../support/cli.js';
import { requestFor } from '../support/in-process.js';
import { EVERYTHING } from '../support/questions.js';

const FILES: Readonly<Partial<Record<FormatName, readonly string[]>>> = {
  ndjson: [
    '{"campaign_id":"a","user_id":"u1","timestamp":1780272000}',
    '{"campaign_id":"a","user_id":"u22","timestamp":1780272001}',
    '{"type":"conversion","campaign_id":"a","user_id":"u333","amount":12.34,"timestamp":1780272002}',
  ],
  csv: ['timestamp,campaign_id,user_id', '1780272000,a,u1', '1780272001,a,u22', '1780272002,"a",u333'],
  // A quoted line feed: the last record spans two lines.
  tsv: [
    'timestamp\tcampaign_id\tuser_id',
    '1780272000\ta\tu1',
    '1780272001\ta\tu22',
    '1780272002\t"a\nb"\tu333',
  ],
  logfmt: [
    'timestamp=1780272000 campaign_id=a user_id=u1',
    'timestamp=1780272001 campaign_id=a user_id=u22',
    'timestamp=1780272002 campaign_id=a user_id=u333',
  ],
};

async function users(
  store: DuckdbStore,
  file: string,
  format: FormatName,
): Promise<{ events: number; users: number }> {
  await runIngest(requestFor([file], store, format));
  const { totals } = await store.report({ ...EVERYTHING, exactUsers: true });
  return { events: totals.clicks + totals.conversions, users: totals.uniqueUsers };
}

describe.each(Object.entries(FILES))('a %s log cut at any byte of its last lines', (format, lines) => {
  it.each(['\n', '\r\n'])(
    'and completed later counts every line once and whole, with %j at line ends',
    async (lineEnd) => {
      const folder = temporaryFolder();
      const whole = Buffer.from(lines.join(lineEnd) + lineEnd);
      const from = whole.length - lineEnd.length - (lines.at(-1)?.length ?? 0) - 4;
      for (let cut = from; cut <= whole.length; cut++) {
        const file = join(folder, `${cut}.log`);
        const store = new DuckdbStore(join(folder, `${cut}.duckdb`));
        writeFileSync(file, whole.subarray(0, cut));
        // The format is one of the table's keys.
        await users(store, file, format as FormatName).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'MAPIPE_STORE_NOT_FOUND' });
        });
        appendFileSync(file, whole.subarray(cut));
        expect(readFileSync(file).equals(whole)).toBe(true);
        expect(await users(store, file, format as FormatName), `cut at ${cut}`).toEqual({
          events: 3,
          users: 3,
        });
      }
    },
  );
});
