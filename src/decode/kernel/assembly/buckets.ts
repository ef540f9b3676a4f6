/**
 * Sums over time, as `src/aggregate/time-buckets.ts` keeps them: a trend of each campaign, and a timeline of all. They
 * are hash tables of buckets, whose number stands in them doubled, + 1 (0: the slot is free).
 */
import { writtenFirst } from './bytes';
import { campaignCap, groups, groupsUsed, placeOf } from './groups';
import { merge128 } from './money';
import {
  BUCKET_BYTES,
  BUCKET_CLICKS,
  BUCKET_CONVERSIONS,
  BUCKET_MONEY,
  CLICKS,
  GROUP_BYTES,
  MAX_TIMELINE_BUCKETS,
  MAX_TREND_BUCKETS,
} from './summary';

const TREND_BYTES: u32 = MAX_TREND_BUCKETS * 2 * BUCKET_BYTES;
const TIMELINE_BYTES: u32 = MAX_TIMELINE_BUCKETS * 2 * BUCKET_BYTES;
let trends: usize = 0;
let timeline: usize = 0;
/** Of each trend, and behind them of the timeline: buckets in use, and how often their width was doubled. */
let trendHeads: usize = 0;
const HEAD_BYTES: u32 = 8;
/** Of each campaign the sums of the hour of its latest event, which are in no bucket yet: as a bucket, but for the hour. */
let latestHours: usize = 0;
const NO_HOUR: i64 = i64.MIN_VALUE;
/** What is there while a width is doubled. */
const bucketsBefore: usize = heap.alloc(TIMELINE_BYTES);

export const MICROS_PER_HOUR: i64 = 3_600_000_000;

export function createBuckets(): void {
  // A trend a page of memory.
  trends = (heap.alloc((campaignCap + 3) * TREND_BYTES + TIMELINE_BYTES) + TREND_BYTES - 1) & ~(TREND_BYTES - 1);
  timeline = writtenFirst(trends + (campaignCap + 2) * TREND_BYTES, TIMELINE_BYTES);
  const headBytes = (campaignCap + 3) * HEAD_BYTES;
  trendHeads = writtenFirst(heap.alloc(headBytes), headBytes);
  latestHours = heap.alloc((campaignCap + 2) * BUCKET_BYTES);
}

export function beginBuckets(): void {
  for (let i: u32 = 0; i < campaignCap + 2; i++) store<i64>(latestHours + i * BUCKET_BYTES, NO_HOUR);
}

/** To be called while it is known which groups were used. */
export function clearBuckets(): void {
  memory.fill(trends, 0, groupsUsed(0) * TREND_BYTES);
  memory.fill(timeline, 0, TIMELINE_BYTES);
  memory.fill(trendHeads, 0, (campaignCap + 3) * HEAD_BYTES);
}

@inline
export function hourOf(micros: i64): i64 {
  const hour = micros / MICROS_PER_HOUR;
  return micros < 0 && hour * MICROS_PER_HOUR != micros ? hour - 1 : hour;
}

/** The sums of a campaign in an hour, most often that of its event before; else those are put into buckets. */
@inline
export function latestHourOf(campaign: usize, hour: i64): usize {
  const latest = latestHours + placeOf(campaign) * BUCKET_BYTES;
  if (load<i64>(latest) != hour) beginHour(campaign, latest, hour);
  return latest;
}

function beginHour(campaign: usize, latest: usize, hour: i64): void {
  if (load<i64>(latest) != NO_HOUR) {
    const index = placeOf(campaign);
    addToBucket(trends + index * TREND_BYTES, MAX_TREND_BUCKETS, trendHeads + index * HEAD_BYTES, latest);
    addToBucket(timeline, MAX_TIMELINE_BUCKETS, trendHeads + (campaignCap + 2) * HEAD_BYTES, latest);
    // A campaign's clicks are counted by the hour alone.
    store<u32>(campaign, load<u32>(campaign, CLICKS) + load<u32>(latest, BUCKET_CLICKS), CLICKS);
    // Only a few bytes: not worth a call.
    v128.store(latest, i64x2.splat(0));
    v128.store(latest, i64x2.splat(0), 16);
  } else {
    writtenFirst(trends + placeOf(campaign) * TREND_BYTES, BUCKET_BYTES);
  }
  store<i64>(latest, hour);
}

function addToBucket(buckets: usize, maxBuckets: u32, head: usize, latest: usize): void {
  const doublings = load<u32>(head, 4);
  const bucket = bucketOf(buckets, maxBuckets, ((load<i64>(latest) >> doublings) << 1) | 1, head);
  mergeBucket(bucket, latest);
  while (load<u32>(head) > maxBuckets) doubleWidth(buckets, maxBuckets, head);
}

@inline
function bucketOf(buckets: usize, maxBuckets: u32, key: i64, head: usize): usize {
  let slot = <u32>((<u64>key * 0x9e3779b97f4a7c15) >> 40) & (maxBuckets * 2 - 1);
  while (true) {
    const bucket = buckets + slot * BUCKET_BYTES;
    const found = load<i64>(bucket);
    if (found == key) return bucket;
    if (found == 0) {
      store<i64>(bucket, key);
      store<u32>(head, load<u32>(head) + 1);
      return bucket;
    }
    slot = (slot + 1) & (maxBuckets * 2 - 1);
  }
}

function mergeBucket(to: usize, from: usize): void {
  store<u32>(to, load<u32>(to, BUCKET_CLICKS) + load<u32>(from, BUCKET_CLICKS), BUCKET_CLICKS);
  store<u32>(to, load<u32>(to, BUCKET_CONVERSIONS) + load<u32>(from, BUCKET_CONVERSIONS), BUCKET_CONVERSIONS);
  merge128(to + BUCKET_MONEY, from + BUCKET_MONEY);
}

/** Puts two buckets each into one. */
function doubleWidth(buckets: usize, maxBuckets: u32, head: usize): void {
  const size = maxBuckets * 2 * BUCKET_BYTES;
  memory.copy(bucketsBefore, buckets, size);
  memory.fill(buckets, 0, size);
  store<u32>(head, 0);
  store<u32>(head, load<u32>(head, 4) + 1, 4);
  for (let at = bucketsBefore; at < bucketsBefore + size; at += BUCKET_BYTES) {
    const key = load<i64>(at);
    if (key != 0) mergeBucket(bucketOf(buckets, maxBuckets, ((key >> 2) << 1) | 1, head), at);
  }
}

/** Brings all sums into buckets, and the buckets to where they can be read. */
export function settleBuckets(): void {
  for (let i: u32 = 0; i < groupsUsed(0); i++) {
    beginHour(groups + i * GROUP_BYTES, latestHours + i * BUCKET_BYTES, NO_HOUR);
    listBuckets(trends + i * TREND_BYTES, MAX_TREND_BUCKETS);
  }
  listBuckets(timeline, MAX_TIMELINE_BUCKETS);
}

/** Leaves buckets one behind the other, each with its number as it is. */
function listBuckets(buckets: usize, maxBuckets: u32): void {
  let to = buckets;
  for (let at = buckets; at < buckets + maxBuckets * 2 * BUCKET_BYTES; at += BUCKET_BYTES) {
    if (load<i64>(at) == 0) continue;
    store<i64>(to, load<i64>(at) >> 1);
    store<u64>(to, load<u64>(at, BUCKET_CLICKS), BUCKET_CLICKS);
    v128.store(to, v128.load(at, BUCKET_MONEY), BUCKET_MONEY);
    to += BUCKET_BYTES;
  }
}

/** Where the buckets of a campaign's group begin, one behind the other; of a group that is none, those of all events. */
export function trendStart(index: u32): usize {
  return index < campaignCap + 2 ? trends + index * TREND_BYTES : timeline;
}

/** How many they are, and how often their width was doubled. */
export function trendSize(index: u32): u32 {
  return load<u32>(trendHeads + min(index, campaignCap + 2) * HEAD_BYTES);
}

export function trendDoublings(index: u32): u32 {
  return load<u32>(trendHeads + min(index, campaignCap + 2) * HEAD_BYTES, 4);
}
