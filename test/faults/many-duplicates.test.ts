/** An input of which a whole commit is stored already: the engine has to find all of it with the little memory it has. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run, temporaryFolder } from '../support/cli.js';

/** More than the largest commit. */
const EVENTS = 550_000;

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
