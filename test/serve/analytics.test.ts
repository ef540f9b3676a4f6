/** `GET /api/analytics` gives what `mapipe report --json` gives, byte for byte but for the moment it was made. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ingest, run, SAMPLE, type ReportBody } from '../support/cli.js';
import { expectedReport } from '../independent/expected-report.mjs';
import { expectProblem, post, postLines, sharedServer } from '../support/server.js';

function undated(text: string): string {
  return text.replace(/^ {2}"generated_at": "[^"]*",$/m, '');
}

describe('a server on the sample', () => {
  const server = sharedServer();
  beforeAll(async () => {
    await ingest(server().store, [SAMPLE]);
  });
  const ask = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server().url}/api/analytics${query}`, { headers });

  it('counts 4,641 clicks, 394 conversions and 36 refunds, and 19,390.88 of revenue', async () => {
    const text = await (await ask('')).text();
    expect((JSON.parse(text) as ReportBody).totals).toMatchObject({
      clicks: 4641,
      conversions: 394,
      refunds: 36,
    });
    expect(/"revenue": ([^,\n]+)/.exec(text)?.[1]).toBe('19390.88');
  });

  it.each([
    ['', []],
    ['?campaign_id=summer_sale', ['--campaign', 'summer_sale']],
    ['?since=2026-06-03&until=2026-06-05', ['--since', '2026-06-03', '--until', '2026-06-05']],
    ['?since=2026-06-03T12:00:00%2B02:00', ['--since', '2026-06-03T12:00:00+02:00']],
    [
      '?since=2026-06-03&tz=Asia/Kathmandu&by=day',
      ['--since', '2026-06-03', '--tz', 'Asia/Kathmandu', '--by', 'day'],
    ],
    ['?by=source,ad_id&by=product', ['--by', 'source,ad_id,product']],
    [
      '?by=source&sort=conversion_rate:asc&limit=3',
      ['--by', 'source', '--sort', 'conversion_rate:asc', '--limit', '3'],
    ],
    ['?sort=clicks&limit=2', ['--sort', 'clicks', '--limit', '2']],
    ['?source=GOOGLE&medium=cpc', ['--where', 'source=google', '--where', 'medium=cpc']],
    ['?source=', ['--where', 'source=']],
    ['?timeline=true&exact=true', ['--timeline', '--exact']],
    ['?currency=EUR', ['--currency', 'EUR']],
  ])('answers %j as the report does', async (query, args) => {
    const [answer, { stdout, stderr }] = await Promise.all([
      ask(query),
      run(['report', '--json', ...args], { store: server().store }),
    ]);
    expect(stderr).toBe('');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(undated(await answer.text())).toBe(undated(stdout));
  });

  it('agrees with figures worked out without any code of mapipe’s', async () => {
    const expected = await expectedReport(SAMPLE, { where: { source: 'google' }, since: '2026-06-03' });
    const { totals } = (await (await ask('?source=google&since=2026-06-03')).json()) as ReportBody;
    for (const name of ['clicks', 'conversions', 'refunds', 'unique_users'])
      expect(totals[name], name).toBe(expected.totals[name]);
    expect(Number(totals['revenue'])).toBe(Number(expected.totals['revenue']));
  });

  it('names the nearest campaign where one is unknown', async () => {
    const refused = await expectProblem(await ask('?campaign_id=sumer_sale'), 404, 'unknown-campaign');
    expect(refused).toMatchObject({ code: 'MAPIPE_CAMPAIGN_UNKNOWN' });
    expect(refused.detail).toContain('sumer_sale');
    expect(refused.hint).toContain('summer_sale');
  });

  it.each([
    ['?campaign=summer_sale', 'campaign_id'],
    ['?sourc=google', 'source'],
    ['?token=0123456789abcdef', ''],
    ['?since=2026-06-01&since=2026-06-02', 'since'],
    ['?source=google&source=bing', 'source'],
    ['?since=soon', 'soon'],
    ['?since=2026-02-30', '2026-02-30'],
    ['?since=2026-06-03&until=2026-06-03', 'not before'],
    ['?tz=Europe/Atlantis', 'Atlantis'],
    ['?by=colour', 'colour'],
    ['?sort=luck', 'luck'],
    ['?sort=revenue:sideways', 'sideways'],
    ['?limit=0', '0'],
    ['?limit=-1', '-1'],
    ['?limit=1e3', '1e3'],
    ['?currency=dollars', 'dollars'],
    ['?exact=maybe', 'maybe'],
    ['?__proto__=1', '__proto__'],
    ['?constructor=1', 'constructor'],
    // An unescaped plus is a space, and this no time: an answer about another moment would look right.
    ['?since=2026-06-03T12:00:00+02:00', '02:00'],
  ])('refuses %j and says what is wrong with it', async (query, named) => {
    const { detail, hint = '' } = await expectProblem(await ask(query), 400, 'invalid-question');
    expect(`${detail} ${hint}`).toContain(named);
  });

  it('lets parameters be empty as if they were left out', async () => {
    const all = undated(await (await ask('')).text());
    expect(undated(await (await ask('?since=&until=&tz=&by=&sort=&limit=&campaign_id=')).text())).toBe(all);
  });
});

describe('a client that has an answer', () => {
  const server = sharedServer();
  const question = '/api/analytics?by=source';
  const ask = (path: string, etag?: string): Promise<Response> =>
    fetch(`${server().url}${path}`, { headers: etag === undefined ? {} : { 'if-none-match': etag } });
  const clicks = async (answer: Response): Promise<unknown> =>
    ((await answer.json()) as ReportBody).totals['clicks'];

  it('is told 304 without a body while nothing changed, and gets the new answer after a POST', async () => {
    await post(`${server().url}/api/click`, { campaign_id: 'a', user_id: 'u1' });
    const first = await ask(question);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[\w-]+"$/);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect(await clicks(first)).toBe(1);
    for (const known of [etag, `"x", ${etag}`, etag.replace('W/', ''), '*']) {
      const again = await ask(question, known);
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await ask(question, 'W/"another"')).status).toBe(200);

    await post(`${server().url}/api/click`, { campaign_id: 'a', user_id: 'u2' });
    const changed = await ask(question, etag);
    expect([changed.status, await clicks(changed)]).toEqual([200, 2]);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it('gets the new answer after another process has ingested', async () => {
    const etag = (await ask(question)).headers.get('etag') ?? '';
    expect((await ask(question, etag)).status).toBe(304);
    await ingest(server().store, [SAMPLE]);
    const changed = await ask(question, etag);
    expect([changed.status, await clicks(changed)]).toEqual([200, 4641 + 2]);
  });

  it('gets the new answer after a bulk request', async () => {
    const etag = (await ask('/api/events')).headers.get('etag') ?? '';
    expect((await ask('/api/events', etag)).status).toBe(304);
    await postLines(server().url, '{"campaign_id":"bulk","user_id":"u"}\n');
    expect((await ask('/api/events', etag)).status).toBe(200);
  });

  it('has another ETag for every question, and the same for the same', async () => {
    const questions = [
      '',
      '?by=source',
      '?by=product',
      '?limit=1',
      '?source=google',
      '?source=',
      '?tz=Asia/Tokyo',
    ];
    const tags = await Promise.all(
      questions.map(async (query) => (await ask(`/api/analytics${query}`)).headers.get('etag')),
    );
    expect(new Set(tags).size).toBe(questions.length);
    expect((await ask('/api/analytics?by=source')).headers.get('etag')).toBe(tags[1]);
    expect((await ask('/api/events')).headers.get('etag')).not.toBe(tags[0]);
  });

  it('sees every commit of its own at once: each answer after a POST has that event', async () => {
    for (let i = 1; i <= 8; i++) {
      await post(`${server().url}/api/click`, { campaign_id: 'own writes', user_id: `u${i}` });
      expect(await clicks(await ask('/api/analytics?campaign_id=own%20writes'))).toBe(i);
    }
  });
});

describe('a campaign of any name', () => {
  const server = sharedServer();
  it.each([
    "'; DROP TABLE events; --",
    '<img src=x onerror=alert(1)>',
    '__proto__',
    'constructor',
    'a&b=c?d#e/f%20g+h',
    '‮evil',
    'null',
    '\u001b]0;x\u0007',
    '=HYPERLINK("http://evil.example")',
    'naïve café 日本 😀',
  ])('%j is data: stored, listed and asked for under it', async (name) => {
    const { url } = server();
    const body = { campaign_id: name, user_id: name, source: name, product: name };
    expect((await post(`${url}/api/click`, body)).status).toBe(201);
    const one = await fetch(`${url}/api/analytics?campaign_id=${encodeURIComponent(name)}&by=source`);
    expect(one.headers.get('content-type')).toMatch(/^application\/json/);
    const { campaigns } = (await one.json()) as ReportBody;
    expect(campaigns).toMatchObject([{ campaign_id: name, clicks: 1 }]);
    const filtered = await fetch(
      `${url}/api/events?campaign_id=${encodeURIComponent(name)}&source=${encodeURIComponent(name)}`,
    );
    expect(await filtered.json()).toMatchObject({ events: [{ campaign_id: name, user_id: name }] });
  });

  it('that is unknown comes back in the refusal as text, and nowhere else', async () => {
    const name = '"<script>\r\nX-Evil: 1';
    const refused = await fetch(`${server().url}/api/analytics?campaign_id=${encodeURIComponent(name)}`);
    expect(refused.headers.get('x-evil')).toBeNull();
    expect((await expectProblem(refused, 404, 'unknown-campaign')).detail).toContain(name);
  });
});
