/** Names from a log are text, whatever stands in them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { inPage, sharedBrowser } from '../support/browser.js';
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
  overhang,
  rowsOf,
} from './dashboard.js';
import { askApi } from './figures.js';

const LONG = 'x'.repeat(10 * 1024);

/** As it came, and as it is shown: what nobody can see is spelled out. */
const NAMES: readonly (readonly [name: string, shown: string])[] = [
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['"><script>alert(1)</script>', '"><script>alert(1)</script>'],
  [`' onmouseover='alert(1)`, `' onmouseover='alert(1)`],
  ['javascript:alert(1)', 'javascript:alert(1)'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['valueof', 'valueof'],
  ['\u202eelas_remmus', '\\u202eelas_remmus'],
  ['zero\u200bwidth', 'zero\\u200bwidth'],
  ['%00', '%00'],
  ['a&amp;b=c#d?e+f', 'a&amp;b=c#d?e+f'],
  ['null', 'null'],
  ['(unattributed)', '(unattributed)'],
  ['👩‍👩‍👧 été 夏', '👩‍👩‍👧 été 夏'],
  [LONG, LONG],
];

const visit = sharedBrowser();
const server = sharedServer();

beforeAll(async () => {
  const events = NAMES.flatMap(([name], n) => {
    const more = { timestamp: `2026-06-01T10:00:${String(n).padStart(2, '0')}Z`, user_id: `user-${n}` };
    const click = { type: 'click', ...more, campaign_id: name, source: n === 0 ? '' : name, ad_id: name };
    const sale = { type: 'conversion', ...more, campaign_id: name, product: name, amount: n + 1 };
    return [click, { ...sale, timestamp: more.timestamp.replace('10:', '11:'), currency: 'USD' }];
  });
  const body = events.map((event) => JSON.stringify(event)).join('\n');
  expect(await (await postLines(server().url, body)).json()).toMatchObject({
    accepted: NAMES.length * 2,
    rejected: 0,
  });
});

/** Those that an address or a table of JavaScript might trip over. */
const FILTERED = new Set([
  '"><script>alert(1)</script>',
  '__proto__',
  '\u202eelas_remmus',
  '%00',
  'a&amp;b=c#d?e+f',
  'null',
]);

const SHOWN = new Set(NAMES.map(([, shown]) => shown));

/** Names as a failure can be read that tells of them. */
function brief(names: Iterable<string>): string[] {
  return Array.from(new Set(names), (name) => (name === LONG ? 'the long one' : name)).toSorted();
}

describe('hostile names', () => {
  it('are shown as text, and make no element of the page', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    await expectFigures(page, await askApi(server().url));
    expect(await figureValues(page)).toMatchObject({ Clicks: '15', Revenue: '$120.00', Campaigns: '15' });
    expect(brief(await campaignNames(page))).toEqual(brief(SHOWN));
    for (const tab of ['Ad', 'Product', 'Source']) {
      await breakDownBy(page, tab);
      await breakdown(page)
        .getByRole('button', { name: /^Show all / })
        .click();
      const shown = await rowsOf(breakdown(page).getByRole('table'));
      const expected = new Set(SHOWN);
      if (tab === 'Source') {
        // An empty source is none.
        expected.delete(NAMES[0]?.[1] ?? '');
        expected.add('(unattributed)');
      }
      expect(brief(shown.map(([name = '']) => name)), tab).toEqual(brief(expected));
    }
    expect(await rowsOf(feed(page))).toHaveLength(20);
    expect(
      await inPage(page, "document.querySelectorAll('img, iframe, object, [onerror], [onmouseover]').length"),
    ).toBe(0);
    expect(await inPage(page, "document.querySelectorAll('script').length")).toBe(2);
    expect(await inPage(page, 'document.querySelectorAll(\'a[href^="javascript"]\').length')).toBe(0);
  });

  it('filter like any other, from the table and from a shared address', async () => {
    const { page } = await visit(`${server().url}/?range=all`);
    await expectFigures(page, await askApi(server().url));
    for (const [n, [name, shown]] of NAMES.entries()) {
      if (!FILTERED.has(name)) continue;
      await campaignTable(page).getByRole('button', { name: shown, exact: true }).click();
      await expect.poll(() => figureValues(page)).toMatchObject({ Clicks: '1', Revenue: `$${n + 1}.00` });
      expect(new URL(page.url()).searchParams.get('campaign')).toBe(name);
      expect(await filters(page)).toEqual([`Campaign: ${shown}`]);
      await page.getByRole('button', { name: /^Remove the filter/ }).click();
      await expect.poll(() => figureValues(page)).toMatchObject({ Clicks: '15' });
    }
    const query = new URLSearchParams({ range: 'all', campaign: '__proto__', source: '__proto__' });
    await page.goto(`${server().url}/?${query.toString()}`);
    await expect.poll(() => figureValues(page)).toMatchObject({ Clicks: '1', Revenue: '$5.00' });
    expect(await filters(page)).toEqual(['Campaign: __proto__', 'Source: __proto__']);
  });

  it('of ten thousand letters filter too, and take no more room than there is', async () => {
    const { page } = await visit(`${server().url}/?range=all`, {
      settings: { viewport: { width: 360, height: 740 } },
    });
    await expectFigures(page, await askApi(server().url));
    expect(await overhang(page)).toEqual([]);
    const row = campaignTable(page).getByRole('row').filter({ hasText: 'xxxxx' });
    expect((await row.boundingBox())?.height).toBeLessThan(120);
    await row.getByRole('button').click();
    await expect.poll(() => figureValues(page)).toMatchObject({ Clicks: '1', Revenue: '$15.00' });
    expect(await overhang(page)).toEqual([]);
    expect(await page.getByRole('button', { name: /^Remove the filter/ }).isVisible()).toBe(true);
    const chips = await page.getByRole('list', { name: 'Filters' }).boundingBox();
    expect(chips?.height).toBeLessThan(120);
  });

  it('from an address that nobody has sent are told as text', async () => {
    const query = new URLSearchParams({ range: 'all', campaign: '<b id=evil>no such</b>' });
    const { page } = await visit(`${server().url}/?${query.toString()}`, { expects: [/404/] });
    await page.getByRole('alert').filter({ hasText: '<b id=evil>no such</b>' }).waitFor();
    expect(await inPage(page, "document.querySelectorAll('#evil').length")).toBe(0);
    expect(await filters(page)).toEqual(['Campaign: <b id=evil>no such</b>']);
  });
});
