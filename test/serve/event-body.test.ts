import { describe, expect, it } from 'vitest';
import type { DecodeOptions } from '../../src/decode/format.js';
import { EventBodyDecoder, type EventBody } from '../../src/serve/event-body.js';

const RECEIVED = 1_780_272_000_000_000n;
const OPTIONS: DecodeOptions = {
  defaultCurrency: 'EUR',
  inputZone: 'UTC',
  receivedAtMicros: () => RECEIVED,
  fieldPaths: new Map(),
  goals: [],
  includeBots: false,
};

function decode(type: 'click' | 'conversion', body: string, options: Partial<DecodeOptions> = {}): EventBody {
  return new EventBodyDecoder(type, { ...OPTIONS, ...options }).decode(body);
}

function reasonsOf(body: EventBody): unknown {
  return body.kind === 'faults' ? body.faults.map(({ field, reason }) => `${field} ${reason}`) : body.kind;
}

describe('the body of an event', () => {
  it('is an event of the type that its address says', () => {
    const body = '{"user_id":"u","campaign_id":"c","amount":5}';
    expect(decode('click', body)).toEqual({
      kind: 'event',
      event: { type: 'click', user_id: 'u', campaign_id: 'c', timestampMicros: RECEIVED, amountMicros: 0n },
    });
    expect(decode('conversion', body)).toEqual({
      kind: 'event',
      event: {
        type: 'conversion',
        user_id: 'u',
        campaign_id: 'c',
        timestampMicros: RECEIVED,
        amountMicros: 5_000_000n,
        currency: 'EUR',
      },
    });
  });

  it('may name its type, if it is that one, in any vocabulary', () => {
    for (const name of ['click', 'CLICK']) {
      expect(decode('click', `{"type":"${name}","user_id":"u","campaign_id":"c"}`).kind, name).toBe('event');
    }
    for (const name of ['conversion', 'purchase', 'Order Completed']) {
      expect(decode('conversion', `{"type":"${name}","user_id":"u"}`).kind, name).toBe('event');
    }
    for (const name of ['refund', 'click', 'page_view', 'banana', 'order refunded']) {
      expect(reasonsOf(decode('conversion', `{"event":"${name}","user_id":"u"}`)), name).toEqual([
        'type unexpected_type',
      ]);
    }
  });

  it.each(['', 'null', '1', '"a"', '[]', '[{}]', '{', '{}x', 'undefined', '{"a":NaN}', '\uFEFF{}'])(
    'is no object in %j',
    (text) => {
      expect(decode('click', text)).toEqual({ kind: 'not_an_object' });
    },
  );

  it('has all its faults told in the order of the rules, each once', () => {
    const body = '{"type":"refund","timestamp":"x","amount":"-1","currency":"?"}';
    expect(reasonsOf(decode('conversion', body))).toEqual([
      'type unexpected_type',
      'user_id missing_user_id',
      'timestamp invalid_timestamp',
      'amount negative_amount',
      'currency invalid_currency',
    ]);
    expect(reasonsOf(decode('click', '{}'))).toEqual([
      'user_id missing_user_id',
      'campaign_id missing_campaign_id',
    ]);
  });

  it('has its user’s own field names taken, and faults under the names that mapipe has for them', () => {
    const options = { fieldPaths: new Map([['user_id', 'visitor.key']] as const) };
    const event = decode('click', '{"visitor":{"key":"u"},"campaign_id":"c"}', options);
    expect(event).toMatchObject({ kind: 'event', event: { user_id: 'u' } });
    expect(reasonsOf(decode('click', '{"campaign_id":"c"}', options))).toEqual(['user_id missing_user_id']);
  });

  it('keeps the digits of a number that no float can hold', () => {
    const body = '{"user_id":12345678901234567890,"campaign_id":1.10,"amount":9007199254740.993123}';
    expect(decode('conversion', body)).toMatchObject({
      kind: 'event',
      event: { user_id: '12345678901234567890', amountMicros: 9_007_199_254_740_993_123n },
    });
  });
});
