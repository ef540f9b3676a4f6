import { describe, expect, it } from 'vitest';
import { utc } from '../../event/utc.js';
import { decodeEvent, decodeLine } from '../decoding.js';

const CLICK = { type: 'click', timestamp: '2026-06-01T12:00:00Z', campaign_id: 'summer_sale', user_id: 'u1' };
const CONVERSION = { ...CLICK, type: 'conversion', amount: 99.99 };

function decode(record: object | string): ReturnType<typeof decodeLine> {
  return decodeLine('ndjson', typeof record === 'string' ? record : JSON.stringify(record));
}

function event(record: object | string): ReturnType<typeof decodeEvent> {
  return decodeEvent('ndjson', typeof record === 'string' ? record : JSON.stringify(record));
}

describe('a JSON line', () => {
  it('is the event that its fields say', () => {
    expect(
      event({ ...CLICK, source: 'google', medium: 'cpc', ad_id: 'a1', term: 't', extra: [1, { a: 2 }] }),
    ).toEqual({
      type: 'click',
      timestampMicros: utc('2026-06-01T12:00:00Z'),
      amountMicros: 0n,
      campaign_id: 'summer_sale',
      user_id: 'u1',
      source: 'google',
      medium: 'cpc',
      ad_id: 'a1',
      term: 't',
    });
  });

  it('may have blanks around it and escapes in it', () => {
    expect(event(`  ${JSON.stringify(CLICK)} \t`)).toMatchObject({ campaign_id: 'summer_sale' });
    expect(
      event('{"type":"click","campaign_id":"caf\\u00e9\\n\\"x\\"","user_id":"\\ud83c\\udf89"}'),
    ).toMatchObject({
      campaign_id: 'café\n"x"',
      user_id: '🎉',
    });
  });

  it('may hold U+2028 and U+2029', () => {
    expect(event('{"campaign_id":"a\u2028b\u2029c","user_id":"u"}')).toMatchObject({
      campaign_id: 'a\u2028b\u2029c',
    });
  });

  it.each([
    ...[
      '{',
      '{}x',
      '[]',
      '[{"type":"click"}]',
      '"click"',
      'null',
      '17',
      'true',
      '{"a":NaN}',
      "{'a':1}",
      '{"a":01}',
    ],
    ...['[{"campaign_id":"a","user_id":"u"}]', '{"a":1}{"a":2}', '[[]]', '{"amount":1,234.56}'],
  ])('%s is refused as no JSON object', (line) => {
    expect(decode(line)).toEqual({ kind: 'reject', reason: 'invalid_json' });
  });

  it('of 100,000 open brackets is refused, alone and as a value', () => {
    expect(decode('['.repeat(100_000))).toEqual({ kind: 'reject', reason: 'invalid_json' });
    expect(decode(`{"a":${'['.repeat(100_000)}`)).toEqual({ kind: 'reject', reason: 'invalid_json' });
    expect(decode('{"a":'.repeat(100_000))).toEqual({ kind: 'reject', reason: 'invalid_json' });
  });

  it('with deep nesting in a field that nobody asks for is understood', () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    expect(event(`{"x":${deep},"campaign_id":"c","user_id":"u","amount":1.10}`)).toMatchObject({
      type: 'conversion',
      amountMicros: 1_100_000n,
    });
  });

  it('counts the last of equal keys', () => {
    expect(event('{"user_id":"u1","campaign_id":"a","campaign_id":"b"}')).toMatchObject({ campaign_id: 'b' });
    expect(event('{"user_id":"u1","amount":1,"amount":2.50}')).toMatchObject({ amountMicros: 2_500_000n });
  });

  it('is not led astray by the names of object members', () => {
    expect(
      event('{"__proto__":{"campaign_id":"no"},"constructor":"x","campaign_id":"c","user_id":"u"}'),
    ).toMatchObject({
      campaign_id: 'c',
    });
    expect(decode('{"__proto__":{"campaign_id":"c","user_id":"u"}}')).toEqual({
      kind: 'reject',
      reason: 'missing_user_id',
    });
    expect(event({ ...CLICK, campaign_id: '__proto__', user_id: 'constructor' })).toMatchObject({
      campaign_id: '__proto__',
      user_id: 'constructor',
    });
  });
});

describe('a number in a JSON line', () => {
  it('keeps every digit of a long id', () => {
    expect(event('{"campaign_id":"c","user_id":12345678901234567890}')).toMatchObject({
      user_id: '12345678901234567890',
    });
    expect(event('{"campaign_id":9007199254740993,"user_id":7}')).toMatchObject({
      campaign_id: '9007199254740993',
      user_id: '7',
    });
  });

  it('is an exact amount, never passed through a float', () => {
    const amount = (json: string): bigint => event(`{"user_id":"u","amount":${json}}`).amountMicros;
    expect(amount('9007199254.740993')).toBe(9_007_199_254_740_993n);
    expect(amount('9007199254740.993001')).toBe(9_007_199_254_740_993_001n);
    expect(amount('99.99')).toBe(99_990_000n);
    expect(amount('1e2')).toBe(100_000_000n);
    expect(amount('"9007199254740.993001"')).toBe(9_007_199_254_740_993_001n);
  });

  it.each([
    ['0.1000000000000000055', 'invalid_amount'],
    ['9007199254740993', 'amount_out_of_range'],
    ['1e308', 'amount_out_of_range'],
    ['1e400', 'amount_out_of_range'],
    ['-5', 'negative_amount'],
    ['-0.01', 'negative_amount'],
    ['-0', 'negative_amount'],
    ['"-0"', 'negative_amount'],
    ['"NaN"', 'invalid_amount'],
    ['"1,234.56"', 'invalid_amount'],
    ['true', 'invalid_amount'],
  ])('%s is refused as an amount: %s', (json, reason) => {
    expect(decode(`{"user_id":"u","amount":${json}}`)).toMatchObject({ kind: 'reject', reason });
  });

  it('is an epoch where it is a timestamp', () => {
    const at = (json: string): bigint =>
      event(`{"campaign_id":"c","user_id":"u","ts":${json}}`).timestampMicros;
    expect(at('1780315200')).toBe(utc('2026-06-01T12:00:00Z'));
    expect(at('1780315200.123456')).toBe(utc('2026-06-01T12:00:00Z') + 123_456n);
    expect(at('1780315200123')).toBe(utc('2026-06-01T12:00:00.123Z'));
    expect(at('1780315200123456')).toBe(utc('2026-06-01T12:00:00.123Z') + 456n);
  });
});

describe('a field that is no text', () => {
  it('is refused, naming it, where it stands under the canonical name', () => {
    expect(decode({ ...CLICK, user_id: { id: 'u1' } })).toEqual({
      kind: 'reject',
      reason: 'invalid_field',
      detail: 'user_id',
    });
    expect(decode({ ...CONVERSION, amount: [1] })).toMatchObject({
      reason: 'invalid_field',
      detail: 'amount',
    });
  });

  it('is not that field where it stands under an alias', () => {
    expect(event({ ...CLICK, user: { name: 'x' }, total: [] })).toMatchObject({
      user_id: 'u1',
      type: 'click',
    });
  });

  it('is not given where it is null', () => {
    expect(decode({ ...CLICK, user_id: null })).toMatchObject({ reason: 'missing_user_id' });
    expect(event({ ...CLICK, source: null })).not.toHaveProperty('source');
  });
});

describe('the first lines of an input', () => {
  it('are recognised where they are objects', async () => {
    const { ndjson } = await import('../../../src/decode/formats/ndjson.js');
    expect(ndjson.countRecognised(['{"a":1}', '{', 'x', '[1]', '{}', '"{}"'])).toBe(2);
  });
});
