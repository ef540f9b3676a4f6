import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  exactJsonParts,
  ExactNumber,
  lazyList,
  stringifyExact,
  type ExactJson,
} from '../../../src/report/render/exact-json.js';

describe('stringifyExact', () => {
  it('writes decimals from their own text', () => {
    expect(stringifyExact({ revenue: new ExactNumber('9007199254740993.10') })).toBe(
      '{"revenue":9007199254740993.10}',
    );
  });

  it.each(['', 'NaN', '1.', '.5', '01', '+1', '1e', '1;', '0x1'])('takes %j for no number', (text) => {
    expect(() => new ExactNumber(text)).toThrow(TypeError);
  });

  it('keeps the order of a Map, also of keys that look like numbers', () => {
    const map = new Map([
      ['b', 1],
      ['1', 2],
      ['__proto__', 3],
    ]);
    expect(stringifyExact(map)).toBe('{"b":1,"1":2,"__proto__":3}');
  });

  it('escapes what JSON allows and a terminal does not', () => {
    expect(stringifyExact('\u001b\u007f\u009b\u2028\u2029\u202e\u2066\ufeff\ud800"')).toBe(
      String.raw`"\u001b\u007f\u009b\u2028\u2029\u202e\u2066\ufeff\ud800\""`,
    );
  });

  it('escapes keys too', () => {
    expect(stringifyExact(new Map([['\u009b', null]]))).toBe(String.raw`{"\u009b":null}`);
  });

  it('prints pretty with two spaces', () => {
    expect(stringifyExact({ a: [1, {}], b: [], c: new Map() }, 2)).toBe(
      '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": [],\n  "c": {}\n}',
    );
  });

  it('says what JSON.stringify says, at any indent, as far as both go', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, 4), (value, indent) => {
        // fast-check types its JSON values loosely; they are plain data.
        expect(stringifyExact(value as ExactJson, indent)).toBe(JSON.stringify(value, null, indent));
      }),
    );
  });

  it('comes in parts that are the same text, those of a lazy list made one at a time', () => {
    for (const indent of [0, 2]) {
      for (const length of [0, 1, 3]) {
        const numbers = Array.from({ length }, (_, i) => i);
        let made = 0;
        const rows = lazyList(numbers, (row) => {
          made++;
          return new Map([['row', row]]);
        });
        const parts = exactJsonParts(
          new Map<string, ExactJson>([
            ['a', [1, 2]],
            ['inner', new Map([['rows', rows]])],
            ['z', {}],
          ]),
          indent,
        );
        let json = '';
        for (const part of parts) {
          json += part;
          expect(made).toBe(json.split('"row"').length - 1);
        }
        const plain = { a: [1, 2], inner: { rows: numbers.map((row) => ({ row })) }, z: {} };
        expect(json).toBe(JSON.stringify(plain, null, indent));
      }
    }
  });

  it('reads back as the same text, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = stringifyExact(text);
        expect(JSON.parse(json)).toBe(text);
        expect(json).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
