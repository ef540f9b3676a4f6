import { describe, expect, it } from 'vitest';
import { utc } from '../../event/utc.js';
import { decodeEvent, decodeLine } from '../decoding.js';

function decode(record: object): ReturnType<typeof decodeLine> {
  return decodeLine('ndjson', JSON.stringify(record));
}

function event(record: object): ReturnType<typeof decodeEvent> {
  return decodeEvent('ndjson', JSON.stringify(record));
}

describe('GA4', () => {
  it('purchase is a conversion', () => {
    expect(
      event({
        event_name: 'purchase',
        client_id: 'u1',
        transaction_id: 'T_12345',
        value: 30.03,
        currency: 'EUR',
      }),
    ).toMatchObject({
      type: 'conversion',
      user_id: 'u1',
      order_id: 'T_12345',
      amountMicros: 30_030_000n,
      currency: 'EUR',
    });
  });

  it('refund is a refund', () => {
    expect(event({ event_name: 'refund', client_id: 'u1', transaction_id: 'T_1', value: 5 })).toMatchObject({
      type: 'refund',
      order_id: 'T_1',
      amountMicros: 5_000_000n,
    });
  });

  it.each(['page_view', 'session_start', 'add_to_cart', 'view_item'])('%s is ignored', (event_name) => {
    expect(decode({ event_name, client_id: 'u1' })).toEqual({ kind: 'ignore', reason: 'other_event' });
  });
});

describe('Segment', () => {
  // An event as its libraries send it.
  const track = {
    type: 'track',
    event: 'Order Completed',
    userId: 'u1',
    anonymousId: 'anon',
    timestamp: '2026-06-01T12:00:00.123Z',
    properties: { order_id: 'o1', total: 110.5, revenue: 99.99, currency: 'USD' },
  };

  it('a track call of Order Completed is a conversion of its revenue', () => {
    expect(event(track)).toMatchObject({
      type: 'conversion',
      user_id: 'u1',
      order_id: 'o1',
      amountMicros: 99_990_000n,
      currency: 'USD',
      timestampMicros: utc('2026-06-01T12:00:00.123Z'),
    });
  });

  it('takes the total where there is no revenue', () => {
    expect(event({ ...track, properties: { order_id: 'o1', total: 110.5 } })).toMatchObject({
      amountMicros: 110_500_000n,
    });
  });

  it('Order Refunded is a refund, with or without the envelope', () => {
    const properties = { order_id: 'o1', total: 5 };
    expect(event({ ...track, event: 'Order Refunded', properties })).toMatchObject({
      type: 'refund',
      order_id: 'o1',
    });
    expect(event({ event: 'Order Refunded', userId: 'u1', properties })).toMatchObject({
      type: 'refund',
      amountMicros: 5_000_000n,
    });
  });

  it('knows a user by anonymousId where there is no userId', () => {
    expect(event({ ...track, userId: null })).toMatchObject({ user_id: 'anon' });
  });

  it.each([
    { type: 'track', event: 'Product Viewed', userId: 'u1' },
    { type: 'page', name: 'Home', userId: 'u1' },
    { type: 'identify', traits: {}, userId: 'u1' },
  ])('other calls are ignored: %j', (record) => {
    expect(decode(record)).toEqual({ kind: 'ignore', reason: 'other_event' });
  });

  it('a track call of an event that nobody knows is refused, naming the event', () => {
    expect(decode({ ...track, event: 'Sofa Squeaked' })).toEqual({
      kind: 'reject',
      reason: 'unknown_type',
      detail: 'Sofa Squeaked',
    });
  });
});

describe('Shopify', () => {
  const checkout = {
    order: { id: 'gid://shopify/Order/1' },
    totalPrice: { amount: 49.9 },
    currencyCode: 'KWD',
  };

  it('checkout_completed is a conversion', () => {
    expect(event({ event_name: 'checkout_completed', client_id: 'u1', checkout })).toMatchObject({
      type: 'conversion',
      order_id: 'gid://shopify/Order/1',
      amountMicros: 49_900_000n,
      currency: 'KWD',
    });
  });

  it('keeps the digits of an order number and of an amount, deep as they stand', () => {
    const line =
      '{"event":"checkout_completed","uid":"u1","checkout":{"order":{"id":12345678901234567890},"totalPrice":{"amount":9007199254.740993}}}';
    expect(decodeEvent('ndjson', line)).toMatchObject({
      order_id: '12345678901234567890',
      amountMicros: 9_007_199_254_740_993n,
    });
  });

  it.each(['checkout_started', 'page_viewed', 'cart_viewed'])('%s is ignored', (event) => {
    expect(decode({ event, client_id: 'u1', checkout })).toEqual({ kind: 'ignore', reason: 'other_event' });
  });
});

describe('canonical names beside a vocabulary', () => {
  it('go before its paths', () => {
    expect(
      event({
        event: 'Order Completed',
        userId: 'u',
        amount: 1,
        order_id: 'mine',
        properties: { revenue: 2, order_id: 'x' },
      }),
    ).toMatchObject({ amountMicros: 1_000_000n, order_id: 'mine' });
  });

  it('go after them where they are aliases', () => {
    expect(
      event({
        event: 'Order Completed',
        userId: 'u',
        price: 1,
        orderId: 'alias',
        properties: { revenue: 2, order_id: 'x' },
      }),
    ).toMatchObject({ amountMicros: 2_000_000n, order_id: 'x' });
  });
});
