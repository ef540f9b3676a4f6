/**
 * What an event's name means: mapipe's own three types, the purchase events of GA4, Segment and Shopify with the paths
 * where each keeps its order, and the other events of these vocabularies, which are no news about a campaign.
 */
import type { EventType } from './event.js';
import type { FieldName } from './raw-event.js';

/** Where a vocabulary keeps a field: paths in the record, the first that is there wins. */
export type VocabularyPaths = readonly (readonly [field: FieldName, paths: readonly string[]])[];

export type EventMeaning =
  | { readonly kind: 'counted'; readonly type: EventType; readonly paths: VocabularyPaths }
  | { readonly kind: 'other' }
  | { readonly kind: 'unknown' };

const OWN: VocabularyPaths = [];
const GA4: VocabularyPaths = [
  ['order_id', ['transaction_id']],
  ['amount', ['value']],
  ['currency', ['currency']],
];
const SEGMENT: VocabularyPaths = [
  ['order_id', ['properties.order_id']],
  ['amount', ['properties.revenue', 'properties.total']],
  ['currency', ['properties.currency']],
];
const SHOPIFY: VocabularyPaths = [
  ['order_id', ['checkout.order.id']],
  ['amount', ['checkout.totalPrice.amount']],
  ['currency', ['checkout.currencyCode']],
];

const COUNTED = new Map<string, Extract<EventMeaning, { kind: 'counted' }>>([
  ['click', { kind: 'counted', type: 'click', paths: OWN }],
  ['conversion', { kind: 'counted', type: 'conversion', paths: OWN }],
  ['refund', { kind: 'counted', type: 'refund', paths: GA4 }],
  ['purchase', { kind: 'counted', type: 'conversion', paths: GA4 }],
  ['order completed', { kind: 'counted', type: 'conversion', paths: SEGMENT }],
  ['order refunded', { kind: 'counted', type: 'refund', paths: SEGMENT }],
  ['checkout_completed', { kind: 'counted', type: 'conversion', paths: SHOPIFY }],
]);

// The automatic and recommended events of GA4, Segment's spec and Shopify's standard pixel events, less those above.
const OTHER = new Set([
  ...[
    'add_payment_info',
    'add_shipping_info',
    'add_to_cart',
    'add_to_wishlist',
    'begin_checkout',
    'file_download',
  ],
  ...[
    'first_visit',
    'form_start',
    'form_submit',
    'generate_lead',
    'login',
    'page_view',
    'remove_from_cart',
    'scroll',
  ],
  ...['search', 'select_content', 'select_item', 'select_promotion', 'session_start', 'share', 'sign_up'],
  ...['user_engagement', 'video_complete', 'video_progress', 'video_start', 'view_cart', 'view_item'],
  ...['view_item_list', 'view_promotion', 'view_search_results', 'impression', 'visit', 'pageview'],
  ...['page', 'screen', 'identify', 'group', 'alias', 'product viewed', 'product added', 'product removed'],
  ...['product list viewed', 'product clicked', 'cart viewed', 'checkout started', 'checkout step viewed'],
  ...[
    'checkout step completed',
    'payment info entered',
    'order updated',
    'order cancelled',
    'products searched',
  ],
  ...[
    'cart_viewed',
    'checkout_address_info_submitted',
    'checkout_contact_info_submitted',
    'checkout_started',
  ],
  ...['checkout_shipping_info_submitted', 'collection_viewed', 'page_viewed', 'payment_info_submitted'],
  ...['product_added_to_cart', 'product_removed_from_cart', 'product_viewed', 'search_submitted'],
]);

/** Segment wraps each event: `type` is then the call, and `event` holds the name. */
export const ENVELOPE_TYPE = 'track';

/** Every name whose meaning is known, in lower case. */
export function knownTypeNames(): readonly (readonly [string, Exclude<EventMeaning, { kind: 'unknown' }>])[] {
  return [...COUNTED, ...[...OTHER].map((name) => [name, { kind: 'other' }] as const)];
}

/** What an event of this name is; names are compared without regard to case. */
export function meaningOf(name: string): EventMeaning {
  const folded = name.toLowerCase();
  return COUNTED.get(folded) ?? (OTHER.has(folded) ? { kind: 'other' } : { kind: 'unknown' });
}
