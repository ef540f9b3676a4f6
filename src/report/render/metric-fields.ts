/** The metrics under their names in JSON and CSV, in the contract's order: exact, for machines. */
import { formatMicros } from '../../event/money.js';
import { averageOrderValueMicros, conversionRate, revenuePerClickMicros } from '../metrics.js';
import type { Metrics } from '../report.js';
import { ExactNumber } from './exact-json.js';
import { isoUtc } from './time-format.js';

export type MetricField = readonly [name: string, value: ExactNumber | number | string | null];

export function metricFields(metrics: Metrics): MetricField[] {
  return [
    ['clicks', metrics.clicks],
    ['conversions', metrics.conversions],
    ['refunds', metrics.refunds],
    ['revenue', exactMoney(metrics.revenueMicros)],
    ['unique_users', metrics.uniqueUsers],
    ['conversion_rate', conversionRate(metrics)],
    ['average_order_value', exactMoneyOrNull(averageOrderValueMicros(metrics))],
    ['revenue_per_click', exactMoneyOrNull(revenuePerClickMicros(metrics))],
    ['first_event_at', isoUtcOrNull(metrics.firstEventMicros)],
    ['last_event_at', isoUtcOrNull(metrics.lastEventMicros)],
  ];
}

/** Two decimals, or as many as it needs. */
export function exactMoney(micros: bigint): ExactNumber {
  return new ExactNumber(formatMicros(micros, 2));
}

function exactMoneyOrNull(micros: bigint | null): ExactNumber | null {
  return micros === null ? null : exactMoney(micros);
}

export function isoUtcOrNull(micros: bigint | null): string | null {
  return micros === null ? null : isoUtc(micros);
}
