/**
 * What totals are made of, and how that lies in memory: numbers that the kernel, its host (`../kernel-totals.ts`) and
 * `src/aggregate/` agree on. A test compares them.
 */

/** The tables of groups: of campaigns (the first), sources, mediums, ads and products. */
export const TABLES: u32 = 5;
export const SOURCE: u32 = 1;
export const AD: u32 = 3;
export const PRODUCT: u32 = 4;
/** The first groups of a table: that of no text, and that of texts that get none of their own. */
export const NONE: u32 = 0;
export const OTHERS: u32 = 1;

/** A power of two, so that a group is found by a shift. */
export const GROUP_BYTES: u32 = 64;
/** Offsets in a group; the moments are those of its first and last event. */
export const CLICKS = 0;
export const CONVERSIONS = 4;
export const REFUNDS = 8;
/** The code of its text. */
export const CODE = 12;
export const FIRST = 16;
export const LAST = 24;
/** The list of users: where it begins, where the next one goes, and where there is no more room. */
export const WAITING = 32;
export const NEXT = 36;
export const END = 40;
/** A sketch's registers, and 1 where there is one; else, once it has been listed, where the list is and how long. */
export const USERS = 44;
export const IS_SKETCH = 48;
export const USER_COUNT = 52;
/** As MAX_EXACT of `src/aggregate/distinct-counter.ts`. */
export const MAX_EXACT: u32 = 4096;
export const REGISTERS: u32 = 1 << 14;

/** Currencies told apart: those with the codes 1 to 15. */
export const MAX_CURRENCIES: u32 = 16;
/** Conversions, refunds, and the sum of the money as 128 bits. */
export const MONEY_BYTES: u32 = 24;

/** Offsets in a bucket, behind its number; the money is 128 bits. */
export const BUCKET_CLICKS = 8;
export const BUCKET_CONVERSIONS = 12;
export const BUCKET_MONEY = 16;
export const BUCKET_BYTES: u32 = 32;
/** As those of `src/aggregate/aggregator.ts`. */
export const MAX_TREND_BUCKETS: u32 = 64;
export const MAX_TIMELINE_BUCKETS: u32 = 2048;
