/** The page follows the store by itself, through lost connections, missing streams and hidden tabs. */
import type { Page, Request } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { inPage, sharedBrowser } from '../support/browser.js';
import { ingest, SAMPLE } from '../support/cli.js';
import { post, startServer, type RunningServer } from '../support/server.js';
import {
  expectFigures,
  expectFreshness,
  feed,
  figureValues,
  keyFigures,
  LIVE_MS,
  rowsOf,
} from './dashboard.js';
import { askApi, number } from './figures.js';

const NO_CONNECTION =
  /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/;
/** Asked for every five seconds; an answer on a busy machine may take one or two. */
const POLL_MS = 8_000;

async function click({ url }: RunningServer, user_id: string): Promise<void> {
  const { status } = await post(`${url}/api/click`, {
    campaign_id: 'spring',
    user_id,
    source: 'google',
    timestamp: new Date().toISOString(),
  });
  expect(status).toBe(201);
}

async function convert({ url }: RunningServer, user_id: string, amount: number): Promise<void> {
  const { status } = await post(`${url}/api/conversion`, {
    campaign_id: 'spring',
    user_id,
    amount,
    currency: 'USD',
    product: 'tulip',
  });
  expect(status).toBe(201);
}

async function expectValues(page: Page, expected: Record<string, string>, waitMs = LIVE_MS): Promise<void> {
  await expect.poll(() => figureValues(page), { timeout: waitMs }).toMatchObject(expected);
}

describe('an open page', () => {
  const visit = sharedBrowser();

  it('leaves two dates that are being entered where they are while figures change', async () => {
    const server = await startServer();
    await click(server, 'ann');
    const { page } = await visit(`${server.url}/?range=all`);
    await expectValues(page, { Clicks: '1' });
    await page.getByRole('button', { name: 'Custom', exact: true }).click();
    await page.getByLabel('From', { exact: true }).fill('2026-06-08');
    await click(server, 'ben');
    await expectValues(page, { Clicks: '2' });
    expect(await page.getByRole('button', { name: 'Show', exact: true }).isVisible()).toBe(true);
    expect(await page.getByLabel('From', { exact: true }).inputValue()).toBe('2026-06-08');
    await page.getByRole('button', { name: 'All time', exact: true }).click();
    expect(await page.getByRole('button', { name: 'Show', exact: true }).isVisible()).toBe(false);
  });

  it('shows what comes in over HTTP and what another process ingests, without a reload', async () => {
    const server = await startServer();
    await click(server, 'ann');
    const { page, requests } = await visit(`${server.url}/?range=all`);
    await expectValues(page, { Clicks: '1', Conversions: '0', Revenue: '$0.00', 'Conversion rate': '0.00%' });
    await expectFreshness(page, /^live · updated/);
    expect(await rowsOf(feed(page))).toHaveLength(1);

    await click(server, 'ben');
    await convert(server, 'ben', 12.5);
    await expectValues(page, {
      Clicks: '2',
      Conversions: '1',
      Revenue: '$12.50',
      'Conversion rate': '50.00%',
      Users: '2',
      Campaigns: '1',
    });
    const [newest = []] = await rowsOf(feed(page));
    expect(newest.slice(1)).toEqual(['◆conversion', 'springtulip', '$12.50']);
    expect(await rowsOf(feed(page))).toHaveLength(3);

    await ingest(server.store, [SAMPLE]);
    await expectValues(page, { Clicks: '4,643', Conversions: '395', Revenue: '$19,403.38', Campaigns: '6' });
    await expectFigures(page, await askApi(server.url));
    expect(requests.filter((request) => request.isNavigationRequest())).toHaveLength(1);
  });

  it('says that the server is away, says that its figures are stale, and catches up when it is back', async () => {
    const first = await startServer();
    await click(first, 'ann');
    const { page } = await visit(`${first.url}/?range=all`, { expects: [NO_CONNECTION] });
    await expectValues(page, { Clicks: '1' });
    await expectFreshness(page, /^live/);

    expect(await first.stop()).toMatchObject({ code: 0 });
    await expectFreshness(page, /^reconnecting… · updated/);
    expect(await figureValues(page)).toMatchObject({ Clicks: '1' });
    await page.clock.setFixedTime(Date.now() + 45_000);
    await expectFreshness(page, /^stale · updated \d\d s ago/);

    const again = await startServer({ store: first.store, args: ['--port', String(first.port)] });
    expect(again.url).toBe(first.url);
    await page.clock.setFixedTime(Date.now());
    await click(again, 'ben');
    await convert(again, 'ben', 7);
    await expectValues(page, { Clicks: '2', Conversions: '1', Revenue: '$7.00' }, 15_000);
    await expectFreshness(page, /^live · updated/, 15_000);
    // The stream is followed anew, not only asked once.
    await click(again, 'cem');
    await expectValues(page, { Clicks: '3' }, 4_500);
  });

  it('asks every few seconds where there is no stream, and is told in few bytes that nothing changed', async () => {
    const server = await startServer();
    await click(server, 'ann');
    const address = `${server.url}/?range=all`;
    const refused = await visit(address, {
      expects: [/503/],
      prepare: (opened) =>
        opened.route('**/api/stream', (route) =>
          route.fulfill({
            status: 503,
            contentType: 'application/problem+json',
            body: JSON.stringify({ title: 'Too many streams', status: 503 }),
          }),
        ),
    });
    const brokenOff = await visit(address, {
      expects: [/ERR_FAILED/],
      prepare: (opened) => opened.route('**/api/stream', (route) => route.abort()),
    });
    const polls = (): Request[] =>
      refused.requests.filter((request) => request.url().includes('/api/analytics?tz=')).slice(1);
    await expect.poll(() => polls().length, { timeout: POLL_MS }).toBeGreaterThan(0);
    const [first] = polls();
    expect(await first?.allHeaders()).toHaveProperty('if-none-match', expect.stringMatching(/^W\/".+"$/));
    expect((await first?.response())?.status()).toBe(304);
    await expectFreshness(refused.page, /^updated /);
    await expectValues(brokenOff.page, { Clicks: '1', Users: '1' });

    await click(server, 'ben');
    await Promise.all(
      [refused, brokenOff].map(({ page }) => expectValues(page, { Clicks: '2', Users: '2' }, POLL_MS)),
    );
    expect((await polls().at(-1)?.response())?.status()).toBe(200);
  });

  it('in a hidden tab asks for nothing, and catches up when it is seen again', async () => {
    const server = await startServer();
    await click(server, 'ann');
    const hidden = await visit(`${server.url}/?range=all`);
    await expectValues(hidden.page, { Clicks: '1' });
    await expectFreshness(hidden.page, /^live/);
    await setVisibility(hidden.page, 'hidden');
    // Its stream is closed: nobody listens any more.
    await expect.poll(() => openStreams(server), { timeout: LIVE_MS }).toBe(0);
    const asked = hidden.requests.length;

    const witness = await visit(`${server.url}/?range=all`);
    await expectValues(witness.page, { Clicks: '1' });
    await click(server, 'ben');
    await expectValues(witness.page, { Clicks: '2' });
    expect(await figureValues(hidden.page)).toMatchObject({ Clicks: '1' });
    expect(hidden.requests).toHaveLength(asked);

    await setVisibility(hidden.page, 'visible');
    await expectValues(hidden.page, { Clicks: '2' }, 3_000);
    await expectFreshness(hidden.page, /^live/);
    await click(server, 'cem');
    await expectValues(hidden.page, { Clicks: '3' }, 4_500);
  });

  it('of the demo opens on a week against the one before, says what it is, and grows while one looks on', async () => {
    const server = await startServer({ args: ['--demo'] });
    const { page } = await visit(server.url);
    await page.getByText('simulated live events').waitFor();
    const clicks = async (): Promise<number> =>
      Number((await figureValues(page))['Clicks']?.replaceAll(',', '') ?? 0);
    await expect.poll(clicks, { timeout: LIVE_MS }).toBeGreaterThan(1_000);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Last 7 days');
    const { Revenue: revenue } = await keyFigures(page);
    expect(revenue?.change).toMatch(/(up|down) [\d.]+% from \$[\d,.]+$/);
    const before = await clicks();
    await expect.poll(clicks, { timeout: 10_000 }).toBeGreaterThan(before);
    expect(number((await askApi(server.url)).totals['clicks'])).toBeGreaterThan(4_641);
  });
});

async function setVisibility(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await inPage(
    page,
    `Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
     Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${state === 'hidden'} });
     document.dispatchEvent(new Event('visibilitychange'));`,
  );
}

async function openStreams({ url }: RunningServer): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^mapipe_\w*streams\w* (\d+)$/m.exec(text)?.[1] ?? NaN);
}
