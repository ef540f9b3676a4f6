import { expect, test } from 'vitest';
import type { CampaignRow } from '../../src/dashboard/report-body.js';
import { sortCampaigns } from '../../src/dashboard/sort-campaigns.js';

const row = (campaignId: string | null, conversionRate: number | null): CampaignRow => ({
  campaign_id: campaignId,
  clicks: 0,
  conversions: 0,
  refunds: 0,
  revenue: 0,
  unique_users: 0,
  conversion_rate: conversionRate,
  average_order_value: null,
  revenue_per_click: null,
  first_event_at: null,
  last_event_at: null,
});
const ROWS = [row('ad10', 0.2), row(null, null), row('ad9', 0.5)];
const names = (rows: readonly CampaignRow[]): (string | null)[] => rows.map((each) => each.campaign_id);

test('what has no value comes last, whichever way', () => {
  expect(names(sortCampaigns(ROWS, { key: 'conversion_rate', ascending: false }))).toEqual([
    'ad9',
    'ad10',
    null,
  ]);
  expect(names(sortCampaigns(ROWS, { key: 'conversion_rate', ascending: true }))).toEqual([
    'ad10',
    'ad9',
    null,
  ]);
});

test('names are sorted as people count', () => {
  expect(names(sortCampaigns(ROWS, { key: 'campaign_id', ascending: true }))).toEqual(['ad9', 'ad10', null]);
});
