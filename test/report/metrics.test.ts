import { describe, expect, it } from 'vitest';
import {
  averageOrderValueMicros,
  conversionRate,
  NO_METRICS,
  revenuePerClickMicros,
} from '../../src/report/metrics.js';

const METRICS = {
  ...NO_METRICS,
  clicks: 8,
  conversions: 4,
  revenueMicros: 100_000_000n,
  revenueConversions: 3,
};

describe('the rates', () => {
  it('follow from the counts', () => {
    expect(conversionRate(METRICS)).toBe(0.5);
    expect(revenuePerClickMicros(METRICS)).toBe(12_500_000n);
    // Of the conversions in the report's currency only.
    expect(averageOrderValueMicros(METRICS)).toBe(33_333_333n);
  });

  it('may be negative, and a rate above one', () => {
    expect(revenuePerClickMicros({ ...METRICS, revenueMicros: -100_000_000n })).toBe(-12_500_000n);
    expect(conversionRate({ ...METRICS, clicks: 2 })).toBe(2);
  });

  it('are null where there is nothing to divide by', () => {
    expect(conversionRate({ ...METRICS, clicks: 0 })).toBeNull();
    expect(revenuePerClickMicros({ ...METRICS, clicks: 0 })).toBeNull();
    expect(averageOrderValueMicros({ ...METRICS, revenueConversions: 0 })).toBeNull();
  });
});
