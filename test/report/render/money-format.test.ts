import { describe, expect, it } from 'vitest';
import {
  formatMoney,
  formatMoneyCompact,
  formatMoneyWithCode,
  smallAmountDecimals,
} from '../../../src/report/render/money-format.js';

describe('money for people', () => {
  it.each([
    [1_234_560_000n, 'USD', '$1,234.56'],
    [-5_000_000n, 'USD', '-$5.00'],
    [0n, 'EUR', '€0.00'],
    [99_990_000n, 'GBP', '£99.99'],
    [1_234_500_000n, 'JPY', '¥1,235'],
    [1_234_560_000n, 'CHF', '1,234.56 CHF'],
    [-1_234_560_000n, 'CHF', '-1,234.56 CHF'],
    [1_234_567_800n, 'KWD', '1,234.568 KWD'],
    // 2^53 + 1 units: a float would lose the last one.
    [9_007_199_254_740_993_000_000n, 'USD', '$9,007,199,254,740,993.00'],
    // Half a cent goes away from zero, on both sides of it.
    [5_000n, 'USD', '$0.01'],
    [-5_000n, 'USD', '-$0.01'],
    // What rounds to nothing is not negative.
    [-4_000n, 'USD', '$0.00'],
  ])('writes %d micros of %s as %s', (micros, currency, text) => {
    expect(formatMoney(micros, currency)).toBe(text);
  });

  it('writes a dash where there is no amount', () => {
    expect(formatMoney(null, 'USD')).toBe('–');
  });

  it('names the currency by its code where currencies stand side by side', () => {
    expect(formatMoneyWithCode(1_180_000_000n, 'EUR')).toBe('1,180.00 EUR');
  });

  it('lets no control character in through a currency', () => {
    expect(formatMoney(1_000_000n, '\u001b[2J')).toBe('1.00 \\x1b[2J');
  });

  it.each([
    [0, 'USD', '$0'],
    [1_250, 'USD', '$1.25K'],
    [-500, 'EUR', '-€500'],
    [2_000_000, 'CHF', '2M CHF'],
    [0.25, 'USD', '$0.25'],
  ])('shortens %d %s to %s', (units, currency, text) => {
    expect(formatMoneyCompact(units, currency)).toBe(text);
  });

  it('gives a column of cents two more decimals', () => {
    expect(smallAmountDecimals([31_200n, null, 990_000n], 'USD')).toBe(4);
    expect(smallAmountDecimals([31_200n, 1_000_000n], 'USD')).toBe(2);
    expect(smallAmountDecimals([3_250_000n], 'JPY')).toBe(2);
    expect(smallAmountDecimals([0n, null], 'USD')).toBe(2);
  });
});
