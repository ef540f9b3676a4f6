/** A real Chromium for a file of tests, and a watch over every page: what no visitor may meet fails the test. */
import { existsSync } from 'node:fs';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  type Request,
} from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

const EXECUTABLE = process.env['MAPIPE_CHROMIUM'] ?? '/usr/bin/chromium';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const WAIT_MS = 10_000;

/** Neither the zone nor the language of the one who looks may change what is shown. */
const ELSEWHERE: BrowserContextOptions = { timezoneId: 'Pacific/Auckland', locale: 'de-DE' };

export interface VisitOptions {
  /** Absent: a context of its own. Given, it stays open for as long as its first page is. */
  readonly context?: BrowserContext;
  readonly settings?: BrowserContextOptions;
  /** Console errors that this visit brings about, such as those of a server that is away. */
  readonly expects?: readonly RegExp[];
  /** Before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** In the order they were sent. */
  readonly requests: readonly Request[];
}

export type Visitor = (url: string, options?: VisitOptions) => Promise<Visit>;

/** One browser for all tests of a file. */
export function sharedBrowser(): Visitor {
  let browser: Browser | null = null;
  beforeAll(async () => {
    if (!existsSync(EXECUTABLE)) {
      throw new Error(
        `these tests need Chromium, and there is none at ${EXECUTABLE}: install it (apt-get install chromium) ` +
          'or set MAPIPE_CHROMIUM to where it is',
      );
    }
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return (url, options = {}) => {
    if (!browser) throw new Error('the browser of this file was not started');
    return visit(browser, url, options);
  };
}

async function visit(browser: Browser, url: string, options: VisitOptions): Promise<Visit> {
  const { expects = [], settings = {}, prepare } = options;
  const context = options.context ?? (await browser.newContext({ ...ELSEWHERE, ...settings }));
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  const requests: Request[] = [];
  onTestFinished(async () => {
    if (!options.context) await context.close();
    expect(faults, 'what went wrong on the page').toEqual([]);
  });

  page.on('console', (message) => {
    const text = message.text();
    if (message.type() !== 'error' || expects.some((expected) => expected.test(text))) return;
    faults.push(`console: ${text} (${message.location().url})`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('crash', () => faults.push('the page crashed'));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('websocket', (socket) => faults.push(`websocket: ${socket.url()}`));
  page.on('request', (request) => {
    requests.push(request);
    if (!isOwn(request.url(), url)) faults.push(`request to elsewhere: ${request.url()}`);
  });
  await page.addInitScript(REPORT_VIOLATIONS);
  await prepare?.(page);
  await page.goto(url);
  return { page, context, requests };
}

/** What a `data:` address names comes with the page. */
function isOwn(requested: string, visited: string): boolean {
  const { protocol, origin } = new URL(requested);
  return protocol === 'data:' || origin === new URL(visited).origin;
}

const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('content security policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample);
});`;

/** Runs a script of an expression in the page. */
export async function inPage<Value>(page: Page, script: string): Promise<Value> {
  return page.evaluate<Value>(script);
}
