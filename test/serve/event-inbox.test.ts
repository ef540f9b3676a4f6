import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { EventInbox } from '../../src/serve/event-inbox.js';
import { MapipeError } from '../../src/errors.js';
import { click } from '../support/events.js';
import { FakeStore, turns, type HeldCommit } from './fake-store.js';

const AT = '2026-06-01T00:00:00Z';

interface Opened {
  readonly inbox: EventInbox;
  readonly store: FakeStore;
  readonly committed: { stored: number; duplicates: number }[];
  readonly failures: unknown[];
  /** What becomes of each: `stored`, `duplicate`, or the error as a text. */
  readonly submit: (...users: string[]) => Promise<string>[];
  /** The n-th commit, once it has begun. */
  readonly commit: (n: number) => Promise<HeldCommit>;
}

function open(): Opened {
  const store = new FakeStore();
  const committed: { stored: number; duplicates: number }[] = [];
  const failures: unknown[] = [];
  const inbox = new EventInbox(store, {
    committed: ({ stored, duplicates }) => committed.push({ stored, duplicates }),
    failed: (error) => failures.push(error),
  });
  return {
    inbox,
    store,
    committed,
    failures,
    submit: (...users) =>
      users.map(async (user) => {
        try {
          return await inbox.submit(click(user, 'c', AT));
        } catch (error) {
          return String(error);
        }
      }),
    commit: async (n) => {
      const deadline = performance.now() + 3_000;
      while (store.commits.length <= n && performance.now() < deadline) await sleep(1);
      const held = store.commits[n];
      if (!held) throw new Error(`there was no commit ${n}`);
      return held;
    },
  };
}

function usersOf({ events }: HeldCommit): string[] {
  return events.map(({ user_id }) => user_id);
}

describe('the inbox', () => {
  it('stores together what arrives together', async () => {
    const { submit, commit, store } = open();
    const answers = submit('a', 'b', 'c');
    const first = await commit(0);
    expect(usersOf(first)).toEqual(['a', 'b', 'c']);
    first.succeed();
    expect(await Promise.all(answers)).toEqual(['stored', 'stored', 'stored']);
    expect(store.commits).toHaveLength(1);
  });

  it('gathers what arrives during a commit for the next one, in the order of arrival', async () => {
    const { submit, commit, store } = open();
    const first = submit('a');
    const writing = await commit(0);
    const later = [...submit('b'), ...submit('c')];
    await turns();
    expect(store.commits).toHaveLength(1);
    writing.succeed();
    expect(await Promise.all(first)).toEqual(['stored']);
    const next = await commit(1);
    expect(usersOf(next)).toEqual(['b', 'c']);
    next.succeed();
    await Promise.all(later);
    expect(store.commits).toHaveLength(2);
  });

  it('resolves no event before its commit is durable', async () => {
    const { submit, commit } = open();
    let heard = false;
    const [answer] = submit('a');
    void answer?.then(() => (heard = true));
    const writing = await commit(0);
    await turns();
    expect(heard).toBe(false);
    writing.succeed();
    await turns();
    expect(heard).toBe(true);
  });

  it('tells each event whether it was new or known', async () => {
    const { submit, commit, committed } = open();
    const answers = submit('a', 'b', 'c', 'd');
    (await commit(0)).succeed(1, 3);
    expect(await Promise.all(answers)).toEqual(['stored', 'duplicate', 'stored', 'duplicate']);
    expect(committed).toEqual([{ stored: 2, duplicates: 2 }]);
  });

  it('rejects the events of a commit that fails, and no others', async () => {
    const { submit, commit, committed, failures } = open();
    const failing = submit('a', 'b');
    const first = await commit(0);
    const later = submit('c');
    const fault = new Error('disk full');
    first.fail(fault);
    expect(await Promise.all(failing)).toEqual(['Error: disk full', 'Error: disk full']);
    (await commit(1)).succeed();
    expect(await Promise.all(later)).toEqual(['stored']);
    expect(failures).toEqual([fault]);
    expect(committed).toEqual([{ stored: 1, duplicates: 0 }]);
  });

  it('goes on after it was idle', async () => {
    const { submit, commit } = open();
    for (let i = 0; i < 3; i++) {
      const answers = submit(`u${i}`);
      (await commit(i)).succeed();
      expect(await Promise.all(answers)).toEqual(['stored']);
      await turns();
    }
  });

  it('refuses, with a code that means 503, what is too much for a store that does not answer', async () => {
    const { inbox, submit, commit } = open();
    void submit('a');
    await commit(0);
    const waiting = Array.from({ length: 65_536 }, (_, i) => submit(`u${i}`));
    expect(inbox.pending).toBe(65_537);
    let thrown: unknown = null;
    try {
      await inbox.submit(click('one more', 'c', AT));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MapipeError);
    expect(thrown).toMatchObject({ code: 'MAPIPE_QUEUE_FULL' });
    expect(inbox.pending).toBe(65_537);
    expect(waiting).toHaveLength(65_536);
  });

  it('takes more again once some are stored, in commits of a bounded size', async () => {
    const { inbox, submit, commit, store } = open();
    void submit('a');
    const first = await commit(0);
    const answers = Array.from({ length: 40_000 }, (_, i) => submit(`u${i}`)).flat();
    first.succeed();
    for (let n = 1; inbox.pending > 0; n++) {
      const next = await commit(n);
      expect(next.events.length).toBeLessThanOrEqual(16_384);
      next.succeed();
      await turns();
    }
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['stored']));
    expect(store.commits.slice(1).flatMap(usersOf)).toEqual(
      Array.from({ length: 40_000 }, (_, i) => `u${i}`),
    );
  });

  it('says how much is pending and for how long the oldest has waited', async () => {
    const { inbox, submit, commit } = open();
    expect([inbox.pending, inbox.lagMs]).toEqual([0, 0]);
    const answers = submit('a');
    const first = await commit(0);
    void submit('b');
    await sleep(30);
    expect(inbox.pending).toBe(2);
    expect(inbox.lagMs).toBeGreaterThanOrEqual(25);
    first.succeed();
    await Promise.all(answers);
    (await commit(1)).succeed();
    await turns();
    expect([inbox.pending, inbox.lagMs]).toEqual([0, 0]);
  });

  it('is drained when nothing is pending any more, and not before', async () => {
    const { inbox, submit, commit } = open();
    await inbox.drain();
    void submit('a');
    let drained = false;
    void inbox.drain().then(() => (drained = true));
    const first = await commit(0);
    void submit('b');
    first.succeed();
    const second = await commit(1);
    await turns();
    expect(drained).toBe(false);
    second.succeed();
    await turns();
    expect(drained).toBe(true);
  });

  it('outlives an observer that throws', async () => {
    const store = new FakeStore();
    const inbox = new EventInbox(store, {
      committed: () => {
        throw new Error('a counter broke');
      },
      failed: () => undefined,
    });
    for (let n = 0; n < 2; n++) {
      const answer = inbox.submit(click('u', 'c', AT));
      const deadline = performance.now() + 3_000;
      while (store.commits.length <= n && performance.now() < deadline) await sleep(1);
      store.commits[n]?.succeed();
      expect(await answer).toBe('stored');
    }
  });
});
