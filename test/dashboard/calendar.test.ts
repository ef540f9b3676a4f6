import { expect, test } from 'vitest';
import { addDays, dateAt, daysBetween, isDate, momentOf, rfc3339 } from '../../src/dashboard/calendar.js';

const HOUR = 3_600_000;

test('a date is one that exists', () => {
  expect(isDate('2026-06-01')).toBe(true);
  expect(isDate('2024-02-29')).toBe(true);
  for (const text of ['2026-02-29', '2026-13-01', '2026-6-1', '', 'today', '2026-06-01T00:00']) {
    expect(isDate(text), text).toBe(false);
  }
});

test('days are counted over months and years', () => {
  expect(addDays('2026-12-30', 3)).toBe('2027-01-02');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(daysBetween('2026-02-27', '2026-03-02')).toBe(3);
});

test('a day begins when it does in the zone', () => {
  expect(momentOf('2026-06-01', 0, 'Europe/Berlin')).toBe(Date.parse('2026-05-31T22:00:00Z'));
  expect(momentOf('2026-12-01', 0, 'America/New_York')).toBe(Date.parse('2026-12-01T05:00:00Z'));
  // Clocks go forward at midnight in Beirut: the day of 29 March 2026 begins at 01:00.
  expect(dateAt(momentOf('2026-03-29', 0, 'Asia/Beirut'), 'Asia/Beirut')).toBe('2026-03-29');
});

test('days with a change of the clocks have 23 and 25 hours', () => {
  const day = (date: string): number =>
    (momentOf(addDays(date, 1), 0, 'Europe/Berlin') - momentOf(date, 0, 'Europe/Berlin')) / HOUR;
  expect(day('2026-03-29')).toBe(23);
  expect(day('2026-10-25')).toBe(25);
  expect(day('2026-06-01')).toBe(24);
});

test('moments are written with the offset of the zone at that moment', () => {
  expect(rfc3339(Date.parse('2026-07-01T12:00:00Z'), 'Europe/Berlin')).toBe('2026-07-01T14:00:00+02:00');
  expect(rfc3339(Date.parse('2026-01-01T12:00:00Z'), 'Asia/Kolkata')).toBe('2026-01-01T17:30:00+05:30');
  expect(rfc3339(Date.parse('2026-01-01T12:00:00Z'), 'America/St_Johns')).toBe('2026-01-01T08:30:00-03:30');
  expect(rfc3339(Date.parse('2026-01-01T12:00:00Z'), 'UTC')).toBe('2026-01-01T12:00:00Z');
});
