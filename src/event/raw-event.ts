/** A record's fields as its format found them, by canonical name, before any rule of the event model was applied. */
import type { TextField } from './event.js';

export type FieldName = TextField | 'type' | 'timestamp' | 'amount';

/** Text as it stood in the record. Absent and empty both mean: not given. */
export type RawEvent = Partial<Record<FieldName, string>>;

export const FIELD_NAMES = [
  'type',
  'timestamp',
  'campaign_id',
  'user_id',
  'source',
  'medium',
  'ad_id',
  'term',
  'click_id',
  'click_id_kind',
  'amount',
  'currency',
  'product',
  'order_id',
  'event_id',
] as const satisfies readonly FieldName[];

export function isFieldName(name: string): name is FieldName {
  return (FIELD_NAMES as readonly string[]).includes(name);
}
