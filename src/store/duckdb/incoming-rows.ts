/**
 * The rows of a commit by their identities, in flat memory. Most events that come twice have all identities in common, and
 * are two: which of them is kept is told by comparing numbers, without an object for each. What is less simple is
 * contested, and left to `deduplicate.ts`.
 */
import type { EventBatch } from '../../event/event-batch.js';
import { forEachIdentity } from '../../event/identities.js';
import type { Segment } from '../store.js';
import {
  BatchEvents,
  compareEvents,
  haveSameIdentities,
  numbersOf,
  type NumberedEvents,
} from './event-numbers.js';

/** Where a row of the commit stands. */
export interface IncomingPlace {
  readonly segment: number;
  readonly batch: number;
  readonly row: number;
}

export interface ContestedRow {
  readonly place: IncomingPlace;
  /** All that it has. */
  readonly identities: readonly Identity[];
  /** All its numbers. */
  readonly values: readonly bigint[];
  readonly isFinal: boolean;
}

export interface Identity {
  readonly kind: number;
  readonly low: number;
  readonly high: number;
}

/** A batch among those of the commit. */
interface IncomingBatch {
  readonly batch: EventBatch;
  readonly events: NumberedEvents;
  readonly segment: number;
  readonly index: number;
  /** The number of its first row among all of the commit. */
  readonly firstRow: number;
  /** The rows from here on may still grow. */
  readonly firstOpenRow: number;
}

/** What is known of a row: nothing; that it gives way to a like of it; or that a stored one gives way to it. */
const OPEN = 0;
const GIVES_WAY = 1;
const GOES_BEFORE = 2;

/** So many rows with one identity are compared with another one; of events that differ there may be very many. */
const MAX_COMPARED = 8;
/** Set in a slot where a stored event has its identity that may differ from the rows'. */
const IS_HELD = 0x8000_0000;
const ANY_ENTRY = 0x7fff_ffff;
const NO_ROW = -1;

export class IncomingRows {
  readonly #batches: readonly IncomingBatch[];
  readonly #known: Uint8Array;
  /** A hash table of identities: of each slot the last entry that has it, from 1 (0: the slot is free), and maybe IS_HELD. */
  readonly #slots: Uint32Array;
  /** Of each entry its row, and the entry before it that has the same identity (0: none); its identity's kind and key. */
  readonly #entries: Uint32Array;
  readonly #kinds: Uint8Array;
  readonly #keys: Uint32Array;
  #entryCount = 0;
  /** Whether any identity is that of several rows, or held. */
  #isAnyShared = false;

  constructor(segments: readonly Segment[]) {
    const batches: IncomingBatch[] = [];
    let rows = 0;
    segments.forEach((segment, number) => {
      segment.batches.forEach((batch, index) => {
        const isLast = index === segment.batches.length - 1;
        const isOpen = isLast && segment.provisionalKey !== 0n;
        batches.push({
          batch,
          events: new BatchEvents(batch),
          segment: number,
          index,
          firstRow: rows,
          firstOpenRow: isOpen ? batch.length - segment.provisionalEvents : batch.length,
        });
        rows += batch.length;
      });
    });
    this.#batches = batches;
    this.#known = new Uint8Array(rows);
    let identities = 0;
    for (const { batch } of batches) forEachIdentity(batch, () => identities++);
    this.#slots = new Uint32Array(tableSize(identities));
    this.#entries = new Uint32Array(2 * identities);
    this.#kinds = new Uint8Array(identities);
    this.#keys = new Uint32Array(2 * identities);
    for (const batch of batches) this.#addBatch(batch);
  }

  /** The identities that are to be looked for, as columns: of an event that comes more than once, once. */
  get identities(): { readonly kinds: Uint8Array; readonly keys: BigUint64Array; readonly count: number } {
    const count = this.#entryCount;
    return {
      kinds: this.#kinds.subarray(0, count),
      keys: new BigUint64Array(this.#keys.buffer, 0, count),
      count,
    };
  }

  /**
   * Meets a stored event: `told`, where it is known of all rows that have its identities that they give way to it;
   * `displaced`, where it gives way to the only one that does not; `held`, where that is for others to say.
   */
  meetStored(
    stored: NumberedEvents,
    at: number,
    identities: readonly Identity[],
    isFinal: boolean,
  ): 'told' | 'displaced' | 'held' {
    let rival = NO_ROW;
    let rivals = 0;
    for (const { kind, low, high } of identities) {
      let compared = 0;
      for (let entry = this.#entryOf(kind, low, high); entry !== 0; entry = this.#before(entry)) {
        const row = this.#rowOf(entry);
        if (this.#known[row] !== OPEN || row === rival) continue;
        if (++compared > MAX_COMPARED) return 'held';
        const { events, firstRow, firstOpenRow } = this.#batchOf(row);
        const isLike =
          isFinal && row - firstRow < firstOpenRow && haveSameIdentities(stored, at, events, row - firstRow);
        if (isLike && compareEvents(stored, at, events, row - firstRow) <= 0) {
          this.#known[row] = GIVES_WAY;
        } else {
          rival = isLike ? row : NO_ROW;
          rivals++;
        }
      }
    }
    if (rivals === 0) return 'told';
    if (rivals > 1 || rival === NO_ROW) return 'held';
    this.#known[rival] = GOES_BEFORE;
    return 'displaced';
  }

  /** Says that an event of this identity is held against the rows that have it, if any do. */
  hold({ kind, low, high }: Identity): void {
    const slot = this.#slotOf(kind, low, high);
    const found = this.#slots[slot] ?? 0;
    if (found === 0) return;
    this.#slots[slot] = found | IS_HELD;
    this.#isAnyShared = true;
  }

  /** Visits the rows that are known to have a like, in order, and whether they give way to it. */
  forEachKnown(visit: (place: IncomingPlace, givesWay: boolean) => void): void {
    for (const { segment, index, firstRow, batch } of this.#batches) {
      for (let row = 0; row < batch.length; row++) {
        const known = this.#known[firstRow + row];
        if (known !== OPEN) visit({ segment, batch: index, row }, known === GIVES_WAY);
      }
    }
  }

  /** Visits the other rows, in order, that have an identity that another one has, too, or an event that is held. */
  forEachContested(visit: (row: ContestedRow) => void): void {
    if (!this.#isAnyShared) return;
    for (const { segment, index, firstRow, firstOpenRow, batch, events } of this.#batches) {
      let current = -1;
      let isContested = false;
      let identities: Identity[] = [];
      const settle = (): void => {
        if (isContested) {
          const place = { segment, batch: index, row: current };
          visit({ place, identities, values: numbersOf(events, current), isFinal: current < firstOpenRow });
        }
        isContested = false;
        identities = [];
      };
      forEachIdentity(batch, (row, kind, low, high) => {
        if (this.#known[firstRow + row] !== OPEN) return;
        if (row !== current) {
          settle();
          current = row;
        }
        identities.push({ kind, low, high });
        isContested ||= this.#isShared(kind, low, high);
      });
      settle();
    }
  }

  #addBatch(batch: IncomingBatch): void {
    forEachIdentity(batch.batch, (row, kind, low, high) => {
      const number = batch.firstRow + row;
      if (this.#known[number] !== OPEN) return;
      const slot = this.#slotOf(kind, low, high);
      const before = this.#slots[slot] ?? 0;
      if (before !== 0 && this.#givesWay(before, batch, row)) {
        this.#known[number] = GIVES_WAY;
        return;
      }
      this.#isAnyShared ||= before !== 0;
      const place = this.#entryCount++;
      this.#entries[2 * place] = number;
      this.#entries[2 * place + 1] = before;
      this.#kinds[place] = kind;
      this.#keys[2 * place] = low;
      this.#keys[2 * place + 1] = high;
      this.#slots[slot] = place + 1;
    });
  }

  /** Whether a row gives way to a like of it that came before. */
  #givesWay(before: number, { events, firstOpenRow }: IncomingBatch, row: number): boolean {
    if (row >= firstOpenRow) return false;
    let entry = before;
    for (let compared = 0; entry !== 0 && compared < MAX_COMPARED; compared++) {
      const other = this.#batchOf(this.#rowOf(entry));
      const otherRow = this.#rowOf(entry) - other.firstRow;
      if (
        otherRow < other.firstOpenRow &&
        haveSameIdentities(other.events, otherRow, events, row) &&
        compareEvents(other.events, otherRow, events, row) <= 0
      ) {
        return true;
      }
      entry = this.#before(entry);
    }
    return false;
  }

  #isShared(kind: number, low: number, high: number): boolean {
    const found = this.#slots[this.#slotOf(kind, low, high)] ?? 0;
    if (found >= IS_HELD) return true;
    let rows = 0;
    for (let entry = found; entry !== 0 && rows < 2; entry = this.#before(entry)) {
      if (this.#known[this.#rowOf(entry)] === OPEN) rows++;
    }
    return rows > 1;
  }

  #rowOf(entry: number): number {
    return this.#entries[2 * entry - 2] ?? 0;
  }

  #before(entry: number): number {
    return this.#entries[2 * entry - 1] ?? 0;
  }

  #entryOf(kind: number, low: number, high: number): number {
    return (this.#slots[this.#slotOf(kind, low, high)] ?? 0) & ANY_ENTRY;
  }

  /** Where the identity is, or the free slot where it belongs. Keys are hashes already. */
  #slotOf(kind: number, low: number, high: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = (low ^ kind) & mask; ; slot = (slot + 1) & mask) {
      const place = ((this.#slots[slot] ?? 0) & ANY_ENTRY) - 1;
      if (place < 0) return slot;
      const isThere = this.#keys[2 * place] === low && this.#keys[2 * place + 1] === high;
      if (isThere && this.#kinds[place] === kind) return slot;
    }
  }

  #batchOf(row: number): IncomingBatch {
    let first = 0;
    let last = this.#batches.length - 1;
    while (first < last) {
      const middle = (first + last + 1) >> 1;
      if ((this.#batches[middle]?.firstRow ?? 0) <= row) first = middle;
      else last = middle - 1;
    }
    const found = this.#batches[first];
    if (!found) throw new RangeError(`there is no row ${row}`);
    return found;
  }
}

/** At most half full. */
function tableSize(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(8, count * 2)));
}
