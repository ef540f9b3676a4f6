/** The event: what mapipe counts. Field names are the contract's own, so that code, JSON, SQL and docs say the same. */

export const EVENT_TYPES = ['click', 'conversion', 'refund'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The fields that hold text, in the order of the columns they become. A new one is a line here and a migration. */
export const TEXT_FIELDS = [
  'campaign_id',
  'user_id',
  'source',
  'medium',
  'ad_id',
  'term',
  'click_id',
  'click_id_kind',
  'product',
  'currency',
  'order_id',
  'event_id',
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** One event, as the rules of `validate.ts` leave it. Absent texts are absent, never empty. */
export interface Event extends Readonly<Partial<Record<TextField, string>>> {
  readonly type: EventType;
  /** Microseconds since the Unix epoch, UTC. */
  readonly timestampMicros: bigint;
  /** Millionths of the currency's unit; 0 for a click. */
  readonly amountMicros: bigint;
  readonly user_id: string;
}
