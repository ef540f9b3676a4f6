/** What the kernel has counted, as an aggregator's sums. */
import {
  MAX_TIMELINE_BUCKETS,
  MAX_TREND_BUCKETS,
  type AggregateSums,
  type LiveDimension,
} from '../../aggregate/aggregator.js';
import type { UserSums } from '../../aggregate/distinct-counter.js';
import { Group, type GroupSums, type Takings } from '../../aggregate/group.js';
import { OTHER_GROUP } from '../../aggregate/group-table.js';
import { TimeBuckets, type TimeSums } from '../../aggregate/time-buckets.js';
import { canonicalText } from '../../event/canonical-text.js';
import type { TextField } from '../../event/event.js';
import type { Kernel } from './kernel.js';
import { FIELD_CODES, MAX_CURRENCIES } from './kernel-layout.js';

const GROUP_BYTES = 48;
/** Where in a group the code of its text stands. */
const CODE = 40;
const MONEY_BYTES = 24;
const CELL_BYTES = 32;
const CELL_SLOTS = 131_072;
/** The cells are taken over before a further batch could fill the table. */
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
    const totals = new Group();
    const campaigns = new Map<string | null, GroupSums & { trend: TimeSums }>();
    for (const [key, group] of this.#groupsOf(0, 'campaign_id')) {
      totals.merge(group);
      campaigns.set(key, { ...plainGroup(group), trend: plainBuckets(this.#trends.get(key)) });
    }
    const dimension = (field: LiveDimension, table: number): { groups: Map<string | null, GroupSums> } => {
      const groups = this.#groupsOf(table, field);
      return { groups: new Map([...groups].map(([key, group]) => [key, plainGroup(group)])) };
    };
    const sums: AggregateSums = {
      totals: plainGroup(totals),
      timeline: plainBuckets(this.#timeline),
      campaigns: { groups: campaigns },
      dimensions: {
        source: dimension('source', 1),
        medium: dimension('medium', 2),
        ad_id: dimension('ad_id', 3),
        product: dimension('product', 4),
      },
    };
    this.#kernel.exports.clearSummary();
    this.#timeline = new TimeBuckets(MAX_TIMELINE_BUCKETS);
    this.#trends = new Map();
    this.#isEmpty = true;
    return sums;
  }

  /** The groups of a table by text; several codes of one text (`Google`, `google`) are one. */
  #groupsOf(table: number, field: TextField): Map<string | null, Group> {
    const { exports: kernel, bytes } = this.#kernel;
    const words = new Uint32Array(bytes.buffer);
    const longs = new BigInt64Array(bytes.buffer);
    const currencies = this.#currencies();
    const count = kernel.groupsUsed(table);
    const groups = new Map<string | null, Group>();
    for (let index = 0; index < count; index++) {
      const at = kernel.groupsStart(table) + index * GROUP_BYTES;
      const slots = words[at / 4 + 3] ?? 0;
      // A group without a user has no events.
      if (slots === 0) continue;
      const takings = new Map<string, Takings>();
      for (const [code, currency] of currencies) {
        const money = kernel.moneyStart(table) + (index * MAX_CURRENCIES + code) * MONEY_BYTES;
        const conversions = words[money / 4] ?? 0;
        const refunds = words[money / 4 + 1] ?? 0;
        if (conversions + refunds === 0) continue;
        takings.set(currency, { conversions, refunds, revenueMicros: int128(longs, money + 8) });
      }
      const sums: GroupSums = {
        clicks: words[at / 4] ?? 0,
        conversions: words[at / 4 + 1] ?? 0,
        refunds: words[at / 4 + 2] ?? 0,
        takings,
        users: usersAt(bytes, words[at / 4 + 8] ?? 0, slots, words[at / 4 + 9] ?? 0),
        firstEventMicros: longs[at / 8 + 2] ?? null,
        lastEventMicros: longs[at / 8 + 3] ?? null,
      };
      const key = this.#keyOf(table, field, index);
      const group = groups.get(key) ?? new Group();
      group.merge(sums);
      groups.set(key, group);
    }
    return groups;
  }

  /** Takes over the cells of campaign and hour into buckets of time. */
  #takeCells(): void {
    const { exports: kernel, bytes } = this.#kernel;
    if (kernel.cellCount() === 0) return;
    const start = kernel.cellsStart();
    const words = new Uint32Array(bytes.buffer, start, (CELL_SLOTS * CELL_BYTES) / 4);
    const longs = new BigInt64Array(bytes.buffer, start, (CELL_SLOTS * CELL_BYTES) / 8);
    const trendOf: (TimeBuckets | undefined)[] = [];
    for (let slot = 0; slot < CELL_SLOTS; slot++) {
      const word = (slot * CELL_BYTES) / 4;
      const low = words[word] ?? 0;
      const high = words[word + 1] ?? 0;
      if (low === 0 && high === 0) continue;
      // The key is hour * 2^16 + group + 1, of 64 bits with a sign.
      const group = (low & 0xffff) - 1;
      const hour = (high | 0) * 2 ** 16 + (low >>> 16);
      const clicks = words[word + 2] ?? 0;
      const conversions = words[word + 3] ?? 0;
      const revenueMicros = int128(longs, slot * CELL_BYTES + 16);
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
  #currencies(): [number, string][] {
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
  const words = new Uint32Array(bytes.buffer, start, count * 2);
  const keys = Float64Array.from(
    { length: count },
    (_, i) => (words[2 * i + 1] ?? 0) * 2 ** 32 + (words[2 * i] ?? 0),
  );
  return { keys, registers: null };
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
