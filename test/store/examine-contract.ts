/** What every store says of itself, whatever engine is behind it. */
import { describe, expect, it } from 'vitest';
import { checkpointAt, click, conversion, micros, refund, segmentOf } from '../support/events.js';
import type { StoreHandles } from './store-contract.js';

export function examineContract(engine: string, open: () => StoreHandles): void {
  describe(`the examination of a ${engine} store`, () => {
    it('finds nothing wrong with what it was given, and counts it', async () => {
      const { store } = open();
      await store.commit([
        segmentOf(
          [
            click('u1', 'a', '2026-06-01T10:00:00Z', { source: 'google', event_id: 'e1' }),
            click('u2', 'a', '2026-06-01T11:00:00Z', { event_id: 'e2' }),
            click('u2', 'b', '2026-06-01T11:00:00Z'),
            conversion('u3', 1999, '2026-06-02T10:00:00Z', { order_id: 'o1', currency: 'EUR' }),
            conversion('u3', 1999, '2026-06-02T10:00:00Z', { order_id: 'o2' }),
            refund('u1', 500, '2026-06-03T10:00:00Z', { order_id: 'o1' }),
          ],
          { checkpoint: checkpointAt(600) },
        ),
      ]);
      const { findings, contents, checkpoints } = await store.examine();
      expect(findings).toEqual([]);
      expect(contents).toEqual({
        events: new Map([
          ['click', 3],
          ['conversion', 2],
          ['refund', 1],
        ]),
        firstEventMicros: micros('2026-06-01T10:00:00Z'),
        lastEventMicros: micros('2026-06-03T10:00:00Z'),
        campaigns: 2,
        users: 3,
        // a, b; u1, u2, u3; google; e1, e2; o1, o2; EUR, USD
        texts: 12,
        currencies: ['EUR', 'USD'],
      });
      expect(checkpoints).toEqual([checkpointAt(600)]);
    });

    it('finds nothing wrong where lines without an end grew, were taken back or lost to another event', async () => {
      const { store } = open();
      const open1 = checkpointAt(50, { openOffset: 10, provisionalKey: 77n });
      await store.commit([
        segmentOf([click('u1', 'a', '2026-06-01T00:00:00Z', { event_id: 'e1' })], {
          checkpoint: open1,
          provisionalKey: 77n,
          provisionalEvents: 1,
        }),
      ]);
      expect((await store.examine()).findings).toEqual([]);
      // Another run reads the line whole: the first one's checkpoint stays, without its event.
      await store.commit([
        segmentOf([click('u12', 'a', '2026-06-01T00:00:00Z')], {
          checkpoint: checkpointAt(60, {
            runId: 'run-2',
            headHash: 'cc',
            openOffset: 55,
            provisionalKey: 78n,
          }),
          retractKey: 77n,
          provisionalKey: 78n,
          provisionalEvents: 1,
        }),
      ]);
      expect((await store.examine()).findings).toEqual([]);
      // An event whose line has an end claims the identity of one whose line has none.
      const lost = checkpointAt(2000, { runId: 'run-3', headHash: 'dd', openOffset: 9, provisionalKey: 79n });
      await store.commit([
        segmentOf([click('u3', 'a', '2026-06-01T00:00:00Z', { event_id: 'e3' })], {
          checkpoint: lost,
          provisionalKey: 79n,
          provisionalEvents: 1,
        }),
      ]);
      await store.commit([segmentOf([click('u4', 'a', '2026-06-01T00:00:00Z', { event_id: 'e3' })])]);
      expect((await store.examine()).findings).toEqual([]);
    });

    it('warns of an input whose open line has no event', async () => {
      const { store } = open();
      const checkpoint = checkpointAt(2000, { openOffset: 1990, provisionalKey: 5n });
      await store.commit([segmentOf([click('u1', 'a', '2026-06-01T00:00:00Z')], { checkpoint })]);
      expect((await store.examine()).findings.map(({ code }) => code)).toEqual(['open_event_missing']);
    });

    it('finds the event of an open line that is of no known input', async () => {
      const { store } = open();
      const orphan = { provisionalKey: 5n, provisionalEvents: 1 };
      await store.commit([segmentOf([click('u1', 'a', '2026-06-01T00:00:00Z')], orphan)]);
      expect((await store.examine()).findings.map(({ code }) => code)).toEqual(['open_event_unknown']);
    });

    it('finds checkpoints that cannot be', async () => {
      const { store } = open();
      for (const [i, impossible] of [
        { offset: -1 },
        { headLength: 1025, offset: 5000 },
        { tailLength: -1 },
        { headLength: 11, offset: 10 },
        { openOffset: 11, offset: 10 },
        { lines: -1 },
      ].entries()) {
        const checkpoint = checkpointAt(10, { runId: `run-${i}`, ...impossible });
        await store.commit([segmentOf([], { checkpoint })]);
      }
      expect((await store.examine()).findings).toMatchObject([
        { code: 'checkpoint_invalid', message: '6 checkpoints are of impossible figures' },
      ]);
    });

    it('finds events that cannot have been accepted', async () => {
      const { store } = open();
      await store.commit([
        segmentOf([
          click('u1', 'a', '2026-06-01T00:00:00Z', { amountMicros: 1n }),
          conversion('u1', -100, '2026-06-01T00:00:00Z', { order_id: 'o1' }),
        ]),
      ]);
      expect((await store.examine()).findings).toMatchObject([
        {
          code: 'event_invalid',
          message: '2 events are not possible: 1 with a negative amount, 1 clicks with an amount',
        },
      ]);
    });

    it('says that a store which is not there yet is not', async () => {
      await expect(open().store.examine()).rejects.toMatchObject({ code: 'MAPIPE_STORE_NOT_FOUND' });
    });
  });
}
