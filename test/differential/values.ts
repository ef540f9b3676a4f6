/** The texts that logs hold under each field: mostly what programs write, now and then what nobody should. */
import { CLICK_ID_KINDS } from '../../src/event/campaign-parameters.js';
import type { FieldName } from '../../src/event/raw-event.js';
import type { Random } from '../../scripts/random.mjs';

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.';
const DIGITS = '0123456789';
const HEX = '0123456789abcdef';

/** Texts that have broken programs before. */
export const NASTY_TEXTS: readonly string[] = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '\u202egnp.elpmaxe',
  'caf\u00e9',
  'cafe\u0301',
  '\u212bngstr\u00f6m',
  'a\u2028b\u2029c',
  '🎉 sale',
  'İstanbul',
  'straße',
  'ΣΊΣΥΦΟΣ',
  '<img src=x onerror=alert(1)>',
  '\x1b]0;x\x07',
  'a\x7fb',
  'a\x9bb',
  '=HYPERLINK("http://x","y")',
  '+1',
  '%ZZ',
  '%00',
  "Robert'); DROP TABLE events;--",
  'a"b',
  'back\\slash',
  'tab\there',
  'line\nfeed',
  'nul\0here',
  '\ufeffmarked',
  '\ufffd',
  '\uffff',
  ' ',
  ' blank ',
  '(other)',
  'null',
  'true',
  '{"user_id":"u"}',
  '[1,2]',
  ',',
  '\t',
  "'",
  '-',
];

const CAMPAIGNS = [
  'summer_sale',
  'Black Friday 2026',
  'brand',
  'c1',
  'retargeting-EU',
  'été',
  'newsletter_06',
];
const SOURCES = ['google', 'Google', 'facebook', 'newsletter', 'bing', 'tiktok', 'partner.example.com'];
const MEDIUMS = ['cpc', 'CPC', 'email', 'paid_social', 'referral', 'Öffentlich'];
const PRODUCTS = ['mug', 'T-shirt, large', 'Pro plan (yearly)', 'crème', 'sku-000123'];
export const CURRENCIES = [
  ...['USD', 'EUR', 'GBP', 'JPY', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'HUF', 'CAD', 'AUD', 'NZD'],
  ...['INR', 'BRL', 'MXN', 'ZAR', 'KWD', 'BHD', 'CLF'],
];
const TYPES = ['click', 'conversion', 'refund'];
const OTHER_TYPES = [
  ...[
    'purchase',
    'Order Completed',
    'order completed',
    'Order Refunded',
    'checkout_completed',
    'track',
    'page_view',
  ],
  ...[
    'add_to_cart',
    'Product Viewed',
    'page',
    'identify',
    'impression',
    'Click',
    'CONVERSION',
    'Purchase',
    'reFund',
  ],
  ...[
    'clic\u212a',
    'unheard_of',
    'Scroll',
    'session_start',
    'product_added_to_cart',
    'conversion ',
    'x'.repeat(65),
  ],
];

/** A field's text, and whether JSON would write it without quotes. */
export interface Value {
  readonly text: string;
  readonly bare: boolean;
}

const quoted = (text: string): Value => ({ text, bare: false });
const bare = (text: string): Value => ({ text, bare: true });

/** How far the values of a log stray: shares of the odd and of the nasty. */
export interface Temper {
  readonly odd: number;
  readonly nasty: number;
}

export function valueOf(field: FieldName, random: Random, temper: Temper): Value {
  if (random.chance(temper.nasty)) return nastyValue(random);
  const odd = random.chance(temper.odd);
  switch (field) {
    case 'type':
      return quoted(odd ? random.pick(OTHER_TYPES) : random.pick(TYPES));
    case 'timestamp':
      return odd ? oddTime(random) : usualTime(random);
    case 'amount':
      return odd ? oddAmount(random) : usualAmount(random);
    case 'currency':
      return quoted(
        odd
          ? random.pick(['usd', 'eUr', 'US', 'USDT', 'ÜSD', '123', 'U$D', ' USD', 'zzz'])
          : random.pick(CURRENCIES),
      );
    case 'campaign_id':
      return odd ? oddText(random) : quoted(random.pick(CAMPAIGNS));
    case 'source':
      return odd ? oddText(random) : quoted(random.pick(SOURCES));
    case 'medium':
      return odd ? oddText(random) : quoted(random.pick(MEDIUMS));
    case 'product':
      return odd ? oddText(random) : quoted(random.pick(PRODUCTS));
    case 'click_id_kind':
      return quoted(odd ? random.pick(['Gclid', 'gclid ', 'x']) : random.pick([...CLICK_ID_KINDS.keys()]));
    case 'user_id':
      return odd ? oddUser(random) : quoted(`u${random.integer(1, 5_000)}`);
    case 'ad_id':
    case 'term':
    case 'click_id':
    case 'order_id':
    case 'event_id':
      return odd ? oddText(random) : quoted(`${field}_${random.integer(1, 900)}`);
  }
}

function nastyValue(random: Random): Value {
  switch (random.integer(0, 9)) {
    case 0:
      return quoted('');
    case 1:
      return bare(random.pick(['null', 'true', 'false', '{}', '[]', '{"id":"x"}', '["a",{"b":[1]}]']));
    case 2:
      return bare(
        random.pick([
          '0',
          '-0',
          '-5',
          '1e3',
          '0.5',
          '-0.0',
          '1E+2',
          '9007199254740991',
          '9007199254740993',
          '1e400',
        ]),
      );
    case 3:
      return bare(
        random.pick(['01', '+1', '.5', '1.', 'NaN', 'Infinity', 'undefined', "'x'", 'tru', '1 2', '-', '']),
      );
    case 4:
      return quoted(
        random.text(LETTERS, random.pick([15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 1023, 1024, 1025])),
      );
    case 5:
      return quoted(`${random.text(LETTERS, random.integer(0, 18))}${random.pick(NASTY_TEXTS)}`);
    default:
      return quoted(random.pick(NASTY_TEXTS));
  }
}

function oddText(random: Random): Value {
  switch (random.integer(0, 5)) {
    case 0:
      return quoted('');
    case 1:
      return bare(String(random.integer(0, 99_999)));
    case 2:
      return quoted(random.pick(NASTY_TEXTS));
    case 3:
      return quoted(random.text(LETTERS, random.integer(1, 70)));
    default:
      return quoted(random.text(LETTERS, random.pick([1, 2, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33])));
  }
}

function oddUser(random: Random): Value {
  switch (random.integer(0, 5)) {
    case 0:
      return bare(random.text(DIGITS, random.integer(1, 22)).replace(/^0+(?=\d)/, ''));
    case 1:
      return quoted([8, 4, 4, 4, 12].map((length) => random.text(HEX, length)).join('-'));
    case 2:
      return quoted(`${random.text(LETTERS, random.integer(1, 20))}@example.com`);
    default:
      return oddText(random);
  }
}

const two = (number: number): string => String(number).padStart(2, '0');

function dateTime(random: Random, separator: string): string {
  const day = `2026-0${random.integer(1, 9)}-${two(random.integer(1, 28))}`;
  return `${day}${separator}${two(random.integer(0, 23))}:${two(random.integer(0, 59))}:${two(random.integer(0, 59))}`;
}

function usualTime(random: Random): Value {
  switch (random.integer(0, 7)) {
    case 0:
      return bare(String(random.integer(1_750_000_000, 1_790_000_000)));
    case 1:
      return bare(String(random.integer(1_750_000_000_000, 1_790_000_000_000)));
    case 2:
      return quoted(dateTime(random, ' '));
    case 3:
      return quoted(
        `${dateTime(random, 'T')}${random.pick(['+00:00', '+02:00', '-07:00', '+05:45', '-00:30'])}`,
      );
    default:
      return quoted(`${dateTime(random, 'T')}${random.chance(0.5) ? `.${random.text(DIGITS, 3)}` : ''}Z`);
  }
}

export const ODD_TIMES: readonly string[] = [
  '2026-06-30T23:59:60Z',
  '2026-07-01T01:59:60+02:00',
  '2026-06-30T12:00:60Z',
  '2026-03-29 02:30:00',
  '2026-10-25 02:30:00',
  '9999-12-31T23:59:59.999999Z',
  '9999-12-31T23:59:59-23:59',
  '0001-01-01T00:00:00Z',
  '0001-01-01T00:00:00+23:59',
  '0000-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999999Z',
  '1900-02-29T00:00:00Z',
  '2000-02-29T00:00:00Z',
  '2024-02-30T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-10T00:00:00Z',
  '2026-01-00T00:00:00Z',
  '2026-06-01T24:00:00Z',
  '2026-06-01T23:60:00Z',
  '2026-06-01T23:00:61Z',
  '2026-06-01T12:00:00+24:00',
  '2026-06-01T12:00:00+05:60',
  '2026-06-01T12:00:00+0545',
  '2026-06-01T12:00:00 +05:45',
  '2026-06-01T12:00:00 Z',
  '2026-06-01T12:00:00z',
  '2026-06-01t12:00:00Z',
  '2026-06-01T12:00:00,5Z',
  '2026-06-01T12:00:00.Z',
  '2026-06-01T12:00:00.1234567890123456789Z',
  '2026-06-01T12:00:00.999999999+05:45',
  '2026-06-01T12:00:00−05:00',
  '2026-06-01T12:00Z',
  '2026-06-01',
  '01/Jun/2026:12:00:00 +0000',
  '1',
  '0',
  '99999999999',
  '100000000000',
  '99999999999999',
  '100000000000000',
  '9999999999999999',
  '253402300799999999',
  '253402300800000000',
  '1780000000.5',
  '1780000000.1234567',
  '1780000000123.25',
  '1780000000123456.9',
  '-1',
  '1e9',
  ' 1780000000',
  'yesterday',
];

function oddTime(random: Random): Value {
  switch (random.integer(0, 3)) {
    case 0: {
      const text = random.text(DIGITS, random.integer(1, 20)).replace(/^0+(?=\d)/, '');
      return random.chance(0.5) ? bare(text) : quoted(text);
    }
    case 1: {
      const text = `${dateTime(random, random.pick(['T', ' ', 't', '_']))}${random.pick(['.', ',', ''])}${random.text(DIGITS, random.integer(0, 9))}`;
      return quoted(
        `${text}${random.pick(['Z', 'z', '', '+01:00', '-1130', ' Z', '+14:00', '-23:59', '+00:60'])}`,
      );
    }
    default:
      return quoted(random.pick(ODD_TIMES));
  }
}

function usualAmount(random: Random): Value {
  const text = `${random.integer(0, 500)}${random.chance(0.8) ? `.${random.text(DIGITS, 2)}` : ''}`;
  return random.chance(0.7) ? bare(text) : quoted(text);
}

export const ODD_AMOUNTS: readonly string[] = [
  'NaN',
  'Infinity',
  '1e308',
  '9007199254740993',
  '1,234.56',
  '-0',
  '-0.00',
  '-5',
  '+5',
  '5.',
  '.5',
  '007.50',
  '0',
  '0.000001',
  '0.0000001',
  '0.0000010',
  '1e2',
  '1E-6',
  '1e-7',
  '123456789012',
  '123456789012.123456',
  '1234567890123.123456',
  '9223372036854.775807',
  '9223372036854.775808',
  '99999999999999999999',
  '12.3456789',
  ' 5',
  '5 ',
  '0x10',
  '1_000',
  '€5',
  '',
  '--1',
  '1.2.3',
];

function oddAmount(random: Random): Value {
  const text = random.chance(0.5)
    ? random.pick(ODD_AMOUNTS)
    : `${random.text(DIGITS, random.integer(1, 14))}.${random.text(DIGITS, random.integer(0, 8))}`;
  // JSON numbers have no leading zeros; now and then a program writes them all the same.
  return random.chance(0.4) && /^-?\d/.test(text) ? bare(text) : quoted(text);
}

/** A text for a name that stands for no field. */
export function unknownText(random: Random): string {
  switch (random.integer(0, 3)) {
    case 0:
      return random.pick(NASTY_TEXTS);
    case 1:
      return random.text(LETTERS, random.integer(0, 60));
    default:
      return random.text(LETTERS, random.integer(1, 12));
  }
}
