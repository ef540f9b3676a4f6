/** What a run that goes on has to show at a moment: its account, its campaigns with their rates, its last minutes. */
import type { Aggregator } from '../aggregate/aggregator.js';
import type { Group } from '../aggregate/group.js';
import type { Accounting } from '../ingest-summary.js';
import { compareCampaigns } from './order.js';
import { MAX_METERED, type RateMeter } from './rate-meter.js';
import { chooseCurrency } from './report-of-run.js';
import type { Metrics } from './report.js';

export type LineCounts = Pick<Accounting, 'lines' | 'accepted' | 'duplicates' | 'ignored' | 'rejected'>;

/** A run, with figures that go on changing. */
export interface RunningIngest {
  readonly account: LineCounts;
  readonly aggregator: Pick<Aggregator, 'totals' | 'campaigns'>;
  readonly bytesRead: number;
  /** null where nothing is followed. */
  readonly lag: {
    readonly files: number;
    readonly waitingFor: readonly string[];
    readonly bytes: number;
  } | null;
}

export interface LiveSetting {
  readonly startedMs: number;
  /** Named files, beside stdin. */
  readonly files: number;
  readonly readsStdin: boolean;
  readonly follows: boolean;
  readonly defaultCurrency: string;
}

export interface LiveRow extends Pick<Metrics, 'clicks' | 'conversions' | 'revenueMicros'> {
  readonly eventsPerSecond: number | null;
}

export interface LiveCampaign extends LiveRow {
  readonly campaignId: string | null;
}

export interface LiveFigures {
  readonly elapsedMs: number;
  readonly readsStdin: boolean;
  /** Named, or where they are followed, open. */
  readonly files: number;
  readonly follows: boolean;
  /** null where nothing is followed, or before the first look. */
  readonly follow: { readonly waitingFor: readonly string[]; readonly bytesBehind: number } | null;
  readonly account: LineCounts;
  readonly bytesRead: number;
  readonly bytesPerSecond: number | null;
  readonly currency: string;
  readonly totals: LiveRow;
  /** The first ones, in the order of reports. */
  readonly campaigns: readonly LiveCampaign[];
  /** Of all. */
  readonly campaignCount: number;
  /** Events of each of the last seconds; the first began at `startMs`, a whole second since the epoch. */
  readonly seconds: { readonly startMs: number; readonly events: readonly number[] };
}

/** Takes the figures as they stand, and notes them for the rates of later ones. */
export function takeLiveFigures(
  { account, aggregator: { totals, campaigns }, bytesRead, lag }: RunningIngest,
  meter: RateMeter,
  { startedMs, files, readsStdin, follows, defaultCurrency }: LiveSetting,
  nowMs: number,
): LiveFigures {
  const { currency } = chooseCurrency(totals, defaultCurrency);
  const rows = [...campaigns.groups]
    .map(([campaignId, group]) => ({ campaignId, events: eventsOf(group), ...sumsOf(group, currency) }))
    .sort(compareCampaigns);
  meter.note(
    nowMs,
    account.accepted,
    bytesRead,
    rows.map(({ campaignId, events }) => [campaignId, events]),
  );
  const { startMs, growth } = meter.eventsBySecond(nowMs);
  return {
    elapsedMs: nowMs - startedMs,
    readsStdin,
    follows,
    files: lag?.files ?? files,
    follow: lag && { waitingFor: lag.waitingFor, bytesBehind: lag.bytes },
    account,
    bytesRead,
    bytesPerSecond: meter.bytesPerSecond(nowMs),
    currency,
    totals: { ...sumsOf(totals, currency), eventsPerSecond: meter.eventsPerSecond(nowMs) },
    campaigns: rows.slice(0, MAX_METERED).map(({ campaignId, clicks, conversions, revenueMicros }) => ({
      ...{ campaignId, clicks, conversions, revenueMicros },
      eventsPerSecond: meter.campaignPerSecond(campaignId, nowMs),
    })),
    campaignCount: rows.length,
    seconds: { startMs, events: growth },
  };
}

function eventsOf({ clicks, conversions, refunds }: Group): number {
  return clicks + conversions + refunds;
}

function sumsOf({ clicks, conversions, takings }: Group, currency: string): Omit<LiveRow, 'eventsPerSecond'> {
  return { clicks, conversions, revenueMicros: takings.get(currency)?.revenueMicros ?? 0n };
}
