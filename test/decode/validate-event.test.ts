import { describe, expect, it } from 'vitest';
import { validateEvent } from '../../src/decode/validate-event.js';
import type { RawEvent } from '../../src/event/raw-event.js';
import { utc } from '../event/utc.js';
import { OPTIONS, RECEIVED_AT } from './decoding.js';

const CLICK: RawEvent = {
  type: 'click',
  timestamp: '2026-06-01T12:00:00Z',
  campaign_id: 'summer_sale',
  user_id: 'u1',
};
const CONVERSION: RawEvent = { ...CLICK, type: 'conversion', amount: '99.99' };

function outcome(raw: RawEvent, rules: Partial<typeof OPTIONS> = {}): ReturnType<typeof validateEvent> {
  return validateEvent(raw, { ...OPTIONS, ...rules });
}

function event(raw: RawEvent, rules: Partial<typeof OPTIONS> = {}): unknown {
  const result = outcome(raw, rules);
  return result.kind === 'event' ? result.event : result;
}

describe('a whole event', () => {
  it('is a click with no amount and no currency', () => {
    expect(event({ ...CLICK, amount: '5', currency: 'EUR', source: 'google' })).toEqual({
      type: 'click',
      timestampMicros: utc('2026-06-01T12:00:00Z'),
      amountMicros: 0n,
      campaign_id: 'summer_sale',
      user_id: 'u1',
      source: 'google',
    });
  });

  it('is a conversion with its amount in micros and its currency', () => {
    expect(event({ ...CONVERSION, currency: 'EUR', product: 'p', order_id: 'o', event_id: 'e' })).toEqual({
      type: 'conversion',
      timestampMicros: utc('2026-06-01T12:00:00Z'),
      amountMicros: 99_990_000n,
      campaign_id: 'summer_sale',
      user_id: 'u1',
      currency: 'EUR',
      product: 'p',
      order_id: 'o',
      event_id: 'e',
    });
  });
});

describe('the type', () => {
  it('follows from the shape where none is given', () => {
    expect(event({ ...CLICK, type: '' })).toMatchObject({ type: 'click' });
    expect(event({ ...CONVERSION, type: '' })).toMatchObject({
      type: 'conversion',
      amountMicros: 99_990_000n,
    });
  });

  it('that is unknown is refused, naming it', () => {
    expect(outcome({ ...CLICK, type: 'clik' })).toEqual({
      kind: 'reject',
      reason: 'unknown_type',
      detail: 'clik',
    });
  });

  it('of another event of the field is ignored, whatever else is wrong with it', () => {
    expect(outcome({ type: 'page_view', amount: 'x' })).toEqual({ kind: 'ignore', reason: 'other_event' });
  });
});

describe('what must be there', () => {
  it('is a user', () => {
    expect(outcome({ ...CLICK, user_id: '' })).toEqual({ kind: 'reject', reason: 'missing_user_id' });
  });

  it('is a campaign for a click, not for a conversion or a refund', () => {
    expect(outcome({ ...CLICK, campaign_id: '' })).toEqual({ kind: 'reject', reason: 'missing_campaign_id' });
    expect(event({ ...CONVERSION, campaign_id: '' })).not.toHaveProperty('campaign_id');
    expect(event({ ...CONVERSION, type: 'refund', campaign_id: '' })).toMatchObject({ type: 'refund' });
  });

  it('is an amount for a refund; a conversion may be worth nothing', () => {
    expect(outcome({ ...CLICK, type: 'refund' })).toEqual({ kind: 'reject', reason: 'missing_amount' });
    expect(event({ ...CLICK, type: 'conversion' })).toMatchObject({ amountMicros: 0n, currency: 'USD' });
  });
});

describe('the timestamp', () => {
  it('is the moment of receipt where none is given, and is said to be stamped', () => {
    const stamped = outcome({ ...CLICK, timestamp: '' });
    expect(stamped).toMatchObject({ kind: 'event', stamped: true, event: { timestampMicros: RECEIVED_AT } });
    expect(outcome(CLICK)).toMatchObject({ kind: 'event', stamped: false });
  });

  it('without an offset is a time in the input zone', () => {
    const raw = { ...CLICK, timestamp: '2026-03-29 02:30:00' };
    expect(event(raw)).toMatchObject({ timestampMicros: utc('2026-03-29T02:30:00Z') });
    expect(event(raw, { inputZone: 'Europe/Berlin' })).toMatchObject({
      timestampMicros: utc('2026-03-29T01:30:00Z'),
    });
  });

  it('that is none is refused, naming it', () => {
    expect(outcome({ ...CLICK, timestamp: 'soon' })).toEqual({
      kind: 'reject',
      reason: 'invalid_timestamp',
      detail: 'soon',
    });
  });
});

describe('the amount', () => {
  it.each([
    ['NaN', 'invalid_amount'],
    ['1,234.56', 'invalid_amount'],
    ['0.0000001', 'invalid_amount'],
    ['-5', 'negative_amount'],
    ['1e308', 'amount_out_of_range'],
    ['9007199254740993', 'amount_out_of_range'],
  ])('%s is refused: %s', (amount, reason) => {
    expect(outcome({ ...CONVERSION, amount })).toEqual({ kind: 'reject', reason, detail: amount });
  });

  it('of a click is not looked at', () => {
    expect(event({ ...CLICK, amount: 'NaN', currency: '???' })).toMatchObject({
      type: 'click',
      amountMicros: 0n,
    });
  });
});

describe('the currency', () => {
  it('is the default where none is given, and is written in capitals', () => {
    expect(event(CONVERSION, { defaultCurrency: 'EUR' })).toMatchObject({ currency: 'EUR' });
    expect(event({ ...CONVERSION, currency: 'jpy' })).toMatchObject({ currency: 'JPY' });
  });

  it.each(['dollar', '€', 'US', 'USDT', '12A'])('%j is refused', (currency) => {
    expect(outcome({ ...CONVERSION, currency })).toEqual({
      kind: 'reject',
      reason: 'invalid_currency',
      detail: currency,
    });
  });
});

describe('texts', () => {
  it('of channels compare case-folded, campaigns keep their case', () => {
    expect(
      event({
        ...CLICK,
        campaign_id: 'Summer_SALE',
        source: 'Google',
        medium: 'CPC',
        ad_id: 'Ad',
        term: 'T',
      }),
    ).toMatchObject({ campaign_id: 'Summer_SALE', source: 'google', medium: 'cpc', ad_id: 'Ad', term: 'T' });
    expect(event({ ...CLICK, source: 'ÉTÉ' })).toMatchObject({ source: 'été' });
  });

  it('of campaigns are NFC, so that a pair of spellings is one', () => {
    const [composed, decomposed] = ['caf\u00e9', 'cafe\u0301'];
    expect(event({ ...CLICK, campaign_id: decomposed })).toMatchObject({ campaign_id: composed });
    expect(event({ ...CLICK, source: decomposed })).toMatchObject({ source: composed });
  });

  it('of click ids and users stay byte for byte', () => {
    const raw = { ...CLICK, click_id: 'AbC-e\u0301', click_id_kind: 'gclid', user_id: 'Üse\u0301r' };
    expect(event(raw)).toMatchObject({ click_id: 'AbC-e\u0301', user_id: 'Üse\u0301r' });
  });

  it('that no UTF-8 can hold get the replacement character', () => {
    expect(event({ ...CLICK, campaign_id: 'a\ud800b', user_id: 'u\udfff' })).toMatchObject({
      campaign_id: 'a\ufffdb',
      user_id: 'u\ufffd',
    });
  });

  it('of any kind are kept: names of object members, 64 KiB, other scripts, markup, controls', () => {
    const names = [
      '__proto__',
      'constructor',
      'x'.repeat(65_536),
      '\u202eabc',
      '夏',
      '<img onerror>',
      '=HYPERLINK(1)',
    ];
    for (const campaign_id of [...names, '\u001b]0;x\u0007', "'; DROP TABLE events; --", '%ZZ'])
      expect(event({ ...CLICK, campaign_id })).toMatchObject({ campaign_id });
  });
});
