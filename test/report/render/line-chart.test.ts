import { describe, expect, it } from 'vitest';
import { renderLineChart } from '../../../src/report/render/line-chart.js';
import { formatCompact } from '../../../src/report/render/number-format.js';
import { plain, widest } from './sample-report.js';

function chart(values: readonly number[], width = 40): string {
  const points = values.map((value, index) => ({ value, label: `d${index + 1}`, rank: 0 }));
  return renderLineChart({ points, formatValue: (value) => formatCompact(value, 2), width, style: plain });
}

describe('a line chart', () => {
  it('draws the line, labels the y axis in round numbers and the time axis in points', () => {
    expect(chart([0, 20, 10], 24)).toBe(
      [
        '20 ┤      ╭─────╮',
        '   │      │     │',
        '15 ┤      │     │',
        '   │      │     │',
        '10 ┤      │     ╰─────',
        '   │      │',
        ' 5 ┤      │',
        '   │      │',
        ' 0 ┤──────╯',
        '   └┬─────┬─────┬─────',
        '   d1    d2    d3',
      ].join('\n'),
    );
  });

  it.each([
    ['no revenue', [0, 0, 0]],
    ['one point', [5]],
    ['two points', [5, 7]],
    ['a flat series', [7, 7, 7]],
    ['a flat loss', [-7, -7]],
    ['a huge range', [0, 9e18, 1]],
    ['a tiny range', [0.001, 0.002]],
    ['gains and losses', [100, -50, 30]],
  ])('has finite labels and fits with %s', (_, values) => {
    const text = chart(values);
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
    expect(widest(text)).toBeLessThanOrEqual(40);
    expect(text.split('\n').length).toBeGreaterThan(8);
    expect(text.split('\n').length).toBeLessThan(20);
  });

  it('puts a flat series on the line of its value', () => {
    expect(chart([5, 5], 10).split('\n')[0]).toBe('5 ┤──────');
  });

  it('goes below zero for losses', () => {
    const labels = chart([100, -50]).match(/^ *-?\d+/gm);
    expect(labels).toEqual([' 100', '  50', '   0', ' -50'].map((label) => label.slice(1).padStart(3)));
  });

  it('is empty without points, and where they cannot fit', () => {
    expect(chart([])).toBe('');
    expect(chart([1, 2, 3], 5)).toBe('');
  });

  it('keeps room for points to come, in as many rows as there are', () => {
    const points = [
      { value: 0, label: 'a', rank: 0 },
      { value: 5, label: 'b', rank: 0 },
    ];
    const formatValue = (value: number) => formatCompact(value);
    expect(renderLineChart({ points, formatValue, width: 15, rows: 2, pointsToCome: 4, style: plain })).toBe(
      ['5 ┤   ╭──', '  │   │', '0 ┤───╯', '  └┬──┬──', '   a  b'].join('\n'),
    );
  });
});
