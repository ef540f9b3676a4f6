/** The campaign table's order: by a metric or by name; what has no value comes last either way. */
import type { CampaignRow, Metrics } from './report-body.js';

export interface CampaignSort {
  readonly key: keyof Metrics | 'campaign_id';
  readonly ascending: boolean;
}

export function sortCampaigns(rows: readonly CampaignRow[], { key, ascending }: CampaignSort): CampaignRow[] {
  const sign = ascending ? 1 : -1;
  return rows.toSorted((a, b) => {
    const left = a[key];
    const right = b[key];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * order(left, right);
  });
}

function order(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left).localeCompare(String(right), 'en', { numeric: true });
}
