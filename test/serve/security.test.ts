/** Nobody in where they don't belong: each promise of the server, with a request that tries to break it. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT, run, temporaryFolder } from '../support/cli.js';
import {
  expectProblem,
  post,
  postLines,
  rawRequest,
  sendRaw,
  sharedServer,
  startServer,
  type RawAnswer,
} from '../support/server.js';

const CLICK = { campaign_id: 'a', user_id: 'u' };
const CLICK_TEXT = JSON.stringify(CLICK);
const READ = 'read-token-0123456789abcdef';
const INGEST = 'ingest-token-0123456789abcdef';
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}

/** With any `Host` header, which `fetch` does not let one choose. */
async function withHost(url: string, host: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { ...headers, host }, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/**
 * Clients that send too slowly, or nothing, for as long as they are let. The limits are ten seconds each: they begin
 * with the file, and are asked what became of them at its end.
 */
const slowServer = sharedServer();
const SLOW_WAIT_MS = 14_000;
const trickle =
  (bytes: string, everyMs = 700) =>
  (socket: ReturnType<typeof connect>): void => {
    let sent = 0;
    const timer = setInterval(() => {
      if (sent < bytes.length && socket.writable) socket.write(bytes.charAt(sent++));
    }, everyMs);
    socket.once('close', () => {
      clearInterval(timer);
    });
  };
const NEVER = 'x'.repeat(1_000);
const SLOW: Record<string, () => Promise<RawAnswer>> = {
  headers: () =>
    sendRaw(slowServer().port, 'GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-', {
      waitMs: SLOW_WAIT_MS,
      meanwhile: trickle(NEVER),
    }),
  nothing: () => sendRaw(slowServer().port, 'GET /api/hea', { waitMs: SLOW_WAIT_MS }),
  ...Object.fromEntries(
    [
      ['event', 'POST /api/click', 'application/json'],
      ['event of a wrong type', 'POST /api/click', 'text/plain'],
      ['body of a question', 'GET /api/health', 'application/json'],
      ['body for nothing', 'POST /nothing', 'application/json'],
      ['body by a wrong method', 'PUT /api/click', 'application/json'],
    ].map(([name = '', line = '', type = '']) => [
      name,
      () =>
        sendRaw(
          slowServer().port,
          `${line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: 5000\r\n\r\n{`,
          { waitMs: SLOW_WAIT_MS, meanwhile: trickle(NEVER) },
        ),
    ]),
  ),
  'body of another host': () =>
    sendRaw(
      slowServer().port,
      'POST /api/click HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{',
      { waitMs: SLOW_WAIT_MS, meanwhile: trickle(NEVER) },
    ),
};
const slowAnswers = new Map<string, Promise<RawAnswer>>();
beforeAll(() => {
  for (const [name, send] of Object.entries(SLOW)) slowAnswers.set(name, send());
});

describe('an address that others can reach', () => {
  it.each(['0.0.0.0', '::', ''])('such as %j is not listened on without a token', async (host) => {
    const { code, stderr } = await run(['serve', '--port', '0', '--host', host], {
      store: join(temporaryFolder(), 's.duckdb'),
    });
    expect(stderr).toMatch(/^mapipe: --host [^\n]* needs tokens/);
    expect(code).toBe(2);
  });

  it('is listened on with one, for those who have it', async () => {
    const server = await startServer({ args: ['--host', '0.0.0.0'], env: { MAPIPE_READ_TOKEN: READ } });
    const url = `http://127.0.0.1:${server.port}/api/analytics`;
    await expectProblem(await fetch(url), 401, 'unauthorized');
    expect((await fetch(url, { headers: bearer(READ) })).status).toBe(200);
    expect(await withHost(url, 'rebound.example', bearer(READ))).toBe(421);
  });

  it('is not the one that is listened on by default', async () => {
    const server = await startServer();
    // Every address of 127.0.0.0/8 is this machine's; what listens on all of them listens on this one too.
    await expect(fetch(`http://127.0.0.3:${server.port}/api/health`)).rejects.toThrow();
  });
});

describe('a server with tokens', () => {
  const server = sharedServer({ env: { MAPIPE_READ_TOKEN: READ, MAPIPE_INGEST_TOKEN: INGEST } });
  const READS = ['/api/analytics', '/api/events', '/api/stream', '/api/settings', '/metrics'];
  const WRITES = ['/api/click', '/api/conversion', '/api/events'];

  async function status(method: string, path: string, headers: Record<string, string> = {}): Promise<number> {
    const type = path === '/api/events' ? 'application/x-ndjson' : 'application/json';
    const answer = await fetch(`${server().url}${path}`, {
      method,
      headers: { ...(method === 'POST' ? { 'content-type': type } : {}), ...headers },
      ...(method === 'POST' ? { body: CLICK_TEXT } : {}),
    });
    await answer.body?.cancel();
    return answer.status;
  }

  it.each(READS)('answers %s to the read token only', async (path) => {
    expect(await status('GET', path)).toBe(401);
    expect(await status('GET', path, bearer(READ))).toBe(200);
    expect(await status('GET', path, bearer(INGEST))).toBe(403);
    expect(await status('HEAD', path)).toBe(path === '/api/stream' ? 405 : 401);
  });

  it.each(WRITES)('takes events at %s for the ingest token only', async (path) => {
    expect(await status('POST', path)).toBe(401);
    expect(await status('POST', path, bearer(READ))).toBe(403);
    expect([200, 201]).toContain(await status('POST', path, bearer(INGEST)));
  });

  it.each([
    'Bearer wrong-token-0123456789abcdef',
    `Bearer ${READ}x`,
    `Bearer ${READ.slice(0, -1)}`,
    `Bearer ${READ.toUpperCase()}`,
    `Basic ${Buffer.from(`x:${READ}`).toString('base64')}`,
    `Bearer`,
    `Bearer "${READ}"`,
    `Bearer ${READ}, Bearer ${INGEST}`,
    READ,
    `Token ${READ}`,
  ])('refuses %j, and says how to ask', async (authorization) => {
    const refused = await fetch(`${server().url}/api/analytics`, { headers: { authorization } });
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm="mapipe"/);
    const text = JSON.stringify(await expectProblem(refused, 401, 'unauthorized'));
    expect(text).not.toContain(READ);
  });

  it.each(['token', 'access_token', 'api_key', 'authorization'])(
    'never takes a token from the URL (%s)',
    async (name) => {
      const query = `?${name}=${encodeURIComponent(READ)}`;
      for (const path of READS) expect(await status('GET', `${path}${query}`), path).toBe(401);
      expect(await status('POST', `/api/click?${name}=${INGEST}`)).toBe(401);
    },
  );

  it('takes none from a cookie, a body or another header', async () => {
    for (const headers of [
      { cookie: `token=${READ}` },
      { 'x-api-key': READ },
      { 'x-authorization': `Bearer ${READ}` },
      { 'proxy-authorization': `Bearer ${READ}` },
    ]) {
      expect(await status('GET', '/api/analytics', headers as Record<string, string>)).toBe(401);
    }
    const body = { ...CLICK, token: INGEST, authorization: `Bearer ${INGEST}` };
    expect((await post(`${server().url}/api/click`, body)).status).toBe(401);
  });

  it('gives the pages, the documentation and its health to anyone, and no data with them', async () => {
    for (const path of ['/', '/api/docs', '/api/openapi.json', '/api/health']) {
      const answer = await fetch(`${server().url}${path}`);
      expect(answer.status, path).toBe(200);
      const text = await answer.text();
      for (const secret of [READ, INGEST, server().store]) expect(text, path).not.toContain(secret);
    }
  });

  it('refuses a body before it reads it', async () => {
    const head = `POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000000\r\n\r\n`;
    const answer = await sendRaw(server().port, head, { waitMs: 3_000 });
    expect([answer.status, answer.closed]).toEqual([401, true]);
  });

  it('prints no token, in whatever it says', () => {
    expect(server().stderr()).not.toContain(READ);
    expect(server().stderr()).not.toContain(INGEST);
  });
});

describe('a token', () => {
  it('from a file that only its owner can read is taken', async () => {
    const file = join(temporaryFolder(), 'tokens');
    writeFileSync(file, `# ours\n\nread ${READ}\r\n  ingest   ${INGEST}  \n`);
    chmodSync(file, 0o600);
    const server = await startServer({ args: ['--token-file', file] });
    const url = `${server.url}/api/analytics`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: bearer(READ) })).status).toBe(200);
    expect((await post(`${server.url}/api/click`, CLICK, bearer(INGEST))).status).toBe(201);
  });

  it.each([
    [0o644, `read ${READ}\n`, /must be readable by its owner only, but its mode is 644 \(chmod 600 /],
    [0o600, `read short\n`, /line 1 of .* must be a token of at least 16/],
    [0o600, `read ${READ}\n${INGEST}\n`, /line 2 of .* must be "read TOKEN"/],
  ])('file of mode %o with %j is refused', async (mode, text, message) => {
    const file = join(temporaryFolder(), 'tokens');
    writeFileSync(file, text);
    chmodSync(file, mode);
    const { code, stderr } = await run(['serve', '--port', '0', '--token-file', file], {
      store: join(temporaryFolder(), 's.duckdb'),
    });
    expect(stderr).toMatch(/^mapipe: /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(READ);
    expect(code).toBe(2);
  });

  it('file that is not there is refused', async () => {
    const { code, stderr } = await run(['serve', '--port', '0', '--token-file', '/nonexistent/tokens'], {
      store: join(temporaryFolder(), 's.duckdb'),
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining('/nonexistent/tokens cannot be read')]);
  });

  it('from the environment that is too short or holds a space is refused, and not shown', async () => {
    for (const token of ['hunter2', 'has a space in the middle']) {
      const { code, stderr } = await run(['serve', '--port', '0'], {
        store: join(temporaryFolder(), 's.duckdb'),
        env: { MAPIPE_INGEST_TOKEN: token },
      });
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/^mapipe: MAPIPE_INGEST_TOKEN must be a token/),
      ]);
      expect(stderr).not.toContain(token);
    }
  });

  it('is no argument: there is no option for it', async () => {
    for (const option of ['--token']) {
      const { code } = await run(['serve', '--port', '0', option, READ], {
        store: join(temporaryFolder(), 's.duckdb'),
      });
      expect(code, option).toBe(2);
    }
  });
});

describe('the Host header', () => {
  const server = sharedServer({ args: ['--allow-host', 'Stats.Example.com'] });

  it.each([
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    'evil.example#localhost',
    'localhost@evil.example',
    'localhost.',
    '127.0.0.1.nip.io',
    '127.1',
    '0.0.0.0',
    '2130706433',
    '0x7f.1',
    '[::]',
    '[::ffff:127.0.0.1]',
    'localhost:80:80',
    'localhost:',
    'localhost:x',
    'localhost:123456',
    ':80',
    'localhost, evil.example',
    'localhost evil.example',
    'localhost/evil',
    'www.stats.example.com',
  ])('%j is refused, at every address', async (host) => {
    for (const path of ['/api/health', '/', '/api/docs', '/nothing']) {
      const answer = await sendRaw(server().port, rawRequest(`GET ${path}`, [`Host: ${host}`]));
      // What is no host at all may be found so by the parser.
      expect([400, 421], `${path} ${answer.head}`).toContain(answer.status);
      expect(answer.body, path).not.toContain('<html');
    }
  });

  it.each([
    'localhost',
    'localhost:1',
    'LOCALHOST:8080',
    '127.0.0.1',
    '[::1]:9',
    'stats.example.com',
    'STATS.example.com:443',
  ])('%j is one of this machine’s', async (host) => {
    expect(await withHost(`${server().url}/api/health`, host)).toBe(200);
  });

  it('is needed', async () => {
    const { port } = server();
    const missing = await sendRaw(port, 'GET /api/health HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect([400, 421]).toContain(missing.status);
    expect((await sendRaw(port, 'GET /api/health HTTP/1.0\r\n\r\n')).status).toBe(421);
    expect((await sendRaw(port, rawRequest('GET /api/health', ['Host:']))).status).toBe(421);
  });

  it('is not taken from what a proxy says, and not from the second of two', async () => {
    const { port } = server();
    for (const header of ['X-Forwarded-Host: localhost', 'Forwarded: host=localhost', 'X-Host: localhost']) {
      const answer = await sendRaw(port, rawRequest('GET /api/health', ['Host: evil.example', header]));
      expect(answer.status, header).toBe(421);
    }
    const two = await sendRaw(port, rawRequest('GET /api/health', ['Host: evil.example', 'Host: localhost']));
    expect([400, 421]).toContain(two.status);
  });

  it('does not let in a request whose target names another host', async () => {
    const { port } = server();
    const answer = await sendRaw(port, rawRequest('GET http://evil.example/api/health'));
    expect([400, 404, 421], answer.text).toContain(answer.status);
  });

  it('is judged for a malformed URL too', async () => {
    const answer = await sendRaw(server().port, rawRequest('GET /%ff', ['Host: evil.example']));
    expect([400, 421]).toContain(answer.status);
    expect(answer.body).not.toContain('evil');
  });

  it('keeps events of another host out', async () => {
    const headers = ['Host: evil.example', 'Content-Type: application/json'];
    const answer = await sendRaw(server().port, rawRequest('POST /api/click', headers, CLICK_TEXT));
    expect(answer.status).toBe(421);
    expect(await (await fetch(`${server().url}/api/analytics`)).json()).toMatchObject({
      totals: { clicks: 0 },
    });
  });
});

describe('a page of another origin', () => {
  const open = sharedServer();
  const listed = sharedServer({ args: ['--allow-origin', 'https://shop.example'] });

  it.each([
    'https://evil.example',
    'null',
    'http://localhost',
    'http://localhost:1',
    'http://localhost.evil.example',
    'file://',
    'http://127.0.0.1',
  ])('(%s) may not send events', async (origin) => {
    for (const server of [open(), listed()]) {
      await expectProblem(await post(`${server.url}/api/click`, CLICK, { origin }), 403, 'forbidden');
      expect((await postLines(server.url, CLICK_TEXT, { origin })).status).toBe(403);
    }
  });

  it('may not learn anything: without a list there is no CORS header, whatever is asked', async () => {
    for (const [method, path] of [
      ['GET', '/api/analytics'],
      ['GET', '/api/stream'],
      ['OPTIONS', '/api/click'],
      ['OPTIONS', '/api/analytics'],
      ['GET', '/nothing'],
    ] as const) {
      const answer = await fetch(`${open().url}${path}`, {
        method,
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      });
      await answer.body?.cancel();
      const names = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));
      expect(names, `${method} ${path}`).toEqual([]);
    }
  });

  it('may, where it is listed, and no other may with it', async () => {
    const ask = (origin: string): Promise<Response> =>
      fetch(`${listed().url}/api/analytics`, { headers: { origin } });
    expect((await ask('https://shop.example')).headers.get('access-control-allow-origin')).toBe(
      'https://shop.example',
    );
    for (const origin of [
      'https://evil.example',
      'http://shop.example',
      'https://shop.example:8443',
      'null',
    ]) {
      const answer = await ask(origin);
      expect(answer.headers.get('access-control-allow-origin'), origin).toBeNull();
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
    const sent = await post(`${listed().url}/api/click`, CLICK, { origin: 'https://shop.example' });
    expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([
      201,
      'https://shop.example',
    ]);
    const preflight = await fetch(`${listed().url}/api/click`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,authorization',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  });

  it('is not let in by a preflight in another host’s name', async () => {
    const headers = [
      'Host: evil.example',
      'Origin: https://shop.example',
      'Access-Control-Request-Method: POST',
    ];
    const answer = await sendRaw(listed().port, rawRequest('OPTIONS /api/click', headers));
    expect(answer.status).toBe(421);
  });

  it('is told apart from the server’s own pages, which may', async () => {
    const sent = await post(`${open().url}/api/click`, CLICK, { origin: open().url });
    expect(sent.status).toBe(201);
  });

  it.each(['*', 'null', 'https://shop.example/'])('cannot be listed as %j', async (origin) => {
    const { code, stderr } = await run(['serve', '--port', '0', '--allow-origin', origin], {
      store: join(temporaryFolder(), 's.duckdb'),
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^mapipe: --allow-origin expects/)]);
  });
});

describe('a body', () => {
  const server = sharedServer();

  it.each([
    ['/api/click', 'text/plain'],
    ['/api/click', 'application/x-www-form-urlencoded'],
    ['/api/click', 'multipart/form-data; boundary=x'],
    ['/api/click', 'application/json; charset=iso-8859-1'],
    ['/api/click', 'application/json; charset=utf-16'],
    ['/api/click', 'application/x-ndjson'],
    ['/api/click', 'application/json-patch+json'],
    ['/api/click', 'application/jsonp'],
    ['/api/click', 'text/json'],
    ['/api/click', 'text/plain; application/json'],
    ['/api/click', 'application/json, text/plain'],
    ['/api/conversion', 'text/plain'],
    ['/api/events', 'application/json'],
    ['/api/events', 'text/plain'],
    ['/api/events', 'application/ndjson'],
    ['/api/events', '*/*'],
    ['/api/events', 'application/x-ndjson; charset=latin1'],
  ])('for %s of the type %s is refused', async (path, type) => {
    const refused = await post(`${server().url}${path}`, CLICK_TEXT, { 'content-type': type });
    const expected = path === '/api/events' ? 'application/x-ndjson' : 'application/json';
    expect(refused.headers.get('accept')).toBe(expected);
    const { detail } = await expectProblem(refused, 415, 'unsupported-media-type');
    expect(detail).toContain(expected);
  });

  it('of no type is refused', async () => {
    for (const path of ['/api/click', '/api/events']) {
      const answer = await sendRaw(
        server().port,
        rawRequest(`POST ${path}`, ['Host: localhost'], CLICK_TEXT),
      );
      expect(answer.status, path).toBe(415);
    }
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json;charset="UTF-8"'])(
    'of the type %s is one of JSON',
    async (type) => {
      expect((await post(`${server().url}/api/click`, CLICK, { 'content-type': type })).status).toBe(201);
    },
  );

  it('that is compressed is not taken for one event', async () => {
    const refused = await post(`${server().url}/api/click`, CLICK, { 'content-encoding': 'gzip' });
    await expectProblem(refused, 415, 'unsupported-media-type');
  });

  it('of an event has at most 16 KiB, however it is sent', async () => {
    const padded = (bytes: number): string => {
      const bare = JSON.stringify({ ...CLICK, note: '' });
      return JSON.stringify({ ...CLICK, note: 'x'.repeat(bytes - bare.length) });
    };
    expect((await post(`${server().url}/api/click`, padded(16_384))).status).toBe(201);
    await expectProblem(await post(`${server().url}/api/click`, padded(16_385)), 413, 'body-too-large');
    const head =
      'POST /api/click HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const chunks = `4000\r\n${'x'.repeat(0x4000)}\r\n`.repeat(4);
    const chunked = await sendRaw(server().port, head + chunks);
    expect([chunked.status, chunked.closed]).toEqual([413, true]);
    const announced = await sendRaw(
      server().port,
      'POST /api/click HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n',
    );
    expect([announced.status, announced.closed]).toEqual([413, true]);
  });

  it('with two lengths, or a length that is none, is refused: no request is smuggled behind another', async () => {
    const evil = 'GET /api/health HTTP/1.1\r\nHost: evil.example\r\n\r\n';
    for (const headers of [
      ['Content-Length: 4', 'Transfer-Encoding: chunked'],
      ['Content-Length: 4', 'Content-Length: 5'],
      ['Content-Length: -1'],
      ['Content-Length: 0x4'],
      ['Transfer-Encoding: chunked, identity'],
      ['Transfer-Encoding: xchunked'],
      ['Content-Length : 4'],
    ]) {
      const lines = [
        'POST /api/click HTTP/1.1',
        'Host: localhost',
        'Content-Type: application/json',
        ...headers,
      ];
      const answer = await sendRaw(server().port, `${lines.join('\r\n')}\r\n\r\n0\r\n\r\n${evil}`, {
        waitMs: 2_000,
      });
      expect(answer.status, headers.join()).toBe(400);
      expect(answer.text.match(/^HTTP\/1\.1 /gm), headers.join()).toHaveLength(1);
      expect(answer.closed).toBe(true);
    }
  });
});

describe('odd JSON', () => {
  const server = sharedServer();
  const send = (body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
    post(`${server().url}/api/click`, body);

  it('of 16,000 brackets is refused, and of 8,000 within a field does no harm', async () => {
    await expectProblem(await send('['.repeat(16_000)), 400, 'invalid-json');
    await expectProblem(await send('{"a":'.repeat(3_000)), 400, 'invalid-json');
    const deep = `{"campaign_id":"deep","user_id":"u","extra":${'['.repeat(8_000)}${']'.repeat(8_000)}}`;
    expect((await send(deep)).status).toBe(201);
    const within = `{"campaign_id":${'['.repeat(8_000)}${']'.repeat(8_000)},"user_id":9007199254740993}`;
    expect((await send(within)).status).toBe(422);
    const number = `{"extra":${'{"a":'.repeat(2_600)}1${'}'.repeat(2_600)},"campaign_id":"deep","user_id":9007199254740993}`;
    expect((await send(number)).status).toBe(201);
  });

  it('cannot reach what objects inherit', async () => {
    for (const body of [
      '{"__proto__":{"user_id":"u","campaign_id":"c"}}',
      '{"constructor":{"prototype":{"user_id":"u"}},"campaign_id":"c"}',
      '{"toString":"x","hasOwnProperty":1,"campaign_id":"c"}',
    ]) {
      await expectProblem(await send(body), 422, 'invalid-event');
    }
    expect((await send(CLICK_TEXT)).status).toBe(201);
    await expectProblem(await send('{}'), 422, 'invalid-event');
  });

  it('of which a key stands twice counts by the last, also in its digits', async () => {
    const body = '{"campaign_id":"twice","user_id":"u","amount":1.000001,"amount":2.000002,"order_id":"t"}';
    expect((await post(`${server().url}/api/conversion`, body)).status).toBe(201);
    const answer = await (await fetch(`${server().url}/api/analytics?campaign_id=twice`)).text();
    expect(answer).toContain('"revenue": 2.000002');
  });

  it('with NULs, lone surrogates and control characters is data', async () => {
    const body = String.raw`{"campaign_id":"odd","user_id":"a\u0000b\ud800c\u001b]0;x\u0007\u202e"}`;
    expect((await send(body)).status).toBe(201);
    const text = await (await fetch(`${server().url}/api/events?campaign_id=odd`)).text();
    const { events } = JSON.parse(text) as { events: { user_id: string }[] };
    expect(events[0]?.user_id).toBe('a\u0000b\ufffdc\u001b]0;x\u0007\u202e');
    // eslint-disable-next-line no-control-regex -- they are what must not stand there unescaped.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('that is no UTF-8 is refused', async () => {
    for (const bytes of [
      [0xff, 0xfe],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
    ]) {
      const body = Buffer.concat([
        Buffer.from('{"campaign_id":"'),
        Buffer.from(bytes),
        Buffer.from('","user_id":"u"}'),
      ]);
      await expectProblem(await send(Uint8Array.from(body)), 400, 'invalid-json');
    }
    await expectProblem(
      await send(Uint8Array.from(Buffer.from(`\uFEFF${CLICK_TEXT}`, 'utf16le'))),
      400,
      'invalid-json',
    );
  });
});

describe('bytes that are no proper HTTP', () => {
  const server = sharedServer();

  it.each([
    ['words', 'hello\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['NULs', '\0'.repeat(64)],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown method', rawRequest('BREW /api/health')],
    ['a header without a name', rawRequest('GET /api/health', ['Host: localhost', ': x'])],
    [
      'a header broken over lines',
      rawRequest('GET /api/health', ['Host: localhost', 'X-A: b\r\n c', 'X\0Y: z']),
    ],
    ['a bare carriage return', 'GET /api/health HTTP/1.1\rHost: localhost\r\r'],
    ['a space in the target', rawRequest('GET /api /health')],
  ])('(%s) are answered 400 and cut off', async (_, bytes) => {
    const answer = await sendRaw(server().port, bytes, { waitMs: 12_000 });
    expect([400, 405, 408, 505], answer.text).toContain(answer.status);
    expect(answer.closed).toBe(true);
    expect((await fetch(`${server().url}/api/health`)).status).toBe(200);
  });

  it('such as a tunnel to elsewhere get none', async () => {
    const answer = await sendRaw(
      server().port,
      'CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    );
    expect(answer.status).not.toBe(200);
    expect(answer.closed).toBe(true);
  });

  it('such as headers beyond 16 KiB are answered 431', async () => {
    const answer = await sendRaw(
      server().port,
      rawRequest('GET /api/health', ['Host: localhost', `X-Large: ${'x'.repeat(20_000)}`]),
    );
    expect([answer.status, answer.closed]).toEqual([431, true]);
    expect(JSON.parse(answer.body)).toMatchObject({
      type: '/api/docs#problem-headers-too-large',
      status: 431,
    });
    const many = Array.from({ length: 3_000 }, (_, i) => `X-${i}: y`);
    expect([200, 431]).toContain(
      (await sendRaw(server().port, rawRequest('GET /api/health', ['Host: localhost', ...many]))).status,
    );
    const url = await sendRaw(server().port, rawRequest(`GET /${'a'.repeat(100_000)}`));
    expect([414, 431]).toContain(url.status);
  });
});

describe('too many requests', () => {
  it('of one client are answered 429 with when to come back, and the others not', async () => {
    const server = await startServer({
      args: ['--rate-limit', '1'],
      env: { MAPIPE_READ_TOKEN: READ, MAPIPE_INGEST_TOKEN: INGEST },
    });
    const statuses: number[] = [];
    let refused: Response | null = null;
    for (let i = 0; i < 14; i++) {
      const answer = await fetch(`${server.url}/api/analytics`, { headers: bearer(READ) });
      statuses.push(answer.status);
      if (answer.status === 429) refused = answer;
      else await answer.body?.cancel();
    }
    // One a second, over a window of ten seconds.
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(10);
    if (refused) await expectProblem(refused, 429, 'too-many-requests');
    expect((await post(`${server.url}/api/click`, CLICK, bearer(INGEST))).status).toBe(201);
  });

  it('with tokens that are guessed are counted together, whichever they are and whatever is asked', async () => {
    const server = await startServer({ args: ['--rate-limit', '1'], env: { MAPIPE_READ_TOKEN: READ } });
    const statuses = [];
    for (let i = 0; i < 12; i++) {
      const guess = bearer(`guess-${i}-0123456789abcdef`);
      const path = ['/api/analytics', '/nothing', '/api/docs', '/api/settings'][i % 4] ?? '';
      const answer = await fetch(`${server.url}${path}`, {
        headers: { ...guess, 'x-forwarded-for': `192.0.2.${i}`, 'x-real-ip': `192.0.2.${i}` },
      });
      await answer.body?.cancel();
      statuses.push(answer.status);
    }
    expect(statuses.slice(0, 10)).not.toContain(429);
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it.each(['0', '1.5'])('are not limited by %j', async (rate) => {
    const { code, stderr } = await run(['serve', '--port', '0', `--rate-limit=${rate}`], {
      store: join(temporaryFolder(), 's.duckdb'),
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^mapipe: --rate-limit expects/)]);
  });
});

describe('a path', () => {
  const server = sharedServer();

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '/assets/....//package.json',
    '/assets//etc/passwd',
    '/%2e%2e%2fpackage.json',
    '/assets/',
    '/assets',
    '/assets/.',
    '/assets/%00',
    '/package.json',
    '/.git/config',
    '/etc/passwd',
    '/file:///etc/passwd',
    '/assets/app.js%00.css',
  ])('%s leads to no file', async (path) => {
    const answer = await sendRaw(server().port, rawRequest(`GET ${path}`));
    expect([400, 404], answer.text).toContain(answer.status);
    expect(answer.text).not.toMatch(/"dependencies"|root:|\[core\]/);
  });

  it('or a parameter cannot add a header to the answer', async () => {
    for (const target of [
      '/%0d%0aX-Evil:%201',
      '/api/analytics?campaign_id=a%0d%0aX-Evil:%201',
      '/api/analytics?%0d%0aX-Evil:1=1',
      '/api/events?source=%0d%0aSet-Cookie:%20a=b',
    ]) {
      const { head } = await sendRaw(server().port, rawRequest(`GET ${target}`));
      expect(head, target).not.toMatch(/^(X-Evil|Set-Cookie)/im);
    }
  });

  it('is not made another method’s by a header or a parameter', async () => {
    for (const header of ['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method']) {
      const answer = await fetch(`${server().url}/api/click?_method=POST`, {
        headers: { [header]: 'POST', 'content-type': 'application/json' },
      });
      expect(answer.status, header).toBe(405);
    }
    const posted = await post(
      `${server().url}/api/analytics?_method=GET`,
      {},
      { 'x-http-method-override': 'GET' },
    );
    expect(posted.status).toBe(405);
  });

  it('that is escaped is the same path, under the same guard', async () => {
    const guarded = await startServer({ env: { MAPIPE_READ_TOKEN: READ } });
    for (const path of [
      '/api/%61nalytics',
      '/%61pi/settings',
      '/api/analytics?',
      '/api/analytics#x',
      '/metrics;x',
    ]) {
      const { status } = await sendRaw(guarded.port, rawRequest(`GET ${path}`));
      expect([400, 401, 404], path).toContain(status);
    }
  });
});

describe('every answer', () => {
  const server = sharedServer({ args: ['--rate-limit', '1000000'] });
  const limited = sharedServer({ args: ['--rate-limit', '1'], env: { MAPIPE_READ_TOKEN: READ } });
  const asset = /\/assets\/app-\w+\.js/.exec(
    readFileSync(join(PROJECT, 'dist/dashboard/index.html'), 'utf8'),
  )?.[0];
  const etag = { 'if-none-match': '*' };
  const json = { 'content-type': 'application/json' };

  const kinds: [string, number, () => Promise<Response>][] = [
    ['the page', 200, () => fetch(`${server().url}/`)],
    ['an asset', 200, () => fetch(`${server().url}${asset ?? ''}`)],
    ['the documentation', 200, () => fetch(`${server().url}/api/docs`)],
    ['an answer', 200, () => fetch(`${server().url}/api/analytics`)],
    ['an event stored', 201, () => post(`${server().url}/api/click`, CLICK)],
    ['no news', 304, () => fetch(`${server().url}/api/analytics`, { headers: etag })],
    [
      'no news of the page',
      304,
      async () => {
        const known = (await fetch(`${server().url}/`)).headers.get('etag') ?? '';
        return fetch(`${server().url}/`, { headers: { 'if-none-match': known } });
      },
    ],
    ['a bad question', 400, () => fetch(`${server().url}/api/analytics?by=x`)],
    ['a bad body', 400, () => post(`${server().url}/api/click`, '{')],
    ['a bad URL', 400, () => fetch(`${server().url}/%ff`)],
    ['no token', 401, () => fetch(`${limited().url}/api/analytics`)],
    ['another page', 403, () => post(`${server().url}/api/click`, CLICK, { origin: 'https://evil.example' })],
    ['nothing', 404, () => fetch(`${server().url}/nothing`)],
    [
      'a wrong method',
      405,
      () => fetch(`${server().url}/api/click`, { method: 'PUT', headers: json, body: '{}' }),
    ],
    ['a large body', 413, () => post(`${server().url}/api/click`, 'x'.repeat(20_000))],
    ['a wrong type', 415, () => post(`${server().url}/api/click`, CLICK, { 'content-type': 'text/plain' })],
    ['an event with faults', 422, () => post(`${server().url}/api/click`, {})],
    [
      'the stream',
      200,
      async () => {
        const stream = await fetch(`${server().url}/api/stream`);
        await stream.body?.cancel();
        return stream;
      },
    ],
  ];

  it.each(kinds)('(%s, %i) carries the headers that keep it where it belongs', async (_, status, ask) => {
    const { headers, status: got } = await ask();
    expect(got).toBe(status);
    expect(headers.get('content-security-policy')).toBe(POLICY);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
  });

  it.each([
    ['another host', 421, rawRequest('GET /', ['Host: evil.example'])],
    ['no HTTP', 400, 'hello\r\n\r\n'],
    ['large headers', 431, rawRequest('GET /', ['Host: localhost', `X: ${'x'.repeat(20_000)}`])],
  ])('(%s, %i) carries them too', async (_, status, bytes) => {
    const answer = await sendRaw(server().port, bytes);
    expect(answer.status).toBe(status);
    expect(answer.head).toMatch(/^content-security-policy: default-src 'none'/im);
    expect(answer.head).toMatch(/^x-content-type-options: nosniff/im);
  });

  it('(too many, 429) carries them too', async () => {
    let last = await fetch(`${limited().url}/api/health`);
    for (let i = 0; i < 12 && last.status !== 429; i++) last = await fetch(`${limited().url}/api/health`);
    expect(last.status).toBe(429);
    expect(last.headers.get('content-security-policy')).toBe(POLICY);
    expect(last.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('that is a refusal tells no stack, no path of this machine and no library’s name', async () => {
    for (const [name, status, ask] of kinds) {
      if (status < 400) continue;
      const text = await (await ask()).text();
      expect(text, name).not.toMatch(/node_modules|\.[jt]s:\d|\bat .*\(|FST_|fastify|duckdb/i);
      for (const path of [PROJECT, homedir(), '/tmp/']) expect(text, name).not.toContain(path);
    }
  });

  it('keeps the place of the store to itself also when the store is gone', async () => {
    const lost = await startServer();
    rmSync(lost.store);
    for (const path of ['/api/analytics', '/api/events', '/api/health']) {
      expect(await (await fetch(`${lost.url}${path}`)).text(), path).not.toContain(lost.store);
    }
    mkdirSync(lost.store);
    const refused = await post(`${lost.url}/api/click`, CLICK);
    expect(refused.status).toBe(503);
    expect(await refused.text()).not.toContain(lost.store);
    const bulk = await postLines(lost.url, CLICK_TEXT);
    expect(bulk.status).toBe(503);
    expect(await bulk.text()).not.toContain(lost.store);
  });
});

describe('the pages', () => {
  const server = sharedServer();

  it.each(['/', '/api/docs'])('(%s) hold no script of their own and name no other host', async (path) => {
    const text = await (await fetch(`${server().url}${path}`)).text();
    expect(text).not.toMatch(/<script(?![^>]*\ssrc="\/assets\/)[^>]*>/);
    expect(text).not.toMatch(/<script[^>]*>[^<]/);
    expect(text).not.toMatch(/\s(on\w+|style)=/);
    expect(text).not.toMatch(/javascript:|<iframe|<object|<embed|<base/i);
    const loaded = text.matchAll(/<(?:script|link|img|source|use)\b[^>]*\s(?:src|href)="([^"]*)"/g);
    for (const [, target = ''] of loaded) expect(target, path).toMatch(/^(\/(?!\/)|#|data:)/);
    // Addresses of this machine, in examples, are no requests.
    const others = [...text.matchAll(/https?:\/\/([^\s/"'<:)]+)/g)].filter(
      ([, host = '']) => !/^(localhost|www\.w3\.org)$/.test(host),
    );
    expect(
      others.map(([url]) => url),
      path,
    ).toEqual([]);
  });

  it('load scripts and styles that name no other host either', async () => {
    const text = await (await fetch(`${server().url}/`)).text();
    const targets = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(1);
    for (const target of targets) {
      const asset = await (await fetch(`${server().url}${target}`)).text();
      expect(asset, target).not.toMatch(/@import|url\(\s*["']?(https?:)?\/\//);
      const hosts = [...asset.matchAll(/["'`(](https?:)?\/\/([a-z0-9-]+\.)+[a-z]{2,}/gi)].map(([url]) => url);
      expect(
        hosts.filter((url) => !url.includes('www.w3.org')),
        target,
      ).toEqual([]);
      expect(asset, target).not.toMatch(
        /\beval\(|new Function\(|\.innerHTML\s*=|insertAdjacentHTML|document\.write/,
      );
    }
  });
});

describe('many at once', () => {
  it('who connect and say nothing keep nobody out', async () => {
    const server = await startServer();
    const sockets = Array.from({ length: 300 }, () => connect(server.port, '127.0.0.1'));
    for (const socket of sockets) socket.on('error', () => undefined);
    await sleep(300);
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
    expect((await post(`${server.url}/api/click`, CLICK)).status).toBe(201);
    for (const socket of sockets) socket.destroy();
  });

  it('different questions are answered or told to wait, and none breaks the server', async () => {
    const server = await startServer();
    await post(`${server.url}/api/click`, CLICK);
    const asked = await Promise.all(
      Array.from({ length: 120 }, (_, i) => fetch(`${server.url}/api/analytics?limit=${i + 1}`)),
    );
    const statuses = asked.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    const refused = asked.find(({ status }) => status === 503);
    expect(refused?.headers.get('retry-after')).toBe('1');
    if (refused) await expectProblem(refused, 503, 'queue-full');
    expect((await fetch(`${server.url}/api/analytics`)).status).toBe(200);
  });
});

describe('what comes too slowly', () => {
  it.each(Object.keys(SLOW))('(%s) is cut off', async (name) => {
    const answer = await slowAnswers.get(name);
    expect(answer?.closed, answer?.head).toBe(true);
  });

  it.each(['headers', 'nothing', 'event'])('(%s) is told so before', async (name) => {
    const answer = await slowAnswers.get(name);
    expect(answer?.status).toBe(408);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ type: '/api/docs#problem-request-timeout' });
    expect(answer?.ms).toBeGreaterThan(8_000);
  });
});
