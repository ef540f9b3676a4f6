/** The sink of a pure stream (`--no-store`): nothing is kept but the ids of the last million events. */
import type { EventBatch } from '../event/event-batch.js';
import { forEachIdentity, lowWordOfKind } from '../event/identities.js';
import { KeySet } from '../event/key-set.js';
import type { CommitOutcome, Segment, Store } from '../store/store.js';

export type EventSink = Pick<Store, 'readCheckpoints' | 'commit'>;

const REMEMBERED_IDS = 1_000_000;

export class MemorySink implements EventSink {
  /** Two generations: when the younger is full, the older is forgotten. */
  #young = new KeySet(Number.POSITIVE_INFINITY);
  #old = new KeySet(Number.POSITIVE_INFINITY);

  readCheckpoints(): Promise<[]> {
    return Promise.resolve([]);
  }

  commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    const duplicates = segments.map(({ batches }) => batches.map((batch) => this.#duplicatesIn(batch)));
    return Promise.resolve({ kind: 'committed', duplicates });
  }

  #duplicatesIn(batch: EventBatch): number[] {
    const rows: number[] = [];
    // A row may have two identities: none of them is remembered where one is known.
    let current = -1;
    let waiting: number[] = [];
    const settle = (): void => {
      for (let i = 0; i < waiting.length; i += 2) this.#remember(waiting[i] ?? 0, waiting[i + 1] ?? 0);
      waiting = [];
    };
    forEachIdentity(batch, (row, kind, keyLow, high) => {
      const low = lowWordOfKind(keyLow, kind);
      if (row !== current) {
        settle();
        current = row;
      }
      if (rows.at(-1) === row) return;
      if (this.#young.has(low, high) || this.#old.has(low, high)) {
        rows.push(row);
        waiting = [];
      } else {
        waiting.push(low, high);
      }
    });
    settle();
    return rows;
  }

  #remember(low: number, high: number): void {
    if (this.#young.size >= REMEMBERED_IDS) {
      this.#old = this.#young;
      this.#young = new KeySet(Number.POSITIVE_INFINITY);
    }
    this.#young.add(low, high);
  }
}
