import { describe, expect, it } from 'vitest';
import { ReportDesk, type Answer } from '../../src/serve/report-desk.js';
import { FakeStore, turns } from './fake-store.js';

interface Opened {
  readonly store: FakeStore;
  readonly ask: (question: object, known?: string, kind?: string) => Promise<Answer>;
  readonly computed: () => number;
  /** Lets what is being computed end. */
  readonly finish: (error?: Error) => Promise<void>;
}

function open(holds = false): Opened {
  const store = new FakeStore();
  const desk = new ReportDesk(store);
  const held: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];
  let computed = 0;
  return {
    store,
    ask: (question, known, kind = 'report') =>
      desk.answer(kind, question, known, () => {
        computed++;
        if (!holds) return Promise.resolve(`answer ${computed}`);
        return new Promise<string>((resolve, reject) => {
          held.push({ resolve, reject });
        });
      }),
    computed: () => computed,
    finish: async (error) => {
      for (const [i, { resolve, reject }] of held.splice(0).entries()) {
        if (error) reject(error);
        else resolve(`held ${i}`);
      }
      await turns();
    },
  };
}

describe('the desk', () => {
  it('computes the answer to a question about one state of the store once', async () => {
    const { ask, computed } = open();
    const first = await ask({ by: ['source'] });
    expect(await ask({ by: ['source'] })).toEqual(first);
    expect(computed()).toBe(1);
  });

  it('computes it anew when the store has changed, under another tag', async () => {
    const { ask, store, computed } = open();
    const first = await ask({});
    store.version++;
    const second = await ask({});
    expect(second).not.toEqual(first);
    expect(second.etag).not.toBe(first.etag);
    expect(computed()).toBe(2);
  });

  it('lets many who ask the same at once share one answer', async () => {
    const { ask, computed, finish } = open(true);
    const asked = Array.from({ length: 500 }, () => ask({ limit: 1 }));
    await turns();
    expect(computed()).toBe(1);
    await finish();
    expect(new Set((await Promise.all(asked)).map(({ body }) => body))).toEqual(new Set(['held 0']));
  });

  it('gives nothing to whom has the answer, without asking for it', async () => {
    const { ask, computed } = open();
    const { etag } = await ask({});
    for (const known of [etag, etag.replace('W/', ''), `"other", ${etag}`, ` ${etag} `, '*']) {
      expect(await ask({}, known), known).toEqual({ etag, body: null });
    }
    expect((await ask({}, 'W/"other"')).body).toBe('answer 1');
    expect((await ask({}, '')).body).toBe('answer 1');
    expect((await ask({}, etag.slice(0, -2))).body).toBe('answer 1');
    expect(computed()).toBe(1);
  });

  it('takes no two questions for one: kinds, values and their types tell them apart', async () => {
    const { ask } = open();
    const questions: [object, string?][] = [
      [{}],
      [{}, 'events'],
      [{ since: 1n }],
      [{ since: '1' }],
      [{ since: null }],
      [{ where: new Map([['source', 'google']]) }],
      [{ where: new Map([['source', null]]) }],
      [{ where: new Map([['source', 'null']]) }],
      [{ where: new Map() }],
      [{ where: new Map([['medium', 'google']]) }],
      [{ campaignId: 'a", "by":"' }],
      [{ campaignId: 'a', by: '' }],
    ];
    const tags = [];
    for (const [question, kind] of questions) tags.push((await ask(question, undefined, kind)).etag);
    expect(new Set(tags).size).toBe(questions.length);
  });

  it('forgets an answer that failed, for all who waited for it', async () => {
    const { ask, computed, finish } = open(true);
    const asked = [ask({}), ask({})].map((answer) => answer.catch((error: unknown) => String(error)));
    await turns();
    await finish(new Error('the store is away'));
    expect(await Promise.all(asked)).toEqual(['Error: the store is away', 'Error: the store is away']);
    const again = ask({});
    await turns();
    await finish();
    expect((await again).body).toBe('held 0');
    expect(computed()).toBe(2);
  });

  it('keeps the answers that are asked for, and of the others the latest 64', async () => {
    const { ask, computed } = open();
    await ask({ often: true });
    for (let i = 0; i < 200; i++) {
      await ask({ i });
      await ask({ often: true });
    }
    expect(computed()).toBe(201);
    await ask({ i: 199 });
    await ask({ i: 150 });
    expect(computed()).toBe(201);
    await ask({ i: 100 });
    expect(computed()).toBe(202);
  });

  it('keeps no more text than fits into its memory', async () => {
    const store = new FakeStore();
    const desk = new ReportDesk(store);
    let computed = 0;
    const large = (i: number): Promise<Answer> =>
      desk.answer('report', { i }, undefined, () => {
        computed++;
        return Promise.resolve('x'.repeat(9 << 20));
      });
    for (let i = 0; i < 4; i++) await large(i);
    expect(computed).toBe(4);
    // Three of 9 MB are within 32 MB, a fourth is not: the oldest had to go.
    for (const i of [3, 2, 1]) await large(i);
    expect(computed).toBe(4);
    await large(0);
    expect(computed).toBe(5);
  });

  it('refuses the 33rd different question at once, and still lets others share the first', async () => {
    const { ask, finish } = open(true);
    const asked = Array.from({ length: 32 }, (_, i) => ask({ i }));
    await turns();
    await expect(ask({ i: 32 })).rejects.toMatchObject({ code: 'MAPIPE_QUEUE_FULL' });
    const shared = ask({ i: 0 });
    await turns();
    await finish();
    expect((await shared).body).toBe('held 0');
    expect(await Promise.all(asked)).toHaveLength(32);
    const next = ask({ i: 33 });
    await turns();
    await finish();
    expect((await next).body).toBe('held 0');
  });
});
