import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReportRequest } from '../../src/report/build-report.js';
import { TotalsWatcher, type LiveTotals } from '../../src/serve/live-totals.js';
import type { ApiReply } from '../../src/serve/route.js';
import { streamRoute } from '../../src/serve/routes/stream.js';
import type { ServerContext } from '../../src/serve/server-context.js';
import { EVERYTHING } from '../support/questions.js';
import { FakeStore, turns } from './fake-store.js';

const QUESTION: ReportRequest = {
  ...EVERYTHING,
  by: [],
  sort: null,
  limit: null,
  timeline: false,
  charts: false,
};

interface Opened {
  readonly store: FakeStore;
  readonly watcher: TotalsWatcher;
  readonly errors: unknown[];
}

function open(): Opened {
  const store = new FakeStore();
  const errors: unknown[] = [];
  return { store, errors, watcher: new TotalsWatcher(store, QUESTION, (error) => errors.push(error)) };
}

function clicksOf({ json }: LiveTotals): unknown {
  return (JSON.parse(json) as { totals: { clicks: unknown } }).totals.clicks;
}

// `performance` too: it is by it that the watcher judges how much of the time it took.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets time pass, second by second, and what it sets going happen. */
async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await vi.advanceTimersByTimeAsync(1_000);
    await turns();
  }
}

describe('the watcher', () => {
  it('does not look at a store that nobody listens to', async () => {
    const { store, watcher } = open();
    const leave = watcher.listen(() => undefined);
    await turns();
    leave();
    const before = store.questions.length;
    store.version++;
    await pass(5);
    expect(store.questions).toHaveLength(before);
    expect(watcher.listeners).toBe(0);
  });

  it('tells the totals at once, and then only when the store has changed', async () => {
    const { store, watcher } = open();
    const told: unknown[] = [];
    watcher.listen((totals) => told.push(clicksOf(totals)));
    await turns();
    expect(told).toEqual([0]);
    await pass(3);
    expect(told).toEqual([0]);
    store.clicks = 7;
    store.version++;
    await pass(1);
    expect(told).toEqual([0, 7]);
    expect(store.questions).toHaveLength(2);
  });

  it('asks the store once for all who listen, and tells a later one what is known already', async () => {
    const { store, watcher } = open();
    const told: string[] = [];
    watcher.listen(() => told.push('a'));
    await turns();
    watcher.listen(() => told.push('b'));
    await turns();
    expect(told).toEqual(['a', 'b']);
    expect(store.questions).toHaveLength(1);
    store.version++;
    await pass(1);
    expect(told).toEqual(['a', 'b', 'a', 'b']);
    expect(store.questions).toHaveLength(2);
  });

  it('tells the first who comes back after a silence what is true then', async () => {
    const { store, watcher } = open();
    const told: unknown[] = [];
    const leave = watcher.listen(() => undefined);
    await turns();
    leave();
    store.clicks = 5;
    store.version++;
    await pass(10);
    watcher.listen((totals) => told.push(clicksOf(totals)));
    await turns();
    expect(told).toEqual([5]);
  });

  it('joins many commits into one message, the last', async () => {
    const { store, watcher } = open();
    const told: unknown[] = [];
    watcher.listen((totals) => told.push(clicksOf(totals)));
    await turns();
    for (let i = 1; i <= 50; i++) {
      store.clicks = i;
      store.version++;
      await vi.advanceTimersByTimeAsync(10);
    }
    await pass(2);
    expect(told.length).toBeLessThanOrEqual(3);
    expect(told.at(-1)).toBe(50);
  });

  it('takes no more than about a fifth of the time, however slow the store is', async () => {
    const { store, watcher } = open();
    watcher.listen(() => undefined);
    await turns();
    const before = store.questions.length;
    store.answerMs = 2_000;
    for (let i = 0; i < 60; i++) {
      store.version++;
      await pass(1);
    }
    const asked = store.questions.length - before;
    expect(asked).toBeGreaterThanOrEqual(4);
    expect(asked).toBeLessThanOrEqual(9);
  });

  it('tells its owner of a fault, and tells the listeners when it is over', async () => {
    const { store, watcher, errors } = open();
    const told: unknown[] = [];
    watcher.listen((totals) => told.push(clicksOf(totals)));
    await turns();
    store.isAway = true;
    store.clicks = 3;
    store.version++;
    await pass(2);
    expect(told).toEqual([0]);
    expect(errors.length).toBeGreaterThan(0);
    store.isAway = false;
    await pass(2);
    expect(told).toEqual([0, 3]);
  });
});

function streamOf(watcher: TotalsWatcher, signal: AbortSignal, lastId?: string): Promise<ApiReply> {
  // The route takes nothing else of its context.
  const route = streamRoute({ watcher } as unknown as ServerContext);
  return route.handle({
    query: new URLSearchParams(),
    header: (name) => (name === 'last-event-id' ? lastId : undefined),
    text: null,
    stream: new Readable(),
    signal,
  });
}

function readableOf({ body }: ApiReply): NodeJS.ReadableStream & { destroy(): void } {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) throw new Error('no stream');
  return body;
}

describe('a stream of totals', () => {
  it('has a heartbeat every 15 seconds in which nothing happens', async () => {
    const { watcher } = open();
    const stream = readableOf(await streamOf(watcher, new AbortController().signal));
    let text = '';
    stream.on('data', (piece: Buffer) => (text += piece.toString()));
    await turns();
    await pass(14);
    expect(text).not.toContain(': heartbeat');
    await pass(1);
    expect(text.match(/^: heartbeat\n\n/gm)).toHaveLength(1);
    await pass(30);
    expect(text.match(/^: heartbeat\n\n/gm)).toHaveLength(3);
    expect(text.match(/^event: totals$/gm)).toHaveLength(1);
  });

  it('gives a slow reader the latest state, not all that it missed, and never grows meanwhile', async () => {
    const { store, watcher } = open();
    const stream = (await streamOf(watcher, new AbortController().signal)).body;
    if (!(stream instanceof Readable)) throw new Error('no stream');
    stream.read(0);
    await turns();
    for (let i = 1; i <= 2_000; i++) {
      store.clicks = i;
      store.version++;
      await vi.advanceTimersByTimeAsync(1_000);
    }
    await turns();
    // Of 2,000 messages of some 400 bytes about 16 KiB are kept.
    expect(stream.readableLength).toBeLessThan(20_000);
    let text = '';
    stream.on('data', (piece: Buffer) => (text += piece.toString()));
    await turns();
    expect(text.match(/"clicks":\d+/g)?.at(-1)).toBe('"clicks":2000');
    expect(text.match(/^event: totals$/gm)?.length).toBeLessThan(60);
  });

  it('leaves the watcher when its reader does, and ends when it is told to stop', async () => {
    const { watcher } = open();
    const gone = readableOf(await streamOf(watcher, new AbortController().signal));
    const stopping = new AbortController();
    const stopped = readableOf(await streamOf(watcher, stopping.signal));
    let ended = false;
    stopped.on('end', () => (ended = true)).resume();
    await turns();
    expect(watcher.listeners).toBe(2);
    gone.destroy();
    stopping.abort();
    await turns();
    expect(watcher.listeners).toBe(0);
    expect(ended).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
