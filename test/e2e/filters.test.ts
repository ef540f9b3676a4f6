/** What is looked at: filters, periods and comparisons, kept in the address so that they can be undone and shared. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedBrowser } from '../support/browser.js';
import { SAMPLE, type ReportBody } from '../support/cli.js';
import { postLines, sharedServer } from '../support/server.js';
import {
  breakDownBy,
  breakdown,
  campaignNames,
  campaignTable,
  expectFigures,
  feed,
  figureValues,
  filters,
  keyFigures,
  rowsOf,
} from './dashboard.js';
import { askApi, countText, moneyText, number, rateText } from './figures.js';

const DAY_MS = 86_400_000;

function queryOf(page: Page): Record<string, string> {
  return Object.fromEntries(new URL(page.url()).searchParams);
}

describe('a filter', () => {
  const visit = sharedBrowser();
  const server = sharedServer();
  beforeAll(async () => {
    expect((await postLines(server().url, readFileSync(SAMPLE))).status).toBe(200);
  });
  const ask = (query: Record<string, string> = {}): Promise<ReportBody> =>
    askApi(server().url, { tz: 'UTC', ...query });

  it('on a campaign filters all figures, stands in the address, and goes when its chip is removed', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    await campaignTable(page).getByRole('button', { name: 'summer_sale', exact: true }).click();
    const filtered = await ask({ campaign_id: 'summer_sale' });
    expect(filtered.totals).toMatchObject({ campaigns: 1 });
    await expectFigures(page, filtered);
    expect(queryOf(page)).toEqual({ range: 'all', campaign: 'summer_sale' });
    expect(await filters(page)).toEqual(['Campaign: summer_sale']);
    expect(await campaignNames(page)).toEqual(['summer_sale']);
    const told = (await rowsOf(feed(page))).map(([, , what = '']) => what.startsWith('summer_sale'));
    expect(told).toHaveLength(20);
    expect(told).not.toContain(false);
    await page.getByRole('button', { name: 'Remove the filter Campaign: summer_sale' }).click();
    await expectFigures(page, await ask());
    expect(queryOf(page)).toEqual({ range: 'all' });
    expect(await filters(page)).toEqual([]);
  });

  it.each([
    ['Source', 'google', 'source', 'source'],
    ['Ad', 'banner_ad_456', 'ad', 'ad_id'],
    ['Product', 'Beach towel, large', 'product', 'product'],
    ['Medium', 'paid_social', 'medium', 'medium'],
  ])('by %s keeps what is credited to “%s”', async (tab, value, name, field) => {
    const { page } = await visit(`${server().url}/?range=all`);
    await breakDownBy(page, tab);
    await breakdown(page).getByRole('button', { name: value, exact: true }).click();
    const filtered = await ask({ [field]: value });
    await expectFigures(page, filtered);
    expect(queryOf(page)).toEqual({ range: 'all', [name]: value });
    expect(await filters(page)).toEqual([`${tab}: ${value}`]);
    const campaigns = filtered.campaigns.map((row) => row.campaign_id ?? '(unattributed)');
    expect(new Set(await campaignNames(page))).toEqual(new Set(campaigns));
  });

  it('for what has no value asks for just that, and says “–” where there is nothing to divide', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    await breakDownBy(page, 'Product');
    await breakdown(page).getByRole('button', { name: 'sun_hat', exact: true }).click();
    const hats = await ask({ product: 'sun_hat' });
    expect(hats.totals).toMatchObject({ clicks: 0, conversion_rate: null, revenue_per_click: null });
    await expectFigures(page, hats);
    expect(await figureValues(page)).toMatchObject({ Clicks: '0', 'Conversion rate': '–' });
    await page.getByRole('button', { name: 'Remove the filter Product: sun_hat' }).click();
    await breakDownBy(page, 'Source');
    await breakdown(page).getByRole('button', { name: '(unattributed)', exact: true }).click();
    const unattributed = await ask({ source: '' });
    expect(unattributed.totals).toMatchObject({ clicks: 0, conversion_rate: null });
    expect(unattributed.totals['conversions']).toBeGreaterThan(0);
    await expectFigures(page, unattributed);
    expect(queryOf(page)).toEqual({ range: 'all', source: '' });
    expect(await filters(page)).toEqual(['Source: (unattributed)']);
  });

  it('is undone by Back, done again by Forward, and opens the same from a shared address', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    await expectFigures(page, await ask());
    await campaignTable(page).getByRole('button', { name: 'summer_sale', exact: true }).click();
    const campaign = await ask({ campaign_id: 'summer_sale' });
    await expectFigures(page, campaign);
    await breakDownBy(page, 'Source');
    await breakdown(page).getByRole('button', { name: 'google', exact: true }).click();
    const both = await ask({ campaign_id: 'summer_sale', source: 'google' });
    expect(both.totals['clicks']).not.toBe(campaign.totals['clicks']);
    await expectFigures(page, both);
    expect(await filters(page)).toEqual(['Campaign: summer_sale', 'Source: google']);

    const { page: colleague } = await visit(page.url());
    await expectFigures(colleague, both);
    expect(await filters(colleague)).toEqual(['Campaign: summer_sale', 'Source: google']);

    await page.goBack();
    await expectFigures(page, campaign);
    expect(await filters(page)).toEqual(['Campaign: summer_sale']);
    await page.goBack();
    await expectFigures(page, await ask());
    expect(await filters(page)).toEqual([]);
    await page.goForward();
    await page.goForward();
    await expectFigures(page, both);
    await page.getByRole('button', { name: 'Clear all' }).click();
    await expectFigures(page, await ask());
    expect(queryOf(page)).toEqual({ range: 'all' });
  });

  it('for a campaign that is not there says so, names the nearest, and can be cleared', async () => {
    const { page } = await visit(`${server().url}/?range=all&campaign=sumer_sale`, { expects: [/404/] });
    const notice = page.getByRole('alert').filter({ hasText: 'sumer_sale' });
    await notice.waitFor();
    expect(await notice.innerText()).toContain('summer_sale');
    expect(await page.getByRole('region', { name: 'Key figures' }).isVisible()).toBe(false);
    await notice.getByRole('button', { name: 'Clear the filters' }).click();
    await expectFigures(page, await ask());
    expect(await notice.isVisible()).toBe(false);
  });

  it('in a custom range compares with as many days before, each figure from the API’s two answers', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    await page.getByRole('button', { name: 'Custom', exact: true }).click();
    await page.getByLabel('From', { exact: true }).fill('2026-06-08');
    await page.getByLabel('To', { exact: true }).fill('2026-06-14');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const [now, before] = await Promise.all([
      ask({ since: '2026-06-08', until: '2026-06-15' }),
      ask({ since: '2026-06-01', until: '2026-06-08' }),
    ]);
    await expectFigures(page, now);
    expect(queryOf(page)).toEqual({ from: '2026-06-08', to: '2026-06-14' });
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Jun 8 – Jun 14, 2026');
    expect(await page.getByText('against Jun 1 – Jun 7, 2026').isVisible()).toBe(true);
    expect(await changes(page)).toEqual(expectedChanges(now, before));

    await page.getByRole('switch', { name: /^Compare/ }).click();
    await expect.poll(() => changes(page)).toMatchObject({ Clicks: null, Revenue: null });
    expect(queryOf(page)).toEqual({ from: '2026-06-08', to: '2026-06-14', compare: 'off' });
    await expectFigures(page, now);
  });
});

describe('a period', () => {
  const visit = sharedBrowser();
  const server = sharedServer();
  const noon = (daysAgo: number): string =>
    `${new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10)}T12:00:00Z`;
  const day = (daysAgo: number): string => noon(daysAgo).slice(0, 10);
  const ask = (since: number, until: number): Promise<ReportBody> =>
    askApi(server().url, { tz: 'UTC', since: day(since), until: day(until) });

  beforeAll(async () => {
    const clicks = (count: number, daysAgo: number): object[] =>
      Array.from({ length: count }, (_, n) => ({
        type: 'click',
        timestamp: noon(daysAgo),
        campaign_id: 'spring',
        user_id: `u${daysAgo}-${n}`,
      }));
    const sale = (amount: number, daysAgo: number): object => ({
      type: 'conversion',
      timestamp: noon(daysAgo),
      campaign_id: 'spring',
      user_id: `u${daysAgo}-0`,
      amount,
      currency: 'USD',
    });
    // Nothing happened two days ago: yesterday has nothing to be divided by.
    const events = [
      ...clicks(4, 1),
      sale(30, 1),
      ...clicks(6, 3),
      ...clicks(5, 9),
      sale(20, 9),
      sale(20.5, 9),
      ...clicks(3, 40),
    ];
    const answer = await postLines(server().url, events.map((event) => JSON.stringify(event)).join('\n'));
    expect(await answer.json()).toMatchObject({ accepted: 21, rejected: 0 });
  });

  it('that is preset is that of the server’s dates', async () => {
    const { page } = await visit(server().url);
    await page.getByRole('heading', { level: 1, name: 'Last 30 days' }).waitFor();
    await expectFigures(page, await ask(29, -1));
    expect(await figureValues(page)).toMatchObject({ Clicks: '15', Revenue: '$70.50', Conversions: '3' });
    for (const [name, title, clicks, revenue] of [
      ['yesterday', 'Yesterday', '4', '$30.00'],
      ['7d', 'Last 7 days', '10', '$30.00'],
      ['all', 'All time', '18', '$70.50'],
    ] as const) {
      await page.getByRole('button', { name: title, exact: true }).click();
      await expect
        .poll(() => figureValues(page), { timeout: 5_000 })
        .toMatchObject({ Clicks: clicks, Revenue: revenue });
      expect(queryOf(page)).toEqual({ range: name });
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title);
      const pressed = page.getByRole('group', { name: 'Period' }).getByRole('button', { pressed: true });
      expect(await pressed.allInnerTexts()).toEqual([title]);
    }
  });

  it('without events says so, and leads to where there are some', async () => {
    const { page } = await visit(`${server().url}/?from=2020-01-01&to=2020-01-31`);
    await page.getByRole('heading', { name: 'No events in this period' }).waitFor();
    expect(await page.getByRole('region', { name: 'Key figures' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Show that period' }).click();
    await expect.poll(() => figureValues(page)).toMatchObject({ Clicks: '18', Revenue: '$70.50' });
    expect(queryOf(page)).toEqual({ from: day(40), to: day(1) });
  });

  it('against a period of nothing writes “–” and no share', async () => {
    const { page } = await visit(`${server().url}/?range=yesterday`);
    const [now, before] = await Promise.all([ask(1, 0), ask(2, 1)]);
    expect(before.totals).toMatchObject({ clicks: 0, conversions: 0, revenue: 0, conversion_rate: null });
    await expectFigures(page, now);
    expect(await changes(page)).toEqual(expectedChanges(now, before));
    expect(await changes(page)).toMatchObject({
      Clicks: '▲up from 0',
      Revenue: '▲up from $0.00',
      'Conversion rate': 'before: –',
    });
  });

  it('of seven days is compared with the seven before', async () => {
    const { page } = await visit(`${server().url}/?range=7d`);
    const [now, before] = await Promise.all([ask(6, -1), ask(13, 6)]);
    await expectFigures(page, now);
    expect(await changes(page)).toEqual(expectedChanges(now, before));
    expect(await changes(page)).toMatchObject({
      Clicks: '▲up 100% from 5',
      Conversions: '▼down 50.0% from 2',
      Revenue: '▼down 25.9% from $40.50',
      'Conversion rate': '▼down 30.00 pts from 40.00%',
      Campaigns: 'same as before',
    });
  });
});

async function changes(page: Page): Promise<Record<string, string | null>> {
  const figures = await keyFigures(page);
  return Object.fromEntries(Object.entries(figures).map(([label, { change }]) => [label, change]));
}

/** From two answers: which way, by how much of what was before, from what. */
function expectedChanges(
  { totals: now }: ReportBody,
  { totals: before }: ReportBody,
): Record<string, string> {
  const text = (
    field: string,
    write: (value: number | string | null | undefined) => string,
    by: (now: number, before: number) => string,
  ): string => {
    const [to, from] = [now[field], before[field]];
    if (to === null || from === null) return `before: ${write(from)}`;
    const difference = number(to) - number(from);
    if (difference === 0) return 'same as before';
    const amount = by(number(to), number(from));
    const direction = difference > 0 ? '▲up' : '▼down';
    return `${direction}${amount === '' ? '' : ` ${amount}`} from ${write(from)}`;
  };
  const share = (to: number, from: number): string => {
    if (from <= 0) return '';
    const percent = (Math.abs(to - from) / from) * 100;
    return `${percent >= 99.5 ? percent.toFixed(0) : percent.toFixed(1)}%`;
  };
  return {
    Revenue: text('revenue', moneyText, share),
    Conversions: text('conversions', countText, share),
    'Conversion rate': text(
      'conversion_rate',
      rateText,
      (to, from) => `${(Math.abs(to - from) * 100).toFixed(2)} pts`,
    ),
    Clicks: text('clicks', countText, share),
    Users: text('unique_users', countText, share),
    Campaigns: text('campaigns', countText, (to, from) => countText(Math.abs(to - from))),
  };
}
