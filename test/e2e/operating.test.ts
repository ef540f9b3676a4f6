/** The campaign table's order and search, and the whole page by keyboard alone. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { inPage, sharedBrowser } from '../support/browser.js';
import { SAMPLE, type ReportBody } from '../support/cli.js';
import { postLines, sharedServer } from '../support/server.js';
import {
  breakdown,
  campaignNames,
  campaignTable,
  expectFigures,
  figureValues,
  filters,
  panel,
  rowsOf,
} from './dashboard.js';
import { askApi, moneyText, number } from './figures.js';

const visit = sharedBrowser();
const server = sharedServer();
beforeAll(async () => {
  expect((await postLines(server().url, readFileSync(SAMPLE))).status).toBe(200);
});

async function openAll(): Promise<{ page: Page; report: ReportBody }> {
  const { page } = await visit(`${server().url}/?range=all`);
  const report = await askApi(server().url, { tz: 'UTC' });
  await expectFigures(page, report);
  return { page, report };
}

function nameOf({ campaign_id }: { readonly campaign_id: string | null }): string {
  return campaign_id ?? '(unattributed)';
}

function heading(page: Page, title: string): Locator {
  return campaignTable(page).getByRole('columnheader', { name: title });
}

/** Which columns say that they sort, and which way. */
async function sortedBy(page: Page): Promise<string[]> {
  return campaignTable(page)
    .getByRole('columnheader')
    .evaluateAll((cells: { textContent: string | null; getAttribute(name: string): string | null }[]) =>
      cells.flatMap((cell) => {
        const sort = cell.getAttribute('aria-sort');
        return sort === null ? [] : [`${cell.textContent ?? ''} ${sort}`];
      }),
    );
}

describe('the campaign table', () => {
  it('sorts by each of its columns, both ways, with what has no value last', async () => {
    const { page, report } = await openAll();
    expect(await sortedBy(page)).toEqual(['Revenue descending']);
    for (const [title, field] of [
      ['Clicks', 'clicks'],
      ['Rate', 'conversion_rate'],
      ['Avg. order', 'average_order_value'],
      ['Users', 'unique_users'],
      ['Refunds', 'refunds'],
      ['Last event', 'last_event_at'],
    ] as const) {
      const order = (sign: number): string[] =>
        report.campaigns
          .toSorted((a, b) => {
            const [left, right] = [a[field] ?? null, b[field] ?? null];
            if (left === null || right === null) return Number(left === null) - Number(right === null);
            return sign * (left < right ? -1 : left > right ? 1 : 0);
          })
          .map(nameOf);
      await heading(page, title).getByRole('button').click();
      expect(await sortedBy(page)).toEqual([`${title} descending`]);
      expect(await campaignNames(page), title).toEqual(order(-1));
      await heading(page, title).getByRole('button').click();
      expect(await sortedBy(page)).toEqual([`${title} ascending`]);
      expect(await campaignNames(page), title).toEqual(order(1));
    }
    await heading(page, 'Campaign').getByRole('button').click();
    expect(await sortedBy(page)).toEqual(['Campaign ascending']);
    expect(await campaignNames(page)).toEqual([
      'brand_search',
      'creator_collab',
      'newsletter_june',
      'retargeting_q2',
      'summer_sale',
      '(unattributed)',
    ]);
  });

  it('is searched by name, whatever the case, and says when no name matches', async () => {
    const { page } = await openAll();
    const search = page.getByRole('searchbox', { name: 'Search campaigns by name' });
    await search.fill('  SALE ');
    expect(await campaignNames(page)).toEqual(['summer_sale']);
    await search.fill('er');
    expect(new Set(await campaignNames(page))).toEqual(new Set(['summer_sale', 'newsletter_june']));
    await search.fill('.*');
    expect(await campaignNames(page)).toEqual([]);
    expect(await panel(page, 'Campaigns').innerText()).toContain('No campaign’s name contains “.*”');
    await search.fill('');
    expect(await campaignNames(page)).toHaveLength(6);
  });
});

describe('by keyboard', () => {
  it('everything is reached by Tab, in turn, and each stop is seen', async () => {
    const { page } = await openAll();
    const stops = await tabThrough(page);
    expect(stops.length).toBeGreaterThan(40);
    expect(stops.filter(({ isSeen }) => !isSeen).map(({ name }) => name)).toEqual([]);
    expect(stops.filter(({ isInView }) => !isInView).map(({ name }) => name)).toEqual([]);
    expect(await inPage(page, NEVER_REACHED)).toEqual([]);
    const names = stops.map(({ name }) => name);
    expect(names[0]).toBe('Skip to the figures');
    for (const name of ['All time', 'Custom', 'summer_sale', 'Last event', 'Campaigns as CSV', 'Source']) {
      expect(names).toContain(name);
    }
  });

  it('the skip link leads past the controls to the figures', async () => {
    const { page } = await openAll();
    await page.keyboard.press('Tab');
    const link = page.getByRole('link', { name: 'Skip to the figures' });
    expect(await inPage(page, 'document.activeElement.textContent')).toBe('Skip to the figures');
    const box = await link.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect(box?.x).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    expect(await inPage(page, 'document.activeElement.tagName')).toBe('MAIN');
    await page.keyboard.press('Tab');
    expect(await inPage(page, "document.activeElement.closest('main') !== null")).toBe(true);
    expect(await figureValues(page)).toMatchObject({ Clicks: '4,641' });
  });

  it('a campaign is sorted for, filtered by, and let go again', async () => {
    const { page, report } = await openAll();
    const byClicks = report.campaigns
      .toSorted((a, b) => number(b['clicks']) - number(a['clicks']))
      .map(nameOf);
    await heading(page, 'Clicks').getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await sortedBy(page)).toEqual(['Clicks descending']);
    expect(await campaignNames(page)).toEqual(byClicks);
    await page.keyboard.press('Space');
    expect(await sortedBy(page)).toEqual(['Clicks ascending']);
    expect(await campaignNames(page)).toEqual(byClicks.toReversed());

    await campaignTable(page).getByRole('button', { name: 'brand_search', exact: true }).focus();
    await page.keyboard.press('Enter');
    const filtered = await askApi(server().url, { tz: 'UTC', campaign_id: 'brand_search' });
    await expectFigures(page, filtered);
    // The focus stays on the row that was chosen, and lets it go again.
    expect(await inPage(page, 'document.activeElement.textContent')).toBe('brand_search');
    await page.keyboard.press('Space');
    await expectFigures(page, report);
    expect(await filters(page)).toEqual([]);
  });

  it('the tabs are walked by arrow keys', async () => {
    const { page } = await openAll();
    const tabs = breakdown(page).getByRole('tab');
    const chosen = (): Promise<string[]> =>
      breakdown(page).getByRole('tab', { selected: true }).allInnerTexts();
    const titles = await tabs.allInnerTexts();
    expect(titles).toEqual(['Campaign', 'Source', 'Medium', 'Ad', 'Product']);
    await breakdown(page).getByRole('tab', { name: 'Source' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await chosen()).toEqual(['Medium']);
    await page.keyboard.press('End');
    expect(await chosen()).toEqual(['Product']);
    expect(await inPage(page, 'document.activeElement.textContent')).toBe('Product');
    await page.keyboard.press('ArrowRight');
    expect(await chosen()).toEqual(['Campaign']);
    await page.keyboard.press('ArrowLeft');
    expect(await chosen()).toEqual(['Product']);
    await page.keyboard.press('Home');
    expect(await chosen()).toEqual(['Campaign']);
    const [first = []] = await rowsOf(breakdown(page).getByRole('table'));
    expect(first[0]).toBe('summer_sale');
  });

  it('the charts are read point by point, and read out', async () => {
    const { page } = await openAll();
    const { timeline } = await askApi(server().url, { tz: 'UTC', timeline: 'true' });
    const points = (timeline?.points ?? []) as readonly { start: string; clicks: number; revenue: number }[];
    const [first, second, last] = [points[0], points[1], points.at(-1)];
    const charts = page.getByRole('group', { name: /arrow keys/ });
    await charts.focus();
    const told = (): Promise<string> =>
      page.getByRole('status').filter({ hasText: 'Revenue $' }).first().innerText();
    for (const [key, date, point] of [
      ['Home', 'Mon, Jun 1', first],
      ['ArrowRight', 'Tue, Jun 2', second],
      ['End', 'Sun, Jun 14', last],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(told).toContain(date);
      expect(await told()).toContain(`Clicks ${String(point?.clicks)}, `);
      expect(await told()).toContain(`Revenue ${moneyText(point?.revenue)}`);
      expect(await charts.innerText()).toContain(moneyText(point?.revenue));
    }
  });

  it('a period is chosen, compared and filtered without a mouse', async () => {
    const { page } = await openAll();
    await page.getByRole('button', { name: 'Custom', exact: true }).focus();
    await page.keyboard.press('Enter');
    expect(await inPage(page, 'document.activeElement.labels?.[0]?.textContent.trim()')).toBe('From');
    await page.getByLabel('From', { exact: true }).fill('2026-06-08');
    await page.getByLabel('To', { exact: true }).fill('2026-06-14');
    await page.keyboard.press('Enter');
    const week = await askApi(server().url, { tz: 'UTC', since: '2026-06-08', until: '2026-06-15' });
    await expectFigures(page, week);
    const compare = page.getByRole('switch', { name: /^Compare/ });
    expect(await compare.isChecked()).toBe(true);
    await compare.focus();
    await page.keyboard.press('Space');
    expect(await compare.isChecked()).toBe(false);
    await expect.poll(() => new URL(page.url()).searchParams.get('compare')).toBe('off');
  });
});

interface Stop {
  readonly name: string;
  readonly isSeen: boolean;
  readonly isInView: boolean;
}

/** Presses Tab until the focus leaves the page or is where it was first. */
async function tabThrough(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await inPage<Stop | null>(page, WHERE_FOCUS_IS);
    if (stop === null) return stops;
    stops.push(stop);
  }
  throw new Error('the focus goes round without an end');
}

const WHERE_FOCUS_IS = `(() => {
  const focused = document.activeElement;
  if (focused === null || focused === document.body || focused.wasReached) return null;
  focused.wasReached = true;
  // A box that is drawn by a neighbour shows its focus there.
  const shown = [focused, focused.nextElementSibling, focused.closest('label')].filter(Boolean);
  const isOutlined = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  };
  const box = focused.getBoundingClientRect();
  return {
    name: focused.ariaLabel ?? (focused.textContent.trim() || focused.labels?.[0]?.textContent.trim() || focused.id),
    isSeen: shown.some(isOutlined) || getComputedStyle(focused).boxShadow !== 'none',
    isInView: box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
  };
})()`;

const NEVER_REACHED = `Array.from(document.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"]'))
  .filter((element) => !element.wasReached && !element.disabled && element.tabIndex >= 0 && element.checkVisibility())
  .map((element) => element.outerHTML.slice(0, 120))`;
