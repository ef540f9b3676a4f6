/** The kernel for CSV and TSV against the reference: the same lines, generated and then damaged, through both. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import type { DecodedBatch } from '../../src/decode/decoded-batch.js';
import type { Decoder } from '../../src/decode/decoder.js';
import type { DecodeOptions } from '../../src/decode/format.js';
import { formatNamed } from '../../src/decode/formats.js';
import { KEYED_FIELDS } from '../../src/decode/kernel/kernel-layout.js';
import { kernelReads } from '../../src/decode/kernel/kernel-formats.js';
import { createKernelDecoder, createKernelStage } from '../../src/decode/kernel/kernel-stage.js';
import type { DecoderStart } from '../../src/decode/line-reader.js';
import { createReferenceDecoder } from '../../src/decode/reference-decoder.js';
import { sampleLines } from '../../src/decode/sample.js';
import { loadKernel } from '../../src/ingest/load-kernel.js';
import { OPTIONS, sumOf } from './decoding.js';

type Name = 'csv' | 'tsv';

const LINES_PER_INPUT = 1500;
const SEEDS = Number(process.env['MAPIPE_KERNEL_SEEDS'] ?? 6);

const HEADERS = [
  'type,timestamp,campaign_id,user_id,source,medium,ad_id,amount,currency,product',
  'user_id,campaign_id,type,timestamp,amount,currency',
  'campaign_id,user_id',
  ' ts ,uid,utm_campaign, campaign ,event,revenue,value,currency,order_id,transaction_id,gclid',
  'event,user,campaign,price,total,amount,currency,orderId,transaction_id,time',
  'uid,campaign_id,gclid,fbclid,click_id,click_id_kind,utm_source,source,note,note,',
  'fbclid,click_id_kind,uid,campaign_id,msclkid,event_id,ts,date',
  'x,y,user_id,z,campaign,w,type,amount,q,term,product,utm_content,ad_id,note',
];

/** Cells by what a column may hold, the common ones first. */
const CELLS: Readonly<Record<string, readonly string[]>> = {
  type: [
    ...[
      'click',
      'click',
      'click',
      'conversion',
      'conversion',
      'refund',
      '',
      'purchase',
      'page_view',
      'scroll',
    ],
    ...[
      'Click',
      'PURCHASE',
      'track',
      'order completed',
      'bogus',
      ' click',
      'checkout_completed',
      'clic\u212a',
    ],
    ...['click\0', 'Page_View'],
  ],
  time: [
    ...[
      '2026-06-01T00:00:00.000Z',
      '2026-06-01T00:00:59.999Z',
      '2026-06-01T13:07:05Z',
      '1780000000',
      '1780000000123',
    ],
    ...[
      '',
      '2026-06-01 00:00:00',
      '2026-06-01T00:00:00.5+05:30',
      '2026-06-01t00:00:00,25z',
      '2026-02-30T00:00:00Z',
    ],
    ...[
      '2026-06-01T00:00:60.000Z',
      '2026-06-01T24:00:00.000Z',
      '2016-12-31T23:59:60.000Z',
      'yesterday',
      '1e9',
      '17.5',
    ],
    ...[
      '2026-06-01T00:00:0:.000Z',
      '2026-06-01T00:00:7?.000Z',
      '2026-06-01T00:00:00.00:Z',
      '2026-06-01T00:00:00.000z',
    ],
    ...[
      '2026-06-01T00:00:00.000 ',
      '2026-06-01T00:00:00.000000Z',
      '2026-06-01T00:00:00\u00e90',
      '99999999999999999',
    ],
    ...['2024-02-29T12:30:45.678Z', '2026-06-01T00:00:00.00\u0660Z', '0000-01-01T00:00:00.000Z'],
  ],
  money: [
    ...[
      '180.57',
      '9',
      '0',
      '',
      '',
      '',
      '0.000001',
      '12.3456',
      '1.2345678',
      '-5',
      '+5',
      '1e3',
      '1,5',
      ' 5',
      '5.',
      '.5',
    ],
    ...['999999999999', '9999999999999', '007.50', 'free', '12a', '1.2.3', '99999999999.999999', '\u0661'],
  ],
  currency: [
    'USD',
    'EUR',
    'usd',
    '',
    '',
    'eur',
    'US',
    'USDT',
    'U5D',
    '\u20ac',
    'us{',
    ' US',
    'us\u00e9',
    'CHF',
    'gbp',
  ],
  text: [
    ...[
      'promo_16',
      'promo_46',
      'u0527447',
      'google',
      'Google',
      'email',
      '',
      '',
      'a',
      'sixteen_bytes_16',
      'x'.repeat(15),
    ],
    ...[
      'seventeen_bytes_17',
      'Sommerschlussverkauf bei uns im Laden 2026',
      'Sommerschlussverkauf bei uns im Laden 2027',
    ],
    ...[
      '\u00e9t\u00e9',
      'e\u0301t\u00e9',
      '\u65e5\u672c\u8a9e',
      '\ud83d\ude00',
      ' ',
      '\u00a0',
      '\u3000',
      '\u000b',
      'a\rb',
      'a\0',
    ],
    ...['x'.repeat(1024), 'y'.repeat(1025), 'null', '0', '{}', '\ufeff', 'caf\u00c9', '\u212a'],
  ],
};

const KINDS: Readonly<Record<string, string>> = {
  ...{
    type: 'type',
    event: 'type',
    timestamp: 'time',
    ts: 'time',
    time: 'time',
    date: 'time',
    currency: 'currency',
  },
  ...{ amount: 'money', value: 'money', revenue: 'money', price: 'money', total: 'money' },
};

class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2_654_435_761 + 1;
  }

  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  }

  /** Once in so many times. */
  once(count: number): boolean {
    return this.below(count) === 0;
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

/** How often something is odd: in some inputs hardly anything is, in others nearly every line. */
interface Oddness {
  readonly cells: number;
  readonly lines: number;
}

function cellOf(dice: Dice, name: string, odd: Oddness): string {
  const cells = CELLS[KINDS[name.trim()] ?? 'text'] ?? [];
  if (dice.once(odd.cells)) return dice.of(cells);
  if (name.trim() === 'user_id' || name.trim() === 'uid')
    return `u${String(dice.below(5000)).padStart(7, '0')}`;
  return cells[dice.below(2 + dice.below(4))] ?? '';
}

function lineOf(dice: Dice, header: string, delimiter: string, odd: Oddness): Buffer {
  const cells = header.split(',').map((name) => cellOf(dice, name, odd));
  let line: Buffer = Buffer.from(cells.join(delimiter));
  if (dice.once(odd.lines)) line = damaged(dice, line, cells, header.replaceAll(',', delimiter), delimiter);
  return dice.once(8) ? Buffer.concat([line, Buffer.from('\r')]) : line;
}

function damaged(dice: Dice, line: Buffer, cells: string[], header: string, delimiter: string): Buffer {
  const at = dice.below(cells.length);
  switch (dice.below(16)) {
    case 0:
      return Buffer.from(cells.slice(1).join(delimiter));
    case 1:
      return Buffer.from([...cells, dice.once(2) ? '' : 'more'].join(delimiter));
    case 2:
      cells[at] = `"${cells[at] ?? ''}"`;
      return Buffer.from(cells.join(delimiter));
    case 3:
      cells[at] = `"two\n${dice.once(3) ? '""' : ''}lines${dice.once(4) ? '' : '"'}`;
      return Buffer.from(cells.join(delimiter));
    case 4:
      return Buffer.concat([line, Buffer.from('"')]);
    case 5:
      return Buffer.concat([Buffer.from('\ufeff'), line]);
    case 6:
      return Buffer.concat([
        line.subarray(0, at),
        Buffer.from([dice.of([0xff, 0xc0, 0xe2, 0x80])]),
        line.subarray(at),
      ]);
    case 7:
      return Buffer.from(dice.once(2) ? header : `${header} `);
    case 8:
      return Buffer.from(
        dice.of(['', ' ', delimiter, delimiter.repeat(cells.length - 1), '\u00a0', '\r', '\t\t']),
      );
    case 9:
      return Buffer.from(
        Array<string>(cells.length)
          .fill(dice.of([' ', '\u00a0', '\u3000', '\v']))
          .join(delimiter),
      );
    case 10:
      return Buffer.from('{"type":"click","campaign_id":"c","user_id":"u"}');
    case 11:
      return Buffer.from(`{${line.toString()}}`);
    case 12:
      return Buffer.concat([line, Buffer.from('\r')]);
    case 13:
      return Buffer.from(delimiter.repeat(dice.below(3000)));
    case 14:
      cells[at] = 'z'.repeat(dice.of([500, 1000, 1024, 1025, 3000]));
      return Buffer.from(cells.join(delimiter));
    default:
      return Buffer.concat([
        line.subarray(0, dice.below(line.length + 1)),
        line.subarray(dice.below(line.length + 1)),
      ]);
  }
}

function inputOf(dice: Dice, header: string, delimiter: string): Buffer {
  const odd = { cells: dice.of([3, 20, 200, 5000]), lines: dice.of([3, 20, 200, 5000]) };
  const top = dice.once(4) ? '\ufeff' : dice.once(4) ? '\n \n' : '';
  const lines: Buffer[] = [Buffer.from(top + header.replaceAll(',', delimiter))];
  for (let i = 0; i < LINES_PER_INPUT; i++) lines.push(lineOf(dice, header, delimiter, odd));
  const feed = Buffer.from('\n');
  const input = Buffer.concat(lines.flatMap((line) => [line, feed]));
  return dice.once(3) ? input.subarray(0, input.length - 1) : input;
}

function* piecesOf(dice: Dice, input: Buffer): Generator<Buffer> {
  const most = dice.of([50, 3000, 100_000]);
  for (let at = 0; at < input.length;) {
    const length = 1 + dice.below(most);
    yield Buffer.from(input.subarray(at, at + length));
    at += length;
  }
}

/** What totals count users by, and duplicates are known by. */
function keysOf(batches: readonly DecodedBatch[]): unknown[] {
  return KEYED_FIELDS.map((field) =>
    batches.flatMap(({ events: { length, texts } }) => {
      const { codes, dictionary } = texts[field];
      const keys = dictionary.keys();
      return Array.from(codes.subarray(0, length), (code) => (code === 0 ? null : keys[code]));
    }),
  );
}

async function run(decoder: Decoder, pieces: Iterable<Buffer>): Promise<unknown> {
  const batches: DecodedBatch[] = [];
  const gather = async (decoded: AsyncIterable<DecodedBatch>): Promise<void> => {
    for await (const batch of decoded) batches.push(batch);
  };
  const bytes = Readable.from(pieces);
  await (decoder.stages.length === 1
    ? pipeline(bytes, ...decoder.stages, gather)
    : pipeline(bytes, ...decoder.stages, gather));
  const { batches: _, ...sum } = sumOf(batches);
  return { ...sum, keys: keysOf(batches) };
}

function startOf(input: Buffer): DecoderStart {
  return { offset: 0, lines: 0, firstLine: sampleLines(input, true)[0] ?? '', keepsOpenLine: () => true };
}

async function compare(
  name: Name,
  input: Buffer,
  dice: Dice,
  changes: Partial<DecodeOptions> = {},
): Promise<void> {
  const format = formatNamed(name);
  const options = { ...OPTIONS, ...changes };
  const start = startOf(input);
  expect(kernelReads(format, options, start.firstLine)).toBe(true);
  const kernel = createKernelStage(createKernelDecoder(loadKernel(), 'copied', format, options, start));
  const decoded = await run(kernel, piecesOf(dice, input));
  expect(decoded).toEqual(await run(createReferenceDecoder(format, options, start), [input]));
}

describe('the kernel for delimited text', () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))(
    'decodes as the reference does (seed %i)',
    async (seed) => {
      const dice = new Dice(seed);
      for (const header of HEADERS) {
        const name = dice.of(['csv', 'tsv'] as const);
        const input = inputOf(dice, header, name === 'csv' ? ',' : '\t');
        await compare(name, input, dice, {
          inputZone: dice.of(['UTC', 'Europe/Berlin']),
          defaultCurrency: 'EUR',
        });
      }
    },
  );

  it('takes a batch to its last row', async () => {
    const lines = Array.from({ length: 70_000 }, (_, i) =>
      i % 9_000 === 8_999 ? 'c,"q"' : `c${i % 7},u${i}`,
    );
    await compare('csv', Buffer.from(`campaign_id,user_id\n${lines.join('\n')}\n`), new Dice(1));
  });

  it('leaves lines that are too long to the reference', async () => {
    const long = 'x'.repeat(1 << 20);
    const lines = [
      'c,u',
      `c,${long.slice(2)}`,
      `c,${long.slice(1)}`,
      `c,${long}`,
      'c,u',
      `${long}${long}${long}`,
      'c,u',
    ];
    await compare('csv', Buffer.from(`campaign_id,user_id\n${lines.join('\n')}\n`), new Dice(1));
  });

  it('is not for headers that it does not understand', () => {
    const reads = (firstLine: string, changes: Partial<DecodeOptions> = {}): boolean =>
      kernelReads(formatNamed('csv'), { ...OPTIONS, ...changes }, firstLine);
    expect(reads('user_id,campaign_id')).toBe(true);
    expect(reads('"user_id","campaign_id"')).toBe(true);
    expect(reads('user_id,campaign_id,,')).toBe(true);
    expect(reads('user_id,campaign_id,user_id')).toBe(false);
    expect(reads('user_id')).toBe(false);
    expect(reads('campaign_id,source')).toBe(false);
    expect(reads('user_id,"campaign_id')).toBe(false);
    expect(reads(`user_id,campaign_id${',x'.repeat(300)}`)).toBe(false);
    expect(reads('user_id,c', { fieldPaths: new Map([['campaign_id', 'c']]) })).toBe(false);
  });
});
