/** The order of rows: by revenue, then clicks, both largest first, then name; what has no name comes last. */
import type { CampaignRow, GroupRow } from './report.js';

export function compareCampaigns(a: CampaignRow, b: CampaignRow): number {
  return compareGroups({ ...a, key: a.campaignId }, { ...b, key: b.campaignId });
}

export function compareGroups(a: GroupRow, b: GroupRow): number {
  if (a.revenueMicros !== b.revenueMicros) return a.revenueMicros > b.revenueMicros ? -1 : 1;
  if (a.clicks !== b.clicks) return b.clicks - a.clicks;
  return compareKeys(a.key, b.key);
}

/** By code unit, so that the order is the same everywhere; null last. */
export function compareKeys(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
