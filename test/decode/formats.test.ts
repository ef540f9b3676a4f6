import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES } from '../../src/decode/format.js';
import { formatNamed, FORMATS } from '../../src/decode/formats.js';

describe('the table of formats', () => {
  it('has each name once, with a description', () => {
    expect(FORMATS.map(({ name }) => name).sort()).toEqual([...FORMAT_NAMES].sort());
    expect(FORMATS.every(({ description }) => description.length > 5)).toBe(true);
  });

  it.each(FORMAT_NAMES)('finds %s by its name', (name) => {
    expect(formatNamed(name).name).toBe(name);
  });
});
