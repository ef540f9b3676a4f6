/** The order of rows: by revenue, then clicks, both largest first, then name; what has no name comes last. */
import type { CampaignRow, GroupRow, Metrics } from './report.js';

type Ranked = Pick<Metrics, 'revenueMicros' | 'clicks'>;
type RankedCampaign = Ranked & Pick<CampaignRow, 'campaignId'>;

export function compareCampaigns(a: RankedCampaign, b: RankedCampaign): number {
  return compareMetrics(a, b) || compareKeys(a.campaignId, b.campaignId);
}

export function compareGroups(a: GroupRow, b: GroupRow): number {
  return compareMetrics(a, b) || compareKeys(a.key, b.key);
}

function compareMetrics(a: Ranked, b: Ranked): number {
  if (a.revenueMicros !== b.revenueMicros) return a.revenueMicros > b.revenueMicros ? -1 : 1;
  return b.clicks - a.clicks;
}

/** By code unit, so that the order is the same everywhere; null last. */
export function compareKeys(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
