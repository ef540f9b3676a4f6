/** The server's answers as the dashboard reads them: `mapipe.report/1`, `mapipe.events/1`, `mapipe.totals/1`, settings. */

export interface Metrics {
  readonly clicks: number;
  readonly conversions: number;
  readonly refunds: number;
  readonly revenue: number;
  readonly unique_users: number;
  readonly conversion_rate: number | null;
  readonly average_order_value: number | null;
  readonly revenue_per_click: number | null;
  readonly first_event_at: string | null;
  readonly last_event_at: string | null;
}

export interface Totals extends Metrics {
  readonly campaigns: number;
}

export interface CampaignRow extends Metrics {
  readonly campaign_id: string | null;
}

export interface BreakdownRow extends Metrics {
  readonly key: string | null;
}

export interface TimelinePoint {
  readonly start: string;
  readonly clicks: number;
  readonly conversions: number;
  readonly revenue: number;
}

export type Interval = 'hour' | 'day';

export interface Timeline {
  readonly interval: Interval;
  readonly points: readonly TimelinePoint[];
}

export interface OtherCurrency {
  readonly currency: string;
  readonly conversions: number;
  readonly refunds: number;
  readonly revenue: number;
}

export interface ReportBody {
  readonly schema: 'mapipe.report/1';
  readonly currency: string;
  readonly exact: { readonly unique_users: boolean };
  readonly other_currencies?: readonly OtherCurrency[];
  readonly totals: Totals;
  readonly campaigns: readonly CampaignRow[];
  readonly breakdowns?: Readonly<Partial<Record<string, readonly BreakdownRow[]>>>;
  readonly timeline?: Timeline;
}

export interface EventRow {
  readonly type: string;
  readonly timestamp: string;
  readonly campaign_id: string | null;
  readonly user_id: string;
  readonly source: string | null;
  readonly medium: string | null;
  readonly ad_id: string | null;
  readonly term: string | null;
  readonly product: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
}

export interface EventsBody {
  readonly schema: 'mapipe.events/1';
  readonly events: readonly EventRow[];
}

export interface TotalsMessage {
  readonly schema: 'mapipe.totals/1';
  readonly revision: string;
  readonly totals: Totals;
}

export interface Settings {
  readonly version: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly demo: boolean;
  readonly ingest_command: string;
  readonly report_command: string;
}

export function readReport(body: unknown): ReportBody {
  return checked<ReportBody>(body, 'mapipe.report/1');
}

export function readEvents(body: unknown): EventsBody {
  return checked<EventsBody>(body, 'mapipe.events/1');
}

export function readTotals(body: unknown): TotalsMessage {
  return checked<TotalsMessage>(body, 'mapipe.totals/1');
}

export function readSettings(body: unknown): Settings {
  if (typeof body === 'object' && body !== null && 'time_zone' in body) {
    return body as Settings; // the server and its page are built and shipped as one
  }
  throw new TypeError('the server’s settings have no time zone');
}

function checked<Body extends { readonly schema: string }>(body: unknown, schema: Body['schema']): Body {
  if (typeof body === 'object' && body !== null && 'schema' in body && body.schema === schema) {
    return body as Body; // the schema's name is its promise of the shape
  }
  throw new TypeError(
    `expected an answer of ${schema}; reload the page, the server may be of another version`,
  );
}
