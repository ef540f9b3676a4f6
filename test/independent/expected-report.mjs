/**
 * The truth about an event file, worked out from the specification alone: what `mapipe report --json` must say.
 * Nothing of src/ is used here, and everything is plain and slow on purpose, so that it can be checked by reading.
 *
 *   node test/independent/expected-report.mjs data/sample_logs.txt --print [--campaign ID] [--since T] [--until T]
 *
 * Money and the three rates are decimal texts (two decimals, or as many as needed, at most six); moments are
 * `toISOString()` texts. A program's JSON numbers compare with `Number(text)`.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

const LOOKBACK_MS = 30 * 24 * 60 * 60 * 1000;
const BREAKDOWNS = ['source', 'medium', 'ad_id', 'product'];

/**
 * Reads JSON lines from `path`. `since` (inclusive) and `until` (exclusive) are RFC 3339 texts or Dates. With a
 * `campaign`, `campaigns` holds that one alone, `totals` are its own and `breakdowns` are added; a campaign that the
 * file does not know gives null.
 */
export async function expectedReport(path, filters = {}) {
  return expectedReportOfLines((await readFile(path, 'utf8')).split('\n'), filters);
}

/** The same, of lines at hand. `where` has a value by field; null keeps the events that are credited to none. */
export function expectedReportOfLines(lines, { campaign, since, until, where = {} } = {}) {
  const events = countOnce(lines.filter((line) => line.trim() !== '').map(readEvent));
  const credited = giveCredit(events);

  const sinceMs = since === undefined ? -Infinity : Number(new Date(since));
  const untilMs = until === undefined ? Infinity : Number(new Date(until));
  const inTime = credited.filter(
    (event) => event.ms >= sinceMs && event.ms < untilMs && hasValues(event, where),
  );

  if (campaign === undefined) {
    const campaigns = groupBy(inTime, 'campaign_id', 'campaign_id');
    const named = campaigns.filter((row) => row.campaign_id !== null).length;
    return { totals: { campaigns: named, ...metricsOf(inTime) }, campaigns };
  }

  if (!credited.some((event) => event.campaign_id === campaign)) return null;
  const own = inTime.filter((event) => event.campaign_id === campaign);
  const metrics = metricsOf(own);
  const breakdowns = {};
  for (const field of BREAKDOWNS) {
    // A click buys nothing, so it has no place among the products.
    const shown = field === 'product' ? own.filter((event) => event.type !== 'click') : own;
    breakdowns[field] = groupBy(shown, field, 'key');
  }
  return {
    totals: { campaigns: own.length === 0 ? 0 : 1, ...metrics },
    campaigns: [{ campaign_id: campaign, ...metrics }],
    breakdowns,
  };
}

/** A click buys nothing: asked for a product, or for none, it has no part. */
function hasValues(event, where) {
  if ('product' in where && event.type === 'click') return false;
  return Object.entries(where).every(([field, value]) => event[field] === value);
}

function readEvent(line) {
  const fields = JSON.parse(line);
  const ms = Date.parse(fields.timestamp);
  if (Number.isNaN(ms)) throw new Error(`Expected a timestamp, got: ${line}`);
  return {
    type: fields.type ?? (fields.amount === undefined ? 'click' : 'conversion'),
    ms,
    campaign_id: fields.campaign_id?.normalize('NFC') ?? null,
    user_id: fields.user_id,
    source: fields.source?.toLowerCase() ?? null,
    medium: fields.medium?.toLowerCase() ?? null,
    ad_id: fields.ad_id ?? null,
    product: fields.product ?? null,
    order_id: fields.order_id ?? null,
    event_id: fields.event_id ?? null,
    micros: fields.amount === undefined ? 0n : amountMicros(line),
  };
}

/** The amount from the line's own text: JSON.parse would have made a float of it. */
function amountMicros(line) {
  const match = /"amount"\s*:\s*"?(\d+)(?:\.(\d{1,6}))?"?\s*[,}]/.exec(line);
  if (!match) throw new Error(`Expected a plain decimal amount, got: ${line}`);
  return BigInt(match[1] + (match[2] ?? '').padEnd(6, '0'));
}

/** The same event_id, or the same type and order_id, counts once. */
function countOnce(events) {
  const seen = new Set();
  return events.filter((event) => {
    const identities = [];
    if (event.event_id !== null) identities.push(JSON.stringify(['event', event.event_id]));
    if (event.order_id !== null) identities.push(JSON.stringify(['order', event.type, event.order_id]));
    if (identities.some((identity) => seen.has(identity))) return false;
    for (const identity of identities) seen.add(identity);
    return true;
  });
}

/** Says of every event which campaign, source, medium, ad and product it counts under. */
function giveCredit(events) {
  const clicksOf = new Map();
  for (const event of events) {
    if (event.type !== 'click') continue;
    if (!clicksOf.has(event.user_id)) clicksOf.set(event.user_id, []);
    clicksOf.get(event.user_id).push(event);
  }

  const conversionOfOrder = new Map();
  const credited = events
    .filter((event) => event.type !== 'refund')
    .map((event) => {
      if (event.type === 'click') return event;
      const conversion = creditConversion(event, clicksOf.get(event.user_id) ?? []);
      if (event.order_id !== null) conversionOfOrder.set(event.order_id, conversion);
      return conversion;
    });

  for (const refund of events.filter((event) => event.type === 'refund')) {
    const conversion = refund.order_id === null ? undefined : conversionOfOrder.get(refund.order_id);
    const { campaign_id, product, source, medium, ad_id } = conversion ?? {
      ...refund,
      source: null,
      medium: null,
      ad_id: null,
    };
    credited.push({ ...refund, campaign_id, product, source, medium, ad_id });
  }
  return credited;
}

function creditConversion(conversion, clicksOfUser) {
  const inReach = clicksOfUser.filter(
    (click) => click.ms <= conversion.ms && click.ms >= conversion.ms - LOOKBACK_MS,
  );
  const campaign_id = conversion.campaign_id ?? lastOf(inReach)?.campaign_id ?? null;
  const click = lastOf(inReach.filter((each) => each.campaign_id === campaign_id));
  return {
    ...conversion,
    campaign_id,
    source: click?.source ?? null,
    medium: click?.medium ?? null,
    ad_id: click?.ad_id ?? null,
  };
}

function lastOf(clicks) {
  let last;
  for (const click of clicks) if (last === undefined || click.ms >= last.ms) last = click;
  return last;
}

/** One row of metrics per value of `field`, by revenue, then clicks, both falling, then the value (null last). */
function groupBy(events, field, keyName) {
  const groups = new Map();
  for (const event of events) {
    if (!groups.has(event[field])) groups.set(event[field], []);
    groups.get(event[field]).push(event);
  }
  const rows = [...groups].map(([key, members]) => ({
    micros: revenueMicros(members),
    row: { [keyName]: key, ...metricsOf(members) },
  }));
  rows.sort(
    (a, b) =>
      compare(b.micros, a.micros) ||
      compare(b.row.clicks, a.row.clicks) ||
      compareKeys(a.row[keyName], b.row[keyName]),
  );
  return rows.map(({ row }) => row);
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By their UTF-8 bytes. */
function compareKeys(a, b) {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function metricsOf(events) {
  const count = (type) => events.filter((event) => event.type === type).length;
  const clicks = count('click');
  const conversions = count('conversion');
  const revenue = revenueMicros(events);
  let firstMs = Infinity;
  let lastMs = -Infinity;
  for (const { ms } of events) {
    firstMs = Math.min(firstMs, ms);
    lastMs = Math.max(lastMs, ms);
  }
  return {
    clicks,
    conversions,
    refunds: count('refund'),
    revenue: decimal(revenue),
    unique_users: new Set(events.map((event) => event.user_id)).size,
    conversion_rate: quotient(BigInt(conversions) * 1_000_000n, clicks),
    average_order_value: quotient(revenue, conversions),
    revenue_per_click: quotient(revenue, clicks),
    first_event_at: events.length === 0 ? null : new Date(firstMs).toISOString(),
    last_event_at: events.length === 0 ? null : new Date(lastMs).toISOString(),
  };
}

function revenueMicros(events) {
  let micros = 0n;
  for (const event of events) micros += event.type === 'refund' ? -event.micros : event.micros;
  return micros;
}

/** Rounded to the micro, half away from zero; null where there is nothing to divide by. */
function quotient(micros, divisor) {
  if (divisor === 0) return null;
  const sign = micros < 0n ? -1n : 1n;
  const doubled = 2n * sign * micros;
  return decimal((sign * (doubled + BigInt(divisor))) / (2n * BigInt(divisor)));
}

/** Micros as text: `99.99`, `-0.10`, `1.234567`. */
function decimal(micros) {
  const digits = String(micros < 0n ? -micros : micros).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0{1,4}$/, '');
  return `${micros < 0n ? '-' : ''}${digits.slice(0, -6)}.${fraction}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      print: { type: 'boolean' },
      campaign: { type: 'string' },
      since: { type: 'string' },
      until: { type: 'string' },
    },
  });
  const report = await expectedReport(positionals[0] ?? 'data/sample_logs.txt', options);
  if (options.print) console.log(JSON.stringify(report, null, 2));
}
