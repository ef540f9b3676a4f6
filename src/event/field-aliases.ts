/** The names under which event logs (JSON, a CSV header, logfmt) give a field. The first that is there wins. */
import { CAMPAIGN_PARAMETERS } from './campaign-parameters.js';
import type { FieldName } from './raw-event.js';

const ALIASES: Readonly<Record<FieldName, readonly string[]>> = {
  type: ['event', 'event_type', 'event_name'],
  timestamp: ['ts', 'time', '@timestamp', 'datetime', 'date', 'created_at'],
  campaign_id: ['campaign', 'campaignId', ...CAMPAIGN_PARAMETERS.campaign_id],
  user_id: ['uid', 'user', 'userId', 'customer_id', 'client_id', 'anonymous_id', 'anonymousId'],
  source: CAMPAIGN_PARAMETERS.source,
  medium: CAMPAIGN_PARAMETERS.medium,
  ad_id: ['ad', 'adId', ...CAMPAIGN_PARAMETERS.ad_id, 'creative_id'],
  term: CAMPAIGN_PARAMETERS.term,
  click_id: [],
  click_id_kind: [],
  amount: ['value', 'revenue', 'total', 'price'],
  currency: [],
  product: [],
  order_id: ['orderId', 'transaction_id'],
  event_id: ['eventId'],
};

/** Canonical name first, then the aliases. */
export function namesOf(field: FieldName): readonly string[] {
  return [field, ...ALIASES[field]];
}
