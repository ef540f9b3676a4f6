import { describe, expect, it } from 'vitest';
import { localIso, momentOf } from '../../src/event/zoned-date.js';
import { utc } from './utc.js';

describe('localIso', () => {
  it.each([
    [utc('2026-06-01T14:00:00Z'), '2026-06-01T14:00:00.000'],
    [utc('2026-06-01T14:00:00Z') + 999_999n, '2026-06-01T14:00:00.999'],
    [0n, '1970-01-01T00:00:00.000'],
    [-1n, '1969-12-31T23:59:59.999'],
    [-1_000_000n, '1969-12-31T23:59:59.000'],
  ])('writes %s as %s', (micros, text) => {
    expect(localIso(micros)).toBe(text);
  });
});

describe('momentOf', () => {
  it.each([
    ['2026-06-01T00:00:00Z', 'UTC', '2026-06-01T00:00:00Z'],
    ['2026-06-01T00:00:00Z', 'Europe/Berlin', '2026-05-31T22:00:00Z'],
    ['2026-01-01T00:00:00Z', 'Asia/Kathmandu', '2025-12-31T18:15:00Z'],
    ['2026-03-29T00:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00Z'],
    ['2026-03-30T00:00:00Z', 'Europe/Berlin', '2026-03-29T22:00:00Z'],
    ['1960-01-01T00:00:00Z', 'Asia/Tokyo', '1959-12-31T15:00:00Z'],
  ])('the local time %s in %s comes at %s', (local, zone, moment) => {
    expect(momentOf(utc(local), zone)).toBe(utc(moment));
  });

  it('begins a day that has no midnight with the first moment it has', () => {
    // Egypt, 2026-04-24: at 00:00 (22:00 UTC) clocks go to 01:00.
    expect(momentOf(utc('2026-04-24T00:00:00Z'), 'Africa/Cairo')).toBe(utc('2026-04-23T22:00:00Z'));
  });

  it('begins a day that has midnight twice with the first', () => {
    // Cuba, 2026-11-01: at 01:00 (05:00 UTC) clocks go back to 00:00.
    expect(momentOf(utc('2026-11-01T00:00:00Z'), 'America/Havana')).toBe(utc('2026-11-01T04:00:00Z'));
  });
});
