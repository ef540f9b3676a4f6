import { describe, expect, it } from 'vitest';
import { renderBarChart } from '../../../src/report/render/bar-chart.js';
import { plain, widest } from './sample-report.js';

describe('a bar chart', () => {
  it('draws bars to an eighth of a column, and none for a loss', () => {
    const bars = [
      { label: 'a', value: 80, text: '$80' },
      { label: 'bb', value: 41, text: '$41' },
      { label: 'c', value: 0.001, text: '$0' },
      { label: 'd', value: 0, text: '$0' },
      { label: 'e', value: -5, text: '-$5' },
    ];
    // 19 columns less 3 of values, 2 of labels and two gaps of 2: 10 for the bars. 41/80 of 10 is 5 and an eighth.
    expect(renderBarChart({ bars, width: 19, style: plain }).split('\n')).toEqual([
      'a   ██████████  $80',
      'bb  █████▏      $41',
      'c   ▏            $0',
      'd                $0',
      'e               -$5',
    ]);
  });

  it('shows the first ones and counts the rest', () => {
    const bars = Array.from({ length: 17 }, (_, index) => ({ label: `c${index}`, value: 1, text: '1' }));
    const lines = renderBarChart({ bars, width: 40, style: plain }).split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[10]).toBe('… and 7 more');
  });

  it('fits a long and a wide label', () => {
    const bars = ['x'.repeat(65_536), '夏'.repeat(100)].map((label) => ({ label, value: 1, text: '$1.00' }));
    for (const width of [20, 40, 80, 200]) {
      const text = renderBarChart({ bars, width, style: plain });
      expect(widest(text)).toBeLessThanOrEqual(width);
      expect(text).toContain('█');
    }
  });

  it('is left out where the values leave it no room', () => {
    const bars = [{ label: 'a', value: 1, text: '$9,007,199,254,740,993.00' }];
    expect(renderBarChart({ bars, width: 30, style: plain })).toBe('');
  });

  it('is empty without bars', () => {
    expect(renderBarChart({ bars: [], width: 40, style: plain })).toBe('');
  });
});
