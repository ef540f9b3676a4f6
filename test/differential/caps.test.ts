/** As many groups are named as there are names for, whichever decoder counts them, and whatever has no name. */
import { expect, it } from 'vitest';
import { MAX_CAMPAIGNS } from '../../src/aggregate/aggregator.js';
import { run } from '../support/cli.js';

const click = (campaign: number): string =>
  `{"type":"click","timestamp":"2026-06-01T00:00:00Z","campaign_id":"c${campaign}","user_id":"u"}`;
const UNATTRIBUTED = '{"type":"conversion","timestamp":"2026-06-01T00:00:00Z","user_id":"u","amount":1}';

async function campaignsOf(decoder: string, lines: readonly string[]): Promise<Map<string | null, number>> {
  const { code, stdout } = await run(['ingest', '--no-store', '--json', '--quiet', '--decoder', decoder], {
    input: `${lines.join('\n')}\n`,
  });
  expect(code).toBe(0);
  const { report } = JSON.parse(stdout) as {
    report: {
      totals: { campaigns: number };
      campaigns: { campaign_id: string | null; clicks: number; conversions: number }[];
    };
  };
  const named = report.campaigns.filter(({ campaign_id }) => campaign_id !== null);
  expect(report.totals.campaigns).toBe(named.length);
  return new Map(
    report.campaigns.map(({ campaign_id, clicks, conversions }) => [campaign_id, clicks + conversions]),
  );
}

it.each(['reference', 'kernel'])(
  'names each of as many campaigns as there may be, and no more: %s',
  async (decoder) => {
    const full = Array.from({ length: MAX_CAMPAIGNS }, (_, i) => click(i));
    for (const lines of [
      [UNATTRIBUTED, ...full],
      [...full, UNATTRIBUTED],
    ]) {
      const campaigns = await campaignsOf(decoder, lines);
      expect(campaigns.size).toBe(MAX_CAMPAIGNS + 1);
      expect(campaigns.get(null)).toBe(1);
      expect(campaigns.has('(other)')).toBe(false);
    }
    const more = await campaignsOf(decoder, [
      ...full,
      click(MAX_CAMPAIGNS),
      click(MAX_CAMPAIGNS + 1),
      UNATTRIBUTED,
    ]);
    expect(more.size).toBe(MAX_CAMPAIGNS + 2);
    expect(more.get('(other)')).toBe(2);
  },
);
