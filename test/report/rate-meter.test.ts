import { describe, expect, it } from 'vitest';
import { RateMeter, type MeteredCampaign } from '../../src/report/rate-meter.js';

const START_MS = 5_000_000;

function noteFor(meter: RateMeter, seconds: number, campaignsAt: (second: number) => MeteredCampaign[]) {
  for (let second = 1; second <= seconds; second++) {
    meter.note(START_MS + second * 1000, 30 * second, 6_000 * second, campaignsAt(second));
  }
  return START_MS + seconds * 1000;
}

describe('a rate meter', () => {
  it('tells events, bytes and the events of each campaign a second, that without a name among them', () => {
    const meter = new RateMeter(START_MS);
    const nowMs = noteFor(meter, 20, (second) => [
      ['a', 20 * second],
      [null, 10 * second],
    ]);
    expect(meter.eventsPerSecond(nowMs)).toBeCloseTo(30, 6);
    expect(meter.bytesPerSecond(nowMs)).toBeCloseTo(6_000, 6);
    expect(meter.campaignPerSecond('a', nowMs)).toBeCloseTo(20, 6);
    expect(meter.campaignPerSecond(null, nowMs)).toBeCloseTo(10, 6);
    expect(meter.campaignPerSecond('unheard of', nowMs)).toBeNull();
    expect(meter.eventsBySecond(nowMs)).toEqual({
      startMs: START_MS,
      growth: Array.from({ length: 20 }, () => expect.closeTo(30, 6) as number),
    });
  });

  it('has the last 300 seconds, where there are as many', () => {
    const meter = new RateMeter(START_MS);
    const nowMs = noteFor(meter, 500, () => []);
    const { startMs, growth } = meter.eventsBySecond(nowMs);
    expect(startMs).toBe(START_MS + 200_000);
    expect(growth).toHaveLength(300);
    expect(growth.every((count) => Math.abs(count - 30) < 1e-6)).toBe(true);
  });

  it('counts all of a campaign that is new as having come now, where it knew all others', () => {
    const meter = new RateMeter(START_MS);
    const nowMs = noteFor(meter, 60, (second) =>
      second < 60
        ? [['a', second]]
        : [
            ['a', second],
            ['new', 50],
          ],
    );
    expect(meter.campaignPerSecond('new', nowMs)).toBeCloseTo(5, 6);
  });

  it('does not take for new what it had no room for', () => {
    const meter = new RateMeter(START_MS);
    const many = Array.from({ length: 60 }, (_, index): MeteredCampaign => [`c${index}`, 1_000]);
    noteFor(meter, 20, () => many);
    const risen: MeteredCampaign[] = [['c55', 1_004], ...many.slice(0, 55)];
    meter.note(START_MS + 21_000, 700, 0, risen);
    expect(meter.campaignPerSecond('c55', START_MS + 21_000)).toBeNull();
    meter.note(START_MS + 23_000, 700, 0, [['c55', 1_010], ...risen.slice(1)]);
    expect(meter.campaignPerSecond('c55', START_MS + 23_000)).toBeCloseTo(3, 6);
    expect(meter.campaignPerSecond('c40', START_MS + 23_000)).toBe(0);
  });

  it('keeps within bounds, however long it runs and however many campaigns there are', () => {
    const meter = new RateMeter(START_MS);
    for (let look = 0; look < 8_000; look++) {
      const campaigns = Array.from({ length: 60 }, (_, index): MeteredCampaign => [
        `c${Math.floor(look / 100) + index}`,
        look,
      ]);
      meter.note(START_MS + look * 250, look, look, campaigns);
    }
    // Two in every half second: of six minutes of events, and of 20 s of bytes and of each of 50 campaigns.
    expect(meter.size).toBeLessThan(4 * (360 + 51 * 20) + 52 * 4);
    expect(meter.campaignPerSecond('c79', START_MS + 7_999 * 250)).toBeCloseTo(4, 6);
  });
});
