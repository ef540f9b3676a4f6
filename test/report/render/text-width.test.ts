import { describe, expect, it } from 'vitest';
import { padToWidth, textWidth, truncateToWidth } from '../../../src/report/render/text-width.js';

const FAMILY = '👩‍👩‍👧‍👦';

describe('text width', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['夏のセール', 10],
    ['e\u0301', 1],
    [FAMILY, 2],
    ['\u001b[1mab\u001b[22m', 2],
  ])('of %j is %i columns', (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });

  it('cuts a long text and marks the cut', () => {
    expect(truncateToWidth('summer_sale', 11)).toBe('summer_sale');
    expect(truncateToWidth('summer_sale', 10)).toBe('summer_sa…');
    expect(truncateToWidth('summer_sale', 1)).toBe('…');
    expect(truncateToWidth('summer_sale', 0)).toBe('');
  });

  it('never cuts a wide character in half', () => {
    expect(truncateToWidth('夏のセール', 10)).toBe('夏のセール');
    expect(truncateToWidth('夏のセール', 9)).toBe('夏のセー…');
    expect(truncateToWidth('夏のセール', 8)).toBe('夏のセ…');
  });

  it('keeps an emoji and an accent whole', () => {
    expect(truncateToWidth(`${FAMILY}${FAMILY}`, 3)).toBe(`${FAMILY}…`);
    expect(truncateToWidth('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
    expect(truncateToWidth('e\u0301e\u0301', 2)).toBe('e\u0301e\u0301');
  });

  it('pads by columns, not by characters', () => {
    expect(padToWidth('夏', 4)).toBe('夏  ');
    expect(padToWidth('夏', 4, 'right')).toBe('  夏');
    expect(padToWidth('long', 2)).toBe('long');
  });
});
