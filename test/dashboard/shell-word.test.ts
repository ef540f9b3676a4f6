import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from '../../src/dashboard/shell-word.js';

test('plain words stay as they are', () => {
  expect(shellWord('summer_sale')).toBe('summer_sale');
  expect(shellWord('source=google')).toBe('source=google');
});

test('everything else is quoted', () => {
  expect(shellWord('')).toBe("''");
  expect(shellWord('a b')).toBe("'a b'");
  expect(shellWord("O'Brien")).toBe(`'O'\\''Brien'`);
  expect(shellWord('$(reboot)')).toBe("'$(reboot)'");
});

test('what nobody sees is spelled out, so that pasting runs no line and drives no terminal', () => {
  expect(shellWord('a\nb')).toBe(String.raw`$'a\012b'`);
  expect(shellWord("it's \x1b[2J")).toBe(String.raw`$'it\'s \033[2J'`);
  // U+202E is E2 80 AE in UTF-8.
  expect(shellWord('\u202egnp')).toBe(String.raw`$'\342\200\256gnp'`);
});

test('a shell reads each word as the text that it was', () => {
  const words = [
    'a b',
    "O'Brien",
    '`id` $HOME "x" \\',
    '-n',
    'line\nbreak\t',
    '\u202egnp.evil\u202c',
    'späti 日本 🧑‍🚀',
  ];
  const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
  const read = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(read.split('\0').slice(0, -1)).toEqual(words);
});
