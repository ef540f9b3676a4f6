/** How a server starts, ingests meanwhile, and stops. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { report, run, SAMPLE, temporaryFolder, type ReportBody } from '../support/cli.js';
import { post, postLines, sendRaw, startServer, type RunningServer } from '../support/server.js';

const CLICK = { campaign_id: 'a', user_id: 'u' };

async function clicksOf({ url }: RunningServer): Promise<number> {
  return Number(((await (await fetch(`${url}/api/analytics`)).json()) as ReportBody).totals['clicks']);
}

async function untilClicks(server: RunningServer, atLeast: number): Promise<number> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const clicks = await clicksOf(server);
    if (clicks >= atLeast || performance.now() > deadline) return clicks;
    await sleep(100);
  }
}

/** A port that something else listens on. */
async function takenPort(): Promise<{ port: number; free: () => void }> {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const address = other.address();
  return { port: typeof address === 'object' && address ? address.port : 0, free: () => void other.close() };
}

describe('the port', () => {
  it('in use is told in one clear line that names it, and leaves no process behind', async () => {
    const { port, free } = await takenPort();
    const { code, stderr } = await run(['serve', '--port', String(port)], {
      store: join(temporaryFolder(), 's.duckdb'),
    });
    free();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^mapipe: port ${port} on 127\\.0\\.0\\.1 is in use[^\\n]*\\n`));
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(stderr).not.toContain('at ');
  });

  it('is that of PORT, and --port goes before it', async () => {
    const { port, free } = await takenPort();
    free();
    const store = join(temporaryFolder(), 's.duckdb');
    const taken = await run(['serve', '--port', 'x'], { store, env: { PORT: String(port) } });
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('--port expects a port')]);
    const wrong = await run(['serve'], { store, env: { PORT: '80 80' } });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('PORT expects a port')]);
    // The helper gives --port 0, which goes before.
    const server = await startServer({ store, env: { PORT: String(port) } });
    expect(server.port).not.toBe(port);
  });

  it('is refused where it is none', async () => {
    const store = join(temporaryFolder(), 's.duckdb');
    const answers = await Promise.all(
      ['65536', '-1', '1.5', '0x50', '', '8080 '].map((port) => run(['serve', `--port=${port}`], { store })),
    );
    for (const { code, stderr } of answers) {
      expect(stderr).toMatch(/^mapipe: --port expects a port from 0 to 65535/);
      expect(code).toBe(2);
    }
  });
});

describe('the address', () => {
  it('of another machine is refused in one line', async () => {
    const { code, stderr } = await run(['serve', '--port', '0', '--host', '192.0.2.1'], {
      store: join(temporaryFolder(), 's.duckdb'),
      env: { MAPIPE_READ_TOKEN: '0123456789abcdef' },
    });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^mapipe: cannot listen on 192\.0\.2\.1/)]);
  });

  it('that is printed is one that can be opened, whatever address of this machine was chosen', async () => {
    const server = await startServer({ args: ['--host', '127.0.0.2'] });
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
  });
});

describe('a store', () => {
  it('whose path would run in a terminal is shown as text', async () => {
    const store = join(temporaryFolder(), 'odd\u001b]0;title\u0007.duckdb');
    const server = await startServer({ store });
    expect(server.stderr()).toContain('duckdb');
    // eslint-disable-next-line no-control-regex -- those are what is looked for.
    expect(server.stderr()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  it('is there from the start, for its owner alone, and keeps what it held', async () => {
    const server = await startServer();
    expect(existsSync(server.store)).toBe(true);
    expect(statSync(server.store).mode & 0o077).toBe(0);
    expect(await clicksOf(server)).toBe(0);
    await post(`${server.url}/api/click`, CLICK);
    expect((await server.stop()).code).toBe(0);
    const again = await startServer({ store: server.store });
    expect(await clicksOf(again)).toBe(1);
  });

  it('that is none is told before anything is served', async () => {
    const folder = temporaryFolder();
    const store = join(folder, 'notes.txt');
    writeFileSync(store, 'these are notes\n'.repeat(1000));
    const { code, stderr } = await run(['serve', '--port', '0'], { store });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^mapipe: [^\n]*notes\.txt/)]);
    expect(stderr).not.toContain('serves');
  });

  it('may be served by two servers at once, each of which sees what the other stored', async () => {
    const one = await startServer();
    const other = await startServer({ store: one.store });
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        post(`${(i % 2 === 0 ? one : other).url}/api/click`, { ...CLICK, event_id: `e${i % 30}` }),
      ),
    );
    expect([await clicksOf(one), await clicksOf(other)]).toEqual([30, 30]);
  });
});

describe('inputs', () => {
  it('that are files are ingested while it serves, and known the next time', async () => {
    const folder = temporaryFolder();
    const store = join(folder, 's.duckdb');
    for (let time = 1; time <= 2; time++) {
      const server = await startServer({ args: [SAMPLE], store });
      expect(await untilClicks(server, 4640 + time)).toBe(4640 + time);
      const { status } = await post(`${server.url}/api/click`, { ...CLICK, event_id: 'once' });
      expect(status).toBe(time === 1 ? 201 : 200);
      expect((await server.stop()).code).toBe(0);
    }
    expect((await report(store)).totals).toMatchObject({ clicks: 4642, conversions: 394, revenue: 19390.88 });
  });

  it('from stdin are stored as they come, and the last of them when it stops, though more could come', async () => {
    const server = await startServer({ args: ['-'] });
    server.child.stdin?.write(`${JSON.stringify(CLICK)}\n`);
    expect(await untilClicks(server, 1)).toBe(1);
    server.child.stdin?.write(`${JSON.stringify(CLICK)}\n${JSON.stringify(CLICK)}\n`);
    await sleep(50);
    expect(await server.stop()).toMatchObject({ code: 0 });
    expect((await report(server.store)).totals).toMatchObject({ clicks: 3 });
  });

  it('from a stdin that ends leave a server that goes on', async () => {
    const server = await startServer({ args: ['-'] });
    server.child.stdin?.end(JSON.stringify(CLICK));
    expect(await untilClicks(server, 1)).toBe(1);
    expect((await post(`${server.url}/api/click`, CLICK)).status).toBe(201);
  });

  it('that are missing or no logs are told, and it serves on', async () => {
    const binary = join(temporaryFolder(), 'binary');
    writeFileSync(binary, Buffer.alloc(10_000));
    const server = await startServer({ args: [binary, 'no-such.log'] });
    const deadline = performance.now() + 5_000;
    while (!server.stderr().includes('no-such.log') && performance.now() < deadline) await sleep(50);
    expect(server.stderr()).toMatch(/^mapipe: expected a text log, but .*binary data/m);
    expect(server.stderr()).toMatch(/^mapipe: [^\n]*no-such\.log/m);
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
  });
});

describe('a stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s answers every event in flight, and each that was answered 201 is stored',
    async (signal) => {
      const server = await startServer();
      const events = Array.from({ length: 150 }, (_, i) =>
        post(`${server.url}/api/click`, { ...CLICK, user_id: `u${i}` }).then(
          ({ status }) => status,
          () => 0,
        ),
      );
      await sleep(15);
      const [exit, ...statuses] = await Promise.all([server.stop(signal), ...events]);
      expect(exit.code).toBe(0);
      expect(exit.ms).toBeLessThan(5_000);
      const stored = statuses.filter((status) => status === 201).length;
      // What came too late is told so, or finds no server; what was begun is not dropped in silence.
      expect(new Set(statuses.filter((status) => ![0, 201, 503].includes(status)))).toEqual(new Set());
      expect((await report(server.store)).totals).toMatchObject({ clicks: stored });
    },
  );

  it('does not wait for connections that are kept alive', async () => {
    const server = await startServer();
    await Promise.all(Array.from({ length: 20 }, () => post(`${server.url}/api/click`, CLICK)));
    const events = Array.from({ length: 20 }, () => post(`${server.url}/api/click`, CLICK).catch(() => null));
    const exit = await server.stop();
    await Promise.all(events);
    expect(exit.code).toBe(0);
    expect(exit.ms).toBeLessThan(2_000);
  });

  it('tells a bulk request under way how far it came', async () => {
    const server = await startServer();
    const line = `${JSON.stringify(CLICK)}\n`;
    const head =
      'POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n';
    const lines = line.repeat(3);
    const answering = sendRaw(server.port, `${head}${lines.length.toString(16)}\r\n${lines}\r\n`, {
      waitMs: 8_000,
    });
    await sleep(400);
    const exit = await server.stop();
    const answer = await answering;
    expect(exit).toMatchObject({ code: 0 });
    expect(exit.ms).toBeLessThan(5_000);
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toMatchObject({
      type: '/api/docs#problem-stopping',
      detail: expect.stringContaining('line 3') as string,
      schema: 'mapipe.bulk/1',
      accepted: 3,
    });
    expect((await report(server.store)).totals).toMatchObject({ clicks: 3 });
  });

  it('is not held up by a client that sends the beginning of a request only', async () => {
    const server = await startServer();
    const sockets = [
      'GET /api/he',
      'POST /api/click HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
      '',
    ].map((begin) => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(begin);
      return socket;
    });
    await sleep(300);
    const exit = await server.stop();
    for (const socket of sockets) socket.destroy();
    expect(exit.code).toBe(0);
    expect(exit.ms).toBeLessThan(5_000);
  });

  it('that is asked for twice ends at once', async () => {
    const server = await startServer();
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      'POST /api/click HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    await sleep(200);
    server.child.kill('SIGTERM');
    await sleep(100);
    const exit = await server.stop();
    socket.destroy();
    expect(exit.ms).toBeLessThan(1_000);
  });

  it('in the middle of a file leaves it to be gone on with', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'many.ndjson');
    const line = (i: number): string => `{"campaign_id":"a","user_id":"u${i}","timestamp":1780272000}\n`;
    writeFileSync(file, Array.from({ length: 200_000 }, (_, i) => line(i)).join(''));
    const store = join(folder, 's.duckdb');
    const server = await startServer({ args: [file], store, env: { MAPIPE_COMMIT_EVENTS: '1' } });
    expect((await server.stop()).code).toBe(0);
    const again = await startServer({ args: [file], store });
    expect(await untilClicks(again, 200_000)).toBe(200_000);
  });
});

describe('a demonstration', () => {
  it('shows the sample and visitors who come, and leaves nothing behind', async () => {
    // A temporary folder of its own, in which nobody else leaves anything.
    const folder = temporaryFolder();
    const server = await startServer({ args: ['--demo'], env: { TMPDIR: folder } });
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^mapipe-demo-/)]);
    expect(await clicksOf(server)).toBeGreaterThanOrEqual(4641);
    expect(await (await fetch(`${server.url}/api/settings`)).json()).toMatchObject({ demo: true });
    const since = ((await (await fetch(`${server.url}/api/analytics?since=24h`)).json()) as ReportBody)
      .totals;
    expect(Number(since['clicks'])).toBeGreaterThan(0);
    expect(await untilClicks(server, 4643)).toBeGreaterThanOrEqual(4643);
    expect(await server.stop()).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(server.store)).toBe(false);
  });

  it('takes no inputs', async () => {
    const { code, stderr } = await run(['serve', '--port', '0', '--demo', SAMPLE]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--demo')]);
  });

  it('that cannot start leaves nothing behind either', async () => {
    const folder = temporaryFolder();
    const { port, free } = await takenPort();
    const { code } = await run(['serve', '--port', String(port), '--demo'], { env: { TMPDIR: folder } });
    free();
    expect(code).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('what it prints', () => {
  it('is nothing but errors with --quiet', async () => {
    const store = join(temporaryFolder(), 's.duckdb');
    const { port, free } = await takenPort();
    const { stdout, stderr } = await run(['serve', '--quiet', '--port', String(port)], { store });
    free();
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^mapipe: port [^\n]*\n$/);
  });

  it('goes to stderr, and holds no event', async () => {
    const server = await startServer();
    await post(`${server.url}/api/click`, { ...CLICK, user_id: 'secret-person' });
    await post(`${server.url}/api/click`, { user_id: 'secret-person' });
    await postLines(server.url, 'secret-person\n');
    await server.stop();
    expect(server.stderr()).not.toContain('secret-person');
  });
});
