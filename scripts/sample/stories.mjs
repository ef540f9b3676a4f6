/** What happens in the sample: its campaigns, each with a story of its own, their ads, and what people buy. */
import { DAY_AND_NIGHT, MORNING_MAILING } from './calendar.mjs';

/** Prices in cents. `most` is how many of it go into one order at most. */
export const PRODUCTS = [
  { name: 'premium_package', cents: 9999, most: 1 },
  { name: 'starter_package', cents: 2950, most: 1 },
  { name: 'Beach towel, large', cents: 2495, most: 3 },
  { name: 'sun_hat', cents: 1990, most: 2 },
  { name: 'cooler_bag', cents: 6449, most: 1 },
  { name: 'gift_card', cents: 5000, most: 2 },
];

/**
 * `days` weighs the fourteen days, `returning` is the share of clicks by people who have clicked before, `basket`
 * weighs the products, and an ad's last number is its share of the campaign's clicks.
 */
export const CAMPAIGNS = [
  {
    // The strongest: four networks, growing into its second week.
    id: 'summer_sale',
    clicks: 1680,
    conversionRate: 0.096,
    returning: 0.3,
    days: [1, 1, 1, 1, 1.1, 1.1, 1, 1.2, 1.2, 1.3, 1.4, 1.5, 1.2, 1.1],
    hours: DAY_AND_NIGHT,
    basket: [34, 10, 24, 12, 16, 4],
    ads: [
      ['google', 'cpc', 'banner_ad_456', 34],
      ['google', 'cpc', 'search_ad_101', 16],
      ['facebook', 'paid_social', 'carousel_ad_460', 18],
      // Tagged by hand, in another case: channels compare case-folded.
      ['Facebook', 'Paid_Social', 'video_ad_512', 6],
      ['tiktok', 'paid_social', 'video_ad_512', 14],
      ['bing', 'cpc', 'search_ad_101', 7],
      ['instagram', 'organic', 'bio_link', 5],
    ],
  },
  {
    // People who already know the name: steady, few clicks wasted, small baskets.
    id: 'brand_search',
    clicks: 940,
    conversionRate: 0.11,
    returning: 0.45,
    days: [1, 1, 1, 1, 1, 1, 1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1],
    hours: DAY_AND_NIGHT,
    basket: [8, 34, 14, 20, 6, 18],
    terms: ['sunny shop', 'sunny shop towels', 'sunnyshop login', 'sunny shop coupon'],
    ads: [
      ['google', 'cpc', 'brand_exact_01', 62],
      ['google', 'cpc', 'brand_broad_02', 20],
      ['bing', 'cpc', 'brand_exact_01', 18],
    ],
  },
  {
    // Two mailings, on the 2nd and the 9th; nearly silent between them.
    id: 'newsletter_june',
    clicks: 690,
    conversionRate: 0.075,
    returning: 0.5,
    days: [0, 6, 2, 0.8, 0.4, 0.2, 0.2, 0.1, 5, 1.8, 0.8, 0.4, 0.2, 0.2],
    hours: MORNING_MAILING,
    basket: [14, 22, 28, 22, 8, 6],
    ads: [
      ['newsletter', 'email', 'hero_button', 58],
      ['newsletter', 'email', 'product_tile_2', 28],
      ['newsletter', 'email', 'footer_link', 14],
    ],
  },
  {
    // Shown to people who have been here: many clicks by the same few, and rarely a sale.
    id: 'retargeting_q2',
    clicks: 610,
    conversionRate: 0.05,
    returning: 0.92,
    days: [0.4, 0.5, 0.7, 0.9, 1, 1, 1, 1.1, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2],
    hours: DAY_AND_NIGHT,
    basket: [38, 14, 14, 10, 20, 4],
    ads: [
      ['facebook', 'paid_social', 'reminder_ad_7', 52],
      ['google', 'display', 'reminder_banner_9', 36],
      ['criteo', 'display', 'reminder_banner_9', 12],
    ],
  },
  {
    // Launched in the second week: a loud first day, much curiosity, few orders.
    id: 'creator_collab',
    clicks: 720,
    conversionRate: 0.026,
    returning: 0.12,
    days: [0, 0, 0, 0, 0, 0, 0, 3, 2.2, 1.6, 1.8, 2.3, 2, 1.8],
    hours: DAY_AND_NIGHT,
    basket: [10, 20, 34, 26, 6, 4],
    ads: [
      ['tiktok', 'paid_social', 'creator_lena_01', 48],
      ['youtube', 'video', 'creator_marco_02', 30],
      ['instagram', 'organic', 'creator_lena_01', 22],
    ],
  },
];
