/** What the kernel has counted, as an aggregator's sums. */
import { MAX_TREND_BUCKETS, type AggregateSums, type CampaignSums } from '../../aggregate/aggregator.js';
import type { UserSums } from '../../aggregate/distinct-counter.js';
import { Group, type GroupSums, type Takings } from '../../aggregate/group.js';
import { OTHER_GROUP } from '../../aggregate/group-table.js';
import { REGISTERS, sketchKeys } from '../../aggregate/hyperloglog.js';
import { BUCKET_WORDS, TimeBuckets, type TimeSums } from '../../aggregate/time-buckets.js';
import { canonicalText } from '../../event/canonical-text.js';
import type { TextField } from '../../event/event.js';
import type { Kernel } from './kernel.js';
import { FIELD_CODES, MAX_CURRENCIES } from './kernel-layout.js';
import { SketchRoom } from './sketch-room.js';

/** A group, and where in it the code of its text stands. */
const GROUP_BYTES = 64;
const CODE = 12;
const CAMPAIGNS = 0;
/** The table of the one group that all events are in. */
const TOTALS = 5;
/** Stands for a campaign's group in what is of all. */
const ALL_CAMPAIGNS = 0xffff_ffff;
const MONEY_BYTES = 24;
/** The group of no text, and that of texts beyond the cap. */
const NONE = 0;
const OTHERS = 1;

export class KernelTotals {
  readonly #kernel: Kernel;
  readonly #isTakenOnce: boolean;
  #currencies: readonly [number, string][] | null = null;
  #sketches = new SketchRoom();
  #isEmpty = true;

  /**
   * `isTakenOnce`: that all is taken but once, after the last row. Sketches stay in the kernel's memory then, which other
   * threads can look into, as it is shared.
   */
  constructor(kernel: Kernel, isTakenOnce = false) {
    this.#kernel = kernel;
    this.#isTakenOnce = isTakenOnce;
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Adds the rows of the kernel's batch. */
  addRows(): void {
    this.#kernel.exports.addRows();
    this.#isEmpty = false;
  }

  /** Gives all that was counted, and begins anew. */
  take(): AggregateSums {
    this.#kernel.exports.settle();
    this.#sketches = new SketchRoom();
    const sums: AggregateSums = {
      totals: this.#groupAt(TOTALS, 0) ?? new Group().sums(),
      timeline: this.#trendAt(ALL_CAMPAIGNS),
      campaigns: { groups: this.#campaigns() },
      dimensions: {
        source: { groups: this.#groupsOf(1, 'source') },
        medium: { groups: this.#groupsOf(2, 'medium') },
        ad_id: { groups: this.#groupsOf(3, 'ad_id') },
        product: { groups: this.#groupsOf(4, 'product') },
      },
    };
    if (!this.#isTakenOnce) this.#kernel.exports.clearSummary();
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

  #campaigns(): Map<string | null, CampaignSums> {
    const groups = new Map<string | null, CampaignSums>();
    const count = this.#kernel.exports.groupsUsed(CAMPAIGNS);
    for (let index = 0; index < count; index++) {
      const group = this.#groupAt(CAMPAIGNS, index);
      if (!group) continue;
      const key = this.#keyOf(CAMPAIGNS, 'campaign_id', index);
      const sums = { ...group, trend: this.#trendAt(index) };
      const known = groups.get(key);
      groups.set(key, known ? mergedCampaign(known, sums) : sums);
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
      users: this.#usersAt(words[11] ?? 0, words[12] === 1, words[13] ?? 0),
      firstEventMicros: longs[2] ?? null,
      lastEventMicros: longs[3] ?? null,
    };
  }

  #usersAt(start: number, isSketch: boolean, count: number): UserSums {
    const { bytes } = this.#kernel;
    if (!isSketch)
      return { keys: sketchKeys(new BigUint64Array(bytes.buffer, start, count)), registers: null };
    const registers = bytes.subarray(start, start + REGISTERS);
    return { keys: null, registers: this.#isTakenOnce ? registers : this.#sketches.copyOf(registers) };
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

  /** The sums over time of a campaign's group; of ALL_CAMPAIGNS those of all events. */
  #trendAt(index: number): TimeSums {
    const { exports: kernel, bytes } = this.#kernel;
    const start = kernel.trendStart(index);
    const { buffer } = bytes.slice(start, start + kernel.trendSize(index) * BUCKET_WORDS * 4);
    return { hoursPerBucket: 2 ** kernel.trendDoublings(index), buckets: new Int32Array(buffer) };
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

function mergedGroup(one: GroupSums, other: GroupSums): GroupSums {
  const group = new Group();
  group.merge(one);
  group.merge(other);
  return group.sums();
}

function mergedCampaign(one: CampaignSums, other: CampaignSums): CampaignSums {
  const trend = new TimeBuckets(MAX_TREND_BUCKETS);
  trend.merge(one.trend);
  trend.merge(other.trend);
  return {
    ...mergedGroup(one, other),
    trend: { hoursPerBucket: trend.hoursPerBucket, buckets: trend.buckets },
  };
}
