/** What those who look after a server ask it: health, metrics, settings; and the files of the dashboard. */
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../support/cli.js';
import {
  EventStream,
  expectProblem,
  post,
  postLines,
  sendRaw,
  sharedServer,
  startServer,
} from '../support/server.js';

const CLICK = { campaign_id: 'a', user_id: 'u' };
const VERSION = (JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string })
  .version;

interface Health {
  readonly status: string;
  readonly store: { readonly reachable: boolean };
  readonly last_commit_at: string;
}

describe('the health of a server', () => {
  it('is ok while the store is there, and says when something was last stored', async () => {
    const server = await startServer();
    const sinceMs = Date.now();
    await post(`${server.url}/api/click`, CLICK);
    const answer = await fetch(`${server.url}/api/health`);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const health = (await answer.json()) as Health;
    expect(health).toMatchObject({
      status: 'ok',
      version: VERSION,
      store: { reachable: true },
      lag_seconds: 0,
    });
    expect(Date.parse(health.last_commit_at)).toBeGreaterThan(sinceMs - 1_000);
    expect(Date.parse(health.last_commit_at)).toBeLessThan(Date.now() + 1_000);
  });

  it('is degraded, with 503, while the store is away, and ok again when it is back', async () => {
    const server = await startServer();
    await post(`${server.url}/api/click`, CLICK);
    renameSync(server.store, `${server.store}.away`);
    const answer = await fetch(`${server.url}/api/health`);
    expect([answer.status, ((await answer.json()) as Health).status]).toEqual([503, 'degraded']);
    await expectProblem(await fetch(`${server.url}/api/analytics`), 503, 'store-unavailable');
    renameSync(`${server.store}.away`, server.store);
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
    expect((await fetch(`${server.url}/api/analytics`)).status).toBe(200);
  });

  it('outlives the loss of the store: the next event makes a new one', async () => {
    const server = await startServer();
    await post(`${server.url}/api/click`, CLICK);
    rmSync(server.store);
    expect((await post(`${server.url}/api/click`, CLICK)).status).toBe(201);
    expect(await (await fetch(`${server.url}/api/analytics`)).json()).toMatchObject({
      totals: { clicks: 1 },
    });
  });
});

/** Name and labels → value, of every line of the Prometheus text format; throws where a line is none. */
function samplesOf(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || /^# (HELP|TYPE) [a-zA-Z_:][\w:]* .+$/.test(line)) continue;
    const [, series, value] =
      /^([a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})?) (\S+)$/.exec(line) ?? [];
    if (series === undefined || value === undefined) throw new Error(`not a sample: ${line}`);
    if (samples.has(series)) throw new Error(`twice: ${series}`);
    samples.set(series, value === '+Inf' ? Infinity : Number(value));
  }
  return samples;
}

describe('metrics', () => {
  it('count events, lines and requests, and parse as the Prometheus text format', async () => {
    const { url, port } = await startServer();
    await post(`${url}/api/click`, CLICK);
    await post(`${url}/api/click`, { ...CLICK, event_id: 'm1' });
    await post(`${url}/api/click`, { ...CLICK, event_id: 'm1' });
    await post(`${url}/api/click`, {});
    await post(`${url}/api/click`, 'no json');
    await postLines(
      url,
      `${JSON.stringify(CLICK)}\nno json\n\n${JSON.stringify({ ...CLICK, event_id: 'm1' })}\n`,
    );
    await fetch(`${url}/nothing/here?with=a&query=1`);
    await fetch(`${url}/nothing/there`);
    await sendRaw(port, 'PUT /api/click HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const stream = await EventStream.open(url);
    await stream.next();
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const samples = samplesOf(await answer.text());
    const value = (series: string): number | undefined => samples.get(series);
    expect(value('mapipe_events_total{outcome="stored"}')).toBe(2);
    expect(value('mapipe_events_total{outcome="duplicate"}')).toBe(1);
    expect(value('mapipe_events_total{outcome="rejected"}')).toBe(2);
    for (const outcome of ['accepted', 'duplicates', 'ignored', 'rejected']) {
      expect(value(`mapipe_lines_total{outcome="${outcome}"}`), outcome).toBe(1);
    }
    const requests = (route: string, method: string, status: number): number | undefined =>
      value(`mapipe_http_requests_total{route="${route}",method="${method}",status="${status}"}`);
    expect(requests('/api/click', 'POST', 201)).toBe(2);
    expect(requests('/api/click', 'POST', 200)).toBe(1);
    expect(requests('/api/click', 'POST', 422)).toBe(1);
    expect(requests('/api/click', 'POST', 400)).toBe(1);
    expect(requests('/api/events', 'POST', 200)).toBe(1);
    expect(requests('none', 'GET', 404)).toBe(2);
    expect(requests('none', 'PUT', 405)).toBe(1);
    expect(value('mapipe_http_request_duration_seconds_count{route="/api/click"}')).toBe(5);
    expect(value('mapipe_commit_duration_seconds_count')).toBe(3);
    expect(value('mapipe_commit_failures_total') ?? 0).toBe(0);
    expect(value('mapipe_pending_events')).toBe(0);
    expect(value('mapipe_lag_seconds')).toBe(0);
    expect(value('mapipe_live_streams')).toBe(1);
    expect(value(`mapipe_build_info{version="${VERSION}"}`)).toBe(1);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  it('do not grow with what strangers ask for', async () => {
    const { url } = await startServer();
    const names = async (): Promise<number> => samplesOf(await (await fetch(`${url}/metrics`)).text()).size;
    await fetch(`${url}/nothing`);
    await names();
    const before = await names();
    await Promise.all(Array.from({ length: 100 }, (_, i) => fetch(`${url}/nothing/${i}?q=${i}`)));
    expect((await names()) - before).toBeLessThan(10);
  });
});

describe('settings', () => {
  it('say how this server was started, and the commands for its store', async () => {
    const server = await startServer({ args: ['--tz', 'Europe/Berlin'] });
    expect(await (await fetch(`${server.url}/api/settings`)).json()).toEqual({
      version: VERSION,
      time_zone: 'Europe/Berlin',
      currency: 'USD',
      demo: false,
      ingest_command: `mapipe ingest FILE --store ${server.store}`,
      report_command: `mapipe report --store ${server.store}`,
    });
  });
});

describe('the dashboard’s files', () => {
  const server = sharedServer();
  const TYPES: Readonly<Record<string, string>> = {
    js: 'text/javascript; charset=utf-8',
    css: 'text/css; charset=utf-8',
    svg: 'image/svg+xml',
  };

  it('are a page that is asked for anew each time, and assets that are kept for good', async () => {
    const page = await fetch(`${server().url}/`);
    expect([page.status, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    const folder = join(PROJECT, 'dist/dashboard');
    expect(await page.text()).toBe(readFileSync(join(folder, 'index.html'), 'utf8'));
    const names = readdirSync(join(folder, 'assets'));
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const asset = await fetch(`${server().url}/assets/${name}`);
      expect(asset.headers.get('content-type'), name).toBe(TYPES[name.split('.').at(-1) ?? '']);
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      const bytes = Buffer.from(await asset.arrayBuffer());
      expect(bytes.equals(readFileSync(join(folder, 'assets', name))), name).toBe(true);
    }
  });

  it('are not sent again to whom has them', async () => {
    const etag = (await fetch(`${server().url}/`)).headers.get('etag') ?? '';
    const again = await fetch(`${server().url}/`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

describe('a request for what is not there', () => {
  const server = sharedServer();

  it.each([
    '/nothing',
    '/api',
    '/api/',
    '/api/analytics/',
    '//api/analytics',
    '/API/analytics',
    '/index.htm',
  ])('such as %s is answered 404 with where to look', async (path) => {
    const { hint } = await expectProblem(await fetch(`${server().url}${path}`), 404, 'not-found');
    expect(hint).toContain('/api/docs');
  });

  it.each([
    ['PUT', '/api/click', 'POST'],
    ['GET', '/api/click', 'POST'],
    ['DELETE', '/api/analytics', 'GET, HEAD'],
    ['POST', '/api/analytics', 'GET, HEAD'],
    ['DELETE', '/api/events', 'POST, GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
    ['PATCH', '/metrics', 'GET, HEAD'],
    ['OPTIONS', '/api/click', 'POST'],
  ])('by %s at %s is answered 405 with what is allowed', async (method, path, allow) => {
    const refused = await fetch(`${server().url}${path}?x=1`, { method });
    expect(refused.headers.get('allow')?.split(', ').sort()).toEqual(allow.split(', ').sort());
    await expectProblem(refused, 405, 'method-not-allowed');
  });

  it.each(['/', '/api/analytics', '/api/events', '/api/health', '/api/settings', '/metrics', '/api/docs'])(
    'but the head of %s is what GET would give, without the body',
    async (path) => {
      const [head, whole] = await Promise.all(
        ['HEAD', 'GET'].map((method) => fetch(`${server().url}${path}`, { method })),
      );
      expect([head?.status, head?.headers.get('content-type'), await head?.text()]).toEqual([
        200,
        whole?.headers.get('content-type'),
        '',
      ]);
    },
  );

  it('in a malformed URL is 400, whatever is wrong with it', async () => {
    for (const path of ['/%ff', '/%', '/%zz', '/api/%E0%A4%A']) {
      const answer = await sendRaw(
        server().port,
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      );
      expect(answer.status, path).toBe(400);
      expect(JSON.parse(answer.body), path).toMatchObject({ type: '/api/docs#problem-bad-request' });
    }
  });
});
