/** What leaves the page: tables as CSV, and the view as a command for a terminal. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPage, sharedBrowser } from '../support/browser.js';
import {
  environment,
  finish,
  LAUNCHER,
  SAMPLE,
  temporaryFolder,
  type ReportBody,
  type RunResult,
} from '../support/cli.js';
import { postLines, sharedServer } from '../support/server.js';
import {
  breakDownBy,
  breakdown,
  campaignTable,
  expectFigures,
  feed,
  keyFigures,
  LIVE_MS,
  panel,
  rowsOf,
} from './dashboard.js';
import { askApi, countText, momentText, moneyText, rateText, type Cell } from './figures.js';

const visit = sharedBrowser();

type CsvRow = Record<string, string>;

async function download(
  page: Page,
  button: Locator,
): Promise<{ name: string; text: string; rows: CsvRow[] }> {
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const text = readFileSync(await file.path(), 'utf8');
  const rows = parse<CsvRow>(text, { bom: true, columns: true });
  return { name: file.suggestedFilename(), text, rows };
}

/** A number as a CSV cell has it; an empty cell is no value. */
function cell(row: CsvRow, column: string): Cell {
  const text = row[column] ?? 'missing';
  return text === '' ? null : Number(text);
}

describe('a table as CSV', () => {
  const server = sharedServer();
  beforeAll(async () => {
    expect((await postLines(server().url, readFileSync(SAMPLE))).status).toBe(200);
  });

  it('of campaigns holds the rows shown, in their order', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    await expectFigures(page, await askApi(server().url));
    await campaignTable(page).getByRole('columnheader', { name: 'Clicks' }).getByRole('button').click();
    const save = page.getByRole('button', { name: 'Campaigns as CSV' });
    const { name, rows } = await download(page, save);
    expect(name).toMatch(/^mapipe-until-\d{4}-\d\d-\d\d-campaigns\.csv$/);
    expect(rows).toHaveLength(6);
    const shown = await rowsOf(campaignTable(page));
    expect(
      rows.map((row) => [
        row['campaign_id'] || '(unattributed)',
        moneyText(cell(row, 'revenue')),
        countText(cell(row, 'conversions')),
        rateText(cell(row, 'conversion_rate')),
        countText(cell(row, 'clicks')),
        countText(cell(row, 'unique_users')),
        moneyText(cell(row, 'average_order_value')),
        moneyText(cell(row, 'revenue_per_click')),
        countText(cell(row, 'refunds')),
        momentText(row['last_event_at'] ?? ''),
      ]),
    ).toEqual(shown);
    await page.getByRole('searchbox', { name: 'Search campaigns by name' }).fill('sale');
    expect((await download(page, save)).rows.map((row) => row['campaign_id'])).toEqual(['summer_sale']);
  });

  it('of rates, of revenue, of time and of events holds the rows shown', async () => {
    const { page } = await visit(`${server().url}/?from=2026-06-08&to=2026-06-14`);
    await expectFigures(
      page,
      await askApi(server().url, { tz: 'UTC', since: '2026-06-08', until: '2026-06-15' }),
    );

    const rates = await download(page, page.getByRole('button', { name: 'Conversion rates as CSV' }));
    expect(rates.name).toBe('mapipe-2026-06-08-to-2026-06-14-conversion-rates.csv');
    const ratesShown = await rowsOf(panel(page, 'Conversion rate by campaign').getByRole('table'));
    expect(ratesShown).toHaveLength(5);
    expect(
      rates.rows.map((row) => [
        row['campaign_id'],
        '',
        `${rateText(cell(row, 'conversion_rate'))} ${countText(cell(row, 'conversions'))} of ${countText(cell(row, 'clicks'))}`,
      ]),
    ).toEqual(ratesShown);

    await breakDownBy(page, 'Ad');
    await breakdown(page)
      .getByRole('button', { name: /^Show all / })
      .click();
    const ads = await download(page, page.getByRole('button', { name: 'Revenue breakdown as CSV' }));
    const adsShown = await rowsOf(breakdown(page).getByRole('table'));
    expect(adsShown.length).toBeGreaterThan(8);
    expect(
      ads.rows.map((row) => [
        row['ad_id'] || '(unattributed)',
        moneyText(cell(row, 'revenue')),
        countText(cell(row, 'conversions')),
      ]),
    ).toEqual(adsShown.map(([name, , revenue, , conversions]) => [name, revenue, conversions]));

    const time = await download(page, page.getByRole('button', { name: 'Time series as CSV' }));
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const timeShown = await rowsOf(
      page.getByRole('region', { name: 'Figures over time' }).getByRole('table'),
    );
    expect(timeShown).toHaveLength(7);
    expect(time.rows.map((row) => row['start'])).toEqual(
      ['08', '09', '10', '11', '12', '13', '14'].map((date) => `2026-06-${date}`),
    );
    expect(
      time.rows.map((row) => [
        countText(cell(row, 'clicks')),
        countText(cell(row, 'conversions')),
        moneyText(cell(row, 'revenue')),
        countText(cell(row, 'clicks_before')),
        countText(cell(row, 'conversions_before')),
        moneyText(cell(row, 'revenue_before')),
      ]),
    ).toEqual(timeShown.map(([, ...figures]) => figures));

    const events = await download(page, page.getByRole('button', { name: 'Latest events as CSV' }));
    const eventsShown = await rowsOf(feed(page));
    expect(eventsShown).toHaveLength(20);
    expect(
      events.rows.map((row) => [
        momentText(row['timestamp'] ?? ''),
        row['type'],
        `${row['campaign_id'] || '(unattributed)'}${row['type'] === 'click' ? row['source'] || '(unattributed)' : row['product'] || '(none)'}`,
        row['amount'] === '' ? '' : moneyText(cell(row, 'amount'), row['currency']),
      ]),
    ).toEqual(
      eventsShown.map(([at, type, what, amount]) => [at, type?.replace(/^[^a-z]*/, ''), what, amount]),
    );
  });
});

describe('hostile names', () => {
  const FORMULAS = ['=HYPERLINK("http://evil","x")', '+1', '-2+3', '@SUM(A1)'];
  const CAMPAIGNS = [
    `it's "5 o'clock" $(touch pwned) \`touch pwned\`; touch pwned`,
    '--help',
    '-',
    'two\nlines\tand \\ a \u202etrick',
    '!! $HOME *',
  ];
  // A store whose own path needs quotes.
  const folder = mkdtempSync(join(tmpdir(), "mapipe it's $(touch pwned) "));
  const server = sharedServer({ store: join(folder, 'store.duckdb') });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  beforeAll(async () => {
    const events = [...FORMULAS, ...CAMPAIGNS].flatMap((campaign_id, n) => {
      const user_id = `user-${n}`;
      const who = { campaign_id, user_id, source: campaign_id, ad_id: campaign_id };
      return [
        { type: 'click', timestamp: '2026-06-01T10:00:00Z', ...who },
        ...Array.from({ length: n }, (_, more) => ({
          type: 'click',
          timestamp: '2026-06-01T11:00:00Z',
          ...who,
          user_id: `user-${n}-${more}`,
        })),
        {
          type: 'conversion',
          timestamp: '2026-06-02T10:00:00Z',
          campaign_id,
          user_id,
          amount: 10,
          currency: 'USD',
          product: campaign_id,
        },
        {
          type: 'refund',
          timestamp: '2026-06-03T10:00:00Z',
          campaign_id,
          user_id,
          amount: 12.5,
          currency: 'USD',
          product: campaign_id,
        },
      ];
    });
    const body = events.map((event) => JSON.stringify(event)).join('\n');
    expect(await (await postLines(server().url, body)).json()).toMatchObject({ rejected: 0, ignored: 0 });
  });

  it('run as no formula from a CSV, and numbers below zero stay numbers', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    await expectFigures(page, await askApi(server().url));
    const { rows, text } = await download(page, page.getByRole('button', { name: 'Campaigns as CSV' }));
    expect(rows).toHaveLength(9);
    const names = new Set(rows.map((row) => row['campaign_id']));
    for (const formula of FORMULAS) {
      expect(names).toContain(`'${formula}`);
      expect(names).not.toContain(formula);
    }
    expect(text).toContain(`"'=HYPERLINK(""http://evil"",""x"")",-2.5,`);
    for (const row of rows) expect(row).toMatchObject({ revenue: '-2.5', conversions: '1', refunds: '1' });

    const events = await download(page, page.getByRole('button', { name: 'Latest events as CSV' }));
    const starts = events.rows.flatMap((row) =>
      ['campaign_id', 'source', 'ad_id', 'product'].flatMap((column) => row[column]?.charAt(0) ?? []),
    );
    expect(starts.filter((start) => '=+-@\t\r'.includes(start) && start !== '')).toEqual([]);
    expect(events.rows.map((row) => row['amount'])).toContain('12.5');
  });

  it('are copied in a command that answers the same in a terminal, and runs nothing else', async () => {
    const terminal = openTerminal();
    const { page, context, requests } = await visit(`${server().url}/?range=all`);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server().url });
    for (const [n, campaign] of CAMPAIGNS.entries()) {
      const query = new URLSearchParams(
        n % 2 === 0
          ? { range: 'all', campaign, source: campaign }
          : { from: '2026-06-01', to: '2026-06-01', campaign, ad: campaign },
      );
      await page.goto(`${server().url}/?${query.toString()}`);
      // In all time each was bought once; the sale is not of the first day.
      const [clicks, sales] = [FORMULAS.length + n + 1, n % 2 === 0 ? 1 : 0];
      await expect
        .poll(() => keyFigures(page), { timeout: LIVE_MS })
        .toMatchObject({ Clicks: { value: String(clicks) }, Conversions: { value: String(sales) } });
      await page.getByRole('button', { name: 'Copy as command' }).click();
      await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
      const command = await inPage<string>(page, 'navigator.clipboard.readText()');
      expect(command).toMatch(/^mapipe report /);
      const { code, stdout, stderr } = await terminal.run(`${command} --json`);
      expect(code, `${command}\n${stderr}`).toBe(0);
      const asked = requests.findLast((request) => request.url().includes('timeline=true'));
      const answered = (await (await fetch(asked?.url() ?? '')).json()) as ReportBody;
      const told = JSON.parse(stdout) as ReportBody;
      expect(told.totals, command).toEqual(answered.totals);
      expect(told.totals).toMatchObject({ clicks, conversions: sales, campaigns: 1 });
    }
    expect(terminal.wasBroken()).toBe(false);
  });

  it('without a clipboard are shown in a command that can be copied by hand', async () => {
    const terminal = openTerminal();
    const query = new URLSearchParams({
      range: 'all',
      campaign: CAMPAIGNS[0] ?? '',
      product: CAMPAIGNS[0] ?? '',
    });
    const { page } = await visit(`${server().url}/?${query.toString()}`, {
      // As on a page that came over plain http from another machine.
      prepare: (opened) =>
        opened.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })"),
    });
    await page.getByText('1 of 0 clicks').first().waitFor();
    await page.getByRole('button', { name: 'Copy as command' }).click();
    const dialog = page.getByRole('dialog', { name: 'The same answer in a terminal' });
    const command = await dialog.getByText(/^mapipe report/).innerText();
    expect(await inPage(page, 'String(getSelection())')).toBe(command);
    const { code, stdout, stderr } = await terminal.run(`${command} --json`);
    expect(code, stderr).toBe(0);
    expect((JSON.parse(stdout) as ReportBody).totals).toMatchObject({
      clicks: 0,
      conversions: 1,
      revenue: -2.5,
    });
    expect(terminal.wasBroken()).toBe(false);
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await dialog.isVisible()).toBe(false);
  });
});

/** A shell in an empty folder that finds mapipe on its path, and no setting of ours. */
function openTerminal(): { run: (command: string) => Promise<RunResult>; wasBroken: () => boolean } {
  const folder = temporaryFolder();
  const [bin, home] = [join(folder, 'bin'), join(folder, 'home')];
  mkdirSync(bin);
  mkdirSync(home);
  const stub = join(bin, 'mapipe');
  writeFileSync(stub, `#!/bin/sh\nexec '${process.execPath}' '${LAUNCHER}' "$@"\n`);
  chmodSync(stub, 0o755);
  const env = { ...environment({}), PATH: `${bin}:/usr/bin:/bin`, HOME: home };
  return {
    run: (command) => finish(spawn('bash', ['-c', command], { cwd: home, env })),
    wasBroken: () => existsSync(join(home, 'pwned')),
  };
}
