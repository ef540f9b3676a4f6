/**
 * Makes event files of any size from a seed, for benchmarks and tests: the same bytes on every run.
 *
 *   node scripts/make-events.mjs --events 5000000 --users 1000000 --campaigns 50 --format ndjson --seed 1 --out FILE
 *
 *   --format ndjson|csv|access   (ndjson)      --ids   an event_id on every event, an order_id on every conversion
 *   --out FILE                   (stdout)              (access: an order_id on every conversion, always)
 *
 * Nine in ten events are clicks, spread over 30 days from 2026-06-01, mostly in order of time. The last thing it does
 * is to print, on stderr, one line of JSON with what is in the file: events, clicks, conversions, revenue, campaigns and
 * distinct users. In an access log a conversion names no campaign, so they are counted under `unattributed`.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { LINE_WRITERS } from './bulk/line-writers.mjs';
import { ADS, PRODUCTS, SPAN_MS, campaignLottery, campaignNames } from './bulk/shape.mjs';
import { createTally } from './bulk/tally.mjs';
import { mulberry32 } from './random.mjs';

const BLOCK_CHARS = 1 << 20;
// Lets the disk write while the next lines are made.
const FILE_BUFFER_BYTES = 8 << 20;
const CONVERSION_SHARE = Math.floor(0.1 * 0x1_0000);

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '5000000' },
    users: { type: 'string', default: '1000000' },
    campaigns: { type: 'string', default: '50' },
    format: { type: 'string', default: 'ndjson' },
    seed: { type: 'string', default: '1' },
    ids: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});

const events = wholeNumber('events', 0, Number.MAX_SAFE_INTEGER);
const users = wholeNumber('users', 1, 50_000_000);
const campaigns = campaignNames(wholeNumber('campaigns', 1, 50_000));
const seed = wholeNumber('seed', 0, 0xffff_ffff);
const openWriter = Object.hasOwn(LINE_WRITERS, options.format) ? LINE_WRITERS[options.format] : undefined;
if (openWriter === undefined) fail(`--format: expected ndjson, csv or access, got ${options.format}`);

const tally = createTally(campaigns, users);
const output =
  options.out === undefined
    ? process.stdout
    : createWriteStream(options.out, { highWaterMark: FILE_BUFFER_BYTES });
output.on('error', (error) => {
  // Whoever read has read enough (`| head`).
  if (error.code === 'EPIPE') process.exit(0);
  fail(error.message, 1);
});

for (const block of blocks()) {
  if (!output.write(Buffer.from(block, 'latin1'))) await once(output, 'drain');
}
if (output !== process.stdout) {
  output.end();
  await finished(output);
}
console.error(JSON.stringify(tally.summary(options.format !== 'access')));

/** The file's text, a little over 1 MiB at a time, counted as it is made. */
function* blocks() {
  const { opening, line } = openWriter(campaigns, options.ids);
  const drawNext = createDraws();
  let block = opening;
  for (let number = 0; number < events; number++) {
    const draw = drawNext(number);
    tally.add(draw);
    block += line(draw);
    if (block.length >= BLOCK_CHARS) {
      yield block;
      block = '';
    }
  }
  if (block !== '') yield block;
}

/** Draws the next event into one object that is used again and again. */
function createDraws() {
  const nextUint32 = mulberry32(seed);
  const lottery = campaignLottery(campaigns.length);
  const stepMs = SPAN_MS / events;
  const draw = {
    number: 0,
    minute: 0,
    second: 0,
    millisecond: 0,
    user: 0,
    campaign: 0,
    ad: 0,
    product: 0,
    cents: 0,
  };
  return (number) => {
    const choice = nextUint32();
    const lateness = nextUint32();
    // Most arrive within two seconds; one in sixteen is up to four minutes late.
    const delayMs = (lateness & 15) === 0 ? (lateness >>> 4) % 240_000 : (lateness >>> 4) % 2_000;
    const ms = Math.max(0, Math.floor(number * stepMs) - delayMs);
    const second = Math.floor(ms / 1000);
    draw.number = number + 1;
    draw.minute = (second / 60) | 0;
    draw.second = second % 60;
    draw.millisecond = ms % 1000;
    draw.user = Math.floor((nextUint32() / 0x1_0000_0000) * users);
    draw.campaign = lottery[choice >>> 16];
    const isConversion = (choice & 0xffff) < CONVERSION_SHARE;
    const detail = nextUint32();
    draw.ad = detail % ADS.length;
    draw.product = detail % PRODUCTS.length;
    draw.cents = isConversion ? 500 + ((detail >>> 5) % 24_500) : 0;
    return draw;
  };
}

function wholeNumber(name, least, most) {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return fail(`--${name}: expected a whole number from ${least} to ${most}, got ${options[name]}`);
}

function fail(message, exitCode = 2) {
  console.error(message);
  process.exit(exitCode);
}
