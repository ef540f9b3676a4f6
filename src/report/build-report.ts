/** The one path from a question to a report: the command line and every other face of mapipe ask through here. */
import { MapipeError } from '../errors.js';
import type { ReportAnswer, ReportQuestion } from '../store/report-question.js';
import type { Store } from '../store/store.js';
import { fillTimeline } from './fill-timeline.js';
import { nearest } from './nearest.js';
import { compareCampaigns, compareGroups } from './order.js';
import {
  CAMPAIGN_BREAKDOWNS,
  type CampaignRow,
  type Dimension,
  type GroupRow,
  type Report,
} from './report.js';
import { sortRows, type Sort } from './sort.js';

/** A question, and how its answer is to be arranged. */
export interface ReportRequest extends Omit<ReportQuestion, 'breakdowns' | 'trends'> {
  /** The dimensions to break down by; the first is that of the main table. None: campaigns are. */
  readonly by: readonly Dimension[];
  /** The order of the main table and of every breakdown asked for; null: by revenue, buckets of time by their start. */
  readonly sort: Sort | null;
  /** Rows of each of these at most; null: all. Totals are of all of them. */
  readonly limit: number | null;
  /** Give the timeline also where no campaign is asked for. */
  readonly timeline: boolean;
  /** Give what charts are drawn of, whatever else is asked for: the timeline, and the trend of each campaign. */
  readonly charts: boolean;
}

/** Asks the store. An unknown campaign is an error that names the nearest ones. */
export async function buildReport(store: Store, request: ReportRequest): Promise<Report> {
  const question: ReportQuestion = {
    ...request,
    breakdowns: breakdownsOf(request),
    timeline: request.timeline || request.charts || request.campaignId !== null,
    trends: request.charts,
  };
  const answer = await store.report(question);
  if (answer.knownCampaigns !== null) throw unknownCampaign(request.campaignId ?? '', answer.knownCampaigns);
  const { sinceMicros, untilMicros, timeZone, campaignId, where, by, timeline } = request;
  const campaigns = answer.campaigns.map((row) => campaignRow(row, answer)).sort(compareCampaigns);
  return {
    generatedAt: new Date(),
    filters: { sinceMicros, untilMicros, timeZone, campaignId, where },
    currency: answer.currency,
    otherCurrencies: answer.otherCurrencies,
    exact: { uniqueUsers: answer.exactUsers },
    totals: {
      campaigns: campaigns.filter((row) => row.campaignId !== null).length,
      ...answer.totals,
    },
    campaigns: by.length === 0 || by.includes('campaign') ? cut(campaigns, request) : campaigns,
    breakdowns: new Map(
      [...answer.breakdowns].map(([dimension, rows]) => {
        const ordered = isTime(dimension) ? [...rows].sort(byTime) : [...rows].sort(compareGroups);
        return [dimension, by.includes(dimension) ? cut(ordered, request) : ordered];
      }),
    ),
    timeline: answer.timeline && fillTimeline(answer.timeline, timeZone),
    timelineAsked: timeline,
  };
}

function breakdownsOf({ campaignId, by }: ReportRequest): Dimension[] {
  return [...new Set<Dimension>([...(campaignId === null ? [] : CAMPAIGN_BREAKDOWNS), ...by])];
}

function campaignRow({ key, ...metrics }: GroupRow, { trends }: ReportAnswer): CampaignRow {
  return { campaignId: key, ...metrics, trend: trends.get(key) ?? [] };
}

function cut<T extends CampaignRow | GroupRow>(rows: readonly T[], { sort, limit }: ReportRequest): T[] {
  const sorted = sort === null ? [...rows] : sortRows(rows, sort);
  return limit === null ? sorted : sorted.slice(0, limit);
}

function isTime(dimension: Dimension): boolean {
  return dimension === 'hour' || dimension === 'day' || dimension === 'week' || dimension === 'month';
}

function byTime(a: GroupRow, b: GroupRow): number {
  const left = a.firstEventMicros ?? 0n;
  const right = b.firstEventMicros ?? 0n;
  return left < right ? -1 : left > right ? 1 : 0;
}

function unknownCampaign(campaignId: string, known: readonly string[]): MapipeError {
  const near = nearest(campaignId, known);
  const hint =
    near.length > 0
      ? `did you mean ${near.join(', ')}?`
      : known.length > 0
        ? `the store knows ${known.slice(0, 5).join(', ')}${known.length > 5 ? ', …' : ''}`
        : 'the store is empty; fill it with: mapipe ingest FILE';
  return new MapipeError('MAPIPE_CAMPAIGN_UNKNOWN', `no campaign is called ${campaignId}`, { hint });
}
