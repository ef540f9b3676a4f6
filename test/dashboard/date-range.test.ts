import { describe, expect, test } from 'vitest';
import { closedTonight, daysIn, lastDateOf, periodBefore, periodOf } from '../../src/dashboard/date-range.js';

const BERLIN = 'Europe/Berlin';
/** Tuesday 24 November 2026, 00:30 in Berlin; still Monday in UTC. */
const NOW = Date.parse('2026-11-23T23:30:45Z');

describe('periodOf', () => {
  test('counts days in the zone given, not in UTC', () => {
    expect(periodOf('today', NOW, BERLIN)).toEqual({ since: '2026-11-24', until: null });
    expect(periodOf('today', NOW, 'UTC')).toEqual({ since: '2026-11-23', until: null });
    expect(periodOf('today', NOW, 'Pacific/Kiritimati')).toEqual({ since: '2026-11-24', until: null });
  });

  test('has an end only where the range ends before now', () => {
    expect(periodOf('yesterday', NOW, BERLIN)).toEqual({ since: '2026-11-23', until: '2026-11-24' });
    expect(periodOf('7d', NOW, BERLIN)).toEqual({ since: '2026-11-18', until: null });
    expect(periodOf('30d', NOW, BERLIN)).toEqual({ since: '2026-10-26', until: null });
    expect(periodOf('month', NOW, BERLIN)).toEqual({ since: '2026-11-01', until: null });
    expect(periodOf('all', NOW, BERLIN)).toEqual({ since: null, until: null });
  });

  test('takes both dates of a custom range as part of it', () => {
    expect(periodOf({ from: '2026-06-01', to: '2026-06-14' }, NOW, BERLIN)).toEqual({
      since: '2026-06-01',
      until: '2026-06-15',
    });
    expect(periodOf({ from: '2026-11-20', to: '2026-11-24' }, NOW, BERLIN)).toEqual({
      since: '2026-11-20',
      until: null,
    });
  });
});

describe('periodBefore', () => {
  const before = (choice: Parameters<typeof periodOf>[0], now = NOW): ReturnType<typeof periodBefore> =>
    periodBefore(periodOf(choice, now, BERLIN), now, BERLIN);

  test('is as many whole days before a range that has ended', () => {
    expect(before('yesterday')).toEqual({ since: '2026-11-22', until: '2026-11-23' });
    expect(before({ from: '2026-06-08', to: '2026-06-14' })).toEqual({
      since: '2026-06-01',
      until: '2026-06-08',
    });
  });

  test('ends at the same time of day where the range goes on until now, cut to the minute', () => {
    expect(before('today')).toEqual({ since: '2026-11-23', until: '2026-11-23T00:30:00+01:00' });
    expect(before('7d')).toEqual({ since: '2026-11-11', until: '2026-11-17T00:30:00+01:00' });
    // 24 days of November so far; the 24 before them begin on 8 October, when Berlin was on summer time.
    expect(before('month')).toEqual({ since: '2026-10-08', until: '2026-10-31T00:30:00+01:00' });
    expect(before('30d')).toEqual({ since: '2026-09-26', until: '2026-10-25T00:30:00+02:00' });
  });

  test('keeps the time of day over a change of the clocks', () => {
    // Clocks went back on 25 October 2026: that Sunday had 25 hours.
    const monday = Date.parse('2026-10-26T13:15:00Z');
    expect(before('today', monday)).toEqual({ since: '2026-10-25', until: '2026-10-25T14:15:00+01:00' });
    // They went forward on 29 March: 02:30 did not exist, and what is meant is 03:30.
    const gap = Date.parse('2026-03-30T00:30:00Z');
    expect(before('today', gap)).toEqual({ since: '2026-03-29', until: '2026-03-29T03:30:00+02:00' });
  });

  test('does not exist for all time', () => {
    expect(before('all')).toBeNull();
  });
});

test('daysIn counts the dates a period touches, whatever their length', () => {
  expect(daysIn({ since: '2026-10-25', until: '2026-10-26' }, NOW, BERLIN)).toBe(1);
  expect(daysIn({ since: '2026-10-24', until: '2026-10-27' }, NOW, BERLIN)).toBe(3);
  expect(daysIn({ since: '2026-11-18', until: null }, NOW, BERLIN)).toBe(7);
  expect(daysIn({ since: null, until: null }, NOW, BERLIN)).toBeNull();
});

test('lastDateOf names the last date that is part of a period', () => {
  expect(lastDateOf({ since: '2026-06-01', until: '2026-06-15' })).toBe('2026-06-14');
  expect(lastDateOf({ since: '2026-06-01', until: '2026-06-14T09:30:00+02:00' })).toBe('2026-06-14');
  expect(lastDateOf({ since: '2026-06-01', until: null })).toBeNull();
});

test('A range that goes on until now ends tonight, so that events of days to come are not in it.', () => {
  const asked = (since: string | null, until: string | null) => closedTonight({ since, until }, NOW, BERLIN);
  expect(asked('2026-11-18', null)).toEqual({ since: '2026-11-18', until: '2026-11-25' });
  expect(asked('2026-06-01', '2026-06-08')).toEqual({ since: '2026-06-01', until: '2026-06-08' });
  expect(asked(null, null)).toEqual({ since: null, until: null });
  expect(asked('2027-01-01', null)).toEqual({ since: '2027-01-01', until: null });
});
