/** Access logs as the kernel reads them against the reference: the same lines, as servers write them and damaged. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import type { DecodedBatch } from '../../src/decode/decoded-batch.js';
import type { Decoder } from '../../src/decode/decoder.js';
import type { DecodeOptions } from '../../src/decode/format.js';
import { formatNamed } from '../../src/decode/formats.js';
import { parseGoal, type Goal } from '../../src/decode/goal.js';
import { kernelReads } from '../../src/decode/kernel/kernel-formats.js';
import { createKernelDecoder, createKernelStage } from '../../src/decode/kernel/kernel-stage.js';
import { createReferenceDecoder } from '../../src/decode/reference-decoder.js';
import type { Event } from '../../src/event/event.js';
import { loadKernel } from '../../src/ingest/load-kernel.js';
import { OPTIONS, sumOf, type Decoded } from './decoding.js';

const SEEDS = Number(process.env['MAPIPE_SEEDS'] ?? 2);
const LINES = 10_000;
const START = { offset: 7, lines: 3, firstLine: '', keepsOpenLine: () => true };

/** Draws from lists; a list in which something stands twice draws it twice as often. */
class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number below `count`: mulberry32. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  }

  of<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0];
  }

  /** Mostly the first. */
  usually<T>(usual: T, ...others: T[]): T {
    return this.below(16) > 0 ? usual : this.of([usual, ...others]);
  }
}

const PATHS = [
  '/',
  '/landing',
  '/checkout/thank-you',
  '/done',
  '/done/',
  '/done/9?',
  '/donee',
  '*',
  '',
] as const;
const NAMES = [
  ...['utm_campaign', 'utm_campaign', 'utm_source', 'utm_medium', 'utm_content', 'utm_term', 'utm_id'],
  ...[
    'mtm_campaign',
    'pk_source',
    'mtm_keyword',
    'gclid',
    'msclkid',
    'fbclid',
    'ScCid',
    'irclid',
    'li_fat_id',
  ],
  ...[
    'utm%5Fcampaign',
    'utm_c%61mpaign',
    'utm+campaign',
    'q',
    'page',
    '',
    'utm_campaig',
    'UTM_CAMPAIGN',
    '%',
  ],
  ...[
    'amount',
    'value',
    'total',
    'currency',
    'order_id',
    'oid',
    'product',
    'user',
    'uid',
    'event_id',
    'campaign',
  ],
  ...[
    'click_id',
    'click_id_kind',
    'transaction_id',
    'source',
    'a_name_longer_than_16',
    'my+total',
    'ad',
    'ts',
  ],
] as const;
const VALUES = [
  ...[
    'summer',
    'Summer',
    'google',
    'cpc',
    'x',
    '',
    'promo_16',
    'a'.repeat(15),
    'b'.repeat(16),
    'c'.repeat(40),
  ],
  ...[
    'summer+sale',
    'summer%20sale%21',
    '%C3%A9t%C3%A9',
    '50%2525',
    '%ZZ',
    'a%00b',
    '100%',
    'a%26b',
    '%F0%9F%98%80',
  ],
  ...[
    '%C3',
    '%C3%28',
    '%ED%A0%80',
    '%E2%82',
    '%e2%82%AC',
    '%C3%A9%FF%C3%A9',
    '%%41',
    '%4',
    '=',
    'a=b',
    'a!b$c',
    '%80',
  ],
  ...['99.99', '5', '-5', '1,234.56', '1e3', '0.0000001', '12%2E5', 'eur', 'USD', 'Gbp', 'EURO', '€', 'é'],
  ...[
    'd'.repeat(1024),
    'e'.repeat(1025),
    'f%20'.repeat(300),
    'g%20'.repeat(1200),
    '\\"',
    '\\\\',
    'a\tb',
    "'",
    'z#t',
  ],
] as const;
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0',
  'Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/138.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  ...[
    'curl/8.5.0',
    '-',
    '',
    'Mozilla/5.0 \\"quoted\\" \\\\',
    'Mozilla/5.0 \u2028 é',
    'Agent \\é',
    'A'.repeat(16),
  ],
  ...['B'.repeat(1024), 'C'.repeat(1025), 'tab\there', '\\', '\ufeffx', '😀'.repeat(20), '\u0085'],
] as const;

function lineOf(draw: Draw): string {
  const address = draw.usually(
    `10.0.${draw.below(4)}.${draw.below(4)}`,
    ...[
      '2001:db8::1',
      '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
      'host.example',
      'é',
      'a'.repeat(60),
      '[::1]',
      '-',
    ],
  );
  const ident = draw.usually('-', 'ident', '"', ']');
  const user = draw.usually('-', 'alice', 'john doe', 'a b c', '', 'x]', 'Jos\u00e9', '-\t-');
  const host = draw.usually('', 'shop.example:443 ', 'shop.example ', 'a b ', '[ ');
  const month = draw.usually(
    'Jun',
    'Feb',
    'Dec',
    'jun',
    'Foo',
    'Jan',
    'Mar',
    'Aug',
    'Sep',
    'Oct',
    'Nov',
    'Apr',
  );
  const day = draw.usually('01', '29', '30', '31', '32', '00', '1', 'xx');
  const clock = draw.usually(
    `0${draw.below(10)}:${draw.usually('00', '59', '60', '7')}:${draw.below(6)}${draw.below(10)}`,
    ...['23:59:60', '24:00:00', '12:00:61', '12:00:7x', '12-00-00'],
  );
  const zone = draw.usually(
    ' +0000',
    ' -0800',
    ' +0545',
    ' +2359',
    ' +2400',
    ' +0060',
    ' Z',
    '',
    ' 0000',
    ' +00:00',
  );
  const time = draw.usually(
    `${day}/${month}/${draw.usually('2026', '1969', '0000', '9999', '2024', '1900')}:${clock}${zone}`,
    'yesterday',
    '',
  );
  const pairs = Array.from({ length: draw.below(6) }, () =>
    draw.below(10) === 0 ? draw.of(NAMES) : `${draw.of(NAMES)}=${draw.of(VALUES)}`,
  );
  const query = draw.of(['', '?', '?', '?', '?', '?', '#top?']);
  const end = draw.usually('', '#top', '#a&utm_campaign=late', '&', '&&', '?utm_source=again', '"');
  const target = `${draw.of(PATHS)}${query}${query === '' ? '' : pairs.join('&')}${end}`;
  const request = draw.usually(
    `${draw.usually('GET', 'POST', '', 'A'.repeat(40))} ${target} HTTP/1.1`,
    ...[
      '-',
      '',
      '\\x16\\x03\\x01',
      `GET ${target}`,
      target,
      `GET  ${target}`,
      `GET ${target} x y`,
      'GET ',
      'a'.repeat(40),
    ],
  );
  const status = draw.usually(
    '200',
    '301',
    '304',
    '404',
    '500',
    '199',
    '100',
    '20',
    '2000',
    '2x0',
    '399',
    '400',
    '-',
  );
  const size = draw.usually('1000', '-', '', '12345678901234567890', '1 2', 'é', '0');
  const referer = draw.usually(
    '-',
    'https://ref.example/?a="',
    'https://é.example/',
    '',
    '\\"',
    'a\\',
    'r'.repeat(2000),
  );
  const agent = draw.of(AGENTS);
  const rest = draw.usually('', ' "-" 0.003', ' "uid=é"', 'x', ' ', ' "open', '\r', '\r\r');
  const head = `${host}${address} ${ident} ${user} [${time}] "${request}" ${status} ${size}`;
  const quoted = draw.usually(
    `${head} "${referer}" "${agent}"${rest}`,
    head,
    `${head}\r`,
    `${head} `,
    `${head} "${agent}"`,
  );
  return draw.usually(
    quoted,
    ...[
      '',
      '\r',
      ' ',
      '\ufeff',
      'not a log line',
      '{"type":"click","campaign_id":"json","user_id":"u"}',
      `\ufeff${quoted}`,
    ],
    ...[
      quoted.slice(0, draw.below(quoted.length + 1)),
      quoted.slice(draw.below(40)),
      ` ${quoted}`,
      quoted.replace(' ', '  '),
    ],
  );
}

/** Lines as bytes; of some, single bytes are others, or none. */
function bytesOf(seed: number): Buffer {
  const draw = new Draw(seed);
  const pieces: Buffer[] = [];
  for (let i = 0; i < LINES; i++) {
    const line = Buffer.from(`${lineOf(draw)}\n`, 'utf8');
    if (draw.below(6) === 0)
      line[draw.below(line.length)] = draw.of([
        0x22,
        0x20,
        0x5c,
        0x5b,
        0x0a,
        0x0d,
        0x00,
        0xff,
        0xc3,
        0x25,
        draw.below(256),
      ]);
    const cut = draw.below(12) === 0 ? draw.below(line.length) : line.length;
    pieces.push(line.subarray(0, cut), line.subarray(cut + 1));
  }
  if (draw.below(2) === 0) pieces.push(Buffer.from(lineOf(draw)));
  return Buffer.concat(pieces);
}

function goal(text: string): Goal {
  const parsed = parseGoal(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

const GOALS = {
  'no goals': [],
  'a plain goal': [goal('/checkout/thank-you')],
  'goals with parameters': [
    goal('/done?amount=total&order_id=oid&user_id=uid&campaign_id=q'),
    goal('/done*?amount=my total&click_id=oid&click_id_kind=a_name_longer_than_16&product=utm_campaign'),
    goal('/*?source=q'),
  ],
} satisfies Record<string, Goal[]>;

function plain(event: Event | undefined): string {
  return JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

function piecesOf(bytes: Buffer, draw: Draw): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + draw.below(draw.of([10, 1000, 300_000, 8_000_000]));
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

async function decodedBy(
  kind: 'kernel' | 'reference',
  pieces: Buffer[],
  options: DecodeOptions,
): Promise<Decoded> {
  const format = formatNamed('combined');
  const decoder: Decoder =
    kind === 'kernel'
      ? createKernelStage(createKernelDecoder(loadKernel(), 'copied', format, options, START))
      : createReferenceDecoder(format, options, START);
  const batches: DecodedBatch[] = [];
  const gather = async (decoded: AsyncIterable<DecodedBatch>): Promise<void> => {
    for await (const batch of decoded) batches.push(batch);
  };
  const input = Readable.from(pieces);
  // As in src/pipeline.ts: each branch has its own number of stages.
  await (decoder.stages.length === 1
    ? pipeline(input, ...decoder.stages, gather)
    : pipeline(input, ...decoder.stages, gather));
  return sumOf(batches);
}

describe.each(Object.entries(GOALS))('with %s', (_, goals) => {
  it.each([false, true])(
    'the kernel decodes access logs as the reference does (bots included: %s)',
    async (includeBots) => {
      const options = { ...OPTIONS, goals, includeBots };
      expect(kernelReads(formatNamed('combined'), options, '')).toBe(true);
      for (let seed = 1; seed <= SEEDS; seed++) {
        const bytes = bytesOf(seed * 2 + (includeBots ? 1 : 0));
        const { batches: _theirs, ...expected } = await decodedBy('reference', [bytes], options);
        const { batches: _ours, ...actual } = await decodedBy(
          'kernel',
          piecesOf(bytes, new Draw(seed)),
          options,
        );
        expect(expected.events.length).toBeGreaterThan(LINES / 10);
        for (const [i, event] of expected.events.entries()) {
          // Only where they differ: to say so nicely of every event takes long.
          if (plain(actual.events[i]) !== plain(event)) expect(actual.events[i]).toEqual(event);
        }
        expect({ ...actual, events: actual.events.length }).toEqual({
          ...expected,
          events: expected.events.length,
        });
      }
    },
    600_000,
  );
});
