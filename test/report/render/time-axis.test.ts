import { describe, expect, it } from 'vitest';
import { renderTimeAxis } from '../../../src/report/render/time-axis.js';

describe('a time axis', () => {
  it('labels every point where there is room', () => {
    const points = ['Jun 1', 'Jun 2', 'Jun 3'].map((label) => ({ label, rank: 0 }));
    expect(renderTimeAxis(points, 8, 3)).toEqual({
      ticks: '┬───────┬───────┬───────',
      labels: ' Jun 1   Jun 2   Jun 3',
    });
  });

  it('prefers the points of higher rank where there is not', () => {
    const points = ['Jun 1', '06:00', '12:00', '18:00', 'Jun 2', '06:00', '12:00', '18:00'].map(
      (label, index) => ({ label, rank: index % 4 === 0 ? 4 : 1 }),
    );
    expect(renderTimeAxis(points, 3, 0)).toEqual({
      ticks: '┬───────────┬───────────',
      labels: 'Jun 1     Jun 2',
    });
  });

  it('takes every second, third … of them where even those collide', () => {
    const points = Array.from({ length: 12 }, (_, index) => ({ label: `Jun ${index + 1}`, rank: 0 }));
    const { ticks, labels } = renderTimeAxis(points, 2, 2);
    expect(ticks).toBe('┬───────┬───────┬───────');
    expect(labels).toBe('Jun 1   Jun 5   Jun 9');
  });

  it('never writes past the plot', () => {
    const points = ['a long label', 'another'].map((label) => ({ label, rank: 0 }));
    expect(renderTimeAxis(points, 2, 0)).toEqual({ ticks: '────', labels: '' });
  });
});
