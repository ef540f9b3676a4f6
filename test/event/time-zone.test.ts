import { describe, expect, it } from 'vitest';
import { offsetChanges, resolveZone, zoneOffsetAt, zoneOffsetMinutes } from '../../src/event/time-zone.js';

function seconds(text: string): number {
  return Date.parse(text) / 1000;
}

describe('zoneOffsetAt', () => {
  it.each([
    ['UTC', '2026-06-01T00:00:00Z', 0],
    ['Europe/Berlin', '2026-03-29T00:59:59Z', 60],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 120],
    ['Europe/Berlin', '2026-10-25T00:59:59Z', 120],
    ['Europe/Berlin', '2026-10-25T01:00:00Z', 60],
    ['Asia/Kathmandu', '2026-06-01T00:00:00Z', 345],
    ['America/St_Johns', '2026-01-01T00:00:00Z', -210],
    ['Australia/Lord_Howe', '2026-01-01T00:00:00Z', 660],
    ['Australia/Lord_Howe', '2026-07-01T00:00:00Z', 630],
    ['Pacific/Kiritimati', '2026-01-01T00:00:00Z', 840],
    ['Asia/Tokyo', '1970-01-01T00:00:00Z', 540],
  ])('in %s at %s is %s minutes', (zone, moment, minutes) => {
    expect(zoneOffsetAt(zone, seconds(moment))).toBe(minutes);
  });

  it('holds to the first and last years that there are', () => {
    expect(zoneOffsetAt('Asia/Tokyo', seconds('9999-12-31T23:59:59Z'))).toBe(540);
    expect(zoneOffsetAt('Asia/Tokyo', 1e15)).toBe(540);
  });
});

describe('zoneOffsetMinutes', () => {
  it('gives the offset from before a gap, and the first of two in an overlap', () => {
    expect(zoneOffsetMinutes('Europe/Berlin', seconds('2026-03-29T02:30:00Z'))).toBe(60);
    expect(zoneOffsetMinutes('Europe/Berlin', seconds('2026-10-25T02:30:00Z'))).toBe(120);
  });

  it('finds the moment of every hour of a year that its clock shows once', () => {
    const first = seconds('2026-01-01T00:00:00Z');
    for (const zone of ['Europe/Berlin', 'America/Los_Angeles', 'Pacific/Auckland', 'Africa/Cairo']) {
      const seen = new Map<number, number>();
      for (let at = first; at < first + 365 * 86_400; at += 3600) {
        const local = at + zoneOffsetAt(zone, at) * 60;
        const firstMoment = seen.get(local) ?? at;
        seen.set(local, firstMoment);
        expect(local - zoneOffsetMinutes(zone, local) * 60).toBe(firstMoment);
      }
    }
  });
});

describe('offsetChanges', () => {
  it('gives the offset at the start of the span, then each change in it', () => {
    expect(
      offsetChanges('Europe/Berlin', seconds('2026-01-01T00:00:00Z'), seconds('2026-12-31T00:00:00Z')),
    ).toEqual([
      { fromSeconds: seconds('2026-01-01T00:00:00Z'), offsetMinutes: 60 },
      { fromSeconds: seconds('2026-03-29T01:00:00Z'), offsetMinutes: 120 },
      { fromSeconds: seconds('2026-10-25T01:00:00Z'), offsetMinutes: 60 },
    ]);
  });

  it('finds changes of half an hour, south of the equator', () => {
    const changes = offsetChanges(
      'Australia/Lord_Howe',
      seconds('2026-01-01T00:00:00Z'),
      seconds('2026-12-31T00:00:00Z'),
    );
    expect(changes.slice(1)).toEqual([
      { fromSeconds: seconds('2026-04-04T15:00:00Z'), offsetMinutes: 630 },
      { fromSeconds: seconds('2026-10-03T15:30:00Z'), offsetMinutes: 660 },
    ]);
  });

  it('is one entry where nothing changes', () => {
    const first = seconds('2026-01-01T00:00:00Z');
    expect(offsetChanges('UTC', first, first + 1e8)).toEqual([{ fromSeconds: first, offsetMinutes: 0 }]);
    expect(offsetChanges('Asia/Kolkata', first, first)).toEqual([{ fromSeconds: first, offsetMinutes: 330 }]);
  });

  it('holds the offset of every moment in the span', () => {
    const first = seconds('2020-01-01T00:00:00Z');
    const last = seconds('2027-01-01T00:00:00Z');
    for (const zone of ['America/New_York', 'Africa/Casablanca', 'Europe/Moscow', 'Africa/Cairo']) {
      const changes = offsetChanges(zone, first, last);
      for (let at = first; at < last; at += 13 * 3600) {
        const holding = changes.findLast(({ fromSeconds }) => fromSeconds <= at);
        expect(holding?.offsetMinutes).toBe(zoneOffsetAt(zone, at));
      }
    }
  });
});

describe('resolveZone', () => {
  it('knows a zone by its name, whatever its case', () => {
    expect(resolveZone('Europe/Berlin')).toBe('Europe/Berlin');
    expect(resolveZone('europe/berlin')).toBe('Europe/Berlin');
    expect(resolveZone('UTC')).toBe('UTC');
  });

  it.each(['', 'Mars/Olympus', 'Europe/Berlin; DROP', '../etc'])('knows no zone %j', (zone) => {
    expect(resolveZone(zone)).toBeNull();
  });
});
