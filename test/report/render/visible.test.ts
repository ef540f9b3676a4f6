import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../../src/report/render/visible.js';
import { TERMINAL_UNSAFE } from './sample-report.js';

describe('visible', () => {
  it.each([
    ['\u001b]0;x\u0007', '\\x1b]0;x\\x07'],
    ['a\tb\nc\rd\0', 'a\\x09b\\x0ac\\x0dd\\x00'],
    ['\u007f\u009b31m', '\\x7f\\x9b31m'],
    ['abc\u202etxt', 'abc\\u202etxt'],
    ['\u061c\u200e\u200f\u2066\u2069', '\\u061c\\u200e\\u200f\\u2066\\u2069'],
    ['a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['\ud800 and \udfff', '\\ud800 and \\udfff'],
    ['tag \u{e0041}', 'tag \\u{e0041}'],
  ])('shows %j as an escape in plain text', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it.each(['summer_sale', '夏のセール', 'Ünïcödé – €', 'नमस्ते', '👩‍👩‍👧‍👦', '❤️‍🔥', '👍🏽', 'مرحبا', '<b>&"'])(
    'leaves %j as it is',
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );

  it('shows a joiner that joins no emoji', () => {
    expect(visible('a\u200db')).toBe('a\\u200db');
  });

  it('lets nothing through that a terminal would act on, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visible(text);
        expect(shown).not.toMatch(TERMINAL_UNSAFE);
        expect(shown).not.toContain('\n');
        expect(visible(shown)).toBe(shown);
      }),
    );
  });
});
