import { describe, expect, it } from 'vitest';
import { GrowingDictionary } from '../../src/event/dictionary.js';
import { murmur3 } from './murmur3.js';

function keyOf(text: string): bigint {
  const [low = 0n, high = 0n] = murmur3(Buffer.from(text, 'utf8'));
  return (high << 32n) | low;
}

describe('GrowingDictionary', () => {
  it('gives each distinct text a code of its own, from 1 on', () => {
    const dictionary = new GrowingDictionary();
    expect(['a', 'b', 'a', '__proto__', 'constructor', 'b'].map((text) => dictionary.intern(text))).toEqual([
      1, 2, 1, 3, 4, 2,
    ]);
    expect(dictionary.size).toBe(5);
    expect([0, 1, 2, 3, 4].map((code) => dictionary.text(code))).toEqual([
      '',
      'a',
      'b',
      '__proto__',
      'constructor',
    ]);
  });

  it('keeps texts apart that only normalise or fold to the same', () => {
    const dictionary = new GrowingDictionary();
    expect(new Set(['é', 'e\u0301', 'É', 'E'].map((text) => dictionary.intern(text))).size).toBe(4);
  });

  it('has a key for each code, 0 for none, also for texts added after it was asked', () => {
    const dictionary = new GrowingDictionary();
    dictionary.intern('first');
    expect([...dictionary.keys()]).toEqual([0n, keyOf('first')]);
    const texts = Array.from({ length: 500 }, (_, i) => `text ${i}`);
    for (const text of texts) dictionary.intern(text);
    expect([...dictionary.keys()]).toEqual([0n, keyOf('first'), ...texts.map(keyOf)]);
  });

  it('is empty but for code 0 at first', () => {
    const dictionary = new GrowingDictionary();
    expect(dictionary.size).toBe(1);
    expect([...dictionary.keys()]).toEqual([0n]);
    expect(dictionary.text(1)).toBe('');
  });
});
