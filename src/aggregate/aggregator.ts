/**
 * The live totals: `add` a batch, `merge` another aggregator, take a snapshot by reading the groups. Memory is bounded
 * whatever comes in, sums are exact, and merging gives the same answer in any order. It cannot look back, so a
 * conversion stands under the campaign it names itself, and under no source: stored reports do the attribution.
 */
import type { Dictionary } from '../event/dictionary.js';
import { TYPE_CODE, type EventBatch } from '../event/event-batch.js';
import type { TextField } from '../event/event.js';
import { Group, type GroupSums } from './group.js';
import { GroupTable } from './group-table.js';
import { GroupTally, momentsOf, type TalliedRows } from './group-tally.js';
import { sketchKeys } from './hyperloglog.js';
import { HOUR_MICROS, TimeBuckets, type TimeBucket, type TimeSums } from './time-buckets.js';

export const MAX_CAMPAIGNS = 2_000;
export const MAX_DIMENSION_GROUPS = 1_000;
export const MAX_TIMELINE_BUCKETS = 2_048;
export const MAX_TREND_BUCKETS = 64;

export class CampaignGroup extends Group {
  readonly trend = new TimeBuckets(MAX_TREND_BUCKETS);
}

/** The dimensions kept live: source, medium and ad are a click's, the product is of what was bought. */
export const LIVE_DIMENSIONS = [
  'source',
  'medium',
  'ad_id',
  'product',
] as const satisfies readonly TextField[];
export type LiveDimension = (typeof LIVE_DIMENSIONS)[number];

interface TableSums<G> {
  readonly groups: ReadonlyMap<string | null, G>;
}

export interface CampaignSums extends GroupSums {
  readonly trend: TimeSums;
}

/** All that an aggregator holds, as data: what another thread or the kernel has counted. */
export interface AggregateSums {
  readonly totals: GroupSums;
  readonly timeline: TimeSums;
  readonly campaigns: TableSums<CampaignSums>;
  readonly dimensions: Readonly<Record<LiveDimension, TableSums<GroupSums>>>;
}

export class Aggregator implements AggregateSums {
  readonly totals = new Group();
  readonly timeline = new TimeBuckets(MAX_TIMELINE_BUCKETS);
  readonly campaigns = new GroupTable(MAX_CAMPAIGNS, () => new CampaignGroup());
  readonly dimensions: Readonly<Record<LiveDimension, GroupTable>> = {
    source: dimensionTable(),
    medium: dimensionTable(),
    ad_id: dimensionTable(),
    product: dimensionTable(),
  };

  /** Adds the rows of a batch but those in `except` (row numbers, ascending), which are duplicates. */
  add(batch: EventBatch, except: readonly number[] = []): void {
    if (batch.length === except.length) return;
    const rows = { batch, moments: momentsOf(batch) };
    const { source, medium, ad_id, product } = this.dimensions;
    const campaigns = new TallyTable(batch, 'campaign_id', this.campaigns);
    const clickTables = [
      new TallyTable(batch, 'source', source),
      new TallyTable(batch, 'medium', medium),
      new TallyTable(batch, 'ad_id', ad_id),
    ];
    const products = new TallyTable(batch, 'product', product);
    const totals = new GroupTally(this.totals);
    const hours = new HourTally(this.timeline);
    const users = batch.texts.user_id.codes;
    const userKeys = sketchKeys(batch.texts.user_id.dictionary.keys());
    const currencies = batch.texts.currency;
    let skipped = 0;
    for (let row = 0; row < batch.length; row++) {
      if (except[skipped] === row) {
        skipped++;
        continue;
      }
      const moment = rows.moments[row] ?? 0;
      const user = userKeys[users[row] ?? 0] ?? 0;
      const campaign = campaigns.at(row);
      const bucket = hours.at(hourOf(moment, batch.timestampMicros, row), campaign.group);
      if (batch.types[row] === TYPE_CODE.click) {
        totals.addClick(row, moment, user, rows);
        campaign.addClick(row, moment, user, rows);
        for (const table of clickTables) table.at(row).addClick(row, moment, user, rows);
        bucket.clicks++;
        continue;
      }
      const isRefund = batch.types[row] === TYPE_CODE.refund;
      const amount = batch.amountMicros[row] ?? 0n;
      const currency = currencies.dictionary.text(currencies.codes[row] ?? 0);
      // Which click it came by, only a look back could tell: it is of no source, medium or ad.
      const tallies = [totals, campaign, products.at(row), ...clickTables.map((table) => table.none)];
      for (const tally of tallies) {
        tally.addMoney(row, moment, user, isRefund, rows);
        tally.group.addTakings(isRefund, amount, currency);
      }
      if (!isRefund) bucket.conversions++;
      bucket.revenueMicros += isRefund ? -amount : amount;
    }
    hours.settle();
    totals.settle(rows);
    for (const table of [campaigns, ...clickTables, products]) table.settle(rows);
  }

  /** Adds what others have counted, which is given away by that. */
  merge(other: AggregateSums): void {
    this.totals.merge(other.totals);
    this.timeline.merge(other.timeline);
    for (const [key, group] of other.campaigns.groups) {
      const ours = this.campaigns.groupOf(key);
      ours.merge(group);
      ours.trend.merge(group.trend);
    }
    for (const field of LIVE_DIMENSIONS) {
      for (const [key, group] of other.dimensions[field].groups)
        this.dimensions[field].groupOf(key).merge(group);
    }
  }
}

function dimensionTable(): GroupTable {
  return new GroupTable(MAX_DIMENSION_GROUPS, () => new Group());
}

/** The tallies of one column's groups, looked up once a dictionary entry rather than once a row. */
class TallyTable<G extends Group> {
  readonly #codes: Uint32Array;
  readonly #dictionary: Dictionary;
  readonly #table: GroupTable<G>;
  readonly #byCode: (GroupTally<G> | undefined)[] = [];
  /** Several codes may be of one group: of those beyond the cap, or of one text. */
  readonly #byGroup = new Map<G, GroupTally<G>>();

  constructor(batch: EventBatch, field: TextField, table: GroupTable<G>) {
    this.#codes = batch.texts[field].codes;
    this.#dictionary = batch.texts[field].dictionary;
    this.#table = table;
  }

  at(row: number): GroupTally<G> {
    const code = this.#codes[row] ?? 0;
    return (this.#byCode[code] ??= this.#tallyOf(code === 0 ? null : this.#dictionary.text(code)));
  }

  /** That of rows without a text. */
  get none(): GroupTally<G> {
    return (this.#byCode[0] ??= this.#tallyOf(null));
  }

  settle(rows: TalliedRows): void {
    for (const tally of this.#byGroup.values()) tally.settle(rows);
  }

  #tallyOf(key: string | null): GroupTally<G> {
    const group = this.#table.groupOf(key);
    let tally = this.#byGroup.get(group);
    if (!tally) this.#byGroup.set(group, (tally = new GroupTally(group)));
    return tally;
  }
}

/** Sums of one hour of a campaign, for as long as rows are of that hour. */
interface HourSums extends TimeBucket {
  hour: number;
}

class HourTally {
  readonly #timeline: TimeBuckets;
  readonly #sums = new Map<CampaignGroup, HourSums>();

  constructor(timeline: TimeBuckets) {
    this.#timeline = timeline;
  }

  /** What is added to it is handed over when a row of another hour comes, or in the end. */
  at(hour: number, campaign: CampaignGroup): TimeBucket {
    let sums = this.#sums.get(campaign);
    if (!sums) {
      this.#sums.set(campaign, (sums = { hour, clicks: 0, conversions: 0, revenueMicros: 0n }));
    } else if (sums.hour !== hour) {
      this.#handOver(sums, campaign);
      sums.hour = hour;
      sums.clicks = sums.conversions = 0;
      sums.revenueMicros = 0n;
    }
    return sums;
  }

  settle(): void {
    for (const [campaign, sums] of this.#sums) this.#handOver(sums, campaign);
  }

  #handOver({ hour, clicks, conversions, revenueMicros }: HourSums, campaign: CampaignGroup): void {
    for (const buckets of [this.#timeline, campaign.trend]) {
      const bucket = buckets.at(hour);
      bucket.clicks += clicks;
      bucket.conversions += conversions;
      bucket.revenueMicros += revenueMicros;
    }
  }
}

const HOUR = Number(HOUR_MICROS);

/** Exact also where a double cannot hold the moment. */
function hourOf(moment: number, micros: BigInt64Array, row: number): number {
  if (Math.abs(moment) < Number.MAX_SAFE_INTEGER) return Math.floor(moment / HOUR);
  const exact = micros[row] ?? 0n;
  const hour = exact / HOUR_MICROS;
  return Number(exact < 0n && hour * HOUR_MICROS !== exact ? hour - 1n : hour);
}
