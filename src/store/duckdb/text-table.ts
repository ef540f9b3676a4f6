/** The dictionary of a store: every text that its events name, once, under its key. */
import type { EventBatch } from '../../event/event-batch.js';
import { TEXT_FIELDS } from '../../event/event.js';
import type { DuckdbSession } from './engine.js';
import { KeySet } from './key-set.js';

const MAX_REMEMBERED_KEYS = 1 << 20;

export class TextTable {
  /** Keys that this process knows to be stored, so that most texts need no look into the store. */
  #known = new KeySet(MAX_REMEMBERED_KEYS);

  /** Adds the texts of these batches that the store does not hold yet. */
  async addTextsOf(session: DuckdbSession, batches: readonly EventBatch[]): Promise<void> {
    const keys: bigint[] = [];
    const texts: string[] = [];
    for (const batch of batches) {
      for (const field of TEXT_FIELDS) {
        const { dictionary } = batch.texts[field];
        const fieldKeys = dictionary.keys();
        const words = new Uint32Array(fieldKeys.buffer, fieldKeys.byteOffset, fieldKeys.length * 2);
        for (let code = 1; code < dictionary.size; code++) {
          if (!this.#known.add(words[2 * code] ?? 0, words[2 * code + 1] ?? 0)) continue;
          keys.push(fieldKeys[code] ?? 0n);
          texts.push(dictionary.text(code));
        }
      }
    }
    if (keys.length === 0) return;
    await session.run(`CREATE TEMP TABLE incoming_texts (key UBIGINT, text VARCHAR)`);
    await session.append('incoming_texts', [BigUint64Array.from(keys), texts], keys.length);
    await session.run(
      `INSERT INTO texts SELECT key, min(text) FROM incoming_texts ANTI JOIN texts USING (key) GROUP BY key`,
    );
    await session.run(`DROP TABLE incoming_texts`);
  }

  /** Forgets what it knew: after a commit that failed, what was added is not stored. */
  forget(): void {
    this.#known = new KeySet(MAX_REMEMBERED_KEYS);
  }
}
