/** The bench believes no answer: how it checks them, and that a wrong one is never timed. No time is asserted. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environment, PROJECT, temporaryFolder } from '../support/cli.js';

interface Outcome {
  readonly rows: readonly {
    readonly name: string;
    readonly faults: readonly string[];
    readonly contestants: readonly {
      readonly name: string;
      readonly seconds: readonly number[];
      readonly peakBytes: number | null;
    }[];
    readonly bar: { readonly measured: number | null; readonly verdict: string } | null;
  }[];
}

function bench(folder: string, ...args: string[]) {
  const json = join(folder, 'outcome.json');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['bench/run.mjs', '--data', join(folder, 'data'), '--events', '2000', '--json', json, ...args],
    { cwd: PROJECT, env: environment({}), encoding: 'utf8' },
  );
  const outcome = (): Outcome => JSON.parse(readFileSync(json, 'utf8')) as Outcome;
  return { status, stdout, stderr, outcome };
}

describe('npm run bench', () => {
  it('times every contestant in each round once all have answered right', () => {
    const { status, stdout, outcome } = bench(temporaryFolder(), '--rounds', '2', '--only', 'csv,durable');

    expect(status).toBe(0);
    const { rows } = outcome();
    expect(rows.map(({ name }) => name)).toEqual(['csv', 'durable']);
    for (const { faults, contestants, bar } of rows) {
      expect(faults).toEqual([]);
      expect(contestants.slice(0, 2).map(({ name }) => name)).toEqual(['mapipe', 'DuckDB']);
      expect(contestants.map(({ seconds }) => seconds.length)).toEqual(contestants.map(() => 2));
      expect(contestants[0]?.peakBytes).toBeGreaterThan(10e6);
      expect(bar?.measured).toBeGreaterThan(0);
    }
    expect(stdout).toContain('CSV summary against DuckDB');
  });

  it('times nothing where an answer is not what the file holds, and fails', () => {
    const folder = temporaryFolder();
    expect(bench(folder, '--rounds', '1', '--only', 'csv').status).toBe(0);
    const truth = readdirSync(join(folder, 'data')).find((name) => name.endsWith('.truth.json')) ?? '';
    const path = join(folder, 'data', truth);
    const { campaigns, ...totals } = JSON.parse(readFileSync(path, 'utf8')) as {
      clicks: number;
      campaigns: Record<string, { clicks: number }>;
    };
    const promo = campaigns['promo_07'] ?? { clicks: 0 };
    writeFileSync(
      path,
      JSON.stringify({
        ...totals,
        campaigns: { ...campaigns, promo_07: { ...promo, clicks: promo.clicks + 1 } },
      }),
    );

    const { status, stdout, stderr, outcome } = bench(folder, '--rounds', '1', '--only', 'csv');

    expect(status).toBe(1);
    const [row] = outcome().rows;
    expect(row?.faults[0]).toBe(
      `mapipe: promo_07: clicks: expected ${String(promo.clicks + 1)}, got ${String(promo.clicks)}`,
    );
    expect(row?.contestants.flatMap(({ seconds }) => seconds)).toEqual([]);
    expect(row?.bar?.measured).toBeNull();
    expect(stdout).toContain('WRONG');
    expect(stderr).toContain('THE ANSWER IS WRONG');
  });

  it('leaves only whole files in its folder', () => {
    const folder = temporaryFolder();
    bench(folder, '--rounds', '1', '--only', 'ndjson-few');
    const file = 'events-2000-users-1000-campaigns-5-seed-1.ndjson';
    expect(readdirSync(join(folder, 'data')).sort()).toEqual([file, `${file}.truth.json`]);
  });

  it('does not replace the whole page by some rows', () => {
    const { status, stderr } = bench(temporaryFolder(), '--only', 'csv', '--write');
    expect(status).toBe(2);
    expect(stderr).toContain('--write: expected all rows');
  });
});
