/** The shop whose access log the sample holds: who comes, by which links, and what there is to see and to buy. */

export const SITE = 'https://shop.example';

export const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:139.0) Gecko/20100101 Firefox/139.0',
];

export const CRAWLERS = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
];

export const PAGES = [
  '/',
  '/towels',
  '/hats',
  '/coolers',
  '/packages/premium',
  '/packages/starter',
  '/about',
  '/blog/beach-day',
];

export const ASSETS = [
  '/assets/app.css',
  '/assets/app.js',
  '/assets/logo.svg',
  '/images/hero.webp',
  '/favicon.ico',
];

export const PROBES = [
  '/wp-login.php',
  '/.env',
  '/old-catalogue.html',
  '/phpmyadmin/',
  '/towels/blue-xl',
  '/apple-touch-icon.png',
];

/** Links as campaign tools write them: percent- and plus-encoded, in any order. The last number is the share. */
export const CAMPAIGN_LINKS = [
  ['/towels', 'utm_source=google&utm_medium=cpc&utm_campaign=summer_sale&utm_content=banner_ad_456', 22],
  [
    '/',
    'utm_source=google&utm_medium=cpc&utm_campaign=summer_sale&utm_term=beach+towel%2C+large&utm_content=search_ad_101',
    12,
  ],
  [
    '/towels',
    'utm_campaign=summer_sale&utm_source=facebook&utm_medium=paid_social&utm_content=carousel%20ad%20460',
    13,
  ],
  ['/', 'utm_source=Facebook&utm_medium=Paid_Social&utm_campaign=summer%5Fsale&utm_content=video_ad_512', 4],
  [
    '/packages/premium',
    'utm_source=newsletter&utm_medium=email&utm_campaign=newsletter_june&utm_content=hero+button',
    14,
  ],
  [
    '/hats',
    'utm_source=newsletter&utm_medium=email&utm_campaign=newsletter_june&utm_content=caf%C3%A9+tile',
    6,
  ],
  ['/', 'utm_source=google&utm_medium=cpc&utm_campaign=brand_search&utm_term=sunny+shop', 14],
  [
    '/coolers',
    'utm_source=tiktok&utm_medium=paid_social&utm_campaign=Picnic+%26+Beach&utm_content=creator_lena_01',
    9,
  ],
  [
    '/go/picnic',
    'utm_source=youtube&utm_medium=video&utm_campaign=Picnic%20%26%20Beach&utm_content=creator_marco_02',
    6,
  ],
];

export const REFERRERS = {
  google: 'https://www.google.com/',
  facebook: 'https://www.facebook.com/',
  tiktok: 'https://www.tiktok.com/',
  youtube: 'https://www.youtube.com/',
};

export const GOODS = [
  ['beach_towel', '24.95'],
  ['beach_towel', '49.90'],
  ['sun_hat', '19.90'],
  ['cooler_bag', '64.49'],
  ['premium_package', '99.99'],
  ['starter_package', '29.50'],
];
