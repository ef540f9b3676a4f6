/** Rows for the tests of reports: no events but what a test says. */
import { NO_METRICS } from '../../src/report/metrics.js';
import type { CampaignRow, GroupRow, Metrics } from '../../src/report/report.js';

export function group(key: string | null, metrics: Partial<Metrics> = {}): GroupRow {
  return { ...NO_METRICS, key, ...metrics };
}

export function campaign(campaignId: string | null, metrics: Partial<Metrics> = {}): CampaignRow {
  return { ...NO_METRICS, campaignId, trend: [], ...metrics };
}
