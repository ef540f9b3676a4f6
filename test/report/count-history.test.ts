import { describe, expect, it } from 'vitest';
import { CountHistory } from '../../src/report/count-history.js';

const START_MS = 1_000_000;

/** A count that shows once a second how much `perSecond` has brought, looked at every 250 ms. */
function* steady(perSecond: number, seconds: number): Generator<{ history: CountHistory; nowMs: number }> {
  const history = new CountHistory(60_000, START_MS);
  for (let ms = 0; ms <= seconds * 1000; ms += 250) {
    history.note(START_MS + ms, Math.floor(ms / 1000) * perSecond);
    yield { history, nowMs: START_MS + ms };
  }
}

describe('a count history', () => {
  it('gives a steady stream one rate, though its count grows in jumps once a second', () => {
    const rates = [...steady(100, 30)].map(({ history, nowMs }) => history.perSecond(nowMs, 10_000));
    expect(rates.slice(4)).toEqual(rates.slice(4).map(() => expect.closeTo(100, 6) as number));
    expect(rates.length).toBe(121);
  });

  it('shows no waves in the seconds of a steady stream', () => {
    const last = [...steady(100, 30)].at(-1);
    expect(last?.history.bySecond(last.nowMs, 5).growth).toEqual([100, 100, 100, 100, 100]);
  });

  it('has no rate in the first second', () => {
    const history = new CountHistory(60_000, START_MS);
    history.note(START_MS + 900, 50);
    expect(history.perSecond(START_MS + 900, 10_000)).toBeNull();
    history.note(START_MS + 2_000, 80);
    expect(history.perSecond(START_MS + 2_000, 10_000)).toBe(40);
  });

  it('forgets in its rate what came before the time it is of', () => {
    const history = new CountHistory(60_000, START_MS);
    history.note(START_MS + 1_000, 1_000);
    for (let ms = 2_000; ms <= 30_000; ms += 1_000) history.note(START_MS + ms, 1_000 + ms / 1000);
    expect(history.perSecond(START_MS + 30_000, 10_000)).toBeCloseTo(1, 6);
  });

  it('falls to zero where nothing comes any more', () => {
    const history = [...steady(100, 30)].at(-1)?.history;
    // Two seconds may pass before a count shows what came; after that half the window is empty, then all of it.
    expect(history?.perSecond(START_MS + 37_000, 10_000)).toBeCloseTo(50, 6);
    expect(history?.perSecond(START_MS + 42_000, 10_000)).toBe(0);
  });

  it('puts what comes after a silence into the last two seconds, not into the silence', () => {
    const history = new CountHistory(600_000, START_MS);
    history.note(START_MS + 60_000, 40);
    expect(history.perSecond(START_MS + 60_000, 10_000)).toBeCloseTo(4, 6);
    expect(history.bySecond(START_MS + 60_000, 4)).toEqual({
      startMs: START_MS + 56_000,
      growth: [0, 0, 20, 20],
    });
  });

  it('counts nothing in its seconds that is not known yet, nor any from before its start', () => {
    const history = new CountHistory(60_000, START_MS + 400);
    history.note(START_MS + 2_600, 22);
    // 22 within two seconds, of which one second and the last 0.4 of the one before are whole.
    expect(history.bySecond(START_MS + 2_700, 300)).toEqual({
      startMs: START_MS,
      growth: [expect.closeTo(4.4, 6) as number, expect.closeTo(11, 6) as number],
    });
  });

  it('adds up: the seconds together are all that was counted', () => {
    const history = new CountHistory(600_000, START_MS);
    let count = 0;
    for (let ms = 0; ms <= 200_000; ms += 70 + (ms % 977)) history.note(START_MS + ms, (count += ms % 13));
    const { growth } = history.bySecond(START_MS + 300_000, 300);
    expect(growth).toHaveLength(298);
    expect(growth.reduce((sum, value) => sum + value, 0)).toBeCloseTo(count, 6);
  });

  it('keeps few moments, however often and long it is looked at', () => {
    const history = new CountHistory(10_000, START_MS);
    for (let ms = 0; ms < 500_000; ms += 10) history.note(START_MS + ms, ms);
    // Two in every half second of ten, and one from before.
    expect(history.size).toBeLessThanOrEqual(45);
    expect(history.perSecond(START_MS + 499_990, 5_000)).toBeCloseTo(1_000, 6);
  });
});
