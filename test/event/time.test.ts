import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestampMicros } from '../../src/event/time.js';
import { utc } from './utc.js';

function at(text: string, zone = 'UTC'): bigint | null {
  return parseTimestampMicros(text, zone);
}

describe('a date and time with its offset (RFC 3339)', () => {
  it.each([
    // The examples of RFC 3339, section 5.8.
    ['1985-04-12T23:20:50.52Z', '1985-04-12T23:20:50.520Z'],
    ['1996-12-19T16:39:57-08:00', '1996-12-20T00:39:57Z'],
    ['1937-01-01T12:00:27.87+00:20', '1937-01-01T11:40:27.870Z'],
    ['2026-06-01T12:00:00Z', '2026-06-01T12:00:00Z'],
    ['2026-06-01t12:00:00z', '2026-06-01T12:00:00Z'],
    ['2026-06-01 12:00:00Z', '2026-06-01T12:00:00Z'],
    ['2026-06-01T12:00:00+05:45', '2026-06-01T06:15:00Z'],
    ['2026-06-01T12:00:00-09:30', '2026-06-01T21:30:00Z'],
    ['2026-06-01T12:00:00+0200', '2026-06-01T10:00:00Z'],
    ['2026-06-01 12:00:00 +0200', '2026-06-01T10:00:00Z'],
    ['2026-06-01T12:00:00-00:00', '2026-06-01T12:00:00Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['0099-03-01T00:00:00Z', '0099-03-01T00:00:00Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59Z'],
  ])('reads %s', (text, moment) => {
    expect(at(text)).toBe(utc(moment));
  });

  it('keeps microseconds and cuts off what is finer', () => {
    expect(at('1970-01-01T00:00:01.5Z')).toBe(1_500_000n);
    expect(at('1970-01-01T00:00:01.000001Z')).toBe(1_000_001n);
    expect(at('1970-01-01T00:00:01.123456789Z')).toBe(1_123_456n);
    expect(at('1970-01-01T00:00:01.9999999Z')).toBe(1_999_999n);
    expect(at('1970-01-01T00:00:01,25Z')).toBe(1_250_000n);
  });

  it('counts a fraction forward from a second before the epoch', () => {
    expect(at('1969-12-31T23:59:59.250000Z')).toBe(-750_000n);
  });

  it('takes as many decimals of a second as RFC 3339 does, which sets no limit', () => {
    expect(at('1970-01-01T00:00:01.1234567890Z')).toBe(1_123_456n);
    expect(at('1970-01-01T00:00:01.123456789012Z')).toBe(1_123_456n);
  });

  it('does not depend on the input zone', () => {
    expect(at('2026-06-01T12:00:00Z', 'Asia/Tokyo')).toBe(utc('2026-06-01T12:00:00Z'));
  });

  it('agrees with another reader on any moment and any offset', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0002-01-01'), max: new Date('9998-12-31'), noInvalidDate: true }),
        fc.integer({ min: -1439, max: 1439 }),
        (date, offset) => {
          const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
          const minutes = Math.abs(offset);
          const two = (n: number): string => String(n).padStart(2, '0');
          const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
          expect(at(local + zone)).toBe(BigInt(date.getTime()) * 1000n);
        },
      ),
    );
  });
});

describe('what is no date or time', () => {
  it.each([
    ...['2026-00-10T00:00:00Z', '2026-13-01T00:00:00Z', '2026-06-00T00:00:00Z', '2026-06-31T00:00:00Z'],
    ...['2023-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z'],
    ...['2026-06-01T24:00:00Z', '2026-06-01T23:60:00Z', '2026-06-01T12:00:61Z', '2026-06-01T12:00:00+24:00'],
    ...['2026-06-01T12:00:00+05:60', '2026-06-01T12:00:00.Z', '2026-06-01T12:00Z', '2026-6-1T12:00:00Z'],
    ...['2026-06-01', '12:00:00', '', 'now', 'yesterday', 'Mon, 01 Jun 2026 12:00:00 GMT', '06/01/2026'],
    ...['2026-06-01T12:00:00ZZ', ' 2026-06-01T12:00:00Z', '2026-06-01T12:00:00Z\n', '12026-06-01T12:00:00Z'],
    ...['-1', '1e9', '0x5f', 'NaN', '1780315200.', '1780315200,5', '٢٠٢٦-06-01T12:00:00Z'],
  ])('refuses %j', (text) => {
    expect(at(text)).toBeNull();
  });

  it('knows leap years', () => {
    expect(at('2024-02-29T00:00:00Z')).toBe(utc('2024-02-29T00:00:00Z'));
    expect(at('2000-02-29T00:00:00Z')).toBe(utc('2000-02-29T00:00:00Z'));
  });
});

describe('a leap second', () => {
  it.each([
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['1990-12-31T15:59:60-08:00', '1991-01-01T00:00:00Z'],
    ['2015-07-01T05:44:60+05:45', '2015-07-01T00:00:00Z'],
    ['2016-12-31T23:59:60.500Z', '2017-01-01T00:00:00.500Z'],
  ])('%s is the first moment of the next day', (text, moment) => {
    expect(at(text)).toBe(utc(moment));
  });

  it.each([
    '2016-12-31T12:00:60Z',
    '2016-12-31T23:58:60Z',
    '2016-12-31T23:59:60-08:00',
    '2016-12-31T00:00:60Z',
  ])('there is none at %s', (text) => {
    expect(at(text)).toBeNull();
  });
});

describe('a local time in the input zone', () => {
  it.each([
    ['2026-06-01 12:00:00', 'UTC', '2026-06-01T12:00:00Z'],
    ['2026-06-01 12:00:00.5', 'UTC', '2026-06-01T12:00:00.500Z'],
    ['2026-06-01T12:00:00', 'Asia/Kathmandu', '2026-06-01T06:15:00Z'],
    ['2026-01-15 12:00:00', 'Europe/Berlin', '2026-01-15T11:00:00Z'],
    ['2026-07-15 12:00:00', 'Europe/Berlin', '2026-07-15T10:00:00Z'],
    ['2026-07-15 12:00:00', 'America/New_York', '2026-07-15T16:00:00Z'],
    ['2026-06-01 00:00:00', 'Pacific/Kiritimati', '2026-05-31T10:00:00Z'],
  ])('reads %s in %s as %s', (text, zone, moment) => {
    expect(at(text, zone)).toBe(utc(moment));
  });

  it.each([
    ['2026-03-29 01:59:59', '2026-03-29T00:59:59Z'],
    // 02:00 to 03:00 does not exist: with the offset from before, it is an hour later on the clock.
    ['2026-03-29 02:00:00', '2026-03-29T01:00:00Z'],
    ['2026-03-29 02:30:00', '2026-03-29T01:30:00Z'],
    ['2026-03-29 03:00:00', '2026-03-29T01:00:00Z'],
    ['2026-03-29 03:30:00', '2026-03-29T01:30:00Z'],
  ])('reads %s, around the gap of spring in Berlin', (text, moment) => {
    expect(at(text, 'Europe/Berlin')).toBe(utc(moment));
  });

  it.each([
    ['2026-10-25 01:59:59', '2026-10-24T23:59:59Z'],
    // 02:00 to 03:00 comes twice: the first is meant.
    ['2026-10-25 02:00:00', '2026-10-25T00:00:00Z'],
    ['2026-10-25 02:30:00', '2026-10-25T00:30:00Z'],
    ['2026-10-25 02:59:59', '2026-10-25T00:59:59Z'],
    ['2026-10-25 03:00:00', '2026-10-25T02:00:00Z'],
  ])('reads %s, around the hour that comes twice in Berlin', (text, moment) => {
    expect(at(text, 'Europe/Berlin')).toBe(utc(moment));
  });

  it.each([
    ['2026-03-08 02:30:00', 'America/New_York', '2026-03-08T07:30:00Z'],
    ['2026-11-01 01:30:00', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['2026-10-04 02:15:00', 'Australia/Lord_Howe', '2026-10-03T15:45:00Z'],
    ['2011-12-30 12:00:00', 'Pacific/Apia', '2011-12-30T22:00:00Z'],
  ])('follows the same rule for %s in %s', (text, zone, moment) => {
    expect(at(text, zone)).toBe(utc(moment));
  });
});

describe('an epoch number', () => {
  const moment = utc('2026-06-01T12:00:00Z');

  it.each([
    ['1780315200', moment],
    ['1780315200000', moment],
    ['1780315200000000', moment],
    ['1780315200.5', moment + 500_000n],
    ['1780315200.123456', moment + 123_456n],
    ['1780315200123', moment + 123_000n],
    ['1780315200123.456', moment + 123_456n],
    ['1780315200123456', moment + 123_456n],
    ['0', 0n],
    ['1', 1_000_000n],
  ])('reads %s by its magnitude', (text, micros) => {
    expect(at(text)).toBe(micros);
  });

  it('turns from seconds to milliseconds at 10^11 and to microseconds at 10^14', () => {
    expect(at('99999999999')).toBe(99_999_999_999_000_000n);
    expect(at('100000000000')).toBe(100_000_000_000_000n);
    expect(at('99999999999999')).toBe(99_999_999_999_999_000n);
    expect(at('100000000000000')).toBe(100_000_000_000_000n);
  });

  it('reads microseconds up to the end of the year 9999, as dates are', () => {
    expect(at('253402300799999999')).toBe(utc('9999-12-31T23:59:59.999Z') + 999n);
    expect(at('253402300800000000')).toBeNull();
  });

  it('refuses nanoseconds, which would be a year far off', () => {
    expect(at('1780315200000000000')).toBeNull();
  });

  it('does not depend on the input zone', () => {
    expect(at('1780315200', 'Europe/Berlin')).toBe(moment);
  });
});
