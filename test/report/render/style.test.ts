import { describe, expect, it } from 'vitest';
import { createStyle } from '../../../src/report/render/style.js';

describe('style', () => {
  it('adds nothing with colour off', () => {
    const { series, ...style } = createStyle(false);
    expect([...Object.values(style), ...series].map((paint) => paint('x'))).toEqual(Array(10).fill('x'));
  });

  it('paints with colour on, and no text twice', () => {
    expect(createStyle(true).bold('x')).toBe('\u001b[1mx\u001b[22m');
    expect(['a', 'b'].map(createStyle(true).good)).toEqual([
      '\u001b[32ma\u001b[39m',
      '\u001b[32mb\u001b[39m',
    ]);
  });

  it('uses no colour that vanishes on a light or a dark background', () => {
    const { series, ...style } = createStyle(true);
    const painted = [...Object.values(style), ...series].map((paint) => paint('x')).join('');
    // Black 30, yellow 33, white 37, and everything bright from 90.
    expect(painted).not.toMatch(/\[(?:30|33|37|9\d)m/);
  });
});
