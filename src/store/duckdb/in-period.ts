/** A condition in SQL: only events of a period. */

export interface Period {
  /** Inclusive, microseconds since the epoch; null: from the first event on. */
  readonly sinceMicros: bigint | null;
  /** Exclusive; null: up to the last. */
  readonly untilMicros: bigint | null;
}

export function inPeriod({ sinceMicros, untilMicros }: Period): string {
  return [
    'true',
    ...(sinceMicros === null ? [] : [`timestamp >= make_timestamp(${sinceMicros})`]),
    ...(untilMicros === null ? [] : [`timestamp < make_timestamp(${untilMicros})`]),
  ].join(' AND ');
}
