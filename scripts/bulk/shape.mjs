/** What a bulk file's events are made of, in tables that a line can be put together from without computing text. */

const CHANNELS = [
  ['google', 'cpc'],
  ['facebook', 'paid_social'],
  ['tiktok', 'paid_social'],
  ['bing', 'cpc'],
  ['newsletter', 'email'],
  ['youtube', 'video'],
  ['criteo', 'display'],
  ['instagram', 'organic'],
];
const ADS_PER_CHANNEL = 4;

export const PRODUCTS = [
  'premium_package',
  'starter_package',
  'beach_towel',
  'sun_hat',
  'cooler_bag',
  'gift_card',
];

/** Every ad with its channel: `{ source, medium, adId }`; their number is a power of two. */
export const ADS = CHANNELS.flatMap(([source, medium], channel) =>
  Array.from({ length: ADS_PER_CHANNEL }, (_, ad) => ({
    source,
    medium,
    adId: `ad_${100 + channel * 10 + ad}`,
  })),
);

export const DAYS = 30;
export const SPAN_MS = DAYS * 86_400_000;
const START_MS = Date.UTC(2026, 5, 1);
const MINUTES = DAYS * 1440;

/** `000` to `999` */
export const THREE_DIGITS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

/** `00` to `59` */
export const SECONDS = Array.from({ length: 60 }, (_, second) => String(second).padStart(2, '0'));

export function campaignNames(count) {
  const width = Math.max(2, String(count).length);
  return Array.from({ length: count }, (_, index) => `promo_${String(index + 1).padStart(width, '0')}`);
}

/**
 * A table that turns 16 random bits into a campaign's index. Campaign n gets a share in proportion to 1 / (n + 3), so
 * a few are large and most are small; each has one entry at least.
 */
export function campaignLottery(count) {
  const tickets = new Uint32Array(65_536);
  const weights = Array.from({ length: count }, (_, index) => 1 / (index + 4));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shared = tickets.length - count;
  let next = 0;
  for (let campaign = 0; campaign < count; campaign++) {
    const share = 1 + Math.floor((weights[campaign] / total) * shared);
    tickets.fill(campaign, next, next + share);
    next += share;
  }
  // What rounding left over is the first campaign's: the table began as zeros.
  return tickets;
}

/** `2026-06-01T00:03:` for every minute of the span. */
export function rfc3339Minutes() {
  return Array.from({ length: MINUTES }, (_, minute) =>
    new Date(START_MS + minute * 60_000).toISOString().slice(0, 17),
  );
}

/** `01/Jun/2026:00:03:` for every minute of the span. */
export function accessLogMinutes() {
  return rfc3339Minutes().map((text) => `${text.slice(8, 10)}/Jun/${text.slice(0, 4)}:${text.slice(11)}`);
}
