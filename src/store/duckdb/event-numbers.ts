/**
 * What events consist of, as numbers of 64 bits: moment, type, amount, and the keys of their texts. In that order they
 * are compared, wherever they lie: a bigint each would be an object each.
 */
import type { EventBatch } from '../../event/event-batch.js';
import { TEXT_FIELDS } from '../../event/event.js';
import { wordsOf } from '../../event/key-words.js';
import type { Words } from './engine.js';

export const TYPE_NUMBER = 1;
/** Moment, type and amount have a sign; keys have none. */
const SIGNED_COUNT = 3;
export const NUMBER_COUNT = SIGNED_COUNT + TEXT_FIELDS.length;
export const EVENT_ID_NUMBER = SIGNED_COUNT + TEXT_FIELDS.indexOf('event_id');
export const ORDER_ID_NUMBER = SIGNED_COUNT + TEXT_FIELDS.indexOf('order_id');

/** Events of which each number can be had, by which it is and the event's row, as two words. */
export interface NumberedEvents {
  low(number: number, row: number): number;
  high(number: number, row: number): number;
}

/** Those of a batch. */
export class BatchEvents implements NumberedEvents {
  readonly #types: Uint8Array;
  readonly #moments: Uint32Array;
  readonly #amounts: Uint32Array;
  readonly #texts: readonly { readonly codes: Uint32Array; readonly keys: Uint32Array }[];

  constructor({ types, timestampMicros, amountMicros, texts }: EventBatch) {
    this.#types = types;
    this.#moments = wordsOf(timestampMicros);
    this.#amounts = wordsOf(amountMicros);
    this.#texts = TEXT_FIELDS.map((field) => {
      const { codes, dictionary } = texts[field];
      return { codes, keys: wordsOf(dictionary.keys()) };
    });
  }

  low(number: number, row: number): number {
    return number === TYPE_NUMBER ? (this.#types[row] ?? 0) : this.#word(number, row, 0);
  }

  high(number: number, row: number): number {
    return number === TYPE_NUMBER ? 0 : this.#word(number, row, 1);
  }

  #word(number: number, row: number, word: number): number {
    if (number === 0) return this.#moments[2 * row + word] ?? 0;
    if (number < SIGNED_COUNT) return this.#amounts[2 * row + word] ?? 0;
    const column = this.#texts[number - SIGNED_COUNT];
    return column?.keys[2 * (column.codes[row] ?? 0) + word] ?? 0;
  }
}

/** Those of columns, one a number, that a store has given. */
export class StoredEvents implements NumberedEvents {
  readonly #columns: readonly Words[];

  constructor(columns: readonly Words[]) {
    this.#columns = columns;
  }

  low(number: number, row: number): number {
    return this.#columns[number]?.[2 * row] ?? 0;
  }

  high(number: number, row: number): number {
    return this.#columns[number]?.[2 * row + 1] ?? 0;
  }
}

/** Below 0 where the first of two events sorts before the other one. */
export function compareEvents(a: NumberedEvents, i: number, b: NumberedEvents, j: number): number {
  for (let number = 0; number < NUMBER_COUNT; number++) {
    const high = signed(number, a.high(number, i)) - signed(number, b.high(number, j));
    if (high !== 0) return high;
    const low = a.low(number, i) - b.low(number, j);
    if (low !== 0) return low;
  }
  return 0;
}

/** Whether two events have the same event id and the same order, or both none. */
export function haveSameIdentities(a: NumberedEvents, i: number, b: NumberedEvents, j: number): boolean {
  if (!areEqual(EVENT_ID_NUMBER, a, i, b, j) || !areEqual(ORDER_ID_NUMBER, a, i, b, j)) return false;
  // An order is one of its type.
  const hasOrder = a.low(ORDER_ID_NUMBER, i) !== 0 || a.high(ORDER_ID_NUMBER, i) !== 0;
  return !hasOrder || areEqual(TYPE_NUMBER, a, i, b, j);
}

/** All numbers of an event. */
export function numbersOf(events: NumberedEvents, row: number): bigint[] {
  return Array.from({ length: NUMBER_COUNT }, (_, number) => {
    return (BigInt(signed(number, events.high(number, row))) << 32n) | BigInt(events.low(number, row));
  });
}

function areEqual(number: number, a: NumberedEvents, i: number, b: NumberedEvents, j: number): boolean {
  return a.low(number, i) === b.low(number, j) && a.high(number, i) === b.high(number, j);
}

function signed(number: number, high: number): number {
  return number < SIGNED_COUNT ? high | 0 : high;
}
