/**
 * Whether an answer is right: it is held against the truth that scripts/make-events.mjs told about the file. Clicks,
 * conversions and revenue must be exact. Distinct users are estimated, so they must be near.
 */
import { countText } from '../report/numbers.mjs';

const USERS_TOLERANCE = 0.025;
/**
 * An engine's estimate for one campaign may be far out: DuckDB's sketch has a standard error of 13 %. So of the campaigns'
 * users only the sum is looked at, and it must be roughly what chance makes likely.
 */
const CAMPAIGN_USERS_TOLERANCE = 0.25;
/** A live summary may leave campaigns unnamed and add them up here, but must name this many. */
const OTHERS = '(other)';
const LEAST_NAMED = 1_000;

/**
 * The faults of an answer, in words; none: it is right.
 *
 * answer: { events, failed, users, campaigns: [{ name, clicks, conversions, revenueMicros, users }] }. What an engine
 * does not answer is left out; `events` is all it read, `failed` those it could not read.
 */
export function faultsOf(answer, { truth, users: drawnFrom }) {
  const faults = [];
  if (answer.events !== truth.events) faults.push(told('events', truth.events, answer.events));
  if ((answer.failed ?? 0) !== 0) faults.push(told('lines that could not be read', 0, answer.failed));
  if (answer.users !== undefined && !isNear(answer.users, truth.users, USERS_TOLERANCE)) {
    faults.push(told('distinct users, by at most 2.5 %', truth.users, answer.users));
  }
  if (answer.campaigns) faults.push(...campaignFaults(answer.campaigns, truth, drawnFrom));
  return faults;
}

/** A decimal's text as whole millionths, without a float on the way. */
export function microsOf(text) {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new Error(`expected an amount of money, got ${text}`);
  return BigInt(whole + fraction.padEnd(6, '0'));
}

/** The answer of an engine that prints a line of JSON for each campaign, its numbers as numbers or as texts. */
export function answerOfLines(stdout) {
  const campaigns = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ campaign_id, clicks, conversions, revenue, users }) => ({
      name: campaign_id,
      clicks: Number(clicks ?? 0),
      conversions: Number(conversions ?? 0),
      revenueMicros: microsOf(String(revenue ?? 0)),
      ...(users === undefined ? {} : { users: Number(users) }),
    }));
  return { events: sum(campaigns, eventsOf), campaigns };
}

function campaignFaults(rows, truth, drawnFrom) {
  const expected = expectedRows(truth);
  const named = new Map(rows.filter(({ name }) => name !== OTHERS).map((row) => [row.name, row]));
  const folds = named.size < rows.length;
  const faults = [];
  for (const name of named.keys()) {
    if (!expected.has(name)) faults.push(`${label(name)}: no such campaign`);
  }
  if (folds && named.size < LEAST_NAMED) {
    faults.push(`only ${countText(named.size)} campaigns are named, and the others added up`);
  }
  for (const [name, wanted] of expected) {
    const row = named.get(name);
    if (row) faults.push(...rowFaults(row, wanted, folds));
    else if (!folds) faults.push(`${label(name)}: missing`);
  }
  faults.push(...sumFaults(rows, truth));
  if (!folds && rows.every(({ users }) => users !== undefined)) {
    const likely = sum([...expected.values()], (row) => likelyUsers(eventsOf(row), drawnFrom));
    const users = sum(rows, (row) => row.users);
    if (!isNear(users, likely, CAMPAIGN_USERS_TOLERANCE)) {
      faults.push(told('the campaigns’ users in sum, about', likely, users));
    }
  }
  return faults;
}

/** The campaigns that have events, and under null what names no campaign. */
function expectedRows({ campaigns, unattributed }) {
  const rows = Object.entries(campaigns).concat(unattributed ? [[null, unattributed]] : []);
  return new Map(
    rows
      .filter(([, row]) => eventsOf(row) > 0)
      .map(([name, row]) => [name, { ...row, revenueMicros: microsOf(row.revenue) }]),
  );
}

/** Where others are added up, a part of a named campaign may be among them, but nothing may be there twice. */
function rowFaults(row, wanted, folds) {
  return ['clicks', 'conversions', 'revenueMicros']
    .filter((field) => (folds ? row[field] > wanted[field] : row[field] !== wanted[field]))
    .map((field) =>
      told(`${label(row.name)}: ${field}${folds ? ', at most' : ''}`, wanted[field], row[field]),
    );
}

function sumFaults(rows, truth) {
  const sums = [
    ['clicks', truth.clicks, sum(rows, ({ clicks }) => clicks)],
    ['conversions', truth.conversions, sum(rows, ({ conversions }) => conversions)],
    [
      'revenueMicros',
      microsOf(truth.revenue),
      rows.reduce((total, { revenueMicros }) => total + revenueMicros, 0n),
    ],
  ];
  return sums
    .filter(([, wanted, found]) => wanted !== found)
    .map(([field, wanted, found]) => told(`all campaigns: ${field}`, wanted, found));
}

/** How many different users so many draws are likely to give. */
function likelyUsers(draws, users) {
  return users * (1 - (1 - 1 / users) ** draws);
}

function isNear(value, wanted, tolerance) {
  return Math.abs(value - wanted) <= wanted * tolerance;
}

function told(what, wanted, found) {
  const text = (value) => (typeof value === 'number' ? countText(value) : String(value));
  return `${what}: expected ${text(wanted)}, got ${text(found)}`;
}

function sum(rows, valueOf) {
  return rows.reduce((total, row) => total + valueOf(row), 0);
}

const eventsOf = ({ clicks, conversions }) => clicks + conversions;
const label = (name) => (name === null ? 'without a campaign' : name);
