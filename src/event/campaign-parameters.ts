/** The query parameters that name a campaign, and the click ids that ad networks add to links. */
import type { FieldName } from './raw-event.js';

/** URL parameters by field, in the order in which they are looked for (utm of Urchin, then Matomo's and Piwik's). */
export const CAMPAIGN_PARAMETERS = {
  campaign_id: ['utm_campaign', 'mtm_campaign', 'pk_campaign', 'utm_id'],
  source: ['utm_source', 'mtm_source', 'pk_source'],
  medium: ['utm_medium', 'mtm_medium', 'pk_medium'],
  ad_id: ['utm_content', 'mtm_content', 'pk_content'],
  term: ['utm_term', 'mtm_keyword', 'pk_keyword'],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

/** What GA4 calls a campaign that the link does not name. */
export const CAMPAIGN_NOT_SET = '(not set)';

interface ClickIdKind {
  /** Only ads carry it. Meta adds fbclid to every outgoing link, and mail tools mark unpaid mail. */
  readonly paid: boolean;
  readonly source?: string;
  readonly medium?: string;
}

const PAID_SEARCH = { paid: true, medium: 'cpc' } as const;
const PAID_SOCIAL = { paid: true, medium: 'paid_social' } as const;

/** Click ids by parameter name, in the order in which the first one present is taken. */
export const CLICK_ID_KINDS: ReadonlyMap<string, ClickIdKind> = new Map<string, ClickIdKind>([
  ['gclid', { ...PAID_SEARCH, source: 'google' }],
  ['gbraid', { ...PAID_SEARCH, source: 'google' }],
  ['wbraid', { ...PAID_SEARCH, source: 'google' }],
  ['dclid', { paid: true, source: 'google', medium: 'display' }],
  ['msclkid', { ...PAID_SEARCH, source: 'bing' }],
  ['ttclid', { ...PAID_SOCIAL, source: 'tiktok' }],
  ['twclid', { ...PAID_SOCIAL, source: 'twitter' }],
  ['li_fat_id', { ...PAID_SOCIAL, source: 'linkedin' }],
  ['rdt_cid', { ...PAID_SOCIAL, source: 'reddit' }],
  ['epik', { ...PAID_SOCIAL, source: 'pinterest' }],
  ['sccid', { ...PAID_SOCIAL, source: 'snapchat' }],
  ['ScCid', { ...PAID_SOCIAL, source: 'snapchat' }],
  ['qclid', { ...PAID_SOCIAL, source: 'quora' }],
  ['yclid', { ...PAID_SEARCH, source: 'yandex' }],
  ['irclid', { paid: true, medium: 'affiliate' }],
  ['fbclid', { paid: false }],
  ['_kx', { paid: false }],
  ['mc_cid', { paid: false }],
]);
