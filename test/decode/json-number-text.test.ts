import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonValueText } from '../../src/decode/json-number-text.js';

describe('jsonValueText', () => {
  it.each([
    ['{"a":1}', ['a'], '1'],
    ['{"a":12345678901234567890}', ['a'], '12345678901234567890'],
    ['{"a":0.1000000000000000055511151231257827}', ['a'], '0.1000000000000000055511151231257827'],
    ['{"a":-1.50e+10,"b":2}', ['a'], '-1.50e+10'],
    ['{ "a" : 1.0 }', ['a'], '1.0'],
    ['  {"a":1.0\t,"b":2}', ['a'], '1.0'],
    ['{"b":{"a":9},"a":7}', ['a'], '7'],
    ['{"b":{"c":{"a":1.10}},"a":7}', ['b', 'c', 'a'], '1.10'],
    ['{"b":[{"a":9},[1,2],"}"],"a":7}', ['a'], '7'],
    ['{"x":"a\\":3","y":"\\\\","a":7}', ['a'], '7'],
    ['{"x":"{[,:]}","a":7}', ['a'], '7'],
    ['{"\\u0061":1.20}', ['a'], '1.20'],
    ['{"a.b":1.0,"a":{"b":2.0}}', ['a.b'], '1.0'],
    ['{"":1.0}', [''], '1.0'],
    ['{"__proto__":{"a":1.0}}', ['__proto__', 'a'], '1.0'],
  ])('in %s finds %j to be %s', (json, path, text) => {
    expect(jsonValueText(json, path)).toBe(text);
  });

  it('takes the last of equal keys, as JSON.parse does', () => {
    expect(jsonValueText('{"a":1.0,"a":2.0}', ['a'])).toBe('2.0');
    expect(jsonValueText('{"a":{"b":1.0},"a":{"b":2.0}}', ['a', 'b'])).toBe('2.0');
    expect(jsonValueText('{"a":{"b":1.0},"a":{}}', ['a', 'b'])).toBeUndefined();
    expect(jsonValueText('{"a":{"b":1.0},"a":3}', ['a', 'b'])).toBeUndefined();
  });

  it.each([
    ['{}', ['a']],
    ['{"b":1}', ['a']],
    ['{"b":{"a":1}}', ['a']],
    ['{"a":1}', ['a', 'b']],
    ['{"a":[{"b":1}]}', ['a', 'b']],
  ])('finds nothing in %s at %j', (json, path) => {
    expect(jsonValueText(json, path)).toBeUndefined();
  });

  it('walks over deep nesting', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(jsonValueText(`{"x":${deep},"a":1.0}`, ['a'])).toBe('1.0');
  });

  it('gives text that parses to what stands at the path, in any object however it is spaced', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(0, 1, 3, '\t'),
        (object, space) => {
          const json = JSON.stringify(object, null, space);
          // What the platform reads from the same text is the measure.
          for (const [key, value] of Object.entries(JSON.parse(json) as Record<string, unknown>)) {
            const found = jsonValueText(json, [key]);
            expect(found).toBeDefined();
            expect(JSON.parse(found ?? '')).toEqual(value);
          }
        },
      ),
    );
  });
});
