/**
 * Money is an integer number of micros (millionths of a currency unit), read from decimal text and written back as
 * decimal text. A float never holds an amount.
 */

export const MICROS_PER_UNIT = 1_000_000n;

/** The largest amount one event can hold: it is stored as a signed 64-bit integer of micros. */
export const MAX_AMOUNT_MICROS = 9_223_372_036_854_775_807n;

const MAX_DECIMALS = 6;
const DECIMAL = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,4}))?$/;
const NEGATIVE_DECIMAL = /^-(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

export type AmountOutcome =
  | { kind: 'amount'; micros: bigint }
  | { kind: 'fault'; fault: 'not_a_decimal' | 'negative' | 'too_precise' | 'too_large' };

/**
 * Reads a decimal amount from its text, exactly: `99.99` → 99,990,000 micros. An exponent (`1e2`, which JSON allows)
 * shifts the digits; more than 6 decimals that are not zero are refused, as rounding would lose money.
 */
export function parseAmountMicros(text: string): AmountOutcome {
  const match = DECIMAL.exec(text);
  if (!match) return { kind: 'fault', fault: NEGATIVE_DECIMAL.test(text) ? 'negative' : 'not_a_decimal' };
  const [whole = '', fraction = ''] = (match[1] ?? '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return { kind: 'amount', micros: 0n };
  const shift = Number(match[2] ?? 0) - fraction.length + MAX_DECIMALS;
  if (digits.length + shift > 20) return { kind: 'fault', fault: 'too_large' };
  if (shift >= 0) return withinRange(BigInt(digits + '0'.repeat(shift)));
  const dropped = digits.slice(shift);
  if (-shift > digits.length || !/^0*$/.test(dropped)) return { kind: 'fault', fault: 'too_precise' };
  return withinRange(BigInt(digits.slice(0, shift) || '0'));
}

function withinRange(micros: bigint): AmountOutcome {
  return micros > MAX_AMOUNT_MICROS ? { kind: 'fault', fault: 'too_large' } : { kind: 'amount', micros };
}

/** Writes micros as a plain decimal with at least `minDecimals` decimals and no more than it needs: `99.99`. */
export function formatMicros(micros: bigint, minDecimals = 2): string {
  const negative = micros < 0n;
  const magnitude = negative ? -micros : micros;
  const whole = magnitude / MICROS_PER_UNIT;
  const fraction = (magnitude % MICROS_PER_UNIT).toString().padStart(MAX_DECIMALS, '0');
  const decimals = fraction.replace(/0+$/, '').padEnd(minDecimals, '0');
  return `${negative ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}

/** Divides an amount by a count, rounding half away from zero to the micro; null where there is nothing to divide by. */
export function divideMicros(micros: bigint, count: number): bigint | null {
  if (count === 0) return null;
  const divisor = BigInt(count);
  const twice = 2n * (micros < 0n ? -micros : micros) + divisor;
  const rounded = twice / (2n * divisor);
  return micros < 0n ? -rounded : rounded;
}

/** Rounds micros to `decimals` places, half away from zero, for a column that shows a currency's usual decimals. */
export function roundMicros(micros: bigint, decimals: number): bigint {
  const step = 10n ** BigInt(Math.max(0, MAX_DECIMALS - decimals));
  const negative = micros < 0n;
  const rounded = (((negative ? -micros : micros) + step / 2n) / step) * step;
  return negative ? -rounded : rounded;
}

// ISO 4217 minor units, where they are not the usual two.
const MINOR_UNITS = new Map<string, number>([
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'UYI',
    'VND',
    'VUV',
    'XAF',
  ].map((code) => [code, 0] as const),
  ...['XOF', 'XPF'].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
]);

/** How many decimals a currency shows, after ISO 4217: JPY 0, USD 2, KWD 3. */
export function currencyDecimals(currency: string): number {
  return MINOR_UNITS.get(currency) ?? 2;
}

/** Whether `text` has the form of an ISO 4217 alphabetic code. */
export function isCurrencyCode(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}
