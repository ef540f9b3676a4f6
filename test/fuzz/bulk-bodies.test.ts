/**
 * Spoilt bodies for `POST /api/events`: each is answered, and every line of it accounted for. `MAPIPE_FUZZ_LINES` says
 * of how many lines (CI: few), `MAPIPE_FUZZ_SEED` which.
 */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { report } from '../support/cli.js';
import { postLines, startServer, type BulkAccount } from '../support/server.js';
import { byteStreamOf } from './byte-streams.js';
import { linesIn } from './read-stream.js';

const SEED = Number(process.env['MAPIPE_FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const LINES = Number(process.env['MAPIPE_FUZZ_LINES'] ?? 20_000);

it(`spoilt bodies are accounted for, line by line, seed ${SEED}`, { timeout: 3_600_000 }, async () => {
  const server = await startServer();
  let accepted = 0;
  let posted = 0;
  for (let seed = SEED, left = LINES; left > 0; seed++) {
    const { format, bytes, lines } = byteStreamOf(seed);
    // Mostly of what is meant to come, now and then of anything.
    if (format !== 'ndjson' && seed % 5 > 0) continue;
    left -= lines;
    posted += lines;
    const gzipped = seed % 2 === 0;
    const sent = Buffer.from(gzipped ? gzipSync(bytes, { level: 1 }) : bytes);
    const response = await postLines(
      server.url,
      new Uint8Array(sent),
      gzipped ? { 'content-encoding': 'gzip' } : {},
    );
    const text = await response.text();
    const why = `MAPIPE_FUZZ_SEED=${seed} MAPIPE_FUZZ_LINES=1: ${response.status} ${text.slice(0, 2_000)}`;
    expect(response.status, why).toBe(200);
    const account = JSON.parse(text) as BulkAccount;
    expect(account.lines, why).toBe(linesIn(bytes));
    expect(account.accepted + account.duplicates + account.ignored + account.rejected, why).toBe(
      account.lines,
    );
    accepted += account.accepted;
  }
  // What the answers said is what the store has, unless one event later showed that two were the same: those merge.
  const { totals } = await report(server.store);
  const stored = Number(totals['clicks']) + Number(totals['conversions']) + Number(totals['refunds']);
  expect(stored).toBeGreaterThan(0);
  expect(stored).toBeLessThanOrEqual(accepted);
  expect((await server.stop()).code).toBe(0);
  console.log(`fuzzed as bodies: ${posted} lines, ${accepted} events`);
});
