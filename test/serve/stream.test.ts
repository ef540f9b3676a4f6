/** `GET /api/stream`: the totals at once, and again whenever the store has changed, by whichever process. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ingest, SAMPLE, type ReportBody } from '../support/cli.js';
import { EventStream, post, sharedServer, startServer, totalsOf } from '../support/server.js';

describe('a listener', () => {
  const server = sharedServer();
  const click = (user_id: string): Promise<Response> =>
    post(`${server().url}/api/click`, { campaign_id: 'live', user_id });

  it('hears the totals at once, in the form of server-sent events', async () => {
    const stream = await EventStream.open(server().url);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
    const first = await stream.next(2_000);
    expect(first).toMatchObject({ event: 'totals' });
    const body = JSON.parse(first?.data ?? '') as Record<string, unknown>;
    expect(body).toMatchObject({
      schema: 'mapipe.totals/1',
      revision: first?.id,
      currency: 'USD',
      totals: { campaigns: 0, clicks: 0, conversions: 0, revenue: 0 },
    });
    expect(String(body['committed_at'])).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(stream.retries).toEqual(['2000']);
    stream.close();
  });

  it('hears of a click, and of what another process ingests, with the totals of the report', async () => {
    const { url, store } = server();
    const stream = await EventStream.open(url);
    await stream.next();
    await click('u1');
    expect(await stream.nextWith({ clicks: 1, unique_users: 1 })).not.toBeNull();
    await ingest(store, [SAMPLE]);
    const told = await stream.nextWith({ clicks: 4642, conversions: 394, refunds: 36 });
    expect(told).not.toBeNull();
    if (told) {
      const { totals } = (await (await fetch(`${url}/api/analytics`)).json()) as ReportBody;
      expect(totalsOf(told)).toEqual(totals);
      expect(told.data).toContain('"revenue":19390.88');
    }
    stream.close();
  });

  it('that comes back with the id it knows hears nothing until there is news', async () => {
    const first = await EventStream.open(server().url);
    // Closing the file after a commit may count as one more state: the id is that of the store at rest.
    await sleep(300);
    let known = await first.next();
    for (let later = known; later !== null; later = await first.next(1_100)) known = later;
    first.close();
    const stream = await EventStream.open(server().url, { 'last-event-id': known?.id ?? '' });
    expect(await stream.next(1_300)).toBeNull();
    await click('news');
    expect(await stream.nextWith({ clicks: 4643 })).not.toBeNull();
    stream.close();
  });

  it('that comes back with the id of an earlier state hears the present one at once', async () => {
    const stream = await EventStream.open(server().url, { 'last-event-id': 'long-ago' });
    expect(await stream.next(2_000)).not.toBeNull();
    stream.close();
  });

  it('that comes back at once does not wait', async () => {
    const first = await EventStream.open(server().url);
    await first.next();
    first.close();
    await sleep(20);
    const sinceMs = performance.now();
    const again = await EventStream.open(server().url);
    expect(await again.next(3_000)).not.toBeNull();
    expect(performance.now() - sinceMs).toBeLessThan(600);
    again.close();
  });

  it('is not told more often than about once a second, and the last word is the last state', async () => {
    const stream = await EventStream.open(server().url);
    await stream.next();
    let told = 0;
    const sinceMs = performance.now();
    for (let i = 0; performance.now() - sinceMs < 2_000; i++) await click(`often ${i}`);
    const { totals } = (await (await fetch(`${server().url}/api/analytics`)).json()) as ReportBody;
    for (let came = await stream.next(); came !== null; came = await stream.next()) {
      told++;
      if (totalsOf(came)['clicks'] === totals['clicks']) break;
    }
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(4);
    stream.close();
  });

  it('is one of many: a hundred hear the same', async () => {
    const streams = await Promise.all(Array.from({ length: 100 }, () => EventStream.open(server().url)));
    const firsts = await Promise.all(streams.map((stream) => stream.next()));
    expect(new Set(firsts.map((first) => first?.id)).size).toBe(1);
    const metrics = await (await fetch(`${server().url}/metrics`)).text();
    expect(metrics).toMatch(/^mapipe_live_streams 100$/m);
    for (const stream of streams) stream.close();
    await sleep(300);
    expect(await (await fetch(`${server().url}/metrics`)).text()).toMatch(/^mapipe_live_streams 0$/m);
  });

  it('beyond the 256th is told to come back later', async () => {
    const streams = await Promise.all(Array.from({ length: 256 }, () => EventStream.open(server().url)));
    expect(new Set(streams.map(({ response }) => response.status))).toEqual(new Set([200]));
    const refused = await fetch(`${server().url}/api/stream`);
    await refused.body?.cancel();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    for (const stream of streams) stream.close();
  });

  it('cannot ask for the headers alone, and is not told that it could', async () => {
    const refused = await fetch(`${server().url}/api/stream`, { method: 'HEAD' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET']);
  });
});

describe('when the server stops', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('by %s its streams end, and it exits with 0', async (signal) => {
    const server = await startServer();
    const stream = await EventStream.open(server.url);
    await stream.next();
    const [exit, ended] = await Promise.all([server.stop(signal), stream.untilEnd()]);
    expect(ended).toBe(true);
    expect(exit).toMatchObject({ code: 0 });
    expect(exit.ms).toBeLessThan(2_000);
  });

  it('a listener that never reads does not hold it up', async () => {
    const server = await startServer();
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write('GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await sleep(500);
    const exit = await server.stop();
    socket.destroy();
    expect(exit.code).toBe(0);
    expect(exit.ms).toBeLessThan(5_000);
  });
});
