/** For everyone: rules of accessibility, all widths, both themes, little motion. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { inPage, sharedBrowser, type VisitOptions } from '../support/browser.js';
import { SAMPLE } from '../support/cli.js';
import { post, postLines, sharedServer } from '../support/server.js';
import { expectFigures, figureValues, LIVE_MS, overhang } from './dashboard.js';
import { askApi } from './figures.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const READ_TOKEN = 'read-token-0123456789abcdef';

const WIDTHS = [360, 768, 1440, 1920];
const STILL: VisitOptions = { settings: { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } } };
const WITH_FILTER = '/?from=2026-06-08&to=2026-06-14&campaign=summer_sale&source=google';

const visit = sharedBrowser();
const full = sharedServer();
const empty = sharedServer();
const locked = sharedServer({
  env: { MAPIPE_READ_TOKEN: READ_TOKEN, MAPIPE_INGEST_TOKEN: `${READ_TOKEN}-in` },
});

beforeAll(async () => {
  expect((await postLines(full().url, readFileSync(SAMPLE))).status).toBe(200);
});

/** Every state that the page can stand in. */
const STATES: readonly (readonly [name: string, open: (options: VisitOptions) => Promise<Page>])[] = [
  [
    'with data',
    async (options) => {
      const { page } = await visit(`${full().url}/?range=all`, options);
      await expectFigures(page, await askApi(full().url));
      return page;
    },
  ],
  [
    'with filters and a comparison',
    async (options) => {
      const { page } = await visit(`${full().url}${WITH_FILTER}`, options);
      const question = {
        since: '2026-06-08',
        until: '2026-06-15',
        campaign_id: 'summer_sale',
        source: 'google',
      };
      await expectFigures(page, await askApi(full().url, question));
      await page.getByText('against Jun 1 – Jun 7, 2026').waitFor();
      return page;
    },
  ],
  [
    'of an empty store',
    async (options) => {
      const { page } = await visit(empty().url, options);
      await page.getByRole('heading', { level: 1, name: 'Nothing here yet' }).waitFor();
      return page;
    },
  ],
  [
    'that asks for a token',
    async (options) => {
      const { page } = await visit(locked().url, { ...options, expects: [/401/] });
      await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
      return page;
    },
  ],
  [
    'that refuses a campaign',
    async (options) => {
      const { page } = await visit(`${full().url}/?campaign=nobody`, { ...options, expects: [/404/] });
      await page.getByRole('alert').filter({ hasText: 'nobody' }).waitFor();
      return page;
    },
  ],
  [
    'of the documentation',
    async (options) => {
      const { page } = await visit(`${full().url}/api/docs`, options);
      await page.getByRole('heading', { level: 1, name: 'The mapipe API' }).waitFor();
      return page;
    },
  ],
];

describe.each(STATES)('the page %s', (_name, open) => {
  it('fits the window at every width, and breaks no serious rule of accessibility, light or dark', async () => {
    const page = await open(STILL);
    await inPage(page, `${AXE}; 'axe' in window`);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(() => overhang(page), { message: `${width} px`, timeout: 2_000 }).toEqual([]);
      if (width !== 360 && width !== 1440) continue;
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page), `${colorScheme}, ${width} px`).toEqual([]);
      }
    }
  });
});

describe('motion', () => {
  const server = sharedServer();

  async function changesUnder(reducedMotion: 'reduce' | 'no-preference', user: string): Promise<string[]> {
    const { page } = await visit(`${server().url}/?range=all`, {
      settings: { reducedMotion },
      prepare: (opened) => opened.addInitScript(RECORD_MOTION),
    });
    await expect.poll(() => figureValues(page)).toHaveProperty('Clicks', expect.stringMatching(/\d/));
    const { Clicks: before } = await figureValues(page);
    await page.getByText(/^live · /).waitFor({ timeout: LIVE_MS });
    await post(`${server().url}/api/click`, {
      campaign_id: 'spring',
      user_id: user,
      timestamp: new Date().toISOString(),
    });
    await expect.poll(() => figureValues(page), { timeout: LIVE_MS }).not.toMatchObject({ Clicks: before });
    await page.getByRole('button', { name: 'Switch between light and dark' }).click();
    await page.getByRole('switch', { name: /^Compare/ }).hover({ force: true });
    await page.getByRole('button', { name: 'Last 7 days', exact: true }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('range')).toBe('7d');
    return inPage<string[]>(page, 'motions');
  }

  it('shows what has changed, and is left out where little motion is wanted', async () => {
    await post(`${server().url}/api/click`, { campaign_id: 'spring', user_id: 'ann' });
    expect(await changesUnder('no-preference', 'ben')).not.toEqual([]);
    expect(await changesUnder('reduce', 'cem')).toEqual([]);
  });
});

const RECORD_MOTION = `window.motions = [];
for (const kind of ['animationstart', 'transitionrun']) {
  document.addEventListener(kind, () => {
    for (const animation of document.getAnimations()) {
      const { duration, delay, iterations } = animation.effect.getTiming();
      const lasts = duration * iterations;
      if (lasts > 1) motions.push(kind + ' of ' + lasts + ' ms on ' + animation.effect.target?.outerHTML.slice(0, 80));
    }
  }, true);
}`;

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** What axe finds serious or critical: the rule, and where. */
async function violations(page: Page): Promise<string[]> {
  const found = await inPage<Violation[]>(
    page,
    `axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, impact, nodes }) => ({
        id,
        impact,
        nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })),
      })))`,
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    );
}
