/** The dictionary of a store: every text that its events name, once, under its key. */
import type { Dictionary } from '../../event/dictionary.js';
import type { EventBatch } from '../../event/event-batch.js';
import { TEXT_FIELDS } from '../../event/event.js';
import type { DuckdbSession } from './engine.js';
import { KeySet } from '../../event/key-set.js';
import { TextPacker, type PackedTexts } from '../../event/packed-texts.js';

const MAX_REMEMBERED_KEYS = 1 << 20;
const utf8 = new TextEncoder();

export class TextTable {
  /** Keys that this process knows to be stored, so that most texts need no look into the store. */
  #known = new KeySet(MAX_REMEMBERED_KEYS);
  /** How many texts are stored, as long as all of them are known: then what is not known is not stored. */
  #allKnown: number | null = null;

  /** Adds the texts of these batches that the store does not hold yet. */
  async addTextsOf(session: DuckdbSession, batches: readonly EventBatch[]): Promise<void> {
    await this.#compareWithStore(session);
    const { keys, texts } = this.#collectNew(batches);
    if (keys.length === 0) return;
    if (this.#allKnown !== null) {
      await session.append('texts', [keys, texts], keys.length);
      this.#allKnown += keys.length;
      // It has forgotten what it knew for want of room.
      if (this.#known.size !== this.#allKnown) this.#allKnown = null;
      return;
    }
    await session.run(`CREATE TEMP TABLE incoming_texts (key UBIGINT, text VARCHAR)`);
    await session.append('incoming_texts', [keys, texts], keys.length);
    await session.run(
      `INSERT INTO texts SELECT key, min(text) FROM incoming_texts ANTI JOIN texts USING (key) GROUP BY key`,
    );
    await session.run(`DROP TABLE incoming_texts`);
  }

  /** Forgets what it knew: after a commit that failed, what was added is not stored. */
  forget(): void {
    this.#known = new KeySet(MAX_REMEMBERED_KEYS);
    this.#allKnown = null;
  }

  async #compareWithStore(session: DuckdbSession): Promise<void> {
    const [row] = await session.rows(`SELECT count(*) FROM texts`);
    const stored = Number(row?.[0] ?? 0);
    if (stored === 0) {
      this.forget();
      this.#allKnown = 0;
    } else if (stored !== this.#allKnown) {
      // Another process has added some.
      this.#allKnown = null;
    }
  }

  #collectNew(batches: readonly EventBatch[]): { keys: BigUint64Array; texts: PackedTexts } {
    const texts = new TextPacker();
    let words = new Uint32Array(1 << 12);
    for (const batch of batches) {
      for (const field of TEXT_FIELDS) {
        const { dictionary } = batch.texts[field];
        if (dictionary.size === 1) continue;
        const keys = dictionary.keys();
        const keyWords = new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
        for (let code = 1; code < dictionary.size; code++) {
          const low = keyWords[2 * code] ?? 0;
          const high = keyWords[2 * code + 1] ?? 0;
          // A row without a text, in a dictionary of one entry a row.
          if (low === 0 && high === 0) continue;
          if (!this.#known.add(low, high)) continue;
          if (2 * texts.size === words.length) words = grown(words);
          words[2 * texts.size] = low;
          words[2 * texts.size + 1] = high;
          addText(texts, dictionary, code);
        }
      }
    }
    return { keys: new BigUint64Array(words.buffer, 0, texts.size), texts };
  }
}

function addText(texts: TextPacker, dictionary: Dictionary, code: number): void {
  if (dictionary.packed) {
    const { bytes, ends } = dictionary.packed;
    texts.addPart(bytes, code < 2 ? 0 : (ends[code - 2] ?? 0), ends[code - 1] ?? 0);
  } else {
    texts.add(utf8.encode(dictionary.text(code)));
  }
}

function grown(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(words.length * 2);
  larger.set(words);
  return larger;
}
