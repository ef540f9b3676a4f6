import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectedReportOfLines } from '../independent/expected-report.mjs';
import { finish, ingest, report, run, SAMPLE, start, temporaryFolder } from '../support/cli.js';

const INGESTS = 20;

describe('several processes on one store', () => {
  it('lose nothing and show nobody an error: twenty ingests and a report loop', async () => {
    const folder = temporaryFolder();
    const store = join(folder, 's.duckdb');
    const lines = readFileSync(SAMPLE, 'utf8').trimEnd().split('\n');
    const share = Math.ceil(lines.length / INGESTS);
    const files = Array.from({ length: INGESTS }, (_, i) => join(folder, `part-${i}.txt`));
    files.forEach((file, i) => {
      writeFileSync(file, `${lines.slice(i * share, (i + 1) * share).join('\n')}\n`);
    });
    const loop = { running: true };
    const reports = (async () => {
      const failures: string[] = [];
      for (let i = 0; loop.running; i++) {
        const { code, stderr } = await run(['report', '--json'], { store });
        // Before the first commit there is no store to report on.
        if (code !== 0 && !stderr.includes('there is no store')) failures.push(`${i}: ${stderr}`);
      }
      return failures;
    })();
    const ingests = await Promise.all(files.map((file) => run(['ingest', file], { store })));
    loop.running = false;
    expect(await reports).toEqual([]);
    for (const { code, stderr } of ingests) {
      expect(stderr).not.toMatch(/mapipe:/);
      expect(code).toBe(0);
    }
    const { totals } = expectedReportOfLines(lines);
    expect((await report(store)).totals).toMatchObject({
      clicks: totals['clicks'],
      conversions: totals['conversions'],
      refunds: totals['refunds'],
      revenue: Number(totals['revenue']),
    });
  });

  it('count a file once when they read it at the same time', async () => {
    const folder = temporaryFolder();
    const store = join(folder, 's.duckdb');
    // Without ids, so that only the checkpoints can tell that an event was there before.
    const lines = Array.from(
      { length: 120_000 },
      (_, i) =>
        `{"type":"click","timestamp":"2026-06-01T00:00:00Z","campaign_id":"c${i % 5}","user_id":"u${i % 999}"}`,
    );
    const file = join(folder, 'events.ndjson');
    writeFileSync(file, lines.join('\n'));
    const env = { MAPIPE_COMMIT_EVENTS: '1' };
    const runs = await Promise.all(
      [1, 2, 3].map(() => finish(start(['ingest', file, '--json'], { store, env }))),
    );
    const accepted = runs.map(({ stdout }) => (JSON.parse(stdout) as { accepted: number }).accepted);
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(accepted.reduce((sum, count) => sum + count, 0)).toBe(120_000);
    expect((await report(store)).totals['clicks']).toBe(120_000);
    expect(await ingest(store, [file])).toMatchObject({ lines: 0 });
  });
});
