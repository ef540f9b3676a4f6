/** A question that every store can answer, and its answer, in counts, micros and moments. */
import type { Dimension, GroupRow, Metrics, OtherCurrency, Timeline } from '../report/report.js';
import type { EventSelection } from './event-selection.js';

export interface ReportQuestion extends EventSelection {
  /** IANA name: where days and hours begin. */
  readonly timeZone: string;
  /** The currency to report revenue in; null: the default if there is money in it, else the one with most conversions. */
  readonly currency: string | null;
  readonly defaultCurrency: string;
  readonly breakdowns: readonly Dimension[];
  readonly timeline: boolean;
  readonly trends: boolean;
  /** Count users exactly however many events there are. */
  readonly exactUsers: boolean;
}

export interface ReportAnswer {
  readonly currency: string;
  readonly otherCurrencies: readonly OtherCurrency[];
  readonly exactUsers: boolean;
  readonly totals: Metrics;
  /** Every campaign with an event in the period; key null: none. In no order. */
  readonly campaigns: readonly GroupRow[];
  /**
   * The revenue (micros) of each campaign in `TREND_STEPS` equal steps of the span; its clicks where nothing was earned
   * in any. Empty if not asked for, or if there are too many campaigns.
   */
  readonly trends: ReadonlyMap<string | null, readonly number[]>;
  readonly breakdowns: ReadonlyMap<Dimension, readonly GroupRow[]>;
  /** null if not asked for. */
  readonly timeline: Timeline | null;
  /** Where the campaign asked for is not known: every campaign's name, to suggest the nearest. */
  readonly knownCampaigns: readonly string[] | null;
}

export const TREND_STEPS = 24;
/** Spans up to this long are drawn by the hour. */
export const MAX_HOURLY_SPAN_MICROS = 72n * 3_600_000_000n;
