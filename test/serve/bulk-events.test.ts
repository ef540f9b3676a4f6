/** `POST /api/events`: lines in bulk, every one accounted for. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { report, SAMPLE, type ReportBody } from '../support/cli.js';
import {
  expectProblem,
  post,
  postLines,
  sendRaw,
  sharedServer,
  startServer,
  type BulkAccount,
  type RunningServer,
} from '../support/server.js';

function click(campaign: string, user: string, more: object = {}): string {
  return JSON.stringify({ type: 'click', campaign_id: campaign, user_id: user, ...more });
}

async function accountOf(response: Response): Promise<BulkAccount> {
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text) as BulkAccount;
}

async function clicksOf({ url }: RunningServer, campaign: string): Promise<number> {
  const answer = await fetch(`${url}/api/analytics?campaign_id=${encodeURIComponent(campaign)}`);
  return answer.status === 404 ? 0 : Number(((await answer.json()) as ReportBody).totals['clicks']);
}

/** The headers of a bulk request whose body is sent in chunks of its sender's own choosing. */
const CHUNKED =
  'POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n';

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

async function eventually<T>(
  ask: () => Promise<T>,
  isIt: (value: T) => boolean,
  waitMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const value = await ask();
    if (isIt(value) || performance.now() > deadline) return value;
    await sleep(100);
  }
}

describe('the sample in one request', () => {
  it('is what the sample as a file is, and the second time nothing but duplicates and what has no identity', async () => {
    const server = await startServer();
    const first = await accountOf(await postLines(server.url, readFileSync(SAMPLE, 'utf8')));
    expect(first.accepted).toBe(4641 + 394 + 36);
    expect(first.lines).toBe(first.accepted + first.duplicates + first.ignored + first.rejected);
    expect((await report(server.store)).totals).toMatchObject({
      clicks: 4641,
      conversions: 394,
      refunds: 36,
      revenue: 19390.88,
    });
    const second = await accountOf(await postLines(server.url, readFileSync(SAMPLE, 'utf8')));
    expect(second).toMatchObject({ accepted: 0, lines: first.lines });
    expect((await report(server.store)).totals).toMatchObject({ clicks: 4641, revenue: 19390.88 });
  });
});

describe('a bulk request', () => {
  const server = sharedServer();
  const send = (body: string | Uint8Array<ArrayBuffer>, headers = {}): Promise<Response> =>
    postLines(server().url, body, headers);

  it('tells the fate of every line, and number, place and reason of the rejected ones', async () => {
    const lines = [
      click('fates', 'u1', { event_id: 'f1' }),
      'no json',
      click('fates', 'u1', { event_id: 'f1' }),
      '',
      '{"type":"click","campaign_id":"fates"}',
      '{"type":"page_view","user_id":"u"}',
      '{"type":"conversion","user_id":"u1","campaign_id":"fates","amount":"much"}',
      '{"type":"conversion","user_id":"u1","campaign_id":"fates","amount":"9.99","order_id":"o"}',
    ];
    const account = await accountOf(await send(`${lines.join('\n')}\n`));
    expect(account).toMatchObject({
      schema: 'mapipe.bulk/1',
      lines: 8,
      accepted: 2,
      duplicates: 1,
      ignored: 2,
      rejected: 3,
      stamped: 3,
      ignores: { blank_line: 1, other_event: 1 },
      rejects: { invalid_json: 1, missing_user_id: 1, invalid_amount: 1 },
      bytes: lines.join('\n').length + 1,
    });
    const offsets = lines.map((_, i) => lines.slice(0, i).join('\n').length + (i > 0 ? 1 : 0));
    expect(account.rejected_lines).toEqual([
      { line: 2, offset: offsets[1], reason: 'invalid_json' },
      { line: 5, offset: offsets[4], reason: 'missing_user_id' },
      { line: 7, offset: offsets[6], reason: 'invalid_amount', detail: 'much' },
    ]);
  });

  it('names the first thousand rejected lines only, and counts them all', async () => {
    const account = await accountOf(await send('{\n'.repeat(2_345)));
    expect(account).toMatchObject({ lines: 2345, rejected: 2345, rejects: { invalid_json: 2345 } });
    expect(account.rejected_lines.map(({ line }) => line)).toEqual(
      Array.from({ length: 1000 }, (_, i) => i + 1),
    );
  });

  it('does not send a long wrong value back whole', async () => {
    const account = await accountOf(await send(click('c', 'u', { timestamp: 'x'.repeat(100_000) })));
    expect(account.rejected_lines[0]?.detail).toHaveLength(200);
  });

  it('counts a last line without a line feed', async () => {
    expect(await accountOf(await send(`${click('last', 'u1')}\n${click('last', 'u2')}`))).toMatchObject({
      lines: 2,
      accepted: 2,
    });
    expect(await clicksOf(server(), 'last')).toBe(2);
  });

  it('takes CRLF for an end of line', async () => {
    expect(await accountOf(await send(`${click('crlf', 'u1')}\r\n${click('crlf', 'u2')}\r\n`))).toMatchObject(
      {
        lines: 2,
        accepted: 2,
      },
    );
    expect(await clicksOf(server(), 'crlf')).toBe(2);
  });

  it.each(['', '\n', '\r\n\r\n', '   \n'])('of %j holds no event and is none the worse', async (body) => {
    expect(await accountOf(await send(body))).toMatchObject({ accepted: 0, rejected: 0 });
  });

  it('may be gzipped, with or without a Content-Encoding that says so', async () => {
    const body = Uint8Array.from(gzipSync(`${click('gzip', 'u1')}\n${click('gzip', 'u2')}\n`));
    expect(await accountOf(await send(body))).toMatchObject({ accepted: 2 });
    expect(await accountOf(await send(body, { 'content-encoding': 'gzip' }))).toMatchObject({ accepted: 2 });
    expect(await clicksOf(server(), 'gzip')).toBe(4);
  });

  it.each([
    ['cut off', (whole: Buffer) => whole.subarray(0, whole.length - 12)],
    ['with a wrong checksum', (whole: Buffer) => Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8, 1)])],
    ['with garbage behind it', (whole: Buffer) => Buffer.concat([whole, Buffer.from('garbage')])],
  ])('in gzip %s is not answered as if all were well', async (_, damage) => {
    const whole = gzipSync(
      Array.from({ length: 50 }, (_unused, i) => click('cut', `u${i}`)).join('\n') + '\n',
    );
    const answer = await send(Uint8Array.from(damage(whole)));
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('gzip')]);
  });

  it.each(['br', 'deflate', 'zstd', 'gzip, gzip'])('in %s is refused', async (encoding) => {
    const refused = await send(click('c', 'u'), { 'content-encoding': encoding });
    expect((await expectProblem(refused, 415, 'unsupported-media-type')).detail).toContain(encoding);
  });

  it('survives bytes that are no UTF-8, NULs, a BOM, and U+2028 within a value', async () => {
    const body = Buffer.concat([
      Buffer.from(`\uFEFF${click('bytes', 'u1')}\n`),
      Buffer.from([0xff, 0xfe, 0x0a]),
      Buffer.alloc(100),
      Buffer.from(`\n${click('bytes', 'u\u2028', {})}\n${click('bytes', 'u3')}\n`),
    ]);
    const account = await accountOf(await send(Uint8Array.from(body)));
    expect(account).toMatchObject({ lines: 5, accepted: 3, rejected: 2, rejects: { invalid_utf8: 1 } });
  });

  it('with a line of 20 MB between good ones loses that line only', async () => {
    const body = `${click('long', 'u1')}\n${click('long', 'x'.repeat(20 << 20))}\n${click('long', 'u2')}\n`;
    expect(await accountOf(await send(body))).toMatchObject({
      lines: 3,
      accepted: 2,
      rejects: { line_too_long: 1 },
    });
  });

  it('with events of every type counts money and refunds', async () => {
    const lines = [
      click('money', 'u', { timestamp: '2026-06-01T00:00:00Z' }),
      '{"type":"conversion","campaign_id":"money","user_id":"u","amount":20.01,"order_id":"m1","ts":"2026-06-01T01:00:00Z"}',
      '{"type":"refund","campaign_id":"money","user_id":"u","amount":"5.01","order_id":"m1","ts":"2026-06-02T01:00:00Z"}',
    ];
    await accountOf(await send(lines.join('\n')));
    const answer = await fetch(`${server().url}/api/analytics?campaign_id=money`);
    expect(await answer.json()).toMatchObject({
      totals: { clicks: 1, conversions: 1, refunds: 1, revenue: 15 },
    });
  });

  it('knows the events of an earlier one, of a single event and of itself', async () => {
    const body = [1, 2, 2, 3].map((n) => click('known', 'u', { event_id: `k${n}` })).join('\n');
    expect(await accountOf(await send(body))).toMatchObject({ accepted: 3, duplicates: 1 });
    expect(await accountOf(await send(body))).toMatchObject({ accepted: 0, duplicates: 4 });
    const single = { campaign_id: 'known', user_id: 'u', event_id: 'k3' };
    expect((await post(`${server().url}/api/click`, single)).status).toBe(200);
    expect(await clicksOf(server(), 'known')).toBe(3);
  });

  it('counts each event once when two with the same events arrive at once', async () => {
    const body = Array.from({ length: 3_000 }, (_, i) => click('two', `u${i}`, { event_id: `t${i}` })).join(
      '\n',
    );
    const [one, other] = await Promise.all(
      [send(body), send(body)].map(async (answer) => accountOf(await answer)),
    );
    expect((one?.accepted ?? 0) + (other?.accepted ?? 0)).toBe(3_000);
    expect((one?.duplicates ?? 0) + (other?.duplicates ?? 0)).toBe(3_000);
    expect(await clicksOf(server(), 'two')).toBe(3_000);
  });

  it('is told to come back where eight are being read already, and those eight go on', async () => {
    const sockets = Array.from({ length: 8 }, () => connect(server().port, '127.0.0.1'));
    for (const socket of sockets) socket.write(CHUNKED + chunk(`${click('eight', 'u')}\n`));
    await sleep(500);
    const refused = await send(click('eight', 'u'));
    expect(refused.headers.get('retry-after')).toBe('5');
    await expectProblem(refused, 503, 'queue-full');
    const ends = sockets.map(
      (socket) =>
        new Promise<string>((resolve) => {
          socket.once('data', (data: Buffer) => {
            resolve(data.toString().slice(0, 12));
          });
          socket.write('0\r\n\r\n');
        }),
    );
    expect(new Set(await Promise.all(ends))).toEqual(new Set(['HTTP/1.1 200']));
    for (const socket of sockets) socket.destroy();
    expect(await clicksOf(server(), 'eight')).toBe(8);
    expect((await send('')).status).toBe(200);
  });
});

describe('a client that breaks off', () => {
  const server = sharedServer();

  it('in the middle of a line has stored what was complete, and not the broken line, whole as it may look', async () => {
    const conversion = '{"type":"conversion","user_id":"u","campaign_id":"broken","amount":12';
    // The second would be an event as it stands; only its end of line, or of the body, would make it one.
    for (const last of [conversion, `${conversion}}`]) {
      const socket = connect(server().port, '127.0.0.1');
      socket.write(CHUNKED + chunk(`${click('broken', 'u1')}\n${click('broken', 'u2')}\n${last}`));
      // What has not been read when a connection breaks off is gone, however busy the machine was.
      await sleep(1_000);
      socket.destroy();
    }
    expect(
      await eventually(
        () => clicksOf(server(), 'broken'),
        (clicks) => clicks >= 4,
      ),
    ).toBe(4);
    await sleep(1_200);
    const answer = await fetch(`${server().url}/api/analytics?campaign_id=broken`);
    expect(await answer.json()).toMatchObject({ totals: { clicks: 4, conversions: 0, revenue: 0 } });
  });

  it('before its Content-Length is reached has stored what was complete', async () => {
    const lines = `${click('short', 'u1')}\n${click('short', 'u2')}\n{"type":"cl`;
    const head = `POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n`;
    const answer = await sendRaw(server().port, head + lines, {
      waitMs: 3_000,
      meanwhile: (socket) => setTimeout(() => socket.end(), 200),
    });
    expect(answer.status).not.toBe(200);
    expect(
      await eventually(
        () => clicksOf(server(), 'short'),
        (clicks) => clicks >= 2,
      ),
    ).toBe(2);
  });

  it('frees its place for others', async () => {
    for (let i = 0; i < 12; i++) {
      const socket = connect(server().port, '127.0.0.1');
      socket.write(CHUNKED + chunk(`${click('places', `u${i}`)}\n`));
      await sleep(30);
      socket.destroy();
    }
    const answer = await eventually(
      () => postLines(server().url, click('places', 'last')),
      ({ status }) => status === 200,
    );
    expect(answer.status).toBe(200);
  });

  it('is no fault of the server: nothing is printed', () => {
    expect(server().stderr()).not.toMatch(/bug|Error|at /);
  });
});

describe('a body that comes slowly', () => {
  it('is stored as it comes, long before it ends', async () => {
    const server = await startServer();
    const socket = connect(server.port, '127.0.0.1');
    socket.write(CHUNKED + chunk(`${click('slow', 'u1')}\n`));
    expect(
      await eventually(
        () => clicksOf(server, 'slow'),
        (clicks) => clicks === 1,
        5_000,
      ),
    ).toBe(1);
    socket.write(chunk(`${click('slow', 'u2')}\n`));
    expect(
      await eventually(
        () => clicksOf(server, 'slow'),
        (clicks) => clicks === 2,
        5_000,
      ),
    ).toBe(2);
    socket.destroy();
  });
});
