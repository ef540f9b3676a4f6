/** From a record's own names to canonical fields: the user's mapping, the canonical name, the vocabulary's path, an alias. */
import { CLICK_ID_KINDS } from '../event/campaign-parameters.js';
import { ENVELOPE_TYPE, meaningOf } from '../event/event-names.js';
import { namesOf } from '../event/field-aliases.js';
import { FIELD_NAMES, type FieldName, type RawEvent } from '../event/raw-event.js';

/** An object or a list, where a text or a number was expected. */
export const NOT_A_TEXT = Symbol('not a text');
export type FieldValue = string | undefined | typeof NOT_A_TEXT;

/** A record as its format gives it: names at the top level, and the text at a path (`checkout.order.id`). */
export interface FieldSource {
  names(): Iterable<string>;
  /** The text at a path, or under a top-level name, read for the sake of `field`. */
  valueOf(path: string, field: FieldName): FieldValue;
}

export type MappedFields = { readonly raw: RawEvent } | { readonly invalidField: string };

interface Target {
  readonly field: FieldName;
  readonly rank: number;
  readonly clickIdKind?: string;
}

const CANONICAL = 0;
const VOCABULARY = 1;
const UNSET = Number.POSITIVE_INFINITY;

/** Which field a top-level name stands for; of several names of one field the lowest rank wins. */
const TARGETS: ReadonlyMap<string, Target> = new Map([
  ...[...CLICK_ID_KINDS.keys()].map((kind, i): [string, Target] => [
    kind,
    { field: 'click_id', rank: VOCABULARY + 1 + i, clickIdKind: kind },
  ]),
  ...FIELD_NAMES.flatMap((field) =>
    namesOf(field).map((name, i): [string, Target] => [
      name,
      { field, rank: i === 0 ? CANONICAL : VOCABULARY + i },
    ]),
  ),
]);

/** Every name that stands for a field; of several names of one field the lowest rank wins. */
export function knownNames(): readonly (Target & { readonly name: string })[] {
  return [...TARGETS].map(([name, target]) => ({ name, ...target }));
}

/** Whether a name is one that mapipe knows; formats are told apart by it. */
export function isKnownName(name: string): boolean {
  return TARGETS.has(name);
}

export class FieldMapper {
  readonly #fieldPaths: ReadonlyMap<FieldName, string>;

  constructor(fieldPaths: ReadonlyMap<FieldName, string>) {
    this.#fieldPaths = fieldPaths;
  }

  map(source: FieldSource): MappedFields {
    const raw: RawEvent = {};
    const ranks: Partial<Record<FieldName, number>> = {};
    let clickIdKind: string | undefined;
    for (const name of source.names()) {
      const target = TARGETS.get(name);
      if (!target || target.rank >= (ranks[target.field] ?? UNSET)) continue;
      const value = source.valueOf(name, target.field);
      if (value === NOT_A_TEXT) {
        // An alias may be an object of something else (`user: {…}`); the canonical name may not.
        if (target.rank === CANONICAL && !this.#fieldPaths.has(target.field)) return { invalidField: name };
      } else if (value) {
        raw[target.field] = value;
        ranks[target.field] = target.rank;
        if (target.field === 'click_id') clickIdKind = target.clickIdKind;
      }
    }
    if (clickIdKind !== undefined) raw.click_id_kind ??= clickIdKind;
    const envelope = raw.type === ENVELOPE_TYPE ? source.valueOf('event', 'type') : undefined;
    if (typeof envelope === 'string') raw.type = envelope;
    this.#addVocabularyFields(source, raw, ranks);
    for (const [field, path] of this.#fieldPaths) {
      const value = source.valueOf(path, field);
      if (value === NOT_A_TEXT) return { invalidField: path };
      if (value) raw[field] = value;
    }
    return { raw };
  }

  #addVocabularyFields(source: FieldSource, raw: RawEvent, ranks: Partial<Record<FieldName, number>>): void {
    if (!raw.type) return;
    const meaning = meaningOf(raw.type);
    if (meaning.kind !== 'counted') return;
    for (const [field, paths] of meaning.paths) {
      if (ranks[field] === CANONICAL) continue;
      for (const path of paths) {
        const value = source.valueOf(path, field);
        if (typeof value === 'string' && value !== '') {
          raw[field] = value;
          break;
        }
      }
    }
  }
}
