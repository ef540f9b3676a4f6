/**
 * One line writer per format: `(draw) => text` with its line end, and the text that opens the file. A draw is one
 * reused object: { number, minute, second, millisecond, user, campaign, ad, product, cents }; cents 0 is a click.
 */
import { ADS, PRODUCTS, SECONDS, THREE_DIGITS, accessLogMinutes, rfc3339Minutes } from './shape.mjs';

const CENTS = Array.from({ length: 100 }, (_, cents) => String(cents).padStart(2, '0'));

/** At least seven digits, so that the lines of a file are of one length. */
const userText = (user) => (user < 10_000_000 ? sevenDigits(user) : String(user));
const sevenDigits = (number) =>
  `${(number / 1_000_000) | 0}${THREE_DIGITS[((number / 1000) | 0) % 1000]}${THREE_DIGITS[number % 1000]}`;
const decimalText = (cents) => `${(cents / 100) | 0}.${CENTS[cents % 100]}`;

function ndjson(campaigns, withIds) {
  const minutes = rfc3339Minutes();
  const campaignParts = campaigns.map((name) => `Z","campaign_id":"${name}","user_id":"u`);
  const clickEnds = ADS.map((ad) => `","source":"${ad.source}","medium":"${ad.medium}","ad_id":"${ad.adId}"`);
  const saleEnds = PRODUCTS.map((name) => `,"currency":"USD","product":"${name}"`);
  const timeText = (draw) =>
    `${minutes[draw.minute]}${SECONDS[draw.second]}.${THREE_DIGITS[draw.millisecond]}${campaignParts[draw.campaign]}`;
  const clickIds = (draw) => (withIds ? `,"event_id":"evt_${draw.number}"}\n` : '}\n');
  const saleIds = (draw) =>
    withIds ? `,"order_id":"ord_${draw.number}","event_id":"evt_${draw.number}"}\n` : '}\n';
  const line = (draw) =>
    draw.cents === 0
      ? `{"type":"click","timestamp":"${timeText(draw)}${userText(draw.user)}${clickEnds[draw.ad]}${clickIds(draw)}`
      : `{"type":"conversion","timestamp":"${timeText(draw)}${userText(draw.user)}","amount":${decimalText(draw.cents)}${saleEnds[draw.product]}${saleIds(draw)}`;
  return { opening: '', line };
}

function csv(campaigns, withIds) {
  const minutes = rfc3339Minutes();
  const columns = 'type,timestamp,campaign_id,user_id,source,medium,ad_id,amount,currency,product';
  const campaignParts = campaigns.map((name) => `Z,${name},u`);
  const clickEnds = ADS.map((ad) => `,${ad.source},${ad.medium},${ad.adId},,,`);
  const saleEnds = PRODUCTS.map((name) => `,USD,${name}`);
  const timeText = (draw) =>
    `${minutes[draw.minute]}${SECONDS[draw.second]}.${THREE_DIGITS[draw.millisecond]}${campaignParts[draw.campaign]}`;
  const clickIds = (draw) => (withIds ? `,,evt_${draw.number}\n` : '\n');
  const saleIds = (draw) => (withIds ? `,ord_${draw.number},evt_${draw.number}\n` : '\n');
  const line = (draw) =>
    draw.cents === 0
      ? `click,${timeText(draw)}${userText(draw.user)}${clickEnds[draw.ad]}${clickIds(draw)}`
      : `conversion,${timeText(draw)}${userText(draw.user)},,,,${decimalText(draw.cents)}${saleEnds[draw.product]}${saleIds(draw)}`;
  return { opening: `${columns}${withIds ? ',order_id,event_id' : ''}\n`, line };
}

const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0',
];

/**
 * The combined format. A user is a private address (10.0.0.0/8) with a browser, so 2^24 users have one address each and
 * the next 2^24 share them with another browser. A goal's URL has no campaign, and always its order's id.
 */
function access(campaigns) {
  const minutes = accessLogMinutes();
  const landings = campaigns.map((name) => ` +0000] "GET /landing?utm_campaign=${name}`);
  const adParts = ADS.map((ad) => `&utm_source=${ad.source}&utm_medium=${ad.medium}&utm_content=${ad.adId}`);
  const products = PRODUCTS.map((name) => `&currency=USD&product=${name}`);
  const ends = BROWSERS.map((agent) => ` "-" "${agent}"\n`);
  const address = (user) => `10.${(user >>> 16) & 255}.${(user >>> 8) & 255}.${user & 255}`;
  const end = (draw) =>
    ` HTTP/1.1" 200 ${1000 + draw.millisecond}${ends[(draw.user + (draw.user >>> 24)) & 3]}`;
  const line = (draw) => {
    const start = `${address(draw.user)} - - [${minutes[draw.minute]}${SECONDS[draw.second]}`;
    return draw.cents === 0
      ? `${start}${landings[draw.campaign]}${adParts[draw.ad]}${end(draw)}`
      : `${start} +0000] "GET /checkout/thank-you?order_id=A${draw.number}&amount=${decimalText(draw.cents)}${products[draw.product]}${end(draw)}`;
  };
  return { opening: '', line };
}

export const LINE_WRITERS = { ndjson, csv, access };
