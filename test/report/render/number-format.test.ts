import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatUsers,
  groupThousands,
} from '../../../src/report/render/number-format.js';

describe('numbers for people', () => {
  it('groups counts by thousands', () => {
    expect([0, 999, 1000, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
  });

  it('marks users that were estimated', () => {
    expect(formatUsers(1234, true)).toBe('1,234');
    expect(formatUsers(1234, false)).toBe('≈1,234');
  });

  it('writes events a second with a decimal where there are few', () => {
    expect([null, 0, 0.01, 0.05, 0.44, 9.94, 9.96, 12.4, 1234.5].map(formatRate)).toEqual([
      '–',
      '0',
      '<0.1',
      '0.1',
      '0.4',
      '9.9',
      '10',
      '12',
      '1,235',
    ]);
  });

  it('writes a rate as a percentage, and a dash where there is none', () => {
    expect(formatPercent(0.05231)).toBe('5.23%');
    expect(formatPercent(0)).toBe('0.00%');
    expect(formatPercent(15)).toBe('1,500.00%');
    expect(formatPercent(null)).toBe('–');
  });

  it.each([
    [0, '0'],
    [7, '7'],
    [0.25, '0.25'],
    [999, '999'],
    [1000, '1K'],
    [1_250, '1.3K'],
    [12_340, '12.3K'],
    [999_999, '1M'],
    [1_234_567, '1.2M'],
    [-4_500_000_000, '-4.5B'],
    [2e12, '2T'],
    [3e18, '3.0e18'],
  ])('shortens %d to %s', (value, text) => {
    expect(formatCompact(value)).toBe(text);
  });

  it('shortens with more decimals where asked', () => {
    expect(formatCompact(1_250, 2)).toBe('1.25K');
    expect(formatCompact(100, 2)).toBe('100');
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [774_000_000, '774 MB'],
    [999_999_999, '1.0 GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [12_340, '12.3 s'],
    [59_990, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [7_500_000, '2 h 5 min'],
  ])('writes %d ms as %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it('leaves decimals alone when grouping', () => {
    expect(groupThousands('1234567.123456')).toBe('1,234,567.123456');
    expect(groupThousands('123')).toBe('123');
  });
});
