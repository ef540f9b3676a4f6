import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  currencyDecimals,
  divideMicros,
  formatMicros,
  isCurrencyCode,
  parseAmountMicros,
  roundMicros,
} from '../../src/event/money.js';

const INT64_MAX = 2n ** 63n - 1n;

describe('parseAmountMicros', () => {
  it.each([
    ['99.99', 99_990_000n],
    ['0', 0n],
    ['0.00', 0n],
    ['00012.50', 12_500_000n],
    ['.5', 500_000n],
    ['5.', 5_000_000n],
    ['+3', 3_000_000n],
    ['0.000001', 1n],
    ['1.234567', 1_234_567n],
    ['0.1', 100_000n],
    ['1e2', 100_000_000n],
    ['1E+2', 100_000_000n],
    ['12.5e-1', 1_250_000n],
    ['1e-6', 1n],
    ['0e308', 0n],
    ['123456789012e-6', 123_456_789_012n],
  ])('reads %s', (text, micros) => {
    expect(parseAmountMicros(text)).toEqual({ kind: 'amount', micros });
  });

  it('keeps a number that no float can hold', () => {
    expect(parseAmountMicros('9007199254740.993')).toEqual({
      kind: 'amount',
      micros: 9_007_199_254_740_993_000n,
    });
    expect(parseAmountMicros('9007199254.740993')).toEqual({
      kind: 'amount',
      micros: 9_007_199_254_740_993n,
    });
  });

  it('does not count zeros at the end as decimals', () => {
    expect(parseAmountMicros('1.2345670000')).toEqual({ kind: 'amount', micros: 1_234_567n });
    expect(parseAmountMicros('10.0000000')).toEqual({ kind: 'amount', micros: 10_000_000n });
    expect(parseAmountMicros('0.0000000000')).toEqual({ kind: 'amount', micros: 0n });
    expect(parseAmountMicros('10e-7')).toEqual({ kind: 'amount', micros: 1n });
  });

  it.each(['0.0000001', '1.2345678', '1e-7', '0.00000010', '99.9999999', '1e-999'])(
    'refuses %s, as rounding would lose money',
    (text) => {
      expect(parseAmountMicros(text)).toEqual({ kind: 'fault', fault: 'too_precise' });
    },
  );

  it('holds what a signed 64-bit integer of micros holds, and not one more', () => {
    expect(parseAmountMicros('9223372036854.775807')).toEqual({ kind: 'amount', micros: INT64_MAX });
    expect(parseAmountMicros('9223372036854775807e-6')).toEqual({ kind: 'amount', micros: INT64_MAX });
    expect(parseAmountMicros('9223372036854.775808')).toEqual({ kind: 'fault', fault: 'too_large' });
  });

  it.each(['9007199254740993', '1e308', '1e13', '99999999999999999999999999', '1e9999'])(
    'refuses %s as too large',
    (text) => {
      expect(parseAmountMicros(text)).toEqual({ kind: 'fault', fault: 'too_large' });
    },
  );

  it.each(['-5', '-0.01', '-1e3', '-.5', '-1e308', '-0'])('refuses %s as negative', (text) => {
    expect(parseAmountMicros(text)).toEqual({ kind: 'fault', fault: 'negative' });
  });

  it.each([
    ...[
      '',
      ' ',
      'NaN',
      'nan',
      'Infinity',
      '-Infinity',
      '1,234.56',
      '1.234,56',
      '1 000',
      '1_000',
      '$5',
      '5 USD',
    ],
    ...[
      '0x10',
      '1.2.3',
      '.',
      '-',
      '+',
      'e5',
      '1e',
      '1e+',
      '--5',
      '+-5',
      '١٢',
      '1n',
      '5\n',
      ' 5',
      'abc',
      '1/2',
    ],
  ])('refuses %j as no decimal', (text) => {
    expect(parseAmountMicros(text)).toEqual({ kind: 'fault', fault: 'not_a_decimal' });
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, INT64_MAX), fc.integer({ min: 0, max: 9 }), (micros, minDecimals) => {
        expect(parseAmountMicros(formatMicros(micros, minDecimals))).toEqual({ kind: 'amount', micros });
      }),
    );
  });

  it('is told apart from a shift of the decimal point by the exponent alone', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, INT64_MAX), fc.integer({ min: 0, max: 40 }), (micros, places) => {
        const text = `${micros}${'0'.repeat(places)}e-${places + 6}`;
        expect(parseAmountMicros(text)).toEqual({ kind: 'amount', micros });
      }),
    );
  });
});

describe('formatMicros', () => {
  it.each([
    [99_990_000n, 2, '99.99'],
    [0n, 2, '0.00'],
    [1n, 2, '0.000001'],
    [1_500_000n, 2, '1.50'],
    [1_500_000n, 0, '1.5'],
    [100_000_000n, 0, '100'],
    [100_000_000n, 3, '100.000'],
    [1_234_567n, 2, '1.234567'],
    [-1_500_000n, 2, '-1.50'],
    [-1n, 0, '-0.000001'],
    [INT64_MAX * 1000n, 2, '9223372036854775.807'],
  ])('writes %s micros with at least %s decimals as %s', (micros, minDecimals, text) => {
    expect(formatMicros(micros, minDecimals)).toBe(text);
  });

  it('writes two decimals unless told otherwise', () => {
    expect(formatMicros(5_000_000n)).toBe('5.00');
  });
});

describe('divideMicros', () => {
  it.each([
    [10n, 4, 3n],
    [-10n, 4, -3n],
    [9n, 4, 2n],
    [-9n, 4, -2n],
    [100_000_000n, 3, 33_333_333n],
    [200_000_000n, 3, 66_666_667n],
    [1n, 2, 1n],
    [-1n, 2, -1n],
    [1n, 3, 0n],
    [0n, 7, 0n],
  ])('divides %s by %s to %s, half away from zero', (micros, count, quotient) => {
    expect(divideMicros(micros, count)).toBe(quotient);
  });

  it('gives null where there is nothing to divide by', () => {
    expect(divideMicros(5n, 0)).toBeNull();
  });
});

describe('roundMicros', () => {
  it.each([
    [1_005_000n, 2, 1_010_000n],
    [1_004_999n, 2, 1_000_000n],
    [-1_005_000n, 2, -1_010_000n],
    [500_000n, 0, 1_000_000n],
    [499_999n, 0, 0n],
    [-500_000n, 0, -1_000_000n],
    [1_234_500n, 3, 1_235_000n],
    [1_234_567n, 6, 1_234_567n],
    [1_234_567n, 8, 1_234_567n],
  ])('rounds %s to %s decimals as %s, half away from zero', (micros, decimals, rounded) => {
    expect(roundMicros(micros, decimals)).toBe(rounded);
  });
});

describe('currencies', () => {
  // ISO 4217, list one, column "Minor unit".
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['GBP', 2],
    ['HUF', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['CLP', 0],
    ['VND', 0],
    ['XOF', 0],
    ['KWD', 3],
    ['BHD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('%s shows %s decimals', (currency, decimals) => {
    expect(currencyDecimals(currency)).toBe(decimals);
  });

  it('takes a currency that it does not know to have two', () => {
    expect(currencyDecimals('ZZZ')).toBe(2);
  });

  it('knows a code by its form', () => {
    expect(['USD', 'XXX'].every(isCurrencyCode)).toBe(true);
    expect(['usd', 'US', 'USDT', 'U1D', '', 'ÄÖÜ', 'USD\n'].some(isCurrencyCode)).toBe(false);
  });
});
