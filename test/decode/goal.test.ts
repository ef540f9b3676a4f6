import { describe, expect, it } from 'vitest';
import { parseGoal, type Goal } from '../../src/decode/goal.js';

function goal(text: string): Goal {
  const parsed = parseGoal(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

describe('parseGoal', () => {
  it.each([
    ['/thank-you', '/thank-you', true],
    ['/thank-you', '/thank-you/', false],
    ['/thank-you', '/shop/thank-you', false],
    ['/thank-you', '/THANK-YOU', false],
    ['/checkout/*', '/checkout/', true],
    ['/checkout/*', '/checkout/step/9', true],
    ['/checkout/*', '/checkout', false],
    ['/*/done', '/shop/eu/done', true],
    ['/*/done', '/shop/done/x', false],
    ['/*', '/', true],
    ['/a.b', '/axb', false],
    ['/a.b', '/a.b', true],
    ['/(a|b)+[c]$^\\', '/(a|b)+[c]$^\\', true],
    ['/(a|b)', '/a', false],
    ['/a*b', '/a\nb', true],
    ['/a*a', '/a', false],
    ['/a*a', '/aa', true],
    ['/a*bc*cd', '/abcd', false],
    ['/a*bc*cd', '/abccd', true],
    ['/a*b*c', '/abcbc', true],
    ['/a**', '/a', true],
  ])('%s and a request for %s: %s', (pattern, path, matched) => {
    expect(goal(pattern).matches(path)).toBe(matched);
  });

  it('is matched in time that grows with the path, however many stars it has', () => {
    const started = performance.now();
    expect(goal('/*/shop/*/order/*/done').matches(`/${'/shop//order/'.repeat(80_000)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('says which parameter holds a field', () => {
    expect([...goal('/done?amount=total&order_id=oid&currency=cur&product=sku').parameters]).toEqual([
      ['amount', 'total'],
      ['order_id', 'oid'],
      ['currency', 'cur'],
      ['product', 'sku'],
    ]);
    expect([...goal('/done').parameters]).toEqual([]);
  });

  it('leaves the query out of the path', () => {
    expect(goal('/done?amount=total').matches('/done')).toBe(true);
  });

  it.each(['', 'thank-you', 'https://shop.example/thank-you', '?amount=total'])(
    'says of %j that a goal is a path',
    (text) => {
      expect(parseGoal(text)).toMatch(/a goal is a path such as/);
    },
  );

  it.each([
    ['/done?price=total', 'price=total'],
    ['/done?amount', 'amount'],
    ['/done?amount=', 'amount='],
    ['/done?', ''],
    ['/done?amount=total&&', ''],
    ['/done?__proto__=x', '__proto__=x'],
  ])('says what is wrong with %s', (text, pair) => {
    expect(parseGoal(text)).toContain(JSON.stringify(pair));
  });
});
