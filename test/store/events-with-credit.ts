/** A few events of which every credit can be told by reading; what is credited to what stands beside each. */
import { click, conversion, refund } from '../support/events.js';

export const CLICKS = {
  google: click('u1', 'a', '2026-06-01T00:00:00Z', { source: 'google', medium: 'cpc', ad_id: 'ad1' }),
  googleByMail: click('u2', 'a', '2026-06-01T01:00:00Z', {
    source: 'google',
    medium: 'email',
    term: 'shoes',
  }),
  // A click may name a product, but has bought none.
  unknown: click('u3', 'a', '2026-06-01T02:00:00Z', { product: 'hat' }),
  bing: click('u1', 'b', '2026-06-02T00:00:00Z', { source: 'bing' }),
};

export const CONVERSIONS = {
  /** Campaign a, google, cpc, ad1. */
  hat: conversion('u1', 100, '2026-06-03T00:00:00Z', { campaign_id: 'a', product: 'hat', order_id: 'o1' }),
  /** Campaign b, bing: the user's last click. */
  unnamed: conversion('u1', 200, '2026-06-04T00:00:00Z'),
  /** Campaign a, no source: the click was 44 days before. */
  late: conversion('u2', 400, '2026-07-15T00:00:00Z', { campaign_id: 'a', product: 'hat' }),
  /** Campaign a, no source: the click has none. */
  ofUnknown: conversion('u3', 800, '2026-06-05T00:00:00Z', { campaign_id: 'a' }),
  /** No campaign, no source. */
  strange: conversion('u9', 1600, '2026-06-05T01:00:00Z'),
};

export const REFUNDS = {
  /** Campaign a, google, cpc, ad1, hat: as the conversion of its order. */
  hat: refund('u1', 50, '2026-08-01T00:00:00Z', { order_id: 'o1' }),
  /** Campaign a, no source, no product. */
  neverBought: refund('u7', 25, '2026-06-06T00:00:00Z', { campaign_id: 'a', order_id: 'never' }),
};

export const EVENTS_WITH_CREDIT = [CLICKS, CONVERSIONS, REFUNDS].flatMap((events) => Object.values(events));
