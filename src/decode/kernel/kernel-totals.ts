/** What the kernel has counted, as an aggregator's sums. */
import { MAX_TIMELINE_BUCKETS, MAX_TREND_BUCKETS, type AggregateSums } from '../../aggregate/aggregator.js';
import type { UserSums } from '../../aggregate/distinct-counter.js';
import { Group, type GroupSums, type Takings } from '../../aggregate/group.js';
import { OTHER_GROUP } from '../../aggregate/group-table.js';
import { sketchKeys } from '../../aggregate/hyperloglog.js';
import { TimeBuckets, type TimeSums } from '../../aggregate/time-buckets.js';
import { canonicalText } from '../../event/canonical-text.js';
import type { TextField } from '../../event/event.js';
import type { Kernel } from './kernel.js';
import { FIELD_CODES, MAX_CURRENCIES } from './kernel-layout.js';

/** A group, and where in it the code of its text stands. */
const GROUP_BYTES = 64;
const CODE = 12;
/** The table of the one group that all events are in. */
const TOTALS = 5;
const MONEY_BYTES = 24;
const CELL_BYTES = 32;
/** The cells are taken over before a further batch could be too much for them. */
const MAX_CELLS = 60_000;
const REGISTERS = 1 << 14;
const SKETCH = 0xffff_ffff;
/** The group of no text, and that of texts beyond the cap. */
const NONE = 0;
const OTHERS = 1;

export class KernelTotals {
  readonly #kernel: Kernel;
  #timeline = new TimeBuckets(MAX_TIMELINE_BUCKETS);
  #trends = new Map<string | null, TimeBuckets>();
  #currencies: readonly [number, string][] | null = null;
  #isEmpty = true;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Adds the rows of the kernel's batch. */
  addRows(): void {
    const { exports: kernel } = this.#kernel;
    if (kernel.cellCount() > MAX_CELLS) this.#takeCells();
    kernel.addRows();
    this.#isEmpty = false;
  }

  /** Gives all that was counted, and begins anew. */
  take(): AggregateSums {
    this.#takeCells();
    this.#kernel.exports.settle();
    const campaigns = new Map<string | null, GroupSums & { trend: TimeSums }>();
    for (const [key, group] of this.#groupsOf(0, 'campaign_id')) {
      campaigns.set(key, { ...group, trend: plainBuckets(this.#trends.get(key)) });
    }
    const sums: AggregateSums = {
      totals: this.#groupAt(TOTALS, 0) ?? plainGroup(new Group()),
      timeline: plainBuckets(this.#timeline),
      campaigns: { groups: campaigns },
      dimensions: {
        source: { groups: this.#groupsOf(1, 'source') },
        medium: { groups: this.#groupsOf(2, 'medium') },
        ad_id: { groups: this.#groupsOf(3, 'ad_id') },
        product: { groups: this.#groupsOf(4, 'product') },
      },
    };
    this.#kernel.exports.clearSummary();
    this.#timeline = new TimeBuckets(MAX_TIMELINE_BUCKETS);
    this.#trends = new Map();
    this.#currencies = null;
    this.#isEmpty = true;
    return sums;
  }

  /** The groups of a table by text; several codes of one text (`Google`, `google`) are one. */
  #groupsOf(table: number, field: TextField): Map<string | null, GroupSums> {
    const groups = new Map<string | null, GroupSums>();
    const count = this.#kernel.exports.groupsUsed(table);
    for (let index = 0; index < count; index++) {
      const group = this.#groupAt(table, index);
      if (!group) continue;
      const key = this.#keyOf(table, field, index);
      const known = groups.get(key);
      groups.set(key, known ? mergedGroup(known, group) : group);
    }
    return groups;
  }

  /** A group of a table; null where it has no events. */
  #groupAt(table: number, index: number): GroupSums | null {
    const { exports: kernel, bytes } = this.#kernel;
    const at = kernel.groupsStart(table) + index * GROUP_BYTES;
    const words = new Uint32Array(bytes.buffer, at, GROUP_BYTES / 4);
    const longs = new BigInt64Array(bytes.buffer, at, GROUP_BYTES / 8);
    const [clicks = 0, conversions = 0, refunds = 0] = words;
    if (clicks + conversions + refunds === 0) return null;
    return {
      clicks,
      conversions,
      refunds,
      takings: conversions + refunds === 0 ? new Map() : this.#takingsAt(table, index),
      users: usersAt(bytes, words[11] ?? 0, words[12] ?? 0, words[13] ?? 0),
      firstEventMicros: longs[2] ?? null,
      lastEventMicros: longs[3] ?? null,
    };
  }

  #takingsAt(table: number, index: number): Map<string, Takings> {
    const { exports: kernel, bytes } = this.#kernel;
    const words = new Uint32Array(bytes.buffer);
    const longs = new BigInt64Array(bytes.buffer);
    const takings = new Map<string, Takings>();
    for (const [code, currency] of (this.#currencies ??= this.#currenciesByCode())) {
      const money = kernel.moneyStart(table) + (index * MAX_CURRENCIES + code) * MONEY_BYTES;
      const conversions = words[money / 4] ?? 0;
      const refunds = words[money / 4 + 1] ?? 0;
      if (conversions + refunds === 0) continue;
      takings.set(currency, { conversions, refunds, revenueMicros: int128(longs, money + 8) });
    }
    return takings;
  }

  /** Takes over the cells of campaign and hour into buckets of time. */
  #takeCells(): void {
    const { exports: kernel, bytes } = this.#kernel;
    const count = kernel.cellCount();
    if (count === 0) return;
    const start = kernel.cellsStart();
    const words = new Uint32Array(bytes.buffer, start, (count * CELL_BYTES) / 4);
    const longs = new BigInt64Array(bytes.buffer, start, (count * CELL_BYTES) / 8);
    const trendOf: (TimeBuckets | undefined)[] = [];
    for (let cell = 0; cell < count; cell++) {
      const word = (cell * CELL_BYTES) / 4;
      const low = words[word] ?? 0;
      const high = words[word + 1] ?? 0;
      // The key is hour * 2^16 + group + 1, of 64 bits with a sign.
      const group = (low & 0xffff) - 1;
      const hour = (high | 0) * 2 ** 16 + (low >>> 16);
      const clicks = words[word + 2] ?? 0;
      const conversions = words[word + 3] ?? 0;
      const revenueMicros = int128(longs, cell * CELL_BYTES + 16);
      const trend = (trendOf[group] ??= this.#trendOf(this.#keyOf(0, 'campaign_id', group)));
      for (const buckets of [this.#timeline, trend]) {
        const bucket = buckets.at(hour);
        bucket.clicks += clicks;
        bucket.conversions += conversions;
        bucket.revenueMicros += revenueMicros;
      }
    }
    kernel.clearCells();
  }

  #trendOf(key: string | null): TimeBuckets {
    let trend = this.#trends.get(key);
    if (!trend) this.#trends.set(key, (trend = new TimeBuckets(MAX_TREND_BUCKETS)));
    return trend;
  }

  #keyOf(table: number, field: TextField, index: number): string | null {
    if (index === NONE) return null;
    if (index === OTHERS) return OTHER_GROUP;
    const { exports: kernel } = this.#kernel;
    const code = new DataView(kernel.memory.buffer).getUint32(
      kernel.groupsStart(table) + index * GROUP_BYTES + CODE,
      true,
    );
    const number = FIELD_CODES[field];
    return canonicalText(
      field,
      this.#kernel.textAt(kernel.textStart(number, code), kernel.textLength(number, code)),
    );
  }

  /** The currencies seen, by code. */
  #currenciesByCode(): [number, string][] {
    const { exports: kernel } = this.#kernel;
    const number = FIELD_CODES.currency;
    const count = Math.min(kernel.dictionarySize(number), MAX_CURRENCIES);
    return Array.from({ length: count - 1 }, (_, i) => [
      i + 1,
      this.#kernel.textAt(kernel.textStart(number, i + 1), kernel.textLength(number, i + 1)),
    ]);
  }
}

function int128(longs: BigInt64Array, at: number): bigint {
  return BigInt.asUintN(64, longs[at / 8] ?? 0n) + ((longs[at / 8 + 1] ?? 0n) << 64n);
}

function usersAt(bytes: Uint8Array, start: number, slots: number, count: number): UserSums {
  if (slots === SKETCH) return { keys: null, registers: bytes.slice(start, start + REGISTERS) };
  return { keys: sketchKeys(new BigUint64Array(bytes.buffer, start, count)), registers: null };
}

function mergedGroup(one: GroupSums, other: GroupSums): GroupSums {
  const group = new Group();
  group.merge(one);
  group.merge(other);
  return plainGroup(group);
}

function plainGroup(group: Group): GroupSums {
  const { clicks, conversions, refunds, takings, users, firstEventMicros, lastEventMicros } = group;
  const { keys, registers } = users;
  return {
    clicks,
    conversions,
    refunds,
    takings,
    users: { keys: keys && Float64Array.from(keys), registers },
    firstEventMicros,
    lastEventMicros,
  };
}

function plainBuckets(buckets: TimeBuckets | undefined): TimeSums {
  return { hoursPerBucket: buckets?.hoursPerBucket ?? 1, buckets: buckets?.buckets ?? new Map() };
}
