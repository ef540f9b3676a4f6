/** The metrics as columns for people: their titles, how each is written, and which ones a narrow terminal does without. */
import type { Metrics, Report } from '../report.js';
import { averageOrderValueMicros, conversionRate, revenuePerClickMicros } from '../metrics.js';
import { formatMoney, smallAmountDecimals } from './money-format.js';
import { formatCount, formatPercent, formatUsers } from './number-format.js';

export interface MetricColumn {
  readonly title: string;
  /** The one with the lowest is hidden first. */
  readonly priority: number;
  readonly format: (metrics: Metrics) => string;
}

/** The columns that make sense for the report; refunds only where there are any. `all` are the rows to be shown. */
export function metricColumns(report: Report, all: readonly Metrics[]): MetricColumn[] {
  const { currency, exact } = report;
  const perClickDecimals = smallAmountDecimals(all.map(revenuePerClickMicros), currency);
  const refunds: MetricColumn = {
    title: 'Refunds',
    priority: 2,
    format: (metrics) => formatCount(metrics.refunds),
  };
  return [
    { title: 'Clicks', priority: 8, format: (metrics) => formatCount(metrics.clicks) },
    { title: 'Conv.', priority: 7, format: (metrics) => formatCount(metrics.conversions) },
    { title: 'CVR', priority: 6, format: (metrics) => formatPercent(conversionRate(metrics)) },
    { title: 'Revenue', priority: 9, format: (metrics) => formatMoney(metrics.revenueMicros, currency) },
    {
      title: 'AOV',
      priority: 5,
      format: (metrics) => formatMoney(averageOrderValueMicros(metrics), currency),
    },
    {
      title: 'RPC',
      priority: 3,
      format: (metrics) => formatMoney(revenuePerClickMicros(metrics), currency, perClickDecimals),
    },
    { title: 'Users', priority: 4, format: (metrics) => formatUsers(metrics.uniqueUsers, exact.uniqueUsers) },
    ...(report.totals.refunds > 0 ? [refunds] : []),
  ];
}
