/** The dashboard as a visitor finds their way on it: by headings, labels and names. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ReportBody } from '../support/cli.js';
import { inPage } from '../support/browser.js';
import { expectedFigures } from './figures.js';

/** An update is pushed at most about once a second, and the page asks at most that often. */
export const LIVE_MS = 8_000;

/** What is shown of a key figure. */
export interface Figure {
  readonly value: string;
  /** Against the period before; null where nothing is compared. */
  readonly change: string | null;
}

interface FigurePart {
  readonly hidden: boolean;
  readonly textContent: string | null;
}

interface FigureTerm extends FigurePart {
  readonly parentElement: { querySelectorAll(selector: string): Iterable<FigurePart> } | null;
}

export async function keyFigures(page: Page): Promise<Record<string, Figure>> {
  const found = await page
    .getByRole('region', { name: 'Key figures' })
    .getByRole('term')
    .evaluateAll((terms: FigureTerm[]) =>
      terms.map((term) => ({
        label: term.textContent ?? '',
        parts: Array.from(term.parentElement?.querySelectorAll('dd') ?? [], (part) =>
          part.hidden ? null : (part.textContent ?? ''),
        ),
      })),
    );
  return Object.fromEntries(
    found.map(({ label, parts }) => [label, { value: parts[0] ?? '', change: parts[1] ?? null }]),
  );
}

export async function figureValues(page: Page): Promise<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(await keyFigures(page)).map(([label, { value }]) => [label, value]),
  );
}

/** Waits until the key figures are those of an answer of the API. */
export async function expectFigures(page: Page, report: ReportBody, waitMs = LIVE_MS): Promise<void> {
  await expect.poll(() => figureValues(page), { timeout: waitMs }).toEqual(expectedFigures(report));
}

interface TableElement {
  readonly tBodies: Iterable<{
    readonly rows: Iterable<{ readonly cells: Iterable<{ readonly textContent: string | null }> }>;
  }>;
}

/** The texts of the body's cells, row by row. */
export async function rowsOf(table: Locator): Promise<string[][]> {
  return table.evaluate((element: TableElement) =>
    Array.from(element.tBodies).flatMap((body) =>
      Array.from(body.rows, (row) => Array.from(row.cells, (cell) => (cell.textContent ?? '').trim())),
    ),
  );
}

export function panel(page: Page, heading: string | RegExp): Locator {
  return page.getByRole('region', { name: heading });
}

export function campaignTable(page: Page): Locator {
  return page.getByRole('region', { name: 'Campaign table' }).getByRole('table');
}

export function breakdown(page: Page): Locator {
  return panel(page, 'Revenue by');
}

export function feed(page: Page): Locator {
  return page.getByRole('region', { name: 'Events, newest first' }).getByRole('table');
}

/** The names of the campaign table's rows, in their order. */
export async function campaignNames(page: Page): Promise<string[]> {
  return (await rowsOf(campaignTable(page))).map(([name = '']) => name);
}

/** How current the page says it is. */
export async function freshness(page: Page): Promise<string> {
  return page.getByText(/^(live · |loading|reconnecting|stale · |updated |no figures)/).innerText();
}

export async function expectFreshness(page: Page, expected: RegExp, waitMs = LIVE_MS): Promise<void> {
  await expect.poll(() => freshness(page), { timeout: waitMs }).toMatch(expected);
}

export async function breakDownBy(page: Page, title: string): Promise<void> {
  await breakdown(page).getByRole('tab', { name: title, exact: true }).click();
}

/** The names of the filters that hold. */
export async function filters(page: Page): Promise<string[]> {
  const buttons = page.getByRole('button', { name: /^Remove the filter / });
  const labels = await buttons.evaluateAll((elements: { ariaLabel: string | null }[]) =>
    elements.map(({ ariaLabel }) => ariaLabel ?? ''),
  );
  return labels.map((label) => label.replace('Remove the filter ', ''));
}

/**
 * What stands out beyond the window's sides, and so would have to be scrolled to. What a box cuts or scrolls does not,
 * nor does what waits out of sight until it has the focus.
 */
export async function overhang(page: Page): Promise<string[]> {
  return inPage<string[]>(page, OVERHANG);
}

const OVERHANG = `(() => {
  const width = document.documentElement.clientWidth;
  const isHeld = (element) => {
    for (let box = element.parentElement; box !== null && box !== document.body; box = box.parentElement) {
      const { overflowX, clipPath } = getComputedStyle(box);
      if (overflowX !== 'visible' || clipPath !== 'none') return true;
    }
    return false;
  };
  const out = Array.from(document.body.querySelectorAll('*')).flatMap((element) => {
    const { left, right, width: own } = element.getBoundingClientRect();
    if (own <= 1 || right <= 0 || !element.checkVisibility({ visibilityProperty: true })) return [];
    if ((left >= -0.5 && right <= width + 0.5) || isHeld(element)) return [];
    const name = element.tagName.toLowerCase() + (element.id ? '#' + element.id : '');
    return name + ' from ' + Math.round(left) + ' to ' + Math.round(right) + ': ' + element.textContent.slice(0, 40);
  });
  const scrolled = document.documentElement.scrollWidth;
  return scrolled > innerWidth ? ['the page is ' + scrolled + ' px wide in ' + innerWidth, ...out] : out;
})()`;
