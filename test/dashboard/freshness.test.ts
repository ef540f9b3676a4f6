import { expect, test } from 'vitest';
import { freshnessOf } from '../../src/dashboard/freshness.js';

const NOW = 1_000_000;

test('says how long ago the figures came', () => {
  expect(freshnessOf('live', NOW - 3_200, null, NOW)).toEqual({
    tone: 'live',
    text: 'live · updated 3 s ago',
  });
  expect(freshnessOf('polling', NOW - 200, null, NOW)).toEqual({ tone: 'live', text: 'updated just now' });
});

test('a lost connection reconnects first and is stale after half a minute', () => {
  expect(freshnessOf('reconnecting', NOW - 8_000, null, NOW)).toEqual({
    tone: 'lost',
    text: 'reconnecting… · updated 8 s ago',
  });
  expect(freshnessOf('reconnecting', NOW - 95_000, null, NOW)).toEqual({
    tone: 'stale',
    text: 'stale · updated 1 min ago',
  });
  expect(freshnessOf('live', NOW - 31_000, 'trouble', NOW).tone).toBe('stale');
});

test('has nothing to say before the first answer', () => {
  expect(freshnessOf('connecting', null, null, NOW)).toEqual({ tone: 'waiting', text: 'loading…' });
  expect(freshnessOf('connecting', null, 'trouble', NOW)).toEqual({ tone: 'lost', text: 'reconnecting…' });
});

test('a question that the server refuses is no lost connection', () => {
  expect(freshnessOf('live', NOW - 1_000, 'refused', NOW)).toEqual({ tone: 'lost', text: 'no figures' });
});
