import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { abortWhenIdle } from '../../src/serve/idle-body.js';

interface Body {
  readonly stream: Readable;
  /** As the network layer does when bytes come. */
  readonly receive: (text: string) => void;
}

function openBody(): Body {
  const socket = { bytesRead: 0 };
  const stream = Object.assign(new Readable({ read: () => undefined }), { socket });
  return {
    stream,
    receive: (text) => {
      socket.bytesRead += text.length;
      stream.push(text);
    },
  };
}

const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function pass(seconds: number): void {
  vi.advanceTimersByTime(seconds * 1_000);
}

describe('a body of a bulk request', () => {
  it('is given up when nothing of it has come for half a minute, and not before', () => {
    const { stream } = openBody();
    stream.resume();
    const watch = abortWhenIdle(stream, never);
    pass(29);
    expect([watch.signal.aborted, watch.isGivenUp()]).toEqual([false, false]);
    pass(6);
    expect([watch.signal.aborted, watch.isGivenUp()]).toEqual([true, true]);
    watch.stop();
  });

  it('is waited for as long as anything of it comes', () => {
    const { stream, receive } = openBody();
    stream.resume();
    const watch = abortWhenIdle(stream, never);
    for (let i = 0; i < 60; i++) {
      pass(20);
      receive('x');
      stream.read();
    }
    expect(watch.isGivenUp()).toBe(false);
    pass(36);
    expect(watch.isGivenUp()).toBe(true);
    watch.stop();
  });

  it('is not given up while what has come of it lies unread: then it is we who are slow', () => {
    const { stream, receive } = openBody();
    receive('a line\n');
    const watch = abortWhenIdle(stream, never);
    pass(600);
    expect(watch.isGivenUp()).toBe(false);
    watch.stop();
  });

  it('is not given up once it has come whole, however long its events wait to be stored', async () => {
    const { stream, receive } = openBody();
    const watch = abortWhenIdle(stream, never);
    receive('a line\n');
    stream.push(null);
    stream.resume();
    await finished(stream);
    pass(600);
    expect(watch.isGivenUp()).toBe(false);
    expect(watch.signal.aborted).toBe(false);
    watch.stop();
  });

  it('is over when its request is, which is not the same as given up', () => {
    const request = new AbortController();
    const watch = abortWhenIdle(openBody().stream, request.signal);
    request.abort();
    expect([watch.signal.aborted, watch.isGivenUp()]).toEqual([true, false]);
    watch.stop();
    const late = abortWhenIdle(openBody().stream, request.signal);
    expect([late.signal.aborted, late.isGivenUp()]).toEqual([true, false]);
    late.stop();
  });

  it('leaves no timer behind', () => {
    abortWhenIdle(openBody().stream, never).stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
