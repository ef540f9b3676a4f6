import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventBatchBuilder, eventAt, TYPE_CODE } from '../../src/event/event-batch.js';
import { EVENT_TYPES, TEXT_FIELDS, type Event } from '../../src/event/event.js';

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

const text = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'constructor', 'é', 'u1'));
const anyEvent: fc.Arbitrary<Event> = fc.record(
  {
    type: fc.constantFrom(...EVENT_TYPES),
    timestampMicros: fc.bigInt(INT64),
    amountMicros: fc.bigInt(INT64),
    user_id: text,
    ...Object.fromEntries(TEXT_FIELDS.filter((field) => field !== 'user_id').map((field) => [field, text])),
  },
  { requiredKeys: ['type', 'timestampMicros', 'amountMicros', 'user_id'] },
);

describe('EventBatchBuilder', () => {
  it('gives back every event that was added, in order', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const builder = new EventBatchBuilder(40);
        for (const event of events) builder.add(event);
        const batch = builder.build();
        expect(batch.length).toBe(events.length);
        expect(events.map((_, row) => eventAt(batch, row))).toEqual(events);
      }),
    );
  });

  it('has columns that are as long as the batch, whatever its capacity', () => {
    const builder = new EventBatchBuilder(10);
    builder.add({ type: 'refund', timestampMicros: 5n, amountMicros: 7n, user_id: 'u1', currency: 'EUR' });
    const batch = builder.build();
    expect([...batch.types]).toEqual([2]);
    expect([...batch.timestampMicros]).toEqual([5n]);
    expect([...batch.amountMicros]).toEqual([7n]);
    expect([...batch.texts.user_id.codes]).toEqual([1]);
    expect([...batch.texts.product.codes]).toEqual([0]);
  });

  it('is full when as many events as it has room for are in it', () => {
    const builder = new EventBatchBuilder(2);
    const event: Event = { type: 'click', timestampMicros: 0n, amountMicros: 0n, user_id: 'u1' };
    builder.add(event);
    expect(builder.full).toBe(false);
    builder.add(event);
    expect(builder.full).toBe(true);
    expect(builder.length).toBe(2);
  });

  it('keeps the numbers that stand for types in stored data', () => {
    expect(TYPE_CODE).toEqual({ click: 0, conversion: 1, refund: 2 });
    expect(EVENT_TYPES).toEqual(['click', 'conversion', 'refund']);
  });
});
