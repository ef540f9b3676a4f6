/** The form of a text that is stored, and by which what is asked for finds it again. */
import type { TextField } from './event.js';

/**
 * The form in which texts compare. Campaign names keep their case and are NFC; channels compare case-folded; click ids
 * stay as they came. A lone surrogate, which no UTF-8 text can hold, becomes U+FFFD.
 */
export function canonicalText(field: TextField, text: string): string {
  if (isPlainAscii(text)) return field === 'source' || field === 'medium' ? text.toLowerCase() : text;
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  switch (field) {
    case 'source':
    case 'medium':
      return wellFormed.normalize('NFC').toLowerCase();
    case 'click_id':
    case 'user_id':
    case 'order_id':
    case 'event_id':
      return wellFormed;
    case 'campaign_id':
    case 'ad_id':
    case 'term':
    case 'click_id_kind':
    case 'product':
    case 'currency':
      return wellFormed.normalize('NFC');
  }
}

// eslint-disable-next-line no-control-regex -- the whole of ASCII is meant.
const PLAIN_ASCII = /^[\x00-\x7f]*$/;

function isPlainAscii(text: string): boolean {
  return PLAIN_ASCII.test(text);
}
