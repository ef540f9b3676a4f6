/** The sink of a pure stream (`--no-store`): nothing is kept but the ids of the last million events. */
import type { EventBatch } from '../event/event-batch.js';
import type { CommitOutcome, Segment, Store } from '../store/store.js';

export type EventSink = Pick<Store, 'readCheckpoints' | 'commit'>;

const REMEMBERED_IDS = 1_000_000;

export class MemorySink implements EventSink {
  /** Two generations: when the younger is full, the older is forgotten. */
  #young = new Set<string>();
  #old = new Set<string>();

  readCheckpoints(): Promise<[]> {
    return Promise.resolve([]);
  }

  commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    const duplicates = segments.map(({ batches }) => batches.map((batch) => this.#duplicatesIn(batch)));
    return Promise.resolve({ kind: 'committed', duplicates });
  }

  #duplicatesIn(batch: EventBatch): number[] {
    const { event_id: eventIds, order_id: orderIds } = batch.texts;
    const rows: number[] = [];
    if (eventIds.dictionary.size === 1 && orderIds.dictionary.size === 1) return rows;
    for (let row = 0; row < batch.length; row++) {
      const eventId = eventIds.codes[row] ?? 0;
      const orderId = orderIds.codes[row] ?? 0;
      const ids: string[] = [];
      if (eventId !== 0) ids.push(`event ${eventIds.dictionary.text(eventId)}`);
      if (orderId !== 0) ids.push(`${batch.types[row] ?? 0} ${orderIds.dictionary.text(orderId)}`);
      if (ids.some((id) => this.#young.has(id) || this.#old.has(id))) rows.push(row);
      else for (const id of ids) this.#remember(id);
    }
    return rows;
  }

  #remember(id: string): void {
    if (this.#young.size >= REMEMBERED_IDS) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(id);
  }
}
