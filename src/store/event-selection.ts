/** Which events are asked for: the part that every question to a store has in common. */
import type { FilterField } from '../report/report.js';

export interface EventSelection {
  /** Inclusive, microseconds since the epoch. */
  readonly sinceMicros: bigint | null;
  /** Exclusive. */
  readonly untilMicros: bigint | null;
  /** Only what is credited to this campaign. */
  readonly campaignId: string | null;
  /** Only what is credited to this value of each field; null: what is credited to none. Clicks have no product. */
  readonly where: ReadonlyMap<FilterField, string | null>;
}

/** A question for the newest events themselves. */
export interface LatestEventsQuestion extends EventSelection {
  /** At most so many; a whole number from 1. */
  readonly limit: number;
}
