/**
 * SIGKILL while many events arrive: every one that was answered is there afterwards, and none is there twice. A short
 * run by default; `MAPIPE_KILLS=100 npx vitest run test/faults/serve-kill.test.ts` for a long one.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { report, temporaryFolder } from '../support/cli.js';
import { KillFigures } from '../support/kill-figures.js';
import { post, postLines, startServer, type RunningServer } from '../support/server.js';

const KILLS = Number(process.env['MAPIPE_KILLS'] ?? 3);
const CLIENTS = 150;
const figures = new KillFigures();

afterAll(() => {
  if (KILLS > 3) console.log(figures.text());
});

interface Sent {
  /** Each event is of another user: by that it is known again. */
  readonly user: string;
  readonly eventId: string | null;
  readonly status: number;
}

/** Clients that send one click after another, with and without an identity, until the server is gone. */
function load({ url }: RunningServer, round: number): { sent: Sent[]; done: Promise<unknown> } {
  const sent: Sent[] = [];
  const client = async (number: number): Promise<void> => {
    for (let i = 0; ; i++) {
      const user = `r${round} c${number} e${i}`;
      const eventId = i % 2 === 0 ? user : null;
      const event = {
        campaign_id: 'load',
        user_id: user,
        ...(eventId === null ? {} : { event_id: eventId }),
      };
      const status = await post(`${url}/api/click`, event).then(
        async (answer) => {
          await answer.body?.cancel();
          return answer.status;
        },
        () => 0,
      );
      sent.push({ user, eventId, status });
      if (status === 0) return;
    }
  };
  return { sent, done: Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number))) };
}

/** How often each user stands in the store, read by the engine itself. */
async function storedUsers(store: string): Promise<Map<string, number>> {
  const instance = await DuckDBInstance.create(store, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll('SELECT user_id, count(*)::INTEGER FROM events GROUP BY ALL');
  connection.closeSync();
  instance.closeSync();
  return new Map(rows.getRows().map(([user, count]) => [String(user), Number(count)]));
}

function expectEachOnce(stored: ReadonlyMap<string, number>, users: readonly string[], when: string): void {
  expect(
    users.filter((user) => !stored.has(user)),
    `lost ${when}`,
  ).toEqual([]);
  expect(
    [...stored].filter(([, count]) => count !== 1),
    `twice ${when}`,
  ).toEqual([]);
}

describe('a server that is killed under load', () => {
  it(
    'has every event that it answered, and none twice, also when they are sent again',
    async () => {
      const store = join(temporaryFolder(), 's.duckdb');
      const before: string[] = [];
      for (let round = 1; round <= KILLS; round++) {
        const server = await startServer({ store });
        const { sent, done } = load(server, round);
        await sleep(100 + Math.random() * 900);
        expect((await server.kill()).signal).toBe('SIGKILL');
        await done;
        const answered = sent.filter(({ status }) => status === 201).map(({ user }) => user);
        const when = `in round ${round}, of ${sent.length} sent and ${answered.length} answered`;
        expect(sent.filter(({ status }) => status !== 201 && status !== 0)).toEqual([]);

        // The report opens what the kill left, with the write-ahead log as it stands.
        const { totals } = await report(store);
        const stored = await storedUsers(store);
        expectEachOnce(stored, [...before, ...answered], when);
        figures.add('single events over HTTP', true, stored.size - before.length);
        expect(totals, when).toMatchObject({ clicks: stored.size, unique_users: stored.size });

        const again = await startServer({ store });
        const known = (await (await fetch(`${again.url}/api/analytics`)).json()) as { totals: object };
        expect(known.totals, when).toMatchObject({ clicks: stored.size });
        // Whoever got no answer sends again, and so may anyone: with an identity it is safe.
        const withId = sent.filter(({ eventId }) => eventId !== null);
        const lines = withId.map(({ user }) => ({ campaign_id: 'load', user_id: user, event_id: user }));
        const bulk = await postLines(again.url, lines.map((line) => JSON.stringify(line)).join('\n'));
        const { duplicates } = (await bulk.json()) as { duplicates: number };
        expect(duplicates, when).toBe(withId.filter(({ user }) => stored.has(user)).length);
        expect((await again.stop()).code).toBe(0);
        const complete = await storedUsers(store);
        expectEachOnce(
          complete,
          [...stored.keys(), ...withId.map(({ user }) => user)],
          `${when}, sent again`,
        );
        before.splice(0, before.length, ...complete.keys());
      }
      expect(before.length).toBeGreaterThan(KILLS * 10);
    },
    60_000 + KILLS * 15_000,
  );

  it(
    'in the middle of a bulk request has whole lines of it only, and with identities the rest can be sent again',
    async () => {
      const store = join(temporaryFolder(), 's.duckdb');
      const users = Array.from({ length: 60_000 }, (_, i) => `u${i}`);
      const lines = users.map((user) =>
        JSON.stringify({ campaign_id: 'bulk', user_id: user, event_id: user }),
      );
      for (let round = 1; round <= Math.ceil(KILLS / 2); round++) {
        const server = await startServer({ store, env: { MAPIPE_COMMIT_EVENTS: '1' } });
        const sending = postLines(server.url, lines.join('\n')).catch(() => null);
        await sleep(20 + Math.random() * 300);
        await server.kill();
        await sending;
        const stored = await storedUsers(store);
        figures.add('bulk over HTTP', true, stored.size);
        expectEachOnce(stored, [], `in round ${round}`);
      }
      const server = await startServer({ store });
      expect((await postLines(server.url, lines.join('\n'))).status).toBe(200);
      expect((await server.stop()).code).toBe(0);
      expectEachOnce(await storedUsers(store), users, 'in the end');
      expect((await report(store)).totals).toMatchObject({ clicks: 60_000, unique_users: 60_000 });
    },
    60_000 + KILLS * 15_000,
  );
});
