import { describe, expect, test } from 'vitest';
import { periodOf } from '../../src/dashboard/date-range.js';
import type { Timeline, TimelinePoint } from '../../src/dashboard/report-body.js';
import { timelineSeries, type TimelineBefore } from '../../src/dashboard/timeline-series.js';

const BERLIN = 'Europe/Berlin';
const point = (start: string, clicks: number): TimelinePoint => ({
  start,
  clicks,
  conversions: 0,
  revenue: 0,
});
const days = (...points: TimelinePoint[]): Timeline => ({ interval: 'day', points });
const hours = (...points: TimelinePoint[]): Timeline => ({ interval: 'hour', points });
const known = (timeline: Timeline, from = '2026-01-01T00:00:00Z'): TimelineBefore => ({
  timeline,
  knownFromMs: Date.parse(from),
});
const starts = (seconds: readonly number[]): string[] =>
  seconds.map((second) => new Date(second * 1000).toISOString().slice(0, 16));

describe('timelineSeries', () => {
  test('shows the whole period, also where events fill only a part of it', () => {
    const now = Date.parse('2026-11-24T10:00:00Z');
    const series = timelineSeries(
      { timeline: days(point('2026-11-21T23:00:00Z', 5)), period: periodOf('7d', now, BERLIN) },
      null,
      now,
      BERLIN,
    );
    expect(series.interval).toBe('day');
    expect(series.values.clicks).toEqual([0, 0, 0, 0, 5, 0, 0]);
    expect(starts(series.starts)[0]).toBe('2026-11-17T23:00');
  });

  test('gathers hours into days where the period is longer than two days', () => {
    const now = Date.parse('2026-11-24T10:00:00Z');
    const timeline = hours(
      point('2026-11-22T22:00:00Z', 1),
      point('2026-11-22T23:00:00Z', 2),
      point('2026-11-23T22:00:00Z', 4),
    );
    const { values } = timelineSeries({ timeline, period: periodOf('7d', now, BERLIN) }, null, now, BERLIN);
    expect(values.clicks).toEqual([0, 0, 0, 0, 1, 6, 0]);
  });

  test('lays the day before beside today hour by hour, as far as it was asked for', () => {
    const now = Date.parse('2026-11-24T02:30:00Z');
    const series = timelineSeries(
      { timeline: hours(point('2026-11-24T01:00:00Z', 7)), period: periodOf('today', now, BERLIN) },
      known(hours(point('2026-11-22T23:00:00Z', 3), point('2026-11-23T02:00:00Z', 9))),
      now,
      BERLIN,
    );
    expect(starts(series.starts)).toEqual([
      '2026-11-23T23:00',
      '2026-11-24T00:00',
      '2026-11-24T01:00',
      '2026-11-24T02:00',
    ]);
    expect(series.values.clicks).toEqual([0, 0, 7, 0]);
    expect(series.before?.clicks).toEqual([3, 0, 0, 9]);
  });

  test('days stay days over a change of the clocks, and weeks are laid beside weeks', () => {
    const now = Date.parse('2026-12-01T12:00:00Z');
    const series = timelineSeries(
      {
        timeline: days(point('2026-10-24T22:00:00Z', 2), point('2026-10-25T23:00:00Z', 4)),
        period: periodOf({ from: '2026-10-24', to: '2026-10-27' }, now, BERLIN),
      },
      known(days(point('2026-10-20T22:00:00Z', 8))),
      now,
      BERLIN,
    );
    expect(starts(series.starts)).toEqual([
      '2026-10-23T22:00',
      '2026-10-24T22:00',
      '2026-10-25T23:00',
      '2026-10-26T23:00',
    ]);
    expect(series.values.clicks).toEqual([0, 2, 4, 0]);
    expect(series.before?.clicks).toEqual([0, 8, 0, 0]);
  });

  test('what lies ahead of the first event of the store is unknown, not zero', () => {
    const now = Date.parse('2026-12-01T12:00:00Z');
    const { before } = timelineSeries(
      { timeline: days(), period: periodOf({ from: '2026-11-10', to: '2026-11-13' }, now, BERLIN) },
      known(days(point('2026-11-07T23:00:00Z', 6)), '2026-11-08T09:41:00Z'),
      now,
      BERLIN,
    );
    expect(before?.clicks).toEqual([null, null, 6, 0]);
  });

  test('all time goes from the first event to the last', () => {
    const { values, before } = timelineSeries(
      {
        timeline: days(point('2026-06-01T00:00:00Z', 1), point('2026-06-03T00:00:00Z', 2)),
        period: { since: null, until: null },
      },
      null,
      Date.parse('2026-11-24T00:00:00Z'),
      'UTC',
    );
    expect(values.clicks).toEqual([1, 0, 2]);
    expect(before).toBeNull();
  });
});
