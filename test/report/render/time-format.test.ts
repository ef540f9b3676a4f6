import { describe, expect, it } from 'vitest';
import {
  dayLabel,
  hourLabel,
  isoUtc,
  localDate,
  localMoment,
} from '../../../src/report/render/time-format.js';
import { HOUR, JUNE_1 } from './sample-report.js';

describe('moments', () => {
  it.each([
    [0n, '1970-01-01T00:00:00.000Z'],
    [JUNE_1, '2026-06-01T00:00:00.000Z'],
    [JUNE_1 + 1_000n, '2026-06-01T00:00:00.001Z'],
    [JUNE_1 + 1n, '2026-06-01T00:00:00.000001Z'],
    [JUNE_1 + 123_456n, '2026-06-01T00:00:00.123456Z'],
    [-1n, '1969-12-31T23:59:59.999999Z'],
    [-62_135_596_800_000_000n, '0001-01-01T00:00:00.000Z'],
    [253_402_300_799_999_999n, '9999-12-31T23:59:59.999999Z'],
  ])('%d µs is %s', (micros, text) => {
    expect(isoUtc(micros)).toBe(text);
  });

  it('are shown in the zone that was asked for, summer time included', () => {
    expect(localMoment(JUNE_1, 'UTC')).toBe('2026-06-01 00:00');
    expect(localMoment(JUNE_1, 'Europe/Berlin')).toBe('2026-06-01 02:00');
    expect(localMoment(JUNE_1, 'America/New_York')).toBe('2026-05-31 20:00');
    expect(localMoment(JUNE_1, 'Asia/Kathmandu')).toBe('2026-06-01 05:45');
    expect(localDate(JUNE_1, 'America/New_York')).toBe('2026-05-31');
  });

  it('show midnight as 00:00 and an early year with four digits', () => {
    expect(localMoment(-62_135_596_800_000_000n, 'UTC')).toBe('0001-01-01 00:00');
    expect(localMoment(-1n, 'UTC')).toBe('1969-12-31 23:59');
  });

  it('have short labels for an axis', () => {
    expect(dayLabel(JUNE_1, 'UTC')).toBe('Jun 1');
    expect(dayLabel(JUNE_1, 'America/New_York')).toBe('May 31');
    expect(hourLabel(JUNE_1 + 14n * HOUR, 'UTC')).toBe('14:00');
  });
});
