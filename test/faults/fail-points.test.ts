/**
 * The process is killed at each named step of a commit, and what it left is gone on with: nothing is lost, nothing twice.
 * Where a step is costly to come to, a few points a day by turns; all of them, and later passes of each, by
 * `MAPIPE_FAIL_POINTS=all npx vitest run test/faults/fail-points.test.ts`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FAIL_POINTS, type FailPoint } from '../../src/fail-point.js';
import { PROJECT, run, start, finish, temporaryFolder } from '../support/cli.js';
import { makeEvents, storedTruth } from '../support/event-file.js';
import { ingestHere, rowsOf, storedIn } from '../support/in-process.js';
import { post, postLines, startServer, type RunningServer } from '../support/server.js';
import { storeOfVersion1 } from '../support/store-of-version-1.js';

const ALL = process.env['MAPIPE_FAIL_POINTS'] === 'all';
const PASSES = ALL ? [1, 2, 3] : [1];
const DAY = Math.floor(Date.now() / 86_400_000);
const reached = new Map<FailPoint, number>();

/** All of them, or a share of them that changes from day to day. */
function byTurns<T>(list: readonly T[], share: number): readonly T[] {
  return ALL ? list : list.filter((_, i) => (i + DAY) % share === 0);
}

function pointsOf(...rooms: string[]): FailPoint[] {
  return FAIL_POINTS.filter((point) => rooms.includes(point.slice(0, point.indexOf('.'))));
}

function without(points: readonly FailPoint[], ...others: FailPoint[]): FailPoint[] {
  return points.filter((point) => !others.includes(point));
}

function timesOf(points: readonly FailPoint[]): [FailPoint, number][] {
  return points.flatMap((point) => PASSES.map((pass): [FailPoint, number] => [point, pass]));
}

/** Whether the run died there; one that never came to its pass of the point must have ended well. */
async function diesAt(
  point: FailPoint,
  pass: number,
  args: readonly string[],
  options: { store: string; env?: Record<string, string>; input?: Buffer },
): Promise<boolean> {
  const env = { ...options.env, MAPIPE_FAIL_POINT: `${point}:${pass}` };
  const child = start(args, { ...options, env });
  const { code, signal, stderr } = await finish(child, options.input);
  if (signal !== 'SIGKILL') {
    expect(stderr).not.toContain('mapipe:');
    expect(code).toBe(0);
    expect(pass, `${point} is never passed`).toBeGreaterThan(1);
    return false;
  }
  reached.set(point, (reached.get(point) ?? 0) + 1);
  return true;
}

function logfmt(user: string, more = ''): string {
  return `timestamp=1780272000 campaign_id=a user_id=${user}${more}`;
}

const INGEST = without(pointsOf('commit', 'log', 'close', 'open', 'ingest'), 'commit.retracted');
const NEW_STORE = pointsOf('create', 'migrate');

describe('an ingest that is killed at a step of it', () => {
  it.each(timesOf([...NEW_STORE, ...INGEST]))(
    '(%s, pass %i) into a new store is gone on with, line for line',
    async (point, pass) => {
      const folder = temporaryFolder();
      const [file, store] = [join(folder, 'a.log'), join(folder, 's.duckdb')];
      const lines = [
        logfmt('u1'),
        'nothing that is a log line',
        logfmt('u2', ' type=conversion amount=1.25 order_id=o1'),
        logfmt('u3', ' event_id=e1'),
        logfmt('u3', ' event_id=e1'),
        '',
      ];
      writeFileSync(file, lines.join('\n'));
      await diesAt(point, pass, ['ingest', file, '--rejects', join(folder, 'r')], { store });
      await ingestHere(store, [file], 'logfmt');
      expect(await storedIn(store)).toEqual({
        clicks: 2,
        conversions: 1,
        amountMicros: 1_250_000n,
        users: 3,
        textsTwice: 0,
      });
      expect(await ingestHere(store, [file], 'logfmt')).toMatchObject({ lines: 0 });
    },
  );

  it.each(timesOf(['commit.retracted', ...byTurns(INGEST, 4)]))(
    '(%s, pass %i) that takes back a line which has grown since counts it once and whole',
    async (point, pass) => {
      const folder = temporaryFolder();
      const [file, store] = [join(folder, 'a.log'), join(folder, 's.duckdb')];
      writeFileSync(file, [logfmt('u1'), logfmt('u2')].join('\n'));
      await ingestHere(store, [file], 'logfmt');
      const grown = [logfmt('u1'), logfmt('u22'), 'no log line', logfmt('u3', ' order_id=o'), ''];
      writeFileSync(file, grown.join('\n'));
      await diesAt(point, pass, ['ingest', file, '--rejects', join(folder, 'r')], { store });
      await ingestHere(store, [file], 'logfmt');
      const users = await rowsOf(store, `SELECT user_id FROM events ORDER BY user_id`);
      expect(users).toEqual([['u1'], ['u22'], ['u3']]);
    },
  );

  it.each(timesOf(['migrate.statement', 'migrate.before-commit', 'migrate.committed', 'log.before-move']))(
    '(%s, pass %i) that brings an older store up to date leaves one that can be read and brought up to date',
    async (point, pass) => {
      const folder = temporaryFolder();
      const [file, store] = [join(folder, 'a.log'), join(folder, 's.duckdb')];
      await storeOfVersion1(store);
      writeFileSync(file, `${logfmt('u9')}\n`);
      await diesAt(point, pass, ['ingest', file], { store });
      const read = await run(['report', '--json'], { store });
      expect(read.code).toBe(0);
      expect(JSON.parse(read.stdout)).toMatchObject({ totals: { conversions: 1, revenue: 19.99 } });
      await ingestHere(store, [file], 'logfmt');
      expect(await storedIn(store)).toMatchObject({ clicks: 2, conversions: 1, users: 2, textsTwice: 0 });
    },
  );
});

/** Enough for a file that is read in pieces. */
const EVENTS = 180_000;

describe.each([
  ['without identities', []],
  ['with identities', ['--ids']],
])('a large file, %s,', (_, more) => {
  const inPieces = without(
    INGEST,
    'ingest.before-rejects',
    ...(more.length > 0 ? [] : (['commit.detailed-rows'] as const)),
  );

  it(
    'is stored once, wherever the ingest that reads it in pieces is killed, and the ones that go on',
    async () => {
      const folder = temporaryFolder();
      const file = join(folder, 'large.ndjson');
      const truth = makeEvents(file, EVENTS, ...more);
      const rounds = byTurns(timesOf(inPieces), ALL ? 1 : 12);
      for (const [i, [point, pass]] of rounds.entries()) {
        const store = join(folder, `${i}.duckdb`);
        // Commits that the engine fetches, on threads of its own, and the smallest that there are.
        const env = { MAPIPE_COMMIT_EVENTS: i % 2 === 0 ? '70000' : '1' };
        await diesAt(point, pass, ['ingest', file, '--jobs', '2', '--quiet'], { store, env });
        // Whoever goes on is killed there, too, perhaps.
        await diesAt(point, pass + 1, ['ingest', file, '--jobs', '2', '--quiet'], { store, env });
        await ingestHere(store, [file]);
        expect(await storedIn(store), `${point}, pass ${pass}`).toEqual(storedTruth(truth));
      }
    },
    ALL ? 600_000 : 60_000,
  );
});

describe('a stream that is killed at a step', () => {
  const EVENTS_PIPED = 30_000;
  const lines = Array.from(
    { length: EVENTS_PIPED },
    (_, i) => `{"timestamp":1780272000,"campaign_id":"a","user_id":"u${i}","event_id":"e${i}"}\n`,
  );
  const input = Buffer.from(lines.join(''));

  it.each(timesOf(byTurns(without(INGEST, 'commit.checkpoint', 'commit.plain-rows'), 8)))(
    '(%s, pass %i) has stored its first lines, and sent again adds the others only',
    async (point, pass) => {
      const folder = temporaryFolder();
      const store = join(folder, 's.duckdb');
      const env = { MAPIPE_COMMIT_EVENTS: '1' };
      await diesAt(point, pass, ['ingest', '-'], { store, env, input });
      const before = await rowsOf(store, `SELECT user_id FROM events`).catch(() => []);
      const first = new Set(lines.slice(0, before.length).map((_, i) => `u${i}`));
      expect(new Set(before.map(([user]) => user))).toEqual(first);
      const again = await run(['ingest', '-', '--json'], { store, input });
      expect(JSON.parse(again.stdout)).toMatchObject({
        accepted: EVENTS_PIPED - before.length,
        duplicates: before.length,
      });
      expect(await storedIn(store)).toMatchObject({ clicks: EVENTS_PIPED, users: EVENTS_PIPED });
    },
  );
});

interface Sent {
  readonly user: string;
  readonly status: number;
}

/** Sends events one after the other, several clients at once, until the server is gone or all are sent. */
async function sendEvents({ url }: RunningServer): Promise<Sent[]> {
  const sent: Sent[] = [];
  const client = async (number: number): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      const user = `c${number}e${i}`;
      const status = await post(`${url}/api/click`, { campaign_id: 'a', user_id: user, event_id: user }).then(
        async (answer) => {
          await answer.body?.cancel();
          return answer.status;
        },
        () => 0,
      );
      sent.push({ user, status });
      if (status === 0) return;
    }
  };
  await Promise.all(Array.from({ length: 10 }, (_, number) => client(number)));
  return sent;
}

/** A server that is to die at a point; null where it did already as it started. */
async function serverThatDies(store: string, point: FailPoint, pass: number): Promise<RunningServer | null> {
  try {
    const env = { MAPIPE_FAIL_POINT: `${point}:${pass}`, MAPIPE_COMMIT_EVENTS: '1' };
    return await startServer({ store, env });
  } catch {
    return null;
  }
}

const SERVED = without(
  pointsOf('commit', 'log', 'close', 'open'),
  'commit.retracted',
  'commit.plain-rows',
  'commit.checkpoint',
);

describe('a server that is killed at a step of a commit', () => {
  it.each(timesOf([...byTurns(SERVED, 9), ...pointsOf('inbox')]))(
    '(%s, pass %i) has every event that it answered once, and the others once they are sent again',
    async (point, pass) => {
      const store = join(temporaryFolder(), 's.duckdb');
      await ingestHere(store, []);
      const server = await serverThatDies(store, point, pass + 1);
      const sent = server ? await sendEvents(server) : [];
      if (server) {
        const { signal } = await server.stop();
        expect(signal, `${point} was not passed`).toBe('SIGKILL');
      }
      reached.set(point, (reached.get(point) ?? 0) + 1);
      const answered = sent.filter(({ status }) => status === 201).map(({ user }) => user);
      expect(sent.filter(({ status }) => status !== 201 && status !== 0)).toEqual([]);
      const stored = (await rowsOf(store, `SELECT user_id FROM events`).catch(() => [])).map(
        ([user]) => user,
      );
      expect(new Set(stored).size).toBe(stored.length);
      expect(answered.filter((user) => !stored.includes(user))).toEqual([]);

      const again = await startServer({ store });
      const statuses = await Promise.all(
        sent.map(async ({ user }) => {
          const { status } = await post(`${again.url}/api/click`, {
            campaign_id: 'a',
            user_id: user,
            event_id: user,
          });
          return [user, status] as const;
        }),
      );
      expect(statuses.filter(([user, status]) => status !== (stored.includes(user) ? 200 : 201))).toEqual([]);
      expect((await again.stop()).code).toBe(0);
      expect(await storedIn(store)).toMatchObject({ clicks: sent.length, users: sent.length });
    },
  );

  it.each(
    timesOf([
      'bulk.before-answer',
      ...byTurns(without([...SERVED, ...pointsOf('ingest')], 'ingest.settled'), 16),
    ]),
  )(
    '(%s, pass %i) in the middle of a bulk request has whole lines of it, and the others once it is sent again',
    async (point, pass) => {
      const store = join(temporaryFolder(), 's.duckdb');
      const users = Array.from({ length: ALL ? 90_000 : 30_000 }, (_, i) => `u${i}`);
      const body = users
        .map((user) => JSON.stringify({ campaign_id: 'a', user_id: user, event_id: user }))
        .join('\n');
      const server = await serverThatDies(store, point, point === 'bulk.before-answer' ? 1 : pass);
      if (server) {
        const status = await postLines(server.url, body).then(
          (answer) => answer.status,
          () => 0,
        );
        const { signal } = await server.stop();
        if (pass === 1) expect(signal, `${point} is never passed`).toBe('SIGKILL');
        if (signal === null) return;
        expect(status === 200 && !point.startsWith('close') && !point.startsWith('log')).toBe(false);
      }
      reached.set(point, (reached.get(point) ?? 0) + 1);
      const again = await startServer({ store });
      expect((await postLines(again.url, body)).status).toBe(200);
      expect((await again.stop()).code).toBe(0);
      expect(await storedIn(store)).toMatchObject({
        clicks: users.length,
        users: users.length,
        textsTwice: 0,
      });
    },
  );
});

describe('a step of a commit that fails', () => {
  const WITHIN = without(
    pointsOf('commit', 'ingest'),
    'commit.retracted',
    'commit.committed',
    'ingest.committed',
  );

  it.each(byTurns(WITHIN.slice(0, WITHIN.indexOf('commit.before-commit') + 1), 2))(
    '(%s) fails it whole: one line, exit 1, nothing stored; the same command again stores all',
    async (point) => {
      const folder = temporaryFolder();
      const [file, store] = [join(folder, 'a.log'), join(folder, 's.duckdb')];
      writeFileSync(file, [logfmt('u1'), logfmt('u2', ' order_id=o1'), ''].join('\n'));
      const { code, stderr } = await run(['ingest', file], {
        store,
        env: { MAPIPE_FAIL_POINT: `${point}:error` },
      });
      expect([code, stderr]).toEqual([1, `mapipe: the fail point ${point} was reached\n`]);
      expect(await storedIn(store)).toMatchObject({ clicks: 0, users: 0 });
      expect(await rowsOf(store, `SELECT * FROM checkpoints UNION ALL BY NAME SELECT * FROM texts`)).toEqual(
        [],
      );
      expect(await ingestHere(store, [file], 'logfmt')).toMatchObject({ lines: 2, accepted: 2 });
      expect(await storedIn(store)).toMatchObject({ clicks: 2, users: 2, textsTwice: 0 });
    },
  );

  it.each(
    byTurns(
      pointsOf('commit').filter((point) => SERVED.includes(point) && point !== 'commit.committed'),
      3,
    ),
  )(
    '(%s) is told to the client of a server, which goes on and stores the event when it is sent again',
    async (point) => {
      const store = join(temporaryFolder(), 's.duckdb');
      await ingestHere(store, []);
      // The server makes sure that there is a store, in a commit of nothing, before it serves.
      const passedBefore = ['commit.some-rows', 'commit.detailed-rows'].includes(point) ? 0 : 1;
      const env = { MAPIPE_FAIL_POINT: `${point}:${passedBefore + 1}:error` };
      const server = await startServer({ store, env });
      const event = { campaign_id: 'a', user_id: 'u', event_id: 'e' };
      const statuses: number[] = [];
      for (let i = 0; i < 3; i++) statuses.push((await post(`${server.url}/api/click`, event)).status);
      expect(statuses).toEqual([503, 201, 200]);
      expect((await server.stop()).code).toBe(0);
      expect(await storedIn(store)).toMatchObject({ clicks: 1, textsTwice: 0 });
    },
  );
});

describe('fail points', () => {
  it('are a closed list: any other name is refused', async () => {
    const { code, stderr } = await run(['ingest'], { env: { MAPIPE_FAIL_POINT: 'commit.nowhere' } });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^mapipe: MAPIPE_FAIL_POINT expects [^\n]*got commit\.nowhere[^\n]*\n$/),
    ]);
  });

  it('each stand in the source once or more, under the name of the list', () => {
    const files = spawnSync('grep', ['-rhoE', "'[a-z]+\\.[a-z-]+'", join(PROJECT, 'src'), '--include=*.ts']);
    const source = files.stdout.toString().split('\n');
    const own = readFileSync(join(PROJECT, 'src/fail-point.ts'), 'utf8');
    for (const point of FAIL_POINTS) {
      const inList = own.split(`'${point}'`).length - 1;
      expect(source.filter((text) => text === `'${point}'`).length, point).toBeGreaterThan(inList);
    }
  });

  afterAll(() => {
    const deaths = [...reached.values()].reduce((sum, count) => sum + count, 0);
    if (ALL) console.log(`fail points: ${reached.size} of ${FAIL_POINTS.length} reached, ${deaths} deaths`);
    if (ALL) expect([...reached.keys()].sort()).toEqual([...FAIL_POINTS].sort());
  });
});
