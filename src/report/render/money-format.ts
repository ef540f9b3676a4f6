/** Money as people read it: bigint micros to `$1,234.56`, exact at any size. Only an axis label is made from a float. */
import { currencyDecimals, formatMicros, MICROS_PER_UNIT, roundMicros } from '../../event/money.js';
import { formatCompact, groupThousands, NO_VALUE } from './number-format.js';
import { visible } from './visible.js';

// Only symbols that stand for one currency to most readers; any other currency is named by its code.
const SYMBOLS = new Map([
  ['USD', '$'],
  ['EUR', '€'],
  ['GBP', '£'],
  ['JPY', '¥'],
]);

/** An amount rounded to the currency's usual decimals (or `decimals`): `$1,234.56`, `-$5.00`, `1,234.56 CHF`. */
export function formatMoney(
  micros: bigint | null,
  currency: string,
  decimals = currencyDecimals(currency),
): string {
  if (micros === null) return NO_VALUE;
  const rounded = roundMicros(micros, decimals);
  return withCurrency(
    groupThousands(formatMicros(rounded < 0n ? -rounded : rounded, decimals)),
    rounded < 0n,
    currency,
  );
}

/** With the currency's code instead of its symbol, where currencies stand side by side: `1,180.00 EUR`. */
export function formatMoneyWithCode(micros: bigint, currency: string): string {
  const decimals = currencyDecimals(currency);
  return `${groupThousands(formatMicros(roundMicros(micros, decimals), decimals))} ${visible(currency)}`;
}

/** An amount in little space, for an axis: `$1.2K`. Takes units, not micros. */
export function formatMoneyCompact(units: number, currency: string, maxDecimals = 2): string {
  const text = formatCompact(Math.abs(units), maxDecimals);
  return withCurrency(text, units < 0 && text !== '0', currency);
}

/** An amount as a float, good enough to draw with and for nothing else. */
export function unitsToDraw(micros: bigint): number {
  return Number(micros) / Number(MICROS_PER_UNIT);
}

/**
 * The decimals of a column of small amounts, such as revenue per click: two more than usual where all are below a hundred
 * of the currency's smallest coin, as `$0.03` would say little of `$0.0312`.
 */
export function smallAmountDecimals(amounts: readonly (bigint | null)[], currency: string): number {
  const decimals = currencyDecimals(currency);
  const limit = 10n ** BigInt(8 - decimals);
  const small = amounts.every((micros) => micros === null || (micros < limit && micros > -limit));
  const any = amounts.some((micros) => micros !== null && micros !== 0n);
  return small && any ? Math.min(6, decimals + 2) : decimals;
}

function withCurrency(magnitude: string, negative: boolean, currency: string): string {
  const sign = negative ? '-' : '';
  const symbol = SYMBOLS.get(currency);
  return symbol === undefined ? `${sign}${magnitude} ${visible(currency)}` : `${sign}${symbol}${magnitude}`;
}
