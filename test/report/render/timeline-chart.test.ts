import { describe, expect, it } from 'vitest';
import { renderTimelineChart } from '../../../src/report/render/timeline-chart.js';
import { plain, report, timeline, widest } from './sample-report.js';

describe('the chart over time', () => {
  it('names its measure and its step', () => {
    const text = renderTimelineChart(report({ timeline: timeline('day', [100, 300, 200]) }), 80, plain);
    expect(text.split('\n')[0]).toBe('Revenue per day');
    expect(text).toContain('$300 ┤');
    expect(text).toMatch(/Jun 1 +Jun 2 +Jun 3/);
  });

  it('shows clicks where nothing was earned', () => {
    const text = renderTimelineChart(report({ timeline: timeline('hour', [0, 0, 0]) }), 80, plain);
    expect(text.split('\n')[0]).toBe('Clicks per hour');
    expect(text).toContain('10 ┤');
  });

  it('labels hours within a day and the day at its midnight, in the zone of the report', () => {
    const filters = {
      sinceMicros: null,
      untilMicros: null,
      timeZone: 'America/New_York',
      campaignId: null,
      where: new Map(),
    };
    const text = renderTimelineChart(
      report({ filters, timeline: timeline('hour', Array<number>(24).fill(5)) }),
      200,
      plain,
    );
    const labels = text.split('\n').at(-1)?.trim().split(/ {2,}/) ?? [];
    // Midnight UTC is 20:00 the day before in New York.
    expect(labels.slice(0, 6)).toEqual(['20:00', '21:00', '22:00', '23:00', 'Jun 1', '01:00']);
  });

  it('is left out where there is nothing to draw', () => {
    expect(renderTimelineChart(report(), 80, plain)).toBe('');
    expect(renderTimelineChart(report({ timeline: timeline('day', [5]) }), 80, plain)).toBe('');
    expect(renderTimelineChart(report({ timeline: { interval: 'day', points: [] } }), 80, plain)).toBe('');
  });

  it.each([20, 40, 80, 200])('fits into %i columns, however long the timeline', (width) => {
    for (const length of [2, 14, 24, 336, 4_000]) {
      const values = Array.from({ length }, (_, index) => (index % 7) * 1000 - 500);
      const text = renderTimelineChart(report({ timeline: timeline('hour', values) }), width, plain);
      expect(widest(text)).toBeLessThanOrEqual(width);
      expect(text).not.toMatch(/NaN|undefined/);
    }
  });
});
