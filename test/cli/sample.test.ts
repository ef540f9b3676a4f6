import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { expectedReport, expectedReportOfLines } from '../independent/expected-report.mjs';
import {
  comparable,
  ingest,
  PROJECT,
  report,
  run,
  SAMPLE,
  temporaryFolder,
  type ReportBody,
} from '../support/cli.js';

const CAMPAIGNS = ['summer_sale', 'brand_search', 'newsletter_june', 'retargeting_q2', 'creator_collab'];

/** Asserts that every figure worked out independently stands in the report; money and rates come as decimal texts. */
function expectFigures(actual: unknown, expected: unknown, place = 'report'): void {
  if (Array.isArray(expected)) {
    expect(actual, place).toHaveLength(expected.length);
    expected.forEach((value, i) => {
      expectFigures((actual as readonly unknown[])[i], value, `${place}[${i}]`);
    });
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [name, value] of Object.entries(expected)) {
      expectFigures((actual as Record<string, unknown>)[name], value, `${place}.${name}`);
    }
  } else if (typeof expected === 'string' && typeof actual === 'number') {
    if (place.endsWith('conversion_rate')) expect(actual, place).toBeCloseTo(Number(expected), 6);
    else expect(actual, place).toBe(Number(expected));
  } else {
    expect(actual, place).toBe(expected);
  }
}

describe('the sample', () => {
  it('gives the figures that a script apart from the source works out, to the cent', async () => {
    const store = join(temporaryFolder(), 's.duckdb');
    await ingest(store, [SAMPLE]);
    const { totals, campaigns } = await expectedReport(SAMPLE);
    expectFigures(await report(store), { totals, campaigns });
    for (const campaign of CAMPAIGNS) {
      const expected = await expectedReport(SAMPLE, { campaign });
      expectFigures(await report(store, '--campaign', campaign), {
        totals: expected.totals,
        campaigns: expected.campaigns,
        breakdowns: expected.breakdowns,
      });
    }
    const period = { since: '2026-06-05T00:00:00Z', until: '2026-06-09T12:00:00Z' };
    const expected = await expectedReport(SAMPLE, period);
    const within = await report(store, '--since', period.since, '--until', period.until);
    expectFigures(within, { totals: expected.totals, campaigns: expected.campaigns });
  });

  it('gives the figures of one source, medium, ad or product as that script does', async () => {
    const store = join(temporaryFolder(), 's.duckdb');
    await ingest(store, [SAMPLE]);
    const period = { since: '2026-06-05T00:00:00Z', until: '2026-06-09T12:00:00Z' };
    const questions: {
      where: Readonly<Record<string, string | null>>;
      campaign?: string;
      since?: string;
      until?: string;
    }[] = [
      { where: { source: 'google', medium: 'cpc' } },
      { where: { source: null } },
      { where: { ad_id: 'banner_ad_456' }, ...period },
      { where: { product: 'Beach towel, large' } },
      { where: { product: 'premium_package', source: 'facebook' }, campaign: 'summer_sale' },
      { where: { source: 'google' }, campaign: 'summer_sale', ...period },
      { where: { medium: 'paid_social', product: null }, ...period },
    ];
    for (const question of questions) {
      const { where, ...others } = question;
      const { totals, campaigns } = await expectedReport(SAMPLE, question);
      const options = [
        ...Object.entries(where).map(([field, value]) => ['--where', `${field}=${value ?? ''}`]),
        ...Object.entries(others).map(([name, value]) => [`--${name}`, value]),
      ];
      expectFigures(await report(store, ...options.flat()), { totals, campaigns });
    }
  });

  it('gives the same report as CSV, and shuffled', async () => {
    const folder = temporaryFolder();
    const lines = readFileSync(SAMPLE, 'utf8').trimEnd().split('\n');
    // A stride coprime to the number of lines visits each once, far from its neighbours.
    const shuffled = lines.map((_, i) => lines[(i * 2017 + 31) % lines.length] ?? '');
    writeFileSync(join(folder, 'shuffled.txt'), shuffled.join('\n'));
    const reports: ReportBody[] = [];
    for (const [i, input] of [
      SAMPLE,
      join(PROJECT, 'data/sample_logs.csv'),
      join(folder, 'shuffled.txt'),
    ].entries()) {
      const store = join(folder, `${i}.duckdb`);
      expect(await ingest(store, [input])).toMatchObject({ accepted: 5071, duplicates: 15, rejected: 0 });
      reports.push(await report(store, '--campaign', 'summer_sale', '--by', 'day'));
    }
    expect(new Set(shuffled).size).toBe(new Set(lines).size);
    const [fromJson, fromCsv, fromShuffled] = reports.map(comparable);
    expect(fromCsv).toEqual(fromJson);
    expect(fromShuffled).toEqual(fromJson);
  });

  it('adds nothing when the file, its copy, a link to it or its .gz comes again, and says so', async () => {
    const folder = temporaryFolder();
    const store = join(folder, 's.duckdb');
    await ingest(store, [SAMPLE]);
    const before = comparable(await report(store));
    copyFileSync(SAMPLE, join(folder, 'copy.log'));
    symlinkSync(SAMPLE, join(folder, 'link'));
    writeFileSync(join(folder, 'packed.gz'), gzipSync(readFileSync(SAMPLE)));
    const text = readFileSync(SAMPLE);
    const half = text.indexOf('\n', text.length / 2) + 1;
    writeFileSync(
      join(folder, 'members.gz'),
      Buffer.concat([gzipSync(text.subarray(0, half)), gzipSync(text.subarray(half))]),
    );
    for (const again of [
      SAMPLE,
      ...['copy.log', 'link', 'packed.gz', 'members.gz'].map((name) => join(folder, name)),
    ]) {
      const { code, stderr } = await run(['ingest', again], { store });
      expect(code).toBe(0);
      expect(stderr).toContain('nothing new, already ingested');
    }
    expect(comparable(await report(store))).toEqual(before);
  });

  it('is counted once when it comes twice in one command', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.gz'), gzipSync(readFileSync(SAMPLE)));
    const body = await ingest(join(folder, 's.duckdb'), [SAMPLE, join(folder, 'a.gz')]);
    expect(body).toMatchObject({ lines: 5086, accepted: 5071, duplicates: 15 });
  });

  it('gives the live totals of a pure stream without a store', async () => {
    const lines = readFileSync(SAMPLE, 'utf8').trimEnd().split('\n');
    const expected = expectedReportOfLines(lines);
    const body = await ingest('/nonexistent/never-written.duckdb', ['--no-store'], lines.join('\n'));
    expectFigures(body.report, { totals: expected.totals });
  });

  it('is what its script makes of its seed', () => {
    const check = spawnSync(process.execPath, [join(PROJECT, 'scripts/make-sample.mjs'), '--check']);
    expect(check.status).toBe(0);
  });
});
