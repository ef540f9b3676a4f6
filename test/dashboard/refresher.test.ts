import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRefresher } from '../../src/dashboard/refresher.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('many requests make one refresh, and the next at least a second later', async () => {
  const refresh = vi.fn(() => Promise.resolve(true));
  const refresher = createRefresher(refresh);
  await refresher.restart();
  refresher.request();
  refresher.request();
  await vi.advanceTimersByTimeAsync(900);
  expect(refresh).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(refresh).toHaveBeenCalledTimes(2);
});

test('what comes in during a refresh makes one more after it', async () => {
  let finish: (answered: boolean) => void = () => undefined;
  const refresh = vi.fn(() => new Promise<boolean>((resolve) => (finish = resolve)));
  const refresher = createRefresher(refresh);
  void refresher.restart();
  refresher.request();
  refresher.request();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(refresh).toHaveBeenCalledTimes(1);
  finish(true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(refresh).toHaveBeenCalledTimes(2);
});

test('a restart breaks off what is under way', () => {
  const signals: AbortSignal[] = [];
  const refresher = createRefresher((signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  void refresher.restart();
  void refresher.restart();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});
