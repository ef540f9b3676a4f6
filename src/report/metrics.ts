/** The rates that follow from the counts, defined once. Each is null where its denominator is 0. */
import { divideMicros } from '../event/money.js';
import type { Metrics } from './report.js';

/** Conversions per click. */
export function conversionRate(metrics: Pick<Metrics, 'clicks' | 'conversions'>): number | null {
  return metrics.clicks === 0 ? null : metrics.conversions / metrics.clicks;
}

/** Revenue per conversion that was paid in the report's currency, in micros. */
export function averageOrderValueMicros(metrics: Metrics): bigint | null {
  return divideMicros(metrics.revenueMicros, metrics.revenueConversions);
}

/** Revenue per click, in micros. */
export function revenuePerClickMicros(metrics: Metrics): bigint | null {
  return divideMicros(metrics.revenueMicros, metrics.clicks);
}

/** The metrics of no events at all. */
export const NO_METRICS: Metrics = {
  clicks: 0,
  conversions: 0,
  refunds: 0,
  revenueMicros: 0n,
  revenueConversions: 0,
  uniqueUsers: 0,
  firstEventMicros: null,
  lastEventMicros: null,
};
