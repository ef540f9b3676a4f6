/** Inputs that ask more of the engine than others: it has little memory while it writes. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { report, run, temporaryFolder } from '../support/cli.js';

/** More than the largest commit. */
const EVENTS = 550_000;
/** Lines of three long texts each: more than the engine has memory for. */
const LONG = 500;

it('stores each of half a million events once that come twice', { timeout: 300_000 }, async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'twice.ndjson');
  const fd = openSync(log, 'w');
  for (let time = 0; time < 2; time++) {
    for (let from = 0; from < EVENTS; from += 10_000) {
      const lines = Array.from(
        { length: 10_000 },
        (_, i) =>
          `{"type":"conversion","timestamp":"2026-06-01T00:00:00Z","user_id":"u${i}","campaign_id":"c${i % 50}","amount":1.5,"event_id":"e${from + i}","order_id":"o${from + i}"}\n`,
      );
      writeSync(fd, lines.join(''));
    }
  }
  closeSync(fd);
  const { code, stdout, stderr } = await run([
    ...['ingest', log, '--store', join(folder, 'store.duckdb'), '--json', '--quiet'],
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    lines: 2 * EVENTS,
    accepted: EVENTS,
    duplicates: EVENTS,
    report: { totals: { conversions: EVENTS, revenue: EVENTS * 1.5 } },
  });
});

it('stores hundreds of texts of 60,000 characters a field', { timeout: 300_000 }, async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'long.ndjson');
  const store = join(folder, 'store.duckdb');
  const fd = openSync(log, 'w');
  const long = 'x'.repeat(60_000);
  for (let i = 0; i < LONG; i++) {
    const texts = ['campaign_id', 'source', 'ad_id'].map((field) => `"${field}":"${i}${field}${long}"`);
    writeSync(
      fd,
      `{"type":"click","timestamp":"2026-06-01T00:00:00Z","user_id":"u${i}",${texts.join(',')}}\n`,
    );
  }
  closeSync(fd);
  const ingested = await run(['ingest', log, '--store', store, '--json', '--quiet']);
  expect({ code: ingested.code, stderr: ingested.stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(ingested.stdout)).toMatchObject({ lines: LONG, accepted: LONG });
  const more = await run(['ingest', '--store', store, '--json', '--quiet'], {
    input: '{"type":"click","timestamp":"2026-06-01T00:00:00Z","user_id":"u","campaign_id":"short"}\n',
  });
  expect({ code: more.code, stderr: more.stderr }).toEqual({ code: 0, stderr: '' });
  expect((await report(store)).totals).toMatchObject({ clicks: LONG + 1, campaigns: LONG + 1 });
});
