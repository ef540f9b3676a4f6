import { describe, expect, it } from 'vitest';
import type { FieldName } from '../../../src/event/raw-event.js';
import { decodeEvent, decodeLine } from '../decoding.js';

const BASE = { campaign_id: 'c', user_id: 'u' };

function event(record: object, paths: [FieldName, string][] = []): ReturnType<typeof decodeEvent> {
  return decodeEvent('ndjson', JSON.stringify(record), { fieldPaths: new Map(paths) });
}

describe('aliases of a field', () => {
  it.each([
    ...['campaign', 'utm_campaign', 'campaignId', 'mtm_campaign', 'pk_campaign', 'utm_id'].map(
      (name) => ['campaign_id', name] as const,
    ),
    ...['uid', 'user', 'userId', 'customer_id', 'client_id', 'anonymous_id', 'anonymousId'].map(
      (name) => ['user_id', name] as const,
    ),
    ...['ad', 'adId', 'utm_content', 'creative_id', 'mtm_content', 'pk_content'].map(
      (name) => ['ad_id', name] as const,
    ),
    ...['orderId', 'transaction_id'].map((name) => ['order_id', name] as const),
    ...['utm_source', 'mtm_source', 'pk_source'].map((name) => ['source', name] as const),
    ...['utm_medium', 'mtm_medium', 'pk_medium'].map((name) => ['medium', name] as const),
    ...['utm_term', 'mtm_keyword', 'pk_keyword'].map((name) => ['term', name] as const),
  ])('%s may be called %s', (field, alias) => {
    const others = Object.entries(BASE).filter(([name]) => name !== field);
    expect(event({ ...Object.fromEntries(others), [alias]: 'x' })).toMatchObject({ [field]: 'x' });
  });

  it.each(['ts', 'time', '@timestamp', 'datetime', 'date', 'created_at'])(
    'timestamp may be called %s',
    (alias) => {
      expect(event({ ...BASE, [alias]: '1970-01-01T00:00:07Z' })).toMatchObject({
        timestampMicros: 7_000_000n,
      });
    },
  );

  it.each(['event', 'event_type', 'event_name'])('type may be called %s', (alias) => {
    expect(event({ ...BASE, [alias]: 'refund', amount: 1 })).toMatchObject({ type: 'refund' });
  });

  it.each(['value', 'revenue', 'total', 'price'])('amount may be called %s', (alias) => {
    expect(event({ ...BASE, [alias]: 1.5 })).toMatchObject({ type: 'conversion', amountMicros: 1_500_000n });
  });
});

describe('where several names of a field stand', () => {
  it('the canonical one wins, wherever it stands', () => {
    expect(event({ ...BASE, campaign: 'x', uid: 'y' })).toMatchObject({ campaign_id: 'c', user_id: 'u' });
    expect(event({ campaign: 'x', uid: 'y', ...BASE })).toMatchObject({ campaign_id: 'c', user_id: 'u' });
    expect(event({ value: 1, price: 2, user_id: 'u', amount: 3 })).toMatchObject({
      amountMicros: 3_000_000n,
    });
  });

  it('the order in the record does not matter among aliases either', () => {
    const one = event({ user_id: 'u', utm_campaign: 'x', campaign: 'y' });
    expect(event({ user_id: 'u', campaign: 'y', utm_campaign: 'x' })).toMatchObject({
      campaign_id: one.campaign_id,
    });
  });

  it('an empty one is as good as absent', () => {
    expect(event({ user_id: 'u', campaign_id: '', campaign: 'x' })).toMatchObject({ campaign_id: 'x' });
  });

  it('utm_id names the campaign only where utm_campaign does not', () => {
    expect(event({ user_id: 'u', utm_id: '42', utm_campaign: 'x' })).toMatchObject({ campaign_id: 'x' });
    expect(event({ user_id: 'u', utm_id: '42' })).toMatchObject({ campaign_id: '42' });
  });
});

describe('a click id', () => {
  it.each([
    ...[
      'gclid',
      'gbraid',
      'wbraid',
      'dclid',
      'fbclid',
      'msclkid',
      'ttclid',
      'twclid',
      'li_fat_id',
      'rdt_cid',
    ],
    ...['epik', 'sccid', 'ScCid', 'qclid', 'yclid', 'irclid', '_kx', 'mc_cid'],
  ])('%s is kept byte for byte, with its kind', (kind) => {
    expect(event({ ...BASE, [kind]: 'EAIaIQ_-%2B+ X' })).toMatchObject({
      click_id: 'EAIaIQ_-%2B+ X',
      click_id_kind: kind,
    });
  });

  it('of a paid network goes before the one that Meta adds to every link, in either order', () => {
    expect(event({ ...BASE, fbclid: 'F', gclid: 'G' })).toMatchObject({
      click_id: 'G',
      click_id_kind: 'gclid',
    });
    expect(event({ ...BASE, gclid: 'G', fbclid: 'F' })).toMatchObject({
      click_id: 'G',
      click_id_kind: 'gclid',
    });
  });

  it('under its canonical name keeps the kind that stands beside it, in either order', () => {
    const expected = { click_id: 'C', click_id_kind: 'custom' };
    expect(event({ ...BASE, click_id: 'C', click_id_kind: 'custom', gclid: 'G' })).toMatchObject(expected);
    expect(event({ ...BASE, gclid: 'G', click_id_kind: 'custom', click_id: 'C' })).toMatchObject(expected);
  });

  it('is never given the kind of another id', () => {
    expect(event({ ...BASE, click_id: 'C', gclid: 'G' })).not.toHaveProperty('click_id_kind');
    expect(event({ ...BASE, gclid: 'G', click_id: 'C' })).not.toHaveProperty('click_id_kind');
  });
});

describe('the mapping that the user gives', () => {
  const record = { ...BASE, deep: { er: { id: 'mapped' } }, 'dotted.name': 'dotted', list: ['zero'] };

  it('reads a path in the record, before every name', () => {
    expect(event(record, [['campaign_id', 'deep.er.id']])).toMatchObject({
      campaign_id: 'mapped',
      user_id: 'u',
    });
  });

  it('reads a name that has a dot in it', () => {
    expect(event(record, [['product', 'dotted.name']])).toMatchObject({ product: 'dotted' });
  });

  it('leaves the usual names to stand where there is nothing at the path', () => {
    expect(event(record, [['campaign_id', 'deep.none']])).toMatchObject({ campaign_id: 'c' });
    expect(event(record, [['campaign_id', 'user_id.x']])).toMatchObject({ campaign_id: 'c' });
  });

  it('keeps exact numbers at a path', () => {
    const nested = { user_id: 'u', order: { total: 0 } };
    const json = JSON.stringify(nested).replace('"total":0', '"total":9007199254.740993');
    expect(decodeEvent('ndjson', json, { fieldPaths: new Map([['amount', 'order.total']]) })).toMatchObject({
      type: 'conversion',
      amountMicros: 9_007_199_254_740_993n,
    });
  });

  it('of an object, or of what is inherited, is refused or finds nothing', () => {
    const line = JSON.stringify(record);
    expect(decodeLine('ndjson', line, { fieldPaths: new Map([['product', 'deep.er']]) })).toEqual({
      kind: 'reject',
      reason: 'invalid_field',
      detail: 'deep.er',
    });
    expect(event(record, [['product', 'constructor.name']])).not.toHaveProperty('product');
    expect(event(record, [['product', '__proto__.constructor']])).not.toHaveProperty('product');
    expect(event(record, [['product', 'deep.constructor']])).not.toHaveProperty('product');
  });
});
