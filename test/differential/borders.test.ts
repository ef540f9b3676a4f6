/**
 * Lines that the kernel takes many of at once, JSON and CSV, with something odd in one of them: wherever it stands, both
 * decoders make the same of all. Lengths and places go through all that there are around the kernel's borders of 8, 16
 * and 64 bytes, of the 32 KiB that it looks through at once and of the 256 rows that it makes at once.
 */
import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../decode/decoding.js';
import { faultOf, FROM_THE_TOP, STEP_BYTES } from './decode-both.js';

type Form = 'ndjson' | 'csv';

interface Fields {
  readonly type?: string;
  readonly time?: string;
  readonly campaign?: string;
  readonly user?: string;
  readonly amount?: string;
  readonly source?: string;
}

const HEADER = 'type,timestamp,campaign_id,user_id,amount,currency,source,ad_id';

function lineOf(form: Form, fields: Fields = {}): string {
  const { type = 'click', time = '2026-06-01T12:00:00.000Z', campaign = 'spring', user = 'u1' } = fields;
  if (form === 'csv')
    return [type, time, campaign, user, fields.amount ?? '', '', fields.source ?? '', ''].join(',');
  const amount = fields.amount === undefined ? '' : `,"amount":${fields.amount},"currency":"EUR"`;
  const source = fields.source === undefined ? '' : `,"source":"${fields.source}"`;
  return `{"type":"${type}","timestamp":"${time}","campaign_id":"${campaign}","user_id":"${user}"${amount}${source}}`;
}

async function check(form: Form, lines: readonly string[], stepBytes = STEP_BYTES): Promise<void> {
  const firstLine = form === 'csv' ? HEADER : '';
  const input = Buffer.from([...(form === 'csv' ? [HEADER] : []), ...lines, ''].join('\n'));
  const start = { ...FROM_THE_TOP, firstLine };
  expect(await faultOf({ format: form, options: OPTIONS, input, start, stepBytes, cutSeed: 0 })).toBeNull();
}

/** What may stand within a text, or keeps it from being one. */
const ODD = [
  '"',
  '\\',
  '\\"',
  '\\u0041',
  '\t',
  '\0',
  '\x1f',
  '\x7f',
  'é',
  '漢',
  '😀',
  '\n',
  '\r',
  ',',
  '}',
  '"}',
];

describe.each(['ndjson', 'csv'] as const)('lines of %s taken at once', { timeout: 120_000 }, (form) => {
  const good = Array.from({ length: 6 }, (_, i) => lineOf(form, { user: `u${i}` }));

  it('have texts of any length at any place', async () => {
    const lengths = Array.from({ length: 300 }, (_, i) => i);
    await check(form, [...good, ...lengths.map((n) => lineOf(form, { user: 'x'.repeat(n) }))]);
    await check(form, [...good, ...lengths.map((n) => lineOf(form, { campaign: 'x'.repeat(n) }))]);
  });

  it.each(ODD)('have %j in any place of a text', async (odd) => {
    const texts = Array.from({ length: 80 }, (_, i) => `${'a'.repeat(i)}${odd}${'b'.repeat(80 - i)}`);
    await check(form, [...good, ...texts.map((user) => lineOf(form, { user })), ...good]);
    await check(form, [...good, ...texts.flatMap((campaign) => [...good, lineOf(form, { campaign })])]);
  });

  it('differ in any one byte', async () => {
    for (const line of [lineOf(form), lineOf(form, { type: 'conversion', amount: '12.5' })]) {
      for (const byte of ['x', '"', ' ', ',', '\x80', '0']) {
        const changed = Array.from(line, (_, i) => line.slice(0, i) + byte + line.slice(i + 1));
        await check(form, [line, ...changed.flatMap((other) => [other, line])]);
      }
    }
  });

  it('are blank, or end in blanks or a carriage return', async () => {
    for (const end of ['\r', ' ', '\t', ' \r', '\r\r', '\n', '\n\r\n']) {
      await check(form, [...good, ...good.flatMap((line) => [line, `${line}${end}`, `${end}${line}`])]);
    }
  });

  it('are of more than is looked through at once', async () => {
    for (const length of [4000, 7900, 8000, 8100, 8192, 8300, 32_000, 32_600, 32_768, 70_000]) {
      const long = lineOf(form, { user: 'x'.repeat(length) });
      await check(form, [...good, long, ...good, long, long, ...good]);
    }
  });

  it('fail at any row of those that are made at once', async () => {
    const failing = [
      { time: 'yesterday' },
      { time: '2026-06-01T12:00:60.000Z' },
      { time: '' },
      { type: 'conversion', amount: '1e3' },
      { type: 'refund', amount: '' },
      { type: 'page_view' },
      { type: 'no such type' },
      { campaign: '' },
      { user: '' },
      { campaign: 'y'.repeat(1025) },
    ].map((fields) => lineOf(form, fields));
    for (const line of failing) {
      for (const rows of [0, 1, 3, 4, 5, 127, 254, 255, 256, 257, 511, 512]) {
        const before = Array.from({ length: rows }, (_, i) =>
          lineOf(form, { user: `u${i}`, campaign: `c${i}` }),
        );
        await check(form, [...before, line, ...good, line, line, ...good]);
      }
    }
  });

  it('have no text of the line that was in their place before', async () => {
    for (const rows of [1, 64, 127, 128, 129, 255, 256, 257, 600]) {
      const withSource = Array.from({ length: rows }, (_, i) => lineOf(form, { source: `s${i % 9}` }));
      const without = Array.from({ length: rows }, () => lineOf(form));
      await check(form, [...good, ...withSource, ...without, ...withSource, ...without]);
    }
  });

  it('are cut into blocks anywhere', async () => {
    const lines = Array.from({ length: 400 }, (_, i) =>
      i % 7 === 6
        ? lineOf(form, { type: 'conversion', amount: `${i}.5`, user: `é${i}` })
        : lineOf(form, { user: 'u'.repeat(i % 90), campaign: i % 11 === 0 ? `c"${i}` : `c${i % 5}` }),
    );
    for (let stepBytes = 2048; stepBytes < 2048 + 130; stepBytes++) await check(form, lines, stepBytes);
  });
});
