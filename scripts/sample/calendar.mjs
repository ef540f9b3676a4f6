/** The sample's two weeks, 2026-06-01 (a Monday) to 2026-06-14, all in UTC, with their rhythm. Moments are epoch seconds. */

export const DAYS = 14;
export const DAY_SECONDS = 86_400;
export const START = Date.UTC(2026, 5, 1) / 1000;
export const END = START + DAYS * DAY_SECONDS;

/** How busy each hour of a day is: asleep at four, busiest in the evening. */
export const DAY_AND_NIGHT = [
  14, 9, 6, 4, 4, 6, 12, 24, 38, 46, 50, 52, 56, 50, 46, 46, 48, 54, 62, 72, 78, 70, 48, 26,
];

/** The hours of a mailing that goes out at nine. */
export const MORNING_MAILING = [
  3, 2, 1, 1, 1, 2, 5, 9, 12, 160, 110, 70, 62, 40, 28, 22, 20, 24, 30, 34, 30, 22, 12, 6,
];

const WEEKDAYS = [1, 1.04, 1.02, 1.02, 0.96, 0.66, 0.72];

/** A moment of the two weeks; `dayShape` says how busy each of its days is before the weekend takes its share. */
export function drawMoment(random, dayShape, hourShape) {
  const day = random.weightedIndex(dayShape.map((weight, index) => weight * WEEKDAYS[index % 7]));
  const hour = random.weightedIndex(hourShape);
  return START + day * DAY_SECONDS + hour * 3600 + random.integer(0, 3599);
}

/** `2026-06-01T00:03:12Z` */
export function rfc3339(seconds) {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
