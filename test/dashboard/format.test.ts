import { describe, expect, test } from 'vitest';
import {
  age,
  changeShare,
  compactCount,
  count,
  dateSpan,
  moneyFormat,
  rate,
  shareOfWhole,
  timeFormat,
} from '../../src/dashboard/format.js';

test('counts are grouped, and compact on axes', () => {
  expect(count(1234567)).toBe('1,234,567');
  expect(compactCount(1500)).toBe('1.5K');
});

test('a rate that divides by nothing is no 0 %', () => {
  expect(rate(null)).toBe('–');
  expect(rate(0)).toBe('0.00%');
  expect(rate(394 / 4641)).toBe('8.49%');
});

test('changes get coarser as they grow', () => {
  expect(changeShare(0.1234)).toBe('12.3%');
  expect(changeShare(-0.052)).toBe('5.2%');
  expect(changeShare(1.47)).toBe('147%');
  expect(changeShare(11)).toBe('12×');
});

test('a small share is not rounded to none', () => {
  expect(shareOfWhole(0.553)).toBe('55%');
  expect(shareOfWhole(0.0001)).toBe('<1%');
  expect(shareOfWhole(0)).toBe('0%');
});

describe('money', () => {
  test('has the decimals of its currency', () => {
    expect(moneyFormat('USD').exact(10742.8)).toBe('$10,742.80');
    expect(moneyFormat('JPY').exact(42000)).toBe('¥42,000');
    expect(moneyFormat('EUR').exact(-3.5)).toBe('\u2212€3.50');
    expect(moneyFormat('USD').exact(null)).toBe('–');
    expect(moneyFormat('').exact(1.5)).toBe('1.5');
  });

  test('is shortened in large type and on axes', () => {
    const usd = moneyFormat('USD');
    expect(usd.headline(19390.88)).toBe('$19,390.88');
    expect(usd.headline(1234567.89)).toBe('$1,234,568');
    expect(usd.headline(98_765_432_109)).toBe('$98.77B');
    expect(usd.compact(1500)).toBe('$1.5K');
    expect(usd.compact(500)).toBe('$500');
  });
});

test('times are those of the zone', () => {
  const berlin = timeFormat('Europe/Berlin');
  const at = Date.parse('2026-06-01T22:05:09Z');
  expect(berlin.day(at)).toBe('Jun 2');
  expect(berlin.second(at)).toBe('00:05:09');
  expect(berlin.weekday(at)).toBe('Tue, Jun 2');
});

test('spans of dates name each year once', () => {
  expect(dateSpan('2026-06-01', '2026-06-14')).toBe('Jun 1 – Jun 14, 2026');
  expect(dateSpan('2025-12-28', '2026-01-03')).toBe('Dec 28, 2025 – Jan 3, 2026');
  expect(dateSpan('2026-06-01', '2026-06-01')).toBe('Jun 1, 2026');
});

test('an age has one unit', () => {
  expect(age(3_400)).toBe('3 s');
  expect(age(125_000)).toBe('2 min');
  expect(age(7_300_000)).toBe('2 h');
  expect(age(3 * 86_400_000)).toBe('3 days');
});
