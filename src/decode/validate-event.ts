/** The rules of the event model: a record's texts become an event, or the reason why they are none. */
import { ignore, reject, type LineOutcome, type RejectReason } from './outcome.js';
import { canonicalText } from '../event/canonical-text.js';
import type { Event, EventType } from '../event/event.js';
import { TEXT_FIELDS } from '../event/event.js';
import { meaningOf } from '../event/event-names.js';
import { isCurrencyCode, parseAmountMicros } from '../event/money.js';
import type { RawEvent } from '../event/raw-event.js';
import { parseTimestampMicros } from '../event/time.js';

export interface EventRules {
  /** For conversions and refunds that name none; ISO 4217. */
  readonly defaultCurrency: string;
  /** The zone of timestamps that carry no offset. */
  readonly inputZone: string;
  /** The moment of receipt, for events without a timestamp. */
  readonly receivedAtMicros: () => bigint;
}

const AMOUNT_FAULTS = {
  not_a_decimal: 'invalid_amount',
  too_precise: 'invalid_amount',
  negative: 'negative_amount',
  too_large: 'amount_out_of_range',
} as const satisfies Record<string, RejectReason>;

/** Applies the rules, in the order: type, who, which campaign, when, how much. */
export function validateEvent(raw: RawEvent, rules: EventRules): LineOutcome {
  let type: EventType;
  if (raw.type) {
    const meaning = meaningOf(raw.type);
    if (meaning.kind === 'other') return ignore('other_event');
    if (meaning.kind === 'unknown') return reject('unknown_type', raw.type);
    type = meaning.type;
  } else {
    type = raw.amount ? 'conversion' : 'click';
  }
  if (!raw.user_id) return reject('missing_user_id');
  if (type === 'click' && !raw.campaign_id) return reject('missing_campaign_id');

  const stamped = !raw.timestamp;
  const timestampMicros = raw.timestamp
    ? parseTimestampMicros(raw.timestamp, rules.inputZone)
    : rules.receivedAtMicros();
  if (timestampMicros === null) return reject('invalid_timestamp', raw.timestamp);

  let amountMicros = 0n;
  let currency: string | undefined;
  if (type !== 'click') {
    if (raw.amount) {
      const amount = parseAmountMicros(raw.amount);
      if (amount.kind === 'fault') return reject(AMOUNT_FAULTS[amount.fault], raw.amount);
      amountMicros = amount.micros;
    } else if (type === 'refund') {
      return reject('missing_amount');
    }
    currency = raw.currency ? raw.currency.toUpperCase() : rules.defaultCurrency;
    if (!isCurrencyCode(currency)) return reject('invalid_currency', raw.currency);
  }
  const event: Mutable<Event> = { type, timestampMicros, amountMicros, user_id: '' };
  for (const field of TEXT_FIELDS) {
    const text = field === 'currency' ? currency : raw[field];
    if (text) event[field] = canonicalText(field, text);
  }
  return { kind: 'event', event, stamped };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
