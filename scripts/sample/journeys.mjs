/** Lets people click, buy and send things back, and gives the events in the order of their time. */
import { DAY_SECONDS, END, START, drawMoment, rfc3339 } from './calendar.mjs';
import { CAMPAIGNS, PRODUCTS } from './stories.mjs';

const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const FIRST_ORDER = 10_023;
const REFUNDS = 36;
const REPEATED = { click: 10, conversion: 4, refund: 1 };

/** The journey that the documentation tells of: the very first click and its order. */
const FIRST_CLICK = {
  campaign: CAMPAIGNS[0],
  at: START + 192,
  ad: CAMPAIGNS[0].ads[0],
  user: 'customer_123',
};
const FIRST_PURCHASE_SECONDS = 607;

/** Events as the sample writes them, repeats of a retrying sender included. Amounts are decimal texts. */
export function sampleEvents(random) {
  const people = createPeople(random);
  const clicks = drawClicks(random, people);
  const conversions = [
    ...drawConversions(random, clicks),
    ...conversionsWithoutClick(random, people, clicks),
  ];
  numberOrders(conversions);
  const refunds = drawRefunds(random, conversions);
  const events = [...clicks, ...conversions, ...refunds].sort((a, b) => a.at - b.at);
  return repeatSome(random, events.map(asRecord));
}

function createPeople(random) {
  const known = [];
  const taken = new Set([FIRST_CLICK.user]);
  return {
    newcomer() {
      for (;;) {
        const user = `customer_${random.integer(100, 9999)}`;
        if (taken.has(user)) continue;
        taken.add(user);
        return user;
      }
    },
    remember: (user) => known.push(user),
    someoneKnown: () => (known.length === 0 ? undefined : random.pick(known)),
  };
}

function drawClicks(random, people) {
  const slots = CAMPAIGNS.flatMap((campaign) =>
    Array.from({ length: campaign.clicks }, () => ({
      campaign,
      at: drawMoment(random, campaign.days, campaign.hours),
      ad: campaign.ads[random.weightedIndex(campaign.ads.map((ad) => ad[3]))],
    })),
  ).filter((slot) => slot.at > FIRST_CLICK.at);
  slots.sort((a, b) => a.at - b.at);
  // No two clicks of one person in the same second: which one is the last would be anybody's guess.
  const lastClickAt = new Map();
  return [FIRST_CLICK, ...slots].map(({ campaign, at, ad, user: given }) => {
    let user = given ?? (random.chance(campaign.returning) ? people.someoneKnown() : undefined);
    if (user === undefined || lastClickAt.get(user) === at) user = people.newcomer();
    people.remember(user);
    lastClickAt.set(user, at);
    return { type: 'click', at, campaign, user, ad, ...clickExtras(random, campaign, ad) };
  });
}

function clickExtras(random, campaign, [source, medium]) {
  const term = campaign.terms && random.pick(campaign.terms);
  const gclid =
    source === 'google' && medium === 'cpc' && random.chance(0.04)
      ? `Cj0KCQjw${random.text(URL_SAFE, 34)}EALw_wcB`
      : undefined;
  return { term, gclid };
}

function drawConversions(random, clicks) {
  const [first, ...others] = clicks;
  const buying = others.filter((click) => random.chance(click.campaign.conversionRate));
  const conversions = buying.map((click, index) => ({
    type: 'conversion',
    at: click.at + hesitationSeconds(random),
    // Now and then the shop forgets to say which campaign it was.
    campaignId: index % 23 === 11 ? undefined : click.campaign.id,
    user: click.user,
    ...basket(random, click.campaign.basket),
  }));
  const documented = {
    type: 'conversion',
    at: first.at + FIRST_PURCHASE_SECONDS,
    campaignId: first.campaign.id,
    user: first.user,
    cents: PRODUCTS[0].cents,
    product: PRODUCTS[0].name,
  };
  return [documented, ...conversions.filter((conversion) => conversion.at < END)];
}

function hesitationSeconds(random) {
  const mood = random.weightedIndex([55, 28, 17]);
  if (mood === 0) return random.integer(90, 2400);
  if (mood === 1) return random.integer(3600, 12 * 3600);
  return random.integer(DAY_SECONDS, 4 * DAY_SECONDS);
}

function basket(random, weights) {
  const product = PRODUCTS[random.weightedIndex(weights)];
  const quantity = random.chance(0.25) ? random.integer(1, product.most) : 1;
  const shippingCents = random.chance(0.3) ? 490 : 0;
  return { product: product.name, cents: product.cents * quantity + shippingCents };
}

/**
 * Orders whose way in nobody saw: people who never clicked (some told of a campaign, some not), and two who clicked
 * only on creator_collab and name newsletter_june.
 */
function conversionsWithoutClick(random, people, clicks) {
  const campaignsOf = new Map();
  for (const { user, campaign } of clicks) {
    campaignsOf.set(user, (campaignsOf.get(user) ?? new Set()).add(campaign.id));
  }
  const elsewhere = clicks.filter(
    ({ user, campaign }) => campaign.id === 'creator_collab' && campaignsOf.get(user).size === 1,
  );
  const unseen = ['summer_sale', 'summer_sale', 'summer_sale', 'brand_search', 'newsletter_june'];
  const even = Array.from({ length: 14 }, () => 1);
  const order = (campaignId, user, at) => ({
    type: 'conversion',
    at,
    campaignId,
    user,
    ...basket(random, [1, 4, 2, 4, 0, 2]),
  });
  return [
    ...[...unseen, undefined, undefined, undefined].map((campaignId) =>
      order(campaignId, people.newcomer(), drawMoment(random, even, CAMPAIGNS[0].hours)),
    ),
    ...[elsewhere[10], elsewhere[40]].map((click) => order('newsletter_june', click.user, click.at + 1500)),
  ];
}

function numberOrders(conversions) {
  conversions.sort((a, b) => a.at - b.at);
  conversions.forEach((conversion, index) => {
    conversion.orderId = `ord_${FIRST_ORDER + index}`;
  });
}

function drawRefunds(random, conversions) {
  const refunds = conversions
    .filter(() => random.chance(0.16))
    .map((conversion) => ({
      type: 'refund',
      at: conversion.at + random.integer(DAY_SECONDS / 2, 6 * DAY_SECONDS),
      campaignId: random.chance(0.5) ? conversion.campaignId : undefined,
      user: conversion.user,
      cents: random.chance(0.6)
        ? conversion.cents
        : Math.floor((conversion.cents * random.pick([25, 50, 75])) / 100),
      orderId: conversion.orderId,
    }));
  return refunds.filter((refund) => refund.at < END).slice(0, REFUNDS);
}

/** An event's fields in the order they are written; what it does not have is left undefined. */
function asRecord(event, index) {
  const [source, medium, adId] = event.ad ?? [];
  const paid = event.type !== 'click';
  return {
    type: event.type,
    timestamp: rfc3339(event.at),
    campaign_id: event.campaign?.id ?? event.campaignId,
    user_id: event.user,
    source,
    medium,
    ad_id: adId,
    term: event.term,
    gclid: event.gclid,
    amount: paid ? centsAsDecimal(event.cents) : undefined,
    currency: paid ? 'USD' : undefined,
    product: event.product,
    order_id: event.orderId,
    event_id: `evt_${String(index + 1).padStart(6, '0')}`,
  };
}

function centsAsDecimal(cents) {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** A sender that got no answer in time sends the same event again. */
function repeatSome(random, records) {
  const repeated = new Set();
  for (const [type, count] of Object.entries(REPEATED)) {
    const candidates = records.filter((record) => record.type === type);
    for (const goal = repeated.size + count; repeated.size < goal;) repeated.add(random.pick(candidates));
  }
  return records.flatMap((record) => (repeated.has(record) ? [record, record] : [record]));
}
