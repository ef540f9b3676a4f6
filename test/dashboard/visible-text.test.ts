import { expect, test } from 'vitest';
import { displayName } from '../../src/dashboard/visible-text.js';

test('what is missing has a name of its own', () => {
  expect(displayName('campaign', null)).toBe('(unattributed)');
  expect(displayName('ad', null)).toBe('(unattributed)');
  expect(displayName('product', null)).toBe('(none)');
  expect(displayName('source', '')).toBe('(blank)');
});

test('control and bidi characters are shown, markup stays text', () => {
  expect(displayName('campaign', '\u202egnp.evil\u202c')).toBe(String.raw`\u202egnp.evil\u202c`);
  expect(displayName('campaign', 'a\nb\0')).toBe(String.raw`a\x0ab\x00`);
  expect(displayName('campaign', '<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
});
