/** Before there are figures: a store that is empty, and a server that asks who is there. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { inPage, sharedBrowser } from '../support/browser.js';
import { SAMPLE } from '../support/cli.js';
import { post, postLines, sharedServer, startServer } from '../support/server.js';
import { expectFreshness, feed, figureValues, LIVE_MS, rowsOf } from './dashboard.js';

const visit = sharedBrowser();

describe('an empty store', () => {
  it('shows the command that fills it, and the figures by themselves as soon as there is an event', async () => {
    const server = await startServer();
    const { page, context, requests } = await visit(server.url);
    await page.getByRole('heading', { level: 1, name: 'Nothing here yet' }).waitFor();
    const settings = (await (await fetch(`${server.url}/api/settings`)).json()) as { ingest_command: string };
    expect(settings.ingest_command).toBe(`mapipe ingest FILE --store ${server.store}`);
    await page.getByText(settings.ingest_command, { exact: true }).waitFor();
    expect(await page.getByRole('region', { name: 'Key figures' }).isVisible()).toBe(false);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    expect(await inPage(page, 'navigator.clipboard.readText()')).toBe(settings.ingest_command);
    await expectFreshness(page, /^live/);

    const { status } = await post(`${server.url}/api/click`, {
      campaign_id: 'spring',
      user_id: 'ann',
      source: 'google',
    });
    expect(status).toBe(201);
    await expect
      .poll(() => figureValues(page), { timeout: LIVE_MS })
      .toMatchObject({ Clicks: '1', Users: '1', Campaigns: '1', 'Conversion rate': '0.00%' });
    expect(await page.getByRole('region', { name: 'Key figures' }).isVisible()).toBe(true);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Last 30 days');
    expect(await rowsOf(feed(page))).toHaveLength(1);
    expect(await page.getByRole('main').getByText(settings.ingest_command).isVisible()).toBe(false);
    expect(requests.filter((request) => request.isNavigationRequest())).toHaveLength(1);
  });

  it('filled with a log of long ago shows all of it', async () => {
    const server = await startServer();
    const { page } = await visit(server.url);
    await page.getByRole('heading', { level: 1, name: 'Nothing here yet' }).waitFor();
    await expectFreshness(page, /^live/);
    const answer = await postLines(server.url, readFileSync(SAMPLE));
    expect(await answer.json()).toMatchObject({ accepted: 5071, rejected: 0 });
    await expect
      .poll(() => figureValues(page), { timeout: LIVE_MS })
      .toMatchObject({ Clicks: '4,641', Conversions: '394', Revenue: '$19,390.88' });
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('All time');
  });
});

describe('a server with a read token', () => {
  const READ = 'read-token-0123456789abcdef';
  const INGEST = 'ingest-token-0123456789abcdef';
  const server = sharedServer({ env: { MAPIPE_READ_TOKEN: READ, MAPIPE_INGEST_TOKEN: INGEST } });
  const REFUSED = { expects: [/401/] };

  async function giveToken(page: Page, token: string): Promise<void> {
    await page.getByRole('dialog', { name: 'Sign in' }).getByLabel('Read token').fill(token);
    await page.getByRole('dialog', { name: 'Sign in' }).getByRole('button', { name: 'Sign in' }).click();
  }

  it('shows figures only to who has it, keeps it for this tab alone, and never in an address', async () => {
    const sent = await post(
      `${server().url}/api/click`,
      { campaign_id: 'spring', user_id: 'ann' },
      { authorization: `Bearer ${INGEST}` },
    );
    expect(sent.status).toBe(201);
    const { page, context, requests } = await visit(`${server().url}/?range=all`, REFUSED);
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.waitFor();
    expect(await figureValues(page)).toMatchObject({ Clicks: '' });
    await giveToken(page, 'read-token-0123456789abcdeg');
    await expect
      .poll(() => dialog.getByRole('alert').innerText())
      .toBe('The server does not take this token.');
    expect(await dialog.isVisible()).toBe(true);
    expect(await figureValues(page)).toMatchObject({ Clicks: '' });

    await giveToken(page, READ);
    await expect.poll(() => figureValues(page)).toMatchObject({ Clicks: '1', Campaigns: '1' });
    expect(await dialog.isVisible()).toBe(false);
    await expectFreshness(page, /^live/);

    await page.reload();
    await expect.poll(() => figureValues(page)).toMatchObject({ Clicks: '1' });
    expect(await dialog.isVisible()).toBe(false);
    expect(await inPage(page, 'Object.values(sessionStorage)')).toEqual([READ]);
    expect(await inPage(page, 'JSON.stringify(localStorage) + document.cookie')).not.toContain('token');

    const other = await visit(`${server().url}/?range=all`, { ...REFUSED, context });
    await other.page.getByRole('dialog', { name: 'Sign in' }).waitFor();

    const addresses = [...requests, ...other.requests].map((request) => request.url());
    expect(addresses.length).toBeGreaterThan(10);
    expect([...addresses, page.url()].filter((address) => address.includes('token'))).toEqual([]);
  });

  it('asks for it until it is given: Escape, however often, leads nowhere', async () => {
    const { page } = await visit(`${server().url}/?range=all`, REFUSED);
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.waitFor();
    for (let presses = 1; presses <= 3; presses += 1) {
      await page.keyboard.press('Escape');
      await expect.poll(() => dialog.isVisible(), { message: `after ${presses}` }).toBe(true);
    }
    await giveToken(page, READ);
    await expect.poll(() => figureValues(page)).toHaveProperty('Clicks', expect.stringMatching(/^\d+$/));
  });

  it('asks again when the token for sending is given in its place', async () => {
    const { page } = await visit(`${server().url}/?range=all`, { expects: [/401/, /403/] });
    await giveToken(page, INGEST);
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.getByRole('alert').filter({ hasText: /token/ }).waitFor({ timeout: 3_000 });
    await giveToken(page, READ);
    await expect.poll(() => figureValues(page)).toHaveProperty('Clicks', expect.stringMatching(/^\d+$/));
  });

  it('takes one that is pasted with blanks around it, and goes on where the address points', async () => {
    const { page } = await visit(`${server().url}/?from=2020-01-01&to=2020-01-31`, REFUSED);
    await giveToken(page, `  ${READ}  `);
    await page.getByRole('heading', { level: 1, name: 'Jan 1 – Jan 31, 2020' }).waitFor();
  });

  it('asks again, with what is shown left as it was, when its token is taken no longer', async () => {
    const authorization = { authorization: `Bearer ${INGEST}` };
    const click = async (user_id: string): Promise<void> => {
      const body = { campaign_id: 'changed', user_id };
      expect((await post(`${server().url}/api/click`, body, authorization)).status).toBe(201);
    };
    await click('ben');
    const { page } = await visit(`${server().url}/?range=all&campaign=changed`, REFUSED);
    await giveToken(page, READ);
    await expect.poll(() => figureValues(page)).toMatchObject({ Clicks: '1' });
    await expectFreshness(page, /^live/);
    await page.route('**/api/**', (route) =>
      route.fulfill({ status: 401, body: '{"title":"No such token"}' }),
    );
    await click('cem');
    await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
    expect(await figureValues(page)).toMatchObject({ Clicks: '1' });
    await page.unroute('**/api/**');
    await giveToken(page, READ);
    await expect.poll(() => figureValues(page)).toMatchObject({ Clicks: '2' });
    await expectFreshness(page, /^live/);
  });
});
