/**
 * The unit that flows: a run of events as a struct of arrays. Every decoder produces it, the aggregator and the stores
 * consume it. A batch is complete in itself (its dictionaries hold every text its rows name), so it can go to a worker,
 * another engine or a file without any shared state.
 */
import type { Dictionary } from './dictionary.js';
import { GrowingDictionary } from './dictionary.js';
import { EVENT_TYPES, TEXT_FIELDS, type Event, type EventType, type TextField } from './event.js';

/** A column of texts: per row a code into the dictionary; 0 where the row has none. */
export interface TextColumn {
  readonly codes: Uint32Array;
  readonly dictionary: Dictionary;
  /** The key of each row's text (0n: none), where it is at hand without the dictionary. */
  readonly rowKeys?: BigUint64Array;
}

export interface EventBatch {
  readonly length: number;
  /** Index into EVENT_TYPES. */
  readonly types: Uint8Array;
  readonly timestampMicros: BigInt64Array;
  readonly amountMicros: BigInt64Array;
  readonly texts: Readonly<Record<TextField, TextColumn>>;
}

/** The number that stands for an event type in a batch and in a store; a new type is added at the end. */
export const TYPE_CODE: Readonly<Record<EventType, number>> = { click: 0, conversion: 1, refund: 2 };

interface GrowingColumn {
  readonly codes: Uint32Array;
  readonly dictionary: GrowingDictionary;
}

/** Turns events, one at a time, into a batch of at most `capacity` rows. */
export class EventBatchBuilder {
  readonly #capacity: number;
  readonly #types: Uint8Array;
  readonly #timestamps: BigInt64Array;
  readonly #amounts: BigInt64Array;
  readonly #texts: Record<TextField, GrowingColumn>;
  #length = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#types = new Uint8Array(capacity);
    this.#timestamps = new BigInt64Array(capacity);
    this.#amounts = new BigInt64Array(capacity);
    this.#texts = mapTextFields(() => ({
      codes: new Uint32Array(capacity),
      dictionary: new GrowingDictionary(),
    }));
  }

  get length(): number {
    return this.#length;
  }

  get full(): boolean {
    return this.#length === this.#capacity;
  }

  add(event: Event): void {
    if (this.full) throw new RangeError(`a batch of ${this.#capacity} events is full`);
    const row = this.#length++;
    this.#types[row] = TYPE_CODE[event.type];
    this.#timestamps[row] = event.timestampMicros;
    this.#amounts[row] = event.amountMicros;
    for (const field of TEXT_FIELDS) {
      const text = event[field];
      if (text !== undefined) {
        const column = this.#texts[field];
        column.codes[row] = column.dictionary.intern(text);
      }
    }
  }

  /** The rows added so far. The builder is spent: start a new one. */
  build(): EventBatch {
    const length = this.#length;
    return {
      length,
      types: this.#types.subarray(0, length),
      timestampMicros: this.#timestamps.subarray(0, length),
      amountMicros: this.#amounts.subarray(0, length),
      texts: mapTextFields((field) => ({
        codes: this.#texts[field].codes.subarray(0, length),
        dictionary: this.#texts[field].dictionary,
      })),
    };
  }
}

/** A batch without rows. */
export const EMPTY_BATCH: EventBatch = new EventBatchBuilder(0).build();

/** A record with a value for each text field. */
export function mapTextFields<T>(valueOf: (field: TextField) => T): Record<TextField, T> {
  // fromEntries cannot say in its type that every field of the closed list is there.
  return Object.fromEntries(TEXT_FIELDS.map((field) => [field, valueOf(field)])) as Record<TextField, T>;
}

/** Row `row` as an event object: for tests and for a look at single rows, not for the hot path. */
export function eventAt(batch: EventBatch, row: number): Event {
  const texts: Partial<Record<TextField, string>> = {};
  for (const field of TEXT_FIELDS) {
    const { codes, dictionary } = batch.texts[field];
    const code = codes[row] ?? 0;
    if (code !== 0) texts[field] = dictionary.text(code);
  }
  return {
    ...texts,
    user_id: texts.user_id ?? '',
    type: EVENT_TYPES[batch.types[row] ?? 0] ?? 'click',
    timestampMicros: batch.timestampMicros[row] ?? 0n,
    amountMicros: batch.amountMicros[row] ?? 0n,
  };
}
