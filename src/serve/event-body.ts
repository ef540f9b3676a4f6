/** One event as the body of a request: the same rules as for a line of a log, but every fault is told at once. */
import type { DecodeOptions } from '../decode/format.js';
import { JsonLineDecoder, parseObject } from '../decode/formats/ndjson.js';
import { REJECT_REASONS, type RejectReason } from '../decode/outcome.js';
import { validateEvent } from '../decode/validate-event.js';
import { meaningOf } from '../event/event-names.js';
import type { Event } from '../event/event.js';
import type { FieldName, RawEvent } from '../event/raw-event.js';
import type { Fault } from './problem.js';

export type EventBody =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'not_an_object' }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] };

/** The field that a reason is about, and a text that would be right for it. */
const MENDS: Partial<Record<RejectReason, readonly [FieldName, string]>> = {
  unknown_type: ['type', 'click'],
  missing_user_id: ['user_id', 'user'],
  missing_campaign_id: ['campaign_id', 'campaign'],
  invalid_timestamp: ['timestamp', '2026-01-01T00:00:00Z'],
  missing_amount: ['amount', '0'],
  invalid_amount: ['amount', '0'],
  negative_amount: ['amount', '0'],
  amount_out_of_range: ['amount', '0'],
  invalid_currency: ['currency', 'USD'],
};

export class EventBodyDecoder {
  readonly #type: 'click' | 'conversion';
  readonly #options: DecodeOptions;
  readonly #decoder: JsonLineDecoder;

  constructor(type: 'click' | 'conversion', options: DecodeOptions) {
    this.#type = type;
    this.#options = options;
    this.#decoder = new JsonLineDecoder(options);
  }

  decode(text: string): EventBody {
    let object = parseObject(text);
    if (object === null) return { kind: 'not_an_object' };
    const faults: Fault[] = [];
    let mapped = this.#decoder.mapObject(text, object);
    while ('invalidField' in mapped) {
      const field = mapped.invalidField;
      // A path of the user's own into the record is not mended.
      if (faults.some((fault) => fault.field === field)) return { kind: 'faults', faults };
      faults.push({ field, reason: 'invalid_field', detail: REJECT_REASONS.invalid_field });
      object = { ...object, [field]: soundText(field) };
      mapped = this.#decoder.mapObject(text, object);
    }
    const { raw } = mapped;
    faults.push(...this.#typeFaults(raw.type));
    raw.type = this.#type;
    const outcome = validateEvent(raw, this.#options);
    if (outcome.kind === 'event' && faults.length === 0) return { kind: 'event', event: outcome.event };
    return { kind: 'faults', faults: [...faults, ...faultsOf(raw, this.#options)] };
  }

  #typeFaults(name: string | undefined): Fault[] {
    if (!name) return [];
    const meaning = meaningOf(name);
    if (meaning.kind === 'counted' && meaning.type === this.#type) return [];
    const detail = `type must be ${this.#type} or be left out, got ${name}; POST /api/events takes events of every type`;
    return [{ field: 'type', reason: 'unexpected_type', detail }];
  }
}

/** A text that no rule objects to. */
function soundText(field: string): string {
  return Object.values(MENDS).find(([name]) => name === field)?.[1] ?? 'text';
}

/** All that breaks the rules: they tell one fault at a time, so the field is mended and they are asked again. */
function faultsOf(faulty: RawEvent, options: DecodeOptions): Fault[] {
  const raw = { ...faulty };
  const faults: Fault[] = [];
  // Each round mends another field.
  for (let round = 0; round <= Object.keys(MENDS).length; round++) {
    const outcome = validateEvent(raw, options);
    if (outcome.kind !== 'reject') break;
    const { reason, detail } = outcome;
    const [field, mended] = MENDS[reason] ?? [];
    const got = detail === undefined ? '' : `, got ${detail}`;
    faults.push({ field: field ?? '', reason, detail: `${REJECT_REASONS[reason]}${got}` });
    if (field === undefined || mended === undefined) break;
    raw[field] = mended;
  }
  return faults;
}
