/** The dictionary of a store: every text that its events name, once, under its key. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { codeRange, type Dictionary } from '../../event/dictionary.js';
import type { EventBatch } from '../../event/event-batch.js';
import { TEXT_FIELDS } from '../../event/event.js';
import type { DuckdbSession } from './engine.js';
import { KEYS_TO_WARM, KeySet } from '../../event/key-set.js';
import { gatherWords, wordsOf } from '../../event/key-words.js';
import { startOf, TextPacker, type PackedTexts } from '../../event/packed-texts.js';

const MAX_REMEMBERED_KEYS = 1 << 20;
const utf8 = new TextEncoder();

export interface NewTexts {
  readonly keys: BigUint64Array;
  readonly texts: PackedTexts;
}

export class TextTable {
  /** Keys that this process knows to be stored, so that most texts need no look into the store. */
  #known: KeySet;
  readonly #maxRemembered: number;
  /** How many texts are stored, as long as all of them are known: then what is not known is not stored. */
  #allKnown: number | null = null;

  /** Whether texts were added to a store that it has forgotten since: then a batch's hint at what is fresh is none. */
  #hasAdded = false;
  #hasLost = false;
  /** What is collected for one commit after the other. */
  readonly #keys = new KeyList();
  readonly #texts = new TextPacker();

  constructor(maxRemembered = MAX_REMEMBERED_KEYS) {
    this.#maxRemembered = maxRemembered;
    this.#known = new KeySet(maxRemembered);
  }

  /** Adds texts that the store does not hold yet, or may not. */
  async add(session: DuckdbSession, { keys, texts }: NewTexts): Promise<void> {
    if (keys.length === 0) return;
    this.#hasAdded = true;
    // Where it forgot what it knew for want of room, one may have been collected twice.
    if (this.#allKnown !== null && this.#known.size === this.#allKnown + keys.length) {
      await session.insert('texts', [{ columns: [keys, texts], count: keys.length }]);
      this.#allKnown += keys.length;
      return;
    }
    this.#allKnown = null;
    await session.run(`CREATE TEMP TABLE incoming_texts (key UBIGINT, text VARCHAR)`);
    await session.insert('incoming_texts', [{ columns: [keys, texts], count: keys.length }]);
    await session.run(
      `INSERT INTO texts SELECT key, min(text) FROM incoming_texts ANTI JOIN texts USING (key) GROUP BY key`,
    );
    await session.run(`DROP TABLE incoming_texts`);
  }

  /** Forgets what it knew: after a commit that failed, what was added is not stored. */
  forget(): void {
    this.#known = new KeySet(this.#maxRemembered);
    this.#allKnown = null;
    this.#hasLost ||= this.#hasAdded;
  }

  /** To be called before texts are collected wherever other processes may have added some since the last commit. */
  async compareWithStore(session: DuckdbSession): Promise<void> {
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

  /**
   * The texts of these batches that are not known to be stored; batch by batch, as others may be waiting. They are there
   * until this is called again.
   */
  async collectNew(batches: readonly EventBatch[]): Promise<NewTexts> {
    const texts = this.#texts;
    const keys = this.#keys;
    texts.clear();
    keys.clear();
    for (const { texts: columns } of batches) {
      await nextTurn();
      for (const field of TEXT_FIELDS) {
        const { dictionary } = columns[field];
        const fresh = this.#hasLost ? undefined : dictionary.freshCodes;
        const codes = fresh ?? codeRange(1, dictionary.size);
        for (let from = 0; from < codes.length; from += KEYS_TO_WARM) {
          this.#collectSome(
            dictionary,
            codes,
            from,
            Math.min(from + KEYS_TO_WARM, codes.length),
            keys,
            texts,
          );
        }
      }
    }
    return { keys: keys.all, texts };
  }

  #collectSome(
    dictionary: Dictionary,
    codes: Uint32Array,
    from: number,
    to: number,
    keys: KeyList,
    texts: TextPacker,
  ): void {
    gatherWords(wordsOf(dictionary.keys()), codes, from, to, someWords);
    this.#known.warm(someWords, 0, to - from);
    for (let i = from; i < to; i++) {
      const low = someWords[2 * (i - from)] ?? 0;
      const high = someWords[2 * (i - from) + 1] ?? 0;
      // A row without a text, in a dictionary of one entry a row.
      if (low === 0 && high === 0) continue;
      if (!this.#known.add(low, high)) continue;
      keys.add(low, high);
      addText(texts, dictionary, codes[i] ?? 0);
    }
  }
}

const someWords = new Uint32Array(2 * KEYS_TO_WARM);
/** Keys that are gathered one by one. */
class KeyList {
  #keys = new BigUint64Array(1 << 12);
  #words = wordsOf(this.#keys);
  #size = 0;

  get all(): BigUint64Array {
    return this.#keys.subarray(0, this.#size);
  }

  clear(): void {
    this.#size = 0;
  }

  add(low: number, high: number): void {
    if (this.#size === this.#keys.length) {
      const grown = new BigUint64Array(this.#keys.length * 2);
      grown.set(this.#keys);
      this.#keys = grown;
      this.#words = wordsOf(grown);
    }
    this.#words[2 * this.#size] = low;
    this.#words[2 * this.#size + 1] = high;
    this.#size++;
  }
}

function addText(texts: TextPacker, dictionary: Dictionary, code: number): void {
  if (dictionary.packed) {
    const { bytes, ends } = dictionary.packed;
    texts.addPart(bytes, startOf(ends, code - 1), ends[code - 1] ?? 0);
  } else {
    texts.add(utf8.encode(dictionary.text(code)));
  }
}
