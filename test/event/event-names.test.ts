import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../src/event/event-names.js';

describe('meaningOf', () => {
  it.each([
    ['click', 'click'],
    ['conversion', 'conversion'],
    ['refund', 'refund'],
    ['purchase', 'conversion'],
    ['Order Completed', 'conversion'],
    ['Order Refunded', 'refund'],
    ['checkout_completed', 'conversion'],
    ['CLICK', 'click'],
    ['order completed', 'conversion'],
  ])('counts %s as a %s', (name, type) => {
    expect(meaningOf(name)).toMatchObject({ kind: 'counted', type });
  });

  it.each(['page_view', 'add_to_cart', 'Product Viewed', 'identify', 'cart_viewed', 'impression', 'scroll'])(
    'knows %s as another event, no news about a campaign',
    (name) => {
      expect(meaningOf(name)).toEqual({ kind: 'other' });
    },
  );

  it.each(['', 'clik', '__proto__', 'constructor', 'toString', 'click '])('does not know %j', (name) => {
    expect(meaningOf(name)).toEqual({ kind: 'unknown' });
  });
});
