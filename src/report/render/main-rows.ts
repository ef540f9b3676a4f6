/** The rows a report is mainly about: its campaigns, or those of the breakdown that was asked for. */
import type { CampaignRow, Dimension, GroupRow, Metrics, Report } from '../report.js';

export interface MainRow {
  readonly key: string | null;
  readonly metrics: Metrics;
  readonly trend: readonly number[];
}

export interface MainRows {
  readonly dimension: Dimension;
  /** What the row's key is called in JSON and CSV. */
  readonly keyName: 'campaign_id' | 'key';
  readonly rows: readonly MainRow[];
}

export function mainRows(report: Report, by?: Dimension): MainRows {
  const groups = by === undefined ? undefined : report.breakdowns.get(by);
  if (by === undefined || (by === 'campaign' && !groups)) {
    return { dimension: 'campaign', keyName: 'campaign_id', rows: report.campaigns.map(ofCampaign) };
  }
  return { dimension: by, keyName: 'key', rows: groupRows(groups ?? []) };
}

export function groupRows(groups: readonly GroupRow[]): MainRow[] {
  return groups.map((row) => ({ key: row.key, metrics: row, trend: [] }));
}

function ofCampaign(row: CampaignRow): MainRow {
  return { key: row.campaignId, metrics: row, trend: row.trend };
}
