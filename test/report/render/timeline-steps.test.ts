import { describe, expect, it } from 'vitest';
import { timelineSteps } from '../../../src/report/render/timeline-steps.js';
import { DAY, HOUR, JUNE_1, timeline } from './sample-report.js';

const units = (steps: readonly { revenueMicros: bigint }[]) =>
  steps.map((step) => Number(step.revenueMicros / 1_000_000n));

describe('timeline steps', () => {
  it('are the points themselves where they fit', () => {
    const { stepHours, steps } = timelineSteps(timeline('hour', [1, 2, 3]), 'UTC', 60);
    expect(stepHours).toBe(1);
    expect(units(steps)).toEqual([1, 2, 3]);
  });

  it('sum hours into longer steps that start at midnight of the zone', () => {
    // 48 hours from midnight UTC are 22 hours of one day in Berlin, 24 of the next and 2 of a third.
    const { stepHours, steps } = timelineSteps(
      timeline('hour', Array<number>(48).fill(1)),
      'Europe/Berlin',
      12,
    );
    expect(stepHours).toBe(24);
    expect(units(steps)).toEqual([22, 24, 2]);
    expect(steps[1]?.startMicros).toBe(JUNE_1 + 22n * HOUR);
  });

  it('keep to midnight when the clocks change', () => {
    // Berlin, 2026-03-29: a day of 23 hours. Its midnight is 23:00 UTC the day before.
    const start = BigInt(Date.UTC(2026, 2, 28, 23)) * 1000n;
    const points = Array.from({ length: 47 }, (_, hour) => ({
      startMicros: start + BigInt(hour) * HOUR,
      clicks: 1,
      conversions: 0,
      revenueMicros: 0n,
    }));
    const { stepHours, steps } = timelineSteps({ interval: 'hour', points }, 'Europe/Berlin', 12);
    expect(stepHours).toBe(24);
    expect(steps.map((step) => step.clicks)).toEqual([23, 24]);
  });

  it('sum days into weeks', () => {
    const { stepHours, steps } = timelineSteps(timeline('day', Array<number>(30).fill(1)), 'UTC', 10);
    expect(stepHours).toBe(168);
    expect(units(steps)).toEqual([7, 7, 7, 7, 2]);
  });

  it('fill the days that a long timeline left out', () => {
    const [first] = timeline('day', [5]).points;
    const points = first ? [first, { ...first, startMicros: JUNE_1 + 3n * DAY }] : [];
    const { steps } = timelineSteps({ interval: 'day', points }, 'UTC', 60);
    expect(units(steps)).toEqual([5, 0, 0, 5]);
    expect(steps.map((step) => step.startMicros)).toEqual([0n, 1n, 2n, 3n].map((day) => JUNE_1 + day * DAY));
  });

  it('fit even a span of centuries', () => {
    const [first] = timeline('day', [5]).points;
    const points = first ? [first, { ...first, startMicros: JUNE_1 + 365_000n * DAY }] : [];
    expect(timelineSteps({ interval: 'day', points }, 'UTC', 60).steps.length).toBeLessThanOrEqual(60);
    expect(timelineSteps({ interval: 'day', points: [] }, 'UTC', 60).steps).toEqual([]);
  });
});
