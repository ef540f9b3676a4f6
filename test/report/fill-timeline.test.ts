import { describe, expect, it } from 'vitest';
import { fillTimeline } from '../../src/report/fill-timeline.js';
import type { Timeline, TimelinePoint } from '../../src/report/report.js';
import { utc } from '../event/utc.js';

function point(start: string, clicks = 1): TimelinePoint {
  return { startMicros: utc(start), clicks, conversions: 0, revenueMicros: 0n };
}

function filledStarts(interval: Timeline['interval'], zone: string, ...starts: string[]): string[] {
  const { points } = fillTimeline({ interval, points: starts.map((start) => point(start)) }, zone);
  return points.map(({ startMicros }) =>
    new Date(Number(startMicros / 1000n)).toISOString().replace('.000', ''),
  );
}

describe('fillTimeline', () => {
  it('puts empty buckets between those that hold anything, and changes none of these', () => {
    const points = [point('2026-06-01T10:00:00Z', 3), point('2026-06-01T13:00:00Z', 5)];
    const empty = { clicks: 0, conversions: 0, revenueMicros: 0n };
    expect(fillTimeline({ interval: 'hour', points }, 'UTC')).toEqual({
      interval: 'hour',
      points: [
        points[0],
        { startMicros: utc('2026-06-01T11:00:00Z'), ...empty },
        { startMicros: utc('2026-06-01T12:00:00Z'), ...empty },
        points[1],
      ],
    });
  });

  it('adds nothing where nothing is missing', () => {
    expect(fillTimeline({ interval: 'day', points: [] }, 'UTC').points).toEqual([]);
    expect(filledStarts('day', 'UTC', '2026-06-01T00:00:00Z')).toEqual(['2026-06-01T00:00:00Z']);
    const days = ['2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z'];
    expect(filledStarts('day', 'UTC', ...days)).toEqual(days);
  });

  it('steps over the day of 23 hours', () => {
    expect(filledStarts('day', 'Europe/Berlin', '2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z')).toEqual([
      '2026-03-27T23:00:00Z',
      '2026-03-28T23:00:00Z',
      '2026-03-29T22:00:00Z',
      '2026-03-30T22:00:00Z',
    ]);
  });

  it('steps over the day of 25 hours', () => {
    expect(filledStarts('day', 'Europe/Berlin', '2026-10-23T22:00:00Z', '2026-10-26T23:00:00Z')).toEqual([
      '2026-10-23T22:00:00Z',
      '2026-10-24T22:00:00Z',
      '2026-10-25T23:00:00Z',
      '2026-10-26T23:00:00Z',
    ]);
  });

  it('has 23 and 25 hours on these days', () => {
    expect(
      filledStarts('hour', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T21:00:00Z'),
    ).toHaveLength(23);
    expect(
      filledStarts('hour', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T22:00:00Z'),
    ).toHaveLength(25);
  });

  it('keeps to the hours of a zone that is half an hour off', () => {
    expect(filledStarts('hour', 'Asia/Kolkata', '2026-06-01T10:30:00Z', '2026-06-01T12:30:00Z')).toEqual([
      '2026-06-01T10:30:00Z',
      '2026-06-01T11:30:00Z',
      '2026-06-01T12:30:00Z',
    ]);
  });

  it('begins the days after one that has no midnight at midnight', () => {
    // Egypt, 2026-04-24: at 00:00 (22:00 UTC the day before) clocks go to 01:00, from UTC+2 to UTC+3.
    expect(filledStarts('day', 'Africa/Cairo', '2026-04-22T22:00:00Z', '2026-04-26T21:00:00Z')).toEqual([
      '2026-04-22T22:00:00Z',
      '2026-04-23T22:00:00Z',
      '2026-04-24T21:00:00Z',
      '2026-04-25T21:00:00Z',
      '2026-04-26T21:00:00Z',
    ]);
  });

  it('begins a day that has midnight twice with the first', () => {
    // Cuba, 2026-11-01: at 01:00 (05:00 UTC) clocks go back to 00:00, from UTC-4 to UTC-5.
    expect(filledStarts('day', 'America/Havana', '2026-10-31T04:00:00Z', '2026-11-03T05:00:00Z')).toEqual([
      '2026-10-31T04:00:00Z',
      '2026-11-01T04:00:00Z',
      '2026-11-02T05:00:00Z',
      '2026-11-03T05:00:00Z',
    ]);
  });

  it('leaves a span as it is that is too long to fill', () => {
    const far = ['1970-01-01T00:00:00Z', '2026-06-01T00:00:00Z'];
    expect(filledStarts('day', 'UTC', ...far)).toEqual(far);
    expect(filledStarts('hour', 'UTC', '2026-01-01T00:00:00Z', '2026-07-28T07:00:00Z')).toHaveLength(5000);
    expect(filledStarts('hour', 'UTC', '2026-01-01T00:00:00Z', '2026-07-28T08:00:00Z')).toHaveLength(2);
  });
});
