/** What the page shows is what the API answers, written as people read it. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedBrowser } from '../support/browser.js';
import { SAMPLE } from '../support/cli.js';
import { postLines, sharedServer } from '../support/server.js';
import {
  breakDownBy,
  breakdown,
  campaignTable,
  expectFigures,
  feed,
  keyFigures,
  panel,
  rowsOf,
} from './dashboard.js';
import { askApi, countText, expectedCells, moneyText, rateText } from './figures.js';

const ZONE = 'America/New_York';
const TABS = [
  ['Source', 'source'],
  ['Medium', 'medium'],
  ['Ad', 'ad_id'],
  ['Product', 'product'],
] as const;

interface EventBody {
  readonly type: string;
  readonly timestamp: string;
  readonly campaign_id: string | null;
  readonly source: string | null;
  readonly product: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
}

describe('with the sample', () => {
  const visit = sharedBrowser();
  const server = sharedServer({ args: ['--tz', ZONE] });
  beforeAll(async () => {
    expect(await (await postLines(server().url, readFileSync(SAMPLE))).json()).toMatchObject({ rejected: 0 });
  });
  const ask = (query: Record<string, string> = {}): ReturnType<typeof askApi> =>
    askApi(server().url, { tz: ZONE, ...query });

  it('the key figures and each row of the campaign table are those of the sample and of the API', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    const report = await ask();
    await expectFigures(page, report);
    expect(await keyFigures(page)).toEqual({
      Revenue: { value: '$19,390.88', change: null },
      Conversions: { value: '394', change: null },
      'Conversion rate': { value: '8.49%', change: null },
      Clicks: { value: '4,641', change: null },
      Users: { value: '2,742', change: null },
      Campaigns: { value: '5', change: null },
    });
    expect(report.campaigns).toHaveLength(6);
    const expected = report.campaigns.map((row) => [
      row.campaign_id ?? '(unattributed)',
      ...expectedCells(row, ZONE),
    ]);
    // Sorted by revenue, as the API does.
    expect(await rowsOf(campaignTable(page))).toEqual(expected);
    const total = await campaignTable(page).locator('tfoot').getByRole('cell').allInnerTexts();
    expect(total.slice(-9)).toEqual(expectedCells(report.totals, ZONE));
  });

  it('without a range of its own the page shows all of a store whose last event is long ago', async () => {
    const { page } = await visit(server().url);
    await page.getByRole('heading', { level: 1, name: 'All time' }).waitFor();
    await expectFigures(page, await ask());
    expect(await page.getByText('May 31 – Jun 14, 2026').first().isVisible()).toBe(true);
  });

  it('each breakdown is that of the API, from the highest revenue down', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    const report = await ask({ by: TABS.map(([, field]) => field).join(',') });
    await expectFigures(page, report);
    for (const [title, field] of TABS) {
      await breakDownBy(page, title);
      const all = breakdown(page).getByRole('button', { name: /^Show all / });
      if (await all.isVisible()) await all.click();
      const rows = report.breakdowns?.[field] ?? [];
      const shown = (await rowsOf(breakdown(page).getByRole('table'))).map(([name, , revenue, , sold]) => [
        name,
        revenue,
        sold,
      ]);
      const none = field === 'product' ? '(none)' : '(unattributed)';
      expect(shown.length, title).toBeGreaterThan(2);
      expect(shown, title).toEqual(
        rows.map((row) => [row['key'] ?? none, moneyText(row['revenue']), countText(row['conversions'])]),
      );
    }
  });

  it('the rates are those of the API, the highest first', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    const { campaigns, totals } = await ask();
    const rated = campaigns.filter((row) => row['conversion_rate'] !== null);
    rated.sort((a, b) => Number(b['conversion_rate']) - Number(a['conversion_rate']));
    expect(rated).toHaveLength(5);
    const text = (row: Readonly<Record<string, number | string | null>>): string =>
      `${rateText(row['conversion_rate'])} ${countText(row['conversions'])} of ${countText(row['clicks'])}`;
    const table = panel(page, 'Conversion rate by campaign').getByRole('table');
    await expect
      .poll(async () => (await rowsOf(table)).map(([name, , rate]) => [name, rate]))
      .toEqual(rated.map((row) => [row.campaign_id, text(row)]));
    expect(await table.locator('tfoot').innerText()).toContain('8.49%');
    expect(await table.locator('tfoot').textContent()).toContain(text(totals));
  });

  it('the figures over time are those of the API, day by day', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    const { timeline } = await ask({ timeline: 'true' });
    expect(timeline?.interval).toBe('day');
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const day = new Intl.DateTimeFormat('en-US', {
      timeZone: ZONE,
      weekday: 'short',
      month: 'short',
      day: 'numeric',
    });
    const points = (timeline?.points ?? []) as readonly {
      start: string;
      clicks: number;
      conversions: number;
      revenue: number;
    }[];
    expect(points).toHaveLength(15);
    await expect
      .poll(() => rowsOf(page.getByRole('region', { name: 'Figures over time' }).getByRole('table')))
      .toEqual(
        points.map(({ start, clicks, conversions, revenue }) => [
          day.format(new Date(start)),
          countText(clicks),
          countText(conversions),
          moneyText(revenue),
        ]),
      );
  });

  it('the latest events are those of the API, the newest first', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    const answer = await fetch(`${server().url}/api/events?limit=20`);
    const { events } = (await answer.json()) as { events: EventBody[] };
    expect(events).toHaveLength(20);
    const time = new Intl.DateTimeFormat('en-US', {
      timeZone: ZONE,
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const expected = events.map(({ type, timestamp, campaign_id, source, product, amount, currency }) => [
      time.format(new Date(timestamp)),
      type,
      campaign_id ?? '(unattributed)',
      type === 'click' ? (source ?? '(unattributed)') : (product ?? '(none)'),
      amount === null ? '' : moneyText(amount, currency ?? 'USD'),
    ]);
    await expect
      .poll(async () =>
        (await rowsOf(feed(page))).map(([at, kind, what, amount], i) => {
          const campaign = expected[i]?.[2] ?? '';
          const isThere = what?.startsWith(campaign) ?? false;
          const word = kind?.replace(/^[^a-z]*/, '');
          return [at, word, isThere ? campaign : what, isThere ? what?.slice(campaign.length) : '', amount];
        }),
      )
      .toEqual(expected);
  });
});
