/** A record's fields as its format found them, by canonical name, before any rule of the event model was applied. */
import { TEXT_FIELDS, type TextField } from './event.js';

export type FieldName = TextField | 'type' | 'timestamp' | 'amount';

/** Text as it stood in the record. Absent and empty both mean: not given. */
export type RawEvent = Partial<Record<FieldName, string>>;

export const FIELD_NAMES: readonly FieldName[] = ['type', 'timestamp', 'amount', ...TEXT_FIELDS];

export function isFieldName(name: string): name is FieldName {
  return (FIELD_NAMES as readonly string[]).includes(name);
}
