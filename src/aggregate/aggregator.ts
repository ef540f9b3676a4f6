/**
 * The live totals: `add` a batch, `merge` another aggregator, take a snapshot by reading the groups. Memory is bounded
 * whatever comes in, sums are exact, and merging gives the same answer in any order. It cannot look back, so a
 * conversion stands under the campaign it names itself, and under no source: stored reports do the attribution.
 */
import type { EventBatch } from '../event/event-batch.js';
import { EVENT_TYPES, type EventType, type TextField } from '../event/event.js';
import { Group, type GroupSums } from './group.js';
import { GroupTable } from './group-table.js';
import { sketchKeys } from './hyperloglog.js';
import { HOUR_MICROS, TimeBuckets, type TimeSums } from './time-buckets.js';

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

/** All that an aggregator holds, as data: what another thread or the kernel has counted. */
export interface AggregateSums {
  readonly totals: GroupSums;
  readonly timeline: TimeSums;
  readonly campaigns: TableSums<GroupSums & { readonly trend: TimeSums }>;
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
    const campaignOf = groupByRow(batch, 'campaign_id', this.campaigns);
    const sourceOf = groupByRow(batch, 'source', this.dimensions.source);
    const mediumOf = groupByRow(batch, 'medium', this.dimensions.medium);
    const adOf = groupByRow(batch, 'ad_id', this.dimensions.ad_id);
    const productOf = groupByRow(batch, 'product', this.dimensions.product);
    const users = batch.texts.user_id.codes;
    const userKeys = sketchKeys(batch.texts.user_id.dictionary.keys());
    const currencies = batch.texts.currency;
    let skipped = 0;
    for (let row = 0; row < batch.length; row++) {
      if (except[skipped] === row) {
        skipped++;
        continue;
      }
      const type = EVENT_TYPES[batch.types[row] ?? 0] ?? 'click';
      const micros = batch.timestampMicros[row] ?? 0n;
      const user = userKeys[users[row] ?? 0] ?? 0;
      const campaign = campaignOf(row);
      const hour = hourOf(micros);
      const buckets = [this.timeline.at(hour), campaign.trend.at(hour)];
      if (type === 'click') {
        for (const group of [this.totals, campaign, sourceOf(row), mediumOf(row), adOf(row)]) {
          group.addClick(micros, user);
        }
        for (const bucket of buckets) bucket.clicks++;
      } else {
        const amount = batch.amountMicros[row] ?? 0n;
        const currency = currencies.dictionary.text(currencies.codes[row] ?? 0);
        const { source, medium, ad_id } = this.dimensions;
        const unattributed = [source, medium, ad_id].map((table) => table.groupOf(null));
        for (const group of [this.totals, campaign, productOf(row), ...unattributed]) {
          group.addMoney(type, micros, user, amount, currency);
        }
        for (const bucket of buckets) addMoney(bucket, type, amount);
      }
    }
  }

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

/** The group of each row, looked up once a dictionary entry rather than once a row. */
function groupByRow<G extends Group>(
  batch: EventBatch,
  field: TextField,
  table: GroupTable<G>,
): (row: number) => G {
  const { codes, dictionary } = batch.texts[field];
  const groups: G[] = [];
  return (row) => {
    const code = codes[row] ?? 0;
    return (groups[code] ??= table.groupOf(code === 0 ? null : dictionary.text(code)));
  };
}

function hourOf(micros: bigint): number {
  const hour = micros / HOUR_MICROS;
  return Number(micros < 0n && hour * HOUR_MICROS !== micros ? hour - 1n : hour);
}

function addMoney(
  bucket: { conversions: number; revenueMicros: bigint },
  type: EventType,
  amountMicros: bigint,
): void {
  if (type === 'conversion') bucket.conversions++;
  bucket.revenueMicros += type === 'refund' ? -amountMicros : amountMicros;
}
