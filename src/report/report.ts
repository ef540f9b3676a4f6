/**
 * The answer to a question, as plain data: what a store or the live aggregator gives, what every renderer takes.
 * Counts are numbers, money is bigint micros, moments are bigint microseconds since the Unix epoch, in UTC.
 */

/** What is counted for any group of events. Rates are never stored: see `metrics.ts`. */
export interface Metrics {
  readonly clicks: number;
  readonly conversions: number;
  readonly refunds: number;
  /** Conversion amounts less refunds, in the report's currency only. */
  readonly revenueMicros: bigint;
  /** Conversions in the report's currency: what the average order value divides by. */
  readonly revenueConversions: number;
  readonly uniqueUsers: number;
  readonly firstEventMicros: bigint | null;
  readonly lastEventMicros: bigint | null;
}

/** The dimensions a report can be broken down by. Those of time are buckets in the report's zone. */
export const DIMENSIONS = [
  'campaign',
  'source',
  'medium',
  'ad_id',
  'term',
  'product',
  'hour',
  'day',
  'week',
  'month',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** The dimensions that a question can be narrowed to one value of, beside the campaign. */
export const FILTER_FIELDS = ['source', 'medium', 'ad_id', 'term', 'product'] as const satisfies Dimension[];
export type FilterField = (typeof FILTER_FIELDS)[number];

/** The breakdowns that a report on one campaign always carries. */
export const CAMPAIGN_BREAKDOWNS = ['source', 'medium', 'ad_id', 'product'] as const satisfies Dimension[];

export interface CampaignRow extends Metrics {
  /** null: conversions that no campaign can be given the credit for. */
  readonly campaignId: string | null;
  /** Revenue (or clicks, where nothing was earned) in equal steps of the report's time span; empty if unknown. */
  readonly trend: readonly number[];
}

export interface GroupRow extends Metrics {
  /** A value's text, or for a time bucket its start (`2026-06-01`, or with an hour RFC 3339 with offset). null: none. */
  readonly key: string | null;
}

export interface TimelinePoint {
  /** The bucket's first moment. */
  readonly startMicros: bigint;
  readonly clicks: number;
  readonly conversions: number;
  readonly revenueMicros: bigint;
}

export interface Timeline {
  readonly interval: 'hour' | 'day';
  /** In order, without gaps (unless the span is too long to fill: over 5,000 buckets). */
  readonly points: readonly TimelinePoint[];
}

export interface ReportFilters {
  /** Inclusive. */
  readonly sinceMicros: bigint | null;
  /** Exclusive. */
  readonly untilMicros: bigint | null;
  readonly timeZone: string;
  readonly campaignId: string | null;
  /** The value that events are credited to, by field; null: those without one. Only the fields that were asked for. */
  readonly where: ReadonlyMap<FilterField, string | null>;
}

/** Money in a currency that the report's revenue leaves out: totals never mix currencies. */
export interface OtherCurrency {
  readonly currency: string;
  readonly conversions: number;
  readonly refunds: number;
  readonly revenueMicros: bigint;
}

export interface Report {
  readonly generatedAt: Date;
  readonly filters: ReportFilters;
  /** ISO 4217. */
  readonly currency: string;
  readonly otherCurrencies: readonly OtherCurrency[];
  readonly exact: { readonly uniqueUsers: boolean };
  /** `campaigns` counts those that have a name. */
  readonly totals: Metrics & { readonly campaigns: number };
  /** Sorted and cut as asked for. */
  readonly campaigns: readonly CampaignRow[];
  readonly breakdowns: ReadonlyMap<Dimension, readonly GroupRow[]>;
  /** null where a report has none (that of one ingest run may not). */
  readonly timeline: Timeline | null;
  /** The timeline was asked for: JSON has it then, though no campaign was asked for. */
  readonly timelineAsked: boolean;
}
