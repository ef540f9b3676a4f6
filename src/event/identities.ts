/** What says that two events are one: the same `event_id`, or the same `order_id` of the same type. */
import type { EventBatch } from './event-batch.js';
import { wordsOf } from './key-words.js';

/** The kind of an `event_id`, whatever the type; an `order_id` is of the kind of its event's type. */
export const EVENT_ID_KIND = 255;

/** Visits every identity of a batch, row by row; its key comes as two words. */
export function forEachIdentity(
  batch: EventBatch,
  visit: (row: number, kind: number, low: number, high: number) => void,
): void {
  const { event_id: eventId, order_id: orderId } = batch.texts;
  const hasEventIds = eventId.dictionary.size > 1;
  const hasOrderIds = orderId.dictionary.size > 1;
  if (!hasEventIds && !hasOrderIds) return;
  const eventIdWords = wordsOf(eventId.dictionary.keys());
  const orderIdWords = wordsOf(orderId.dictionary.keys());
  for (let row = 0; row < batch.length; row++) {
    const eventCode = hasEventIds ? (eventId.codes[row] ?? 0) : 0;
    const orderCode = hasOrderIds ? (orderId.codes[row] ?? 0) : 0;
    if (eventCode !== 0) {
      visit(row, EVENT_ID_KIND, eventIdWords[2 * eventCode] ?? 0, eventIdWords[2 * eventCode + 1] ?? 0);
    }
    if (orderCode !== 0) {
      const kind = batch.types[row] ?? 0;
      visit(row, kind, orderIdWords[2 * orderCode] ?? 0, orderIdWords[2 * orderCode + 1] ?? 0);
    }
  }
}

/** The low word of a key, made another one for each kind, so that one set can hold the identities of all kinds. */
export function lowWordOfKind(low: number, kind: number): number {
  return (low ^ Math.imul(kind + 1, 0x9e3779b1)) >>> 0;
}
