/** The inputs that have broken programs before, in each format: both decoders make the same of them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DecodeOptions } from '../../src/decode/format.js';
import { OPTIONS } from '../decode/decoding.js';
import { faultOf, FROM_THE_TOP, STEP_BYTES, wholeCase, type Case } from './decode-both.js';
import { GENERATED_FORMATS, type GeneratedFormat } from './kernel-formats.js';
import { NASTY_TEXTS, ODD_AMOUNTS, ODD_TIMES } from './values.js';

const HEADER = 'type,timestamp,campaign_id,user_id,amount,currency,product';

interface Fields {
  readonly time?: string;
  readonly campaign?: string;
  readonly user?: string;
  readonly amount?: string;
}

/** A conversion as each format writes it; access logs take the first of their goals. */
function lineOf(
  format: GeneratedFormat,
  { time = '2026-06-01T12:00:00Z', campaign = 'c', user = 'u', amount = '1' }: Fields,
): string {
  switch (format) {
    case 'text':
      return `2026-06-01 INFO tracked ${lineOf('ndjson', { time, campaign, user, amount })} in 3 ms`;
    case 'logfmt': {
      const pairs = { type: 'conversion', timestamp: time, campaign_id: campaign, user_id: user, amount };
      const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
      return Object.entries(pairs)
        .map(([name, value]) => `${name}=${quoted(value)}`)
        .join(' ');
    }
    case 'ndjson': {
      const names = { type: 'conversion', timestamp: time, campaign_id: campaign, user_id: user, amount };
      return JSON.stringify(names);
    }
    case 'csv':
    case 'tsv': {
      const cells = ['conversion', time, campaign, user, amount, 'USD', ''];
      return cells
        .map((cell) => (/[",\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
        .join(format === 'csv' ? ',' : '\t');
    }
    case 'combined':
    case 'common': {
      const query = `utm_campaign=${encodeURIComponent(campaign)}&utm_term=${encodeURIComponent(user)}&amount=${encodeURIComponent(amount)}`;
      const moment = time.startsWith('2026-06-01T12:00:00') ? '01/Jun/2026:12:00:00 +0000' : time;
      const line = `10.0.0.1 - - [${moment}] "GET /landing?${query} HTTP/1.1" 200 5`;
      return format === 'common' ? line : `${line} "-" "${user}"`;
    }
  }
}

function headerOf(format: GeneratedFormat): string {
  if (format === 'csv') return HEADER;
  return format === 'tsv' ? HEADER.replaceAll(',', '\t') : '';
}

async function check(
  format: GeneratedFormat,
  body: Buffer | string,
  plan: Partial<Case> = {},
): Promise<void> {
  const header = headerOf(format);
  const top = header === '' ? [] : [Buffer.from(`${header}\n`)];
  const input = Buffer.concat([...top, Buffer.from(body as string)]);
  const start = { ...FROM_THE_TOP, firstLine: header };
  const tried = { format, options: OPTIONS, input, start, stepBytes: STEP_BYTES, cutSeed: 0, ...plan };
  const shown = JSON.stringify(input.toString('latin1', 0, 2_000));
  for (const way of [
    {},
    { cutSeed: 1 },
    { cutSeed: 2, stepBytes: 2048 },
    { cutSeed: 3, stepBytes: 1 << 16 },
  ]) {
    expect(await faultOf({ ...tried, ...way }), shown).toBeNull();
  }
}

const bytes = (...parts: (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe.each(GENERATED_FORMATS)('nasty input as %s', (format) => {
  const good = lineOf(format, {});
  const timeout = 120_000;

  it('byte order marks, line ends of both kinds, blank lines, no final line feed', async () => {
    const plain = [
      good,
      `\ufeff${good}`,
      '',
      ' ',
      '\t',
      '\r',
      '\u00a0',
      '\v\f',
      `${good} `,
      ` ${good}`,
      good,
    ];
    for (const end of ['\n', '\r\n', '\r\r\n', '\r']) await check(format, plain.join(end));
    await check(format, `${good}\r\n${good}\n\r\n${good}\r\n\n\r\r\n${good}`);
    await check(format, `\ufeff${good}\n\ufeff\ufeff${good}\n\ufeff\n\ufeff\r\n`);
    for (const input of ['', '\n', '\r', '\r\n', '\n\n', good, `${good}\r`]) await check(format, input);
  });

  it('texts', async () => {
    const texts = [...NASTY_TEXTS, '', 'x'.repeat(65_536), 'é'.repeat(32_768)];
    for (let length = 1; length <= 70; length++) texts.push('abcdefghij'.repeat(7).slice(0, length));
    for (const length of [1023, 1024, 1025, 4095, 4096, 4097]) texts.push('y'.repeat(length));
    const lines = texts.flatMap((text) => [
      lineOf(format, { campaign: text }),
      lineOf(format, { user: text }),
      lineOf(format, { campaign: text, user: text }),
    ]);
    await check(format, lines.join('\n'));
    // Each at the end of a block, too; every third of them, as each takes a kernel of its own.
    for (const text of texts.filter((_, i) => i % 3 === 0))
      await check(format, `${good}\n${lineOf(format, { campaign: text })}\n${good}\n`);
  });

  it('amounts and times', async () => {
    const zones: Partial<DecodeOptions>[] = [{}, { inputZone: 'Europe/Berlin' }, { defaultCurrency: 'EUR' }];
    const lines = [
      ...ODD_AMOUNTS.map((amount) => lineOf(format, { amount })),
      ...ODD_TIMES.map((time) => lineOf(format, { time })),
      // The last minute that was read, again and again in other forms.
      ...ODD_TIMES.flatMap((time) => [lineOf(format, { time }), good, lineOf(format, { time })]),
      '\0'.repeat(16),
    ];
    for (const zone of zones) await check(format, lines.join('\n'), { options: { ...OPTIONS, ...zone } });
  });

  it('a time of zeros first, which nothing remembered may be taken for', async () => {
    for (const zeros of ['\0'.repeat(16), '\0'.repeat(19), `${'\0'.repeat(16)}:00`, `${'\0'.repeat(16)}:00Z`])
      await check(format, `${lineOf(format, { time: zeros })}\n${good}\n`);
  });

  it('bytes that are no UTF-8, and UTF-16', async () => {
    const [head = '', tail = ''] = lineOf(format, { campaign: 'QQ' }).split('QQ');
    const faults = [
      ...[[0x80], [0xc3], [0xc0, 0x80], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xf0, 0x8f, 0xbf, 0xbf]],
      ...[
        [0xf4, 0x90, 0x80, 0x80],
        [0xf5, 0x80, 0x80, 0x80],
        [0xff],
        [0xe2, 0x82],
        [0xf0, 0x9f, 0x8e],
        [0x9b],
      ],
      ...[
        [0xc3, 0xa9],
        [0xe2, 0x82, 0xac],
        [0xed, 0x9f, 0xbf],
        [0xee, 0x80, 0x80],
        [0xf0, 0x9f, 0x8e, 0x89],
      ],
      ...[[0xf4, 0x8f, 0xbf, 0xbf], [0xef, 0xbb, 0xbf], [0xdf, 0xbf], [0], [0x7f], [0x1f]],
    ];
    const lines = faults.flatMap((fault) =>
      // At each place of sixteen, so that it stands across every edge.
      Array.from({ length: 18 }, (_, at) => bytes(head, 'a'.repeat(at), fault, tail, '\n')),
    );
    await check(format, Buffer.concat(lines));
    await check(format, Buffer.concat([...faults.map((fault) => bytes(fault, '\n')), bytes(head, [0xc3])]));
    await check(format, Buffer.from(`${good}\n${good}\n`, 'utf16le'));
    await check(format, bytes([0xff, 0xfe], [...Buffer.from(`${good}\n`, 'utf16le')]));
  });

  it('characters of several bytes, cut at every place', async () => {
    const line = lineOf(format, { campaign: 'é€🎉\u2028', user: '\u202ee\u0301' });
    await check(format, Array.from({ length: 300 }, () => line).join('\n'));
  });

  it('brackets, braces, quotes and backslashes without end', { timeout }, async () => {
    for (const unit of ['[', '{', '"', '\\', '{"a":', '[{"a":[', ',', '\t', '%', '=', '&', '\\"', '""']) {
      const run = unit.repeat(100_000);
      await check(format, `${good}\n${run}\n${good}\n`, { stepBytes: 1 << 16 });
      await check(format, `${good}\n${lineOf(format, { campaign: 'QQ' }).replace('QQ', run)}\n${good}\n`);
    }
  });

  it('lines about as long as one may be', { timeout }, async () => {
    const rest = lineOf(format, { campaign: '' }).length;
    for (const length of [(1 << 20) - 1, 1 << 20, (1 << 20) + 1, (1 << 20) + 2]) {
      const line = lineOf(format, { campaign: 'x'.repeat(length - rest) });
      expect(line).toHaveLength(length);
      for (const end of ['\n', '\r\n']) await check(format, `${good}\n${line}${end}${good}${end}${line}`);
    }
  });

  it('a line of 100 MB and one of 64 MiB of NULs between good ones', { timeout }, async () => {
    const huge = Buffer.alloc(100_000_000, 'x');
    const input = Buffer.concat([
      bytes(`${good}\n`),
      huge,
      bytes(`\n${good}\n`),
      Buffer.alloc(64 << 20),
      bytes(`\n${good}\n`),
    ]);
    const header = headerOf(format);
    const start = { ...FROM_THE_TOP, firstLine: header };
    const tried = { format, options: OPTIONS, input, start, stepBytes: STEP_BYTES, cutSeed: 8 };
    expect(await faultOf(tried)).toBeNull();
    expect(await faultOf({ ...tried, input: input.subarray(0, 120_000_000) })).toBeNull();
  });
});

const open = '{"user_id":"u","campaign_id":"c"';

describe('nasty JSON lines', () => {
  it.each([
    ['the same name twice', `${open},"user_id":"v"}`],
    ['the same unknown name twice', `{"x":1,"user_id":"u","x":{},"campaign_id":"c","x":"é"}`],
    ['a name twice, once escaped', `${open},"user\\u005fid":"v"}`],
    ['names of prototypes', `${open},"__proto__":{"amount":1},"constructor":{"user_id":"v"},"toString":1}`],
    ['an object where a text is meant', '{"user_id":{"id":"u"},"campaign_id":"c"}'],
    ['an object under an alias', `{"user":{"id":"u"},"user_id":"u","campaign_id":"c"}`],
    ['an empty text, then an alias', '{"user_id":"","uid":"v","campaign_id":"c"}'],
    [
      'an alias, then the name',
      '{"uid":"v","campaign":"d","user_id":"u","campaign_id":"c","ts":1,"timestamp":2}',
    ],
    [
      'the name, then an alias',
      '{"user_id":"u","uid":"v","campaign_id":"c","campaign":"d","timestamp":2,"ts":1}',
    ],
    ['a click id, then its kind', `${open},"gclid":"1","click_id_kind":"k"}`],
    ['a kind, then a click id', `${open},"click_id_kind":"k","gclid":"1"}`],
    [
      'a kind that is empty',
      `${open},"click_id_kind":"","gclid":"1"}\n${open},"gclid":"1","click_id_kind":""}`,
    ],
    [
      'a click id, then another kind of it',
      `${open},"fbclid":"2","gclid":"1"}\n${open},"gclid":"1","fbclid":"2"}`,
    ],
    [
      'a click id by name and by kind',
      `${open},"gclid":"1","click_id":"2"}\n${open},"click_id":"2","gclid":"1"}`,
    ],
    ['a click id of its kind that is a number', `${open},"gclid":1}`],
    ['leading zeros', '{"user_id":007,"campaign_id":"c"}\n{"user_id":"u","amount":01.5}'],
    [
      'minus zero',
      '{"user_id":-0,"campaign_id":"c"}\n{"user_id":-0.0,"campaign_id":"c"}\n{"user_id":"u","amount":-0}',
    ],
    [
      'large numbers',
      '{"user_id":9007199254740993,"campaign_id":1e21}\n{"user_id":123456789012345678901234567890,"amount":1e2}',
    ],
    [
      'blanks everywhere',
      ' { "user_id" : "u" , "campaign_id" :\t"c" } \t\n{\t"user_id":"u","campaign_id":"c"\t}\r',
    ],
    ['carriage returns within', '{"user_id":"u",\r"campaign_id":"c"}\n{"user_id":"u","campaign_id":"c"}\r\r'],
    ['something behind the object', `${open}} x\n${open}}}\n${open}},\n${open}}{}\n${open}}\0`],
    ['an object in a line of text', `2026 INFO ${open}}\n${open}} -- ok\n"${open}}"`],
    [
      'commas too many',
      `${open},}\n{,"user_id":"u","campaign_id":"c"}\n${open},,"x":1}\n${open},"x":[1,]}\n${open},"x":{"y":1,}}`,
    ],
    [
      'escapes',
      `${open},"term":"\\u0041\\n\\"\\\\"}\n${open},"x":"\\u00e9\\ud83c\\udf89\\ud800"}\n${open},"x":"\\u00g0"}\n${open},"x":"\\q"}`,
    ],
    ['lone surrogates', '{"user_id":"\\ud800","campaign_id":"\\udc00c"}'],
    [
      'currencies of both cases',
      '{"user_id":"u","amount":1,"currency":"usd"}\n{"user_id":"u","amount":1,"currency":"eUr"}\n{"user_id":"u","amount":1,"currency":"EUR"}',
    ],
    [
      'types of both cases',
      `${open},"type":"Click"}\n${open},"type":"CLIC\u212a"}\n${open},"event":"Purchase","value":3}`,
    ],
    [
      'booleans and nulls',
      '{"user_id":true,"campaign_id":false}\n{"user_id":null,"uid":"u","campaign_id":"c","amount":null}\n{"user_id":"u","amount":true}',
    ],
    [
      'a purchase of two amounts',
      '{"event":"purchase","user_id":"u","value":1,"amount":2}\n{"event":"purchase","user_id":"u","revenue":2,"value":1}\n{"type":"refund","user_id":"u","price":2,"value":1,"orderId":"o","transaction_id":"t"}',
    ],
    [
      'an envelope',
      '{"type":"track","event":"click","user_id":"u","campaign_id":"c"}\n{"type":"click","event":"purchase","user_id":"u","campaign_id":"c","value":1,"amount":2}',
    ],
    [
      'depths',
      [1, 63, 64, 65, 66, 500]
        .map((depth) => `${open},"x":${'['.repeat(depth)}${']'.repeat(depth)}}`)
        .join('\n'),
    ],
    ['no object', '[]\n"x"\n1\nnull\n{}\n[{"user_id":"u"}]\n{"user_id"}\n{"user_id":}\n{user_id:"u"}'],
  ])('%s', async (_, lines) => {
    // Once with an empty memory, and once following what the first have left.
    await check('ndjson', `${lines}\n`);
    for (const line of lines.split('\n')) await check('ndjson', `${line}\n${open}}\n${line}\r\n${line}`);
  });

  it('a hundred thousand names in one object, and a thousand of one field', async () => {
    const many = Array.from({ length: 50_000 }, (_, i) => `"x${i}":${i}`).join(',');
    await check(
      'ndjson',
      `${open},${many}}\n${open},${Array.from({ length: 1_000 }, () => '"uid":"v"').join(',')}}`,
    );
  });

  it(
    'more distinct texts in a block than codes, in lines that become no rows',
    { timeout: 120_000 },
    async () => {
      const lineOfType = (type: string) => (_: unknown, i: number) => `{${type}"ad":"${i.toString(36)}"}\n`;
      const others = Array.from({ length: 140_000 }, lineOfType('"type":"page",')).join('');
      const unsure = Array.from({ length: 100_000 }, lineOfType('')).join('');
      for (const lines of [others, unsure]) {
        const input = Buffer.from(`${open}}\n${lines}${open}}\n${lines}${open},"ad":"zz","type":"click"}\n`);
        const tried = wholeCase('ndjson', input);
        expect(await faultOf(tried)).toBeNull();
      }
    },
  );

  it(
    'several names of one field in each line, each with a text of its own',
    { timeout: 120_000 },
    async () => {
      const lines = Array.from({ length: 32_000 }, (_, i) => {
        const names = ['creative_id', 'pk_content', 'mtm_content', 'utm_content', 'adId', 'ad', 'ad_id'];
        return `{${names.map((name, j) => `"${name}":"${(i * 7 + j).toString(36)}"`).join(',')},"uid":"u","campaign":"c"}\n`;
      });
      const input = Buffer.from(lines.join(''));
      for (const stepBytes of [STEP_BYTES, 2 * STEP_BYTES]) {
        const tried: Case = {
          format: 'ndjson',
          options: OPTIONS,
          input,
          start: FROM_THE_TOP,
          stepBytes,
          cutSeed: 0,
        };
        expect(await faultOf(tried)).toBeNull();
      }
    },
  );
});

describe('the samples', () => {
  it.each([
    ['ndjson', 'sample_logs.txt'],
    ['csv', 'sample_logs.csv'],
    ['combined', 'sample_access.log'],
  ] as const)('mean the same as %s', async (format, name) => {
    const input = readFileSync(new URL(`../../data/${name}`, import.meta.url));
    const [firstLine = ''] = input.toString('utf8').split('\n', 1);
    const start = { ...FROM_THE_TOP, firstLine };
    for (const [cutSeed, stepBytes] of [
      [0, STEP_BYTES],
      [1, 2048],
      [2, 1 << 16],
    ] as const)
      expect(await faultOf({ format, options: OPTIONS, input, start, stepBytes, cutSeed })).toBeNull();
  });
});
