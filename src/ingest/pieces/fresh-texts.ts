/**
 * Marks the texts that come for the first time, so that whoever stores them need not look for each in all it knows. It
 * goes by what this thread has seen of one reading; past its memory, a text is marked again.
 */
import type { KernelColumns, KeyedColumn } from '../../decode/kernel/kernel-columns.js';
import type { TextField } from '../../event/event.js';
import { KEYS_TO_WARM, KeySet } from '../../event/key-set.js';

const MAX_REMEMBERED_KEYS = 1 << 20;

export class FreshTexts {
  readonly #seen = new Map<TextField, KeySet>();

  mark(columns: KernelColumns): KernelColumns {
    return { ...columns, keyed: columns.keyed.map((column) => this.#markColumn(column)) };
  }

  #markColumn(column: KeyedColumn): KeyedColumn {
    let seen = this.#seen.get(column.field);
    if (!seen) this.#seen.set(column.field, (seen = new KeySet(MAX_REMEMBERED_KEYS)));
    const words = new Uint32Array(column.keys.buffer);
    const fresh = new Uint32Array(column.keys.length);
    let count = 0;
    for (let code = 1; code < column.keys.length; code++) {
      if (code % KEYS_TO_WARM === 1)
        seen.warm(words, code, Math.min(code + KEYS_TO_WARM, column.keys.length));
      const low = words[2 * code] ?? 0;
      const high = words[2 * code + 1] ?? 0;
      if ((low !== 0 || high !== 0) && seen.add(low, high)) fresh[count++] = code;
    }
    return { ...column, freshCodes: fresh.slice(0, count) };
  }
}
