/** Access logs of web servers whose visitors follow links of campaigns, and of those who only look around. */
import { CAMPAIGN_PARAMETERS, CLICK_ID_KINDS } from '../../src/event/campaign-parameters.js';
import { FIELD_NAMES } from '../../src/event/raw-event.js';
import type { Random } from '../../scripts/random.mjs';
import type { LineMaker } from './ndjson-lines.js';
import { NASTY_TEXTS, valueOf, type Temper } from './values.js';

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'curl/8.5.0',
  'facebookexternalhit/1.1',
  '-',
  '',
  'A \\"quoted\\" agent \\\\',
  'Agent mit Ümläut',
];
const ADDRESSES = ['203.0.113.7', '198.51.100.23', '2001:db8::1', '::1', 'host.example.com', '-'];
const PATHS = [
  '/',
  '/landing',
  '/shop/mug',
  '/thank-you',
  '/thank-you/',
  '/checkout/done',
  '/checkout/step/2',
  '/done',
  '*',
];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const ODD_TIMES = [
  '31/Feb/2026:12:00:00 +0000',
  '29/Feb/2024:23:59:60 +0000',
  '30/Jun/2026:23:59:60 +0000',
  '01/jun/2026:12:00:00 +0000',
  '01/Foo/2026:12:00:00 +0000',
  '1/Jun/2026:12:00:00 +0000',
  '01/Jun/2026:24:00:00 +0000',
  '01/Jun/2026:12:00:00',
  '01/Jun/2026:12:00:00 Z',
  '01/Jun/2026:12:00:00 +2400',
  '01/Jun/2026:12:00:00 +0560',
  '01/Jun/0000:12:00:00 +0000',
  '31/Dec/9999:23:59:59 -2359',
  '2026-06-01T12:00:00Z',
  '-',
];

/** The goals that some of the paths match. */
export const GOALS = [
  '/thank-you',
  '/checkout/*?amount=total&order_id=oid',
  '/done?user_id=uid&product=item',
];

/** Lines of a log that writes referer and user agent (`combined`), or that does not (`common`). */
export function accessLines(random: Random, temper: Temper, isCombined: boolean): LineMaker {
  const withHost = random.chance(0.15);
  const withCookie = isCombined && random.chance(0.2);
  const users = Array.from(
    { length: random.integer(5, 200) },
    () => `10.${random.integer(0, 255)}.${random.integer(0, 255)}.${random.integer(1, 254)}`,
  );
  return () => {
    const odd = (): boolean => random.chance(temper.odd);
    const address = odd() ? random.pick(ADDRESSES) : random.pick(users);
    const who = odd()
      ? random.pick(['frank - -', 'frank frank', '- jane', '- jane doe', '- "x"', '- [x', '-  -'])
      : '- -';
    const time = odd() ? random.pick(ODD_TIMES) : timeOf(random);
    const request = odd() ? oddRequest(random, temper) : `GET ${targetOf(random, temper)} HTTP/1.1`;
    const status = odd()
      ? random.pick(['301', '304', '404', '500', '199', '20', '2000', '-', '099', '400'])
      : '200';
    const size = odd()
      ? random.pick(['-', '', '0', 'x', '99999999999999'])
      : String(random.integer(100, 99_999));
    const host = withHost ? `${random.pick(['shop.example.com', 'shop.example.com:443', 'é.example'])} ` : '';
    const line = `${host}${address} ${who} [${time}] "${request}" ${status} ${size}`;
    if (isCombined === odd()) return line;
    const referer = odd()
      ? random.pick(['-', '', 'https://x/?q=\\"a\\"', random.pick(NASTY_TEXTS)])
      : 'https://www.example.com/';
    const agent = odd() ? random.pick(NASTY_TEXTS) : random.pick(AGENTS);
    const rest = withCookie
      ? ` "sid=1; uid=${random.integer(1, 50)}; x"`
      : odd()
        ? random.pick([' -', ' 0.123', '"', ' "a" "b"'])
        : '';
    return `${line} "${referer}" "${agent}"${rest}`;
  };
}

function timeOf(random: Random): string {
  const two = (low: number, high: number): string => String(random.integer(low, high)).padStart(2, '0');
  const zone = random.pick(['+0000', '+0000', '+0200', '-0700', '+0545']);
  return `${two(1, 28)}/${random.pick(MONTHS)}/2026:${two(0, 23)}:${two(0, 59)}:${two(0, 59)} ${zone}`;
}

function oddRequest(random: Random, temper: Temper): string {
  const target = targetOf(random, temper);
  return random.pick([
    '-',
    '',
    'GET',
    `GET ${target}`,
    `POST ${target} HTTP/2.0`,
    `GET  ${target} HTTP/1.1`,
    `GET ${target}#fragment?utm_campaign=no HTTP/1.1`,
    `GET https://other.example${target} HTTP/1.1`,
    `GET ${target} and more HTTP/1.1`,
    '\\x16\\x03\\x01',
    `GET ${target}\\"quoted\\" HTTP/1.1`,
    `GET ?${target} HTTP/1.1`,
  ]);
}

const PARAMETERS = [
  ...Object.values(CAMPAIGN_PARAMETERS).flat(),
  ...CLICK_ID_KINDS.keys(),
  ...FIELD_NAMES,
  ...['total', 'oid', 'uid', 'item', 'q', 'page', '', 'UTM_CAMPAIGN', 'utm%5Fcampaign', 'utm+campaign'],
];
const FIELD_OF = new Map<string, string>(
  Object.entries(CAMPAIGN_PARAMETERS).flatMap(([field, names]) =>
    names.map((name) => [name, field] as const),
  ),
);

function targetOf(random: Random, temper: Temper): string {
  const path = random.pick(PATHS);
  const isTagged = random.chance(0.6);
  const pairs: string[] = [];
  if (isTagged) {
    pairs.push(`utm_campaign=${encoded(valueOf('campaign_id', random, temper).text, random)}`);
    pairs.push(`utm_source=${encoded(valueOf('source', random, temper).text, random)}`);
  }
  while (random.chance(0.45)) {
    const name = random.pick(PARAMETERS);
    const field = FIELD_OF.get(name) ?? name;
    const text = valueOf(FIELD_NAMES.find((known) => known === field) ?? 'term', random, temper).text;
    pairs.push(random.chance(0.05) ? name : `${name}=${encoded(text, random)}`);
  }
  if (random.chance(0.3))
    pairs.push(`total=${valueOf('amount', random, temper).text}`, `oid=${random.integer(1, 400)}`);
  if (random.chance(0.05)) pairs.sort(() => random.fraction() - 0.5);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** A parameter's value as links carry it: escaped in full, half, or not at all. */
function encoded(text: string, random: Random): string {
  switch (random.integer(0, 9)) {
    case 0:
      return text.replaceAll(' ', '+');
    case 1:
      return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    case 2:
      return `${encodeURIComponent(text.toWellFormed())}${random.pick(['%', '%4', '%zz', '%ff', '%e2%82', '%c3%a9', '%00', '%2526'])}`;
    case 3:
      return text.replaceAll(' ', '%20');
    default:
      return encodeURIComponent(text.toWellFormed()).replaceAll('%20', random.chance(0.5) ? '+' : '%20');
  }
}
