/** Figures of a run that goes on, worked out by hand, and the views to show them in. */
import type { LiveCampaign, LiveFigures } from '../../../src/report/live-figures.js';
import { liveScreen } from '../../../src/report/render/live-screen.js';
import { plain } from './sample-report.js';

/** 2026-06-01T00:00:00Z. */
export const MIDNIGHT_MS = 1_780_272_000_000;

export function liveCampaign(campaignId: string | null, part: Partial<LiveCampaign> = {}): LiveCampaign {
  return { campaignId, clicks: 0, conversions: 0, revenueMicros: 0n, eventsPerSecond: 0, ...part };
}

/** Two campaigns and what belongs to none: 1,500 clicks, 61 conversions, $6,244.56. */
export function liveFigures(part: Partial<LiveFigures> = {}): LiveFigures {
  const campaigns = part.campaigns ?? [
    liveCampaign('summer_sale', {
      clicks: 1_000,
      conversions: 50,
      revenueMicros: 5_000_000_000n,
      eventsPerSecond: 12.4,
    }),
    liveCampaign('brand', {
      clicks: 500,
      conversions: 10,
      revenueMicros: 1_234_560_000n,
      eventsPerSecond: 0.25,
    }),
    liveCampaign(null, { conversions: 1, revenueMicros: 10_000_000n, eventsPerSecond: null }),
  ];
  return {
    elapsedMs: 125_900,
    readsStdin: true,
    follows: (part.follow ?? null) !== null,
    files: 0,
    follow: null,
    account: { lines: 1_606, accepted: 1_561, duplicates: 0, ignored: 40, rejected: 5 },
    bytesRead: 300_000,
    bytesPerSecond: 2_400,
    currency: 'USD',
    totals: { clicks: 1_500, conversions: 61, revenueMicros: 6_244_560_000n, eventsPerSecond: 12.65 },
    campaignCount: campaigns.length,
    seconds: {
      startMs: MIDNIGHT_MS,
      events: Array.from({ length: 125 }, (_, second) => (second < 60 ? 10 : 20)),
    },
    ...part,
    campaigns,
  };
}

export function screenOf(part: Partial<LiveFigures>, width: number, height: number): string {
  return liveScreen(liveFigures(part), { width, height, timeZone: 'UTC', style: plain });
}
