/**
 * A shop's web-server log over the sample's two weeks, in the combined format: people from campaign links, people
 * without one, crawlers, probes and errors. Addresses are of the documentation ranges (RFC 5737, RFC 3849) only.
 */
import { DAY_AND_NIGHT, DAY_SECONDS, END, drawMoment } from './calendar.mjs';
import {
  ASSETS,
  BROWSERS,
  CAMPAIGN_LINKS,
  CRAWLERS,
  GOODS,
  PAGES,
  PROBES,
  REFERRERS,
  SITE,
} from './access-site.mjs';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const EVEN_DAYS = Array.from({ length: 14 }, () => 1);
const FIRST_ORDER = 123;

/** The log's text, and how many lines of each kind were put into it. */
export function sampleAccessLog(random) {
  const visitor = createVisitors(random);
  const moment = () => drawMoment(random, EVEN_DAYS, DAY_AND_NIGHT);
  const many = (count, visit) => Array.from({ length: count }, visit).flat();
  const requests = [
    ...many(430, () => campaignVisit(random, visitor(), moment())),
    ...many(60, () => clickIdVisit(random, visitor(), moment(), 'gclid', 'https://www.google.com/')),
    ...many(70, () => clickIdVisit(random, visitor(), moment(), 'fbclid', 'https://l.facebook.com/')),
    ...many(210, () => plainVisit(random, visitor(), moment())),
    ...many(150, () => crawl(random, moment())),
    ...many(90, () => [request(visitor(), moment(), 'failed', { path: random.pick(PROBES), status: 404 })]),
    ...many(18, () => [
      request(visitor(), moment(), 'failed', { path: linkFrom(random).target, status: 500 }),
    ]),
  ].filter(({ at }) => at < END);
  requests.sort((a, b) => a.at - b.at);
  nameOrders(requests);

  const kinds = new Map();
  for (const { kind } of requests) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return { text: requests.map((each) => `${combinedLine(random, each)}\n`).join(''), kinds };
}

function createVisitors(random) {
  const seen = new Set();
  return () => {
    for (;;) {
      const person = { address: drawAddress(random), agent: random.pick(BROWSERS) };
      const identity = `${person.address} ${person.agent}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      return person;
    }
  };
}

function drawAddress(random) {
  if (random.chance(0.15))
    return `2001:db8:${random.text('123456789abcdef', 3)}::${random.text('123456789abcdef', 4)}`;
  return `${random.pick(['192.0.2', '198.51.100', '203.0.113'])}.${random.integer(1, 254)}`;
}

function request(person, at, kind, { path, status = 200, method = 'GET', referrer = '-' }) {
  return { ...person, at, kind, path, status, method, referrer };
}

function linkFrom(random) {
  const [page, query] = CAMPAIGN_LINKS[random.weightedIndex(CAMPAIGN_LINKS.map((link) => link[2]))];
  return { page, target: `${page}?${query}`, source: /utm_source=(\w+)/.exec(query)[1].toLowerCase() };
}

function campaignVisit(random, person, at) {
  const { page, target, source } = linkFrom(random);
  const gclid = source === 'google' && random.chance(0.5) ? `&gclid=${drawClickId(random)}` : '';
  const referrer = REFERRERS[source];
  const short = page.startsWith('/go/');
  const landing = request(person, at, 'click', { path: target + gclid, status: short ? 302 : 200, referrer });
  const arrival = short ? [request(person, at, 'page view', { path: '/coolers', referrer })] : [];
  return [
    landing,
    ...arrival,
    ...browsing(random, person, at, landing.path),
    ...purchase(random, person, at, 0.16),
  ];
}

function clickIdVisit(random, person, at, name, referrer) {
  const path = `${random.pick(PAGES)}?${name}=${drawClickId(random)}`;
  // Meta adds fbclid to every outgoing link, so alone it is no click on an ad.
  const landing = request(person, at, name === 'gclid' ? 'gclid only' : 'fbclid only', { path, referrer });
  return [landing, ...browsing(random, person, at, path), ...purchase(random, person, at, 0.08)];
}

function plainVisit(random, person, at) {
  const path = random.pick(PAGES);
  const landing = request(person, at, 'page view', {
    path,
    referrer: random.pick(['-', '-', 'https://www.google.com/']),
  });
  return [landing, ...browsing(random, person, at, path), ...purchase(random, person, at, 0.04)];
}

function drawClickId(random) {
  return random.text(URL_SAFE, 44);
}

/** Assets carry the landing address as their referrer, campaign parameters and all: those are no clicks. */
function browsing(random, person, at, landingPath) {
  const referrer = SITE + landingPath;
  const assets = ASSETS.slice(0, random.integer(0, 3)).map((path) =>
    request(person, at + random.integer(0, 2), 'asset', {
      path,
      referrer,
      status: random.chance(0.2) ? 304 : 200,
    }),
  );
  const views = Array.from({ length: random.integer(0, 2) }, (_, index) =>
    request(person, at + 20 + index * 40 + random.integer(0, 35), 'page view', {
      path: random.pick(PAGES),
      referrer,
    }),
  );
  return [...assets, ...views];
}

/** The way through the checkout to the goal, in the same hour or a day or two later; sometimes the last page is reloaded. */
function purchase(random, person, visitAt, probability) {
  if (!random.chance(probability)) return [];
  const later = random.chance(0.3) ? random.integer(DAY_SECONDS / 2, 2 * DAY_SECONDS) : 0;
  const at = visitAt + later + random.integer(150, 1800);
  const [product, amount] = random.pick(GOODS);
  const goal = (kind, seconds, status) => ({
    ...request(person, at + seconds, kind, { status, referrer: `${SITE}/checkout` }),
    order: { product, amount },
  });
  const reloads = random.chance(0.08);
  const fails = random.chance(0.06);
  const checkout = [
    request(person, at, 'page view', { path: '/cart', referrer: `${SITE}/` }),
    request(person, at + 60, 'page view', {
      path: '/checkout',
      method: 'POST',
      status: 303,
      referrer: `${SITE}/cart`,
    }),
  ];
  if (fails) checkout.push(goal('failed', 61, 500));
  checkout.push(goal('goal', fails ? 70 : 61, 200));
  if (reloads) checkout.push(goal('goal again', 95, 200));
  return checkout;
}

function crawl(random, at) {
  const crawler = { address: `192.0.2.${random.integer(200, 220)}`, agent: random.pick(CRAWLERS) };
  const path = random.chance(0.6)
    ? linkFrom(random).target
    : random.pick([...PAGES, '/robots.txt', '/sitemap.xml']);
  return [request(crawler, at, 'bot', { path })];
}

/** Order numbers rise with time; a page that failed or was reloaded keeps its order's number. */
function nameOrders(requests) {
  const numbers = new Map();
  for (const each of requests) {
    if (each.order === undefined) continue;
    const key = `${each.address} ${each.agent}`;
    const number = numbers.get(key) ?? FIRST_ORDER + numbers.size;
    numbers.set(key, number);
    const { amount, product } = each.order;
    each.path = `/checkout/thank-you?order_id=A${number}&amount=${amount}&currency=USD&product=${product}`;
  }
}

function combinedLine(random, { address, at, method, path, status, referrer, agent }) {
  const bytes = status === 304 ? '-' : status >= 300 ? random.integer(160, 700) : random.integer(900, 48_000);
  return `${address} - - [${logTime(at)}] "${method} ${path} HTTP/1.1" ${status} ${bytes} "${referrer}" "${agent}"`;
}

/** `01/Jun/2026:00:03:12 +0000` */
function logTime(seconds) {
  const [date, time] = new Date(seconds * 1000).toISOString().slice(0, 19).split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}
