import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../src/decode/query-parameters.js';

function queryOf(text: string): Record<string, string> {
  return Object.fromEntries(parseQuery(text));
}

describe('parseQuery', () => {
  it('decodes plus and percent, once', () => {
    expect(queryOf('utm_campaign=summer+sale&utm_content=a%2Bb%20c&term=%2525')).toEqual({
      utm_campaign: 'summer sale',
      utm_content: 'a+b c',
      term: '%25',
    });
  });

  it('decodes UTF-8 of several bytes, in values and in names', () => {
    expect(queryOf('utm_campaign=%C3%A9t%c3%a9+%E2%82%AC%F0%9F%8E%89&utm%5Fsource=x')).toEqual({
      utm_campaign: 'été €🎉',
      utm_source: 'x',
    });
  });

  it.each([
    ['a=%ZZ', '%ZZ'],
    ['a=100%', '100%'],
    ['a=%4', '%4'],
    ['a=%', '%'],
    ['a=caf%E9', 'caf%E9'],
    ['a=%C3', '%C3'],
    ['a=%ZZ+b%20c', '%ZZ b c'],
    ['a=%ED%A0%80', '%ED%A0%80'],
  ])('keeps the broken escapes of %s as they stand', (query, value) => {
    expect(queryOf(query)).toEqual({ a: value });
  });

  it('decodes what is whole right beside a broken escape', () => {
    expect(queryOf('a=Soldes%20%E9t%E9')).toEqual({ a: 'Soldes %E9t%E9' });
    expect(queryOf('a=%E9%20b')).toEqual({ a: '%E9 b' });
    expect(queryOf('a=%C3%A9%FF')).toEqual({ a: 'é%FF' });
  });

  it('decodes %00 to the character it is', () => {
    expect(queryOf('a=x%00y')).toEqual({ a: 'x\0y' });
  });

  it('lets the first of equal names win', () => {
    expect(queryOf('a=1&b=2&a=3&%61=4')).toEqual({ a: '1', b: '2' });
  });

  it.each([
    ['', {}],
    ['&&', {}],
    ['=x', {}],
    ['a', { a: '' }],
    ['a=', { a: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['a=1&&b=2&', { a: '1', b: '2' }],
  ])('reads %j', (query, parameters) => {
    expect(queryOf(query)).toEqual(parameters);
  });

  it('keeps names apart from what objects inherit', () => {
    const parameters = parseQuery('__proto__=a&constructor=b');
    expect([...parameters]).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(parseQuery('').get('constructor')).toBeUndefined();
  });

  it('reads what the platform wrote', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'grapheme' })), { selector: ([key]) => key }),
        (pairs) => {
          expect([...parseQuery(new URLSearchParams(pairs).toString())]).toEqual(pairs);
        },
      ),
    );
  });
});
