/**
 * JSON strings with escapes, as programs write them whose texts are not of ASCII (Python, PHP). The kernel looks at 16
 * bytes at a time: so every escape goes through every place of them, in every field, on lines that are the first of their
 * kind and on others.
 */
import { describe, expect, it, vi } from 'vitest';
import { LineReader } from '../../src/decode/line-reader.js';
import { eventAt } from '../../src/event/event-batch.js';
import { decodeByKernel, differenceOf, wholeCase, type Case } from './decode-both.js';

const STEP = 16;

/** RFC 8259, section 7; what follows are no strings, or none that UTF-8 has. */
const WELL_FORMED = [
  '\\"',
  '\\\\',
  '\\/',
  '\\b',
  '\\f',
  '\\n',
  '\\r',
  '\\t',
  '\\u0000',
  '\\u001f',
  '\\u0041',
  '\\u007f',
  '\\u0080',
  '\\u00e9',
  '\\u07ff',
  '\\u0800',
  '\\u6F22',
  '\\ud7ff',
  '\\ue000',
  '\\uffff',
  '\\ud800\\udc00',
  '\\uD83D\\uDE00',
  '\\udbff\\udfff',
  'é\\u00e9漢\\u6f22😀\\ud83d\\ude00',
  'e\\u0301',
];
const OTHERS = [
  '\\',
  '\\x',
  '\\U0041',
  '\\0',
  "\\'",
  '\\u',
  '\\u004',
  '\\u00g1',
  '\\u 041',
  '\\u+041',
  '\\ud83d',
  '\\ud83dx',
  '\\ud83d\\n',
  '\\ud83d\\u0041',
  '\\ud83d\\ud83d',
  '\\ud83d\\ude',
  '\\ude00',
  '\\ude00\\ud83d',
  '\\u0041\x01',
  '\\u0041\x80',
];

const FIELDS = [
  'type',
  'timestamp',
  'campaign_id',
  'user_id',
  'amount',
  'currency',
  'gclid',
  'note',
  'source',
  'term',
] as const;
const USUAL: Readonly<Record<(typeof FIELDS)[number], string>> = {
  type: 'conversion',
  timestamp: '2026-06-01T12:00:00.000Z',
  campaign_id: 'spring',
  user_id: 'u1',
  amount: '12.50',
  currency: 'EUR',
  gclid: 'Cj0',
  note: 'n',
  source: 'google',
  term: 'shoes',
};

function lineOf(changed: Partial<typeof USUAL> = {}): string {
  const texts = { ...USUAL, ...changed };
  return `{${FIELDS.map((field) => `"${field}":"${texts[field]}"`).join(',')}}`;
}

function caseOf(lines: readonly string[]): Case {
  return wholeCase('ndjson', Buffer.from([...lines, ''].join('\n')));
}

describe('strings with escapes', { timeout: 60_000 }, () => {
  it.each([...WELL_FORMED, ...OTHERS])(
    '%j is read as the reference reads it, in any place of any field',
    async (escape) => {
      const shifts = Array.from({ length: STEP + 1 }, (_, i) => i);
      for (const field of FIELDS) {
        const texts = shifts.flatMap((i) => [
          `${'a'.repeat(i)}${escape}`,
          `${escape}${'é'.repeat(i)}${escape}b`,
        ]);
        const lines = texts.map((text) => lineOf({ [field]: text }));
        // Each is the first line of all; then one of many like it; then one among plain ones.
        for (const line of lines) expect(await differenceOf(caseOf([line])), line).toBeNull();
        expect(await differenceOf(caseOf([...lines, ...lines])), field).toBeNull();
        expect(
          await differenceOf(caseOf(lines.flatMap((line) => [lineOf(), line, lineOf()]))),
          field,
        ).toBeNull();
      }
    },
  );

  it('are read as the reference reads them where they are all that a text is', async () => {
    const lines = [...WELL_FORMED, ...OTHERS].flatMap((escape) =>
      FIELDS.flatMap((field) =>
        [1, 2, 15, 16, 17, 100, 600].map((n) => lineOf({ [field]: escape.repeat(n) })),
      ),
    );
    expect(await differenceOf(caseOf(lines))).toBeNull();
  });

  it('may spell times, types and amounts', () => {
    const changed = {
      type: 'ref\\u0075nd',
      timestamp: '2026\\u002d06\\u002d01T12:00:00Z',
      campaign_id: '\\u00c9t\\u00e9 \\ud83d\\ude00',
      amount: '1\\u002e5',
      currency: '\\u0045UR',
      source: 'a\\/b',
      gclid: '\\u0043j0',
    };
    const batches = decodeByKernel(caseOf([lineOf(), lineOf(changed)]));
    const [batch] = batches;
    expect(batch && eventAt(batch.events, 1)).toMatchObject({
      type: 'refund',
      timestampMicros: BigInt(Date.parse('2026-06-01T12:00:00Z')) * 1000n,
      campaign_id: 'Été 😀',
      amountMicros: 1_500_000n,
      currency: 'EUR',
      source: 'a/b',
      click_id: 'Cj0',
    });
  });

  it('keep no line from being the kernel’s own, however many blocks of them there are', () => {
    const reads = vi.spyOn(LineReader.prototype, 'read');
    const lines = Array.from({ length: 6_000 }, (_, i) =>
      lineOf({
        campaign_id: `\\u00e9t\\u00E9 ${i % 9}`,
        user_id: `u\\/${i}${'x'.repeat(300)}`,
        note: '\\"',
        source: i % 2 ? 'a\\/b' : 'c',
      }),
    );
    // There is room for the texts of one block, and a line of a megabyte.
    const batches = decodeByKernel({ ...caseOf(lines), stepBytes: 1 << 16 });
    expect(reads).not.toHaveBeenCalled();
    expect(batches.reduce((sum, { events }) => sum + events.length, 0)).toBe(6_000);
    reads.mockRestore();
  });

  it('are read as the reference reads them where they are read so often that there is no room for their texts', async () => {
    const text = '\\"'.repeat(500);
    // Whatever stands behind an amount that is none is read anew.
    const lines = Array.from({ length: 1_500 }, (_, i) =>
      lineOf({ campaign_id: text, user_id: `${text}${i}`, ...(i % 2 === 0 ? { amount: 'much' } : {}) }),
    );
    expect(await differenceOf(caseOf(lines))).toBeNull();
  });
});

describe('the name of a type', () => {
  it.each(['\\u0000', '\\u0000\\u0000', '\\u0001', ' '])(
    'is another with %j behind it, whatever came before',
    async (more) => {
      const usual = '{"type":"click","campaign_id":"a","user_id":"u"}';
      for (const type of ['click', 'conversion', 'page_view']) {
        const [plain, other] = [type, `${type}${more}`].map((name) => usual.replace('click', name));
        if (!plain || !other) throw new Error('two names make two lines');
        expect(await differenceOf(caseOf([plain, other, plain, other, other]))).toBeNull();
        expect(await differenceOf(caseOf([other, plain]))).toBeNull();
      }
    },
  );
});

describe('epoch times with a fraction', () => {
  it.each([
    '1780000000.5',
    '1780000000.0',
    '1780000000.123456',
    '1780000000.1234567',
    '1780000000123.4',
    '1780000000123.4567',
    '1780000000123456.7',
    '99999999999.9',
    '100000000000.1',
    '0.25',
    '0.0',
    '-1.5',
    '1.78e9',
    '1780000000.',
    '.5',
    '1780000000.5.5',
    '1780000000.5x',
    '12345678901234567.5',
    // A float of these is a whole number.
    '1780015386.9999999',
    '1780015386.99999989',
    '1780015386.00000001',
    '1780015386999.9999',
    '1780015386999999.9',
    '178001538699999.99',
    '99999999999.999999',
    '99999999999.000007',
    '9999999999.000001',
    '9999999999.0000000',
    // And of these it is not.
    '1780015386.999998',
    '1780015386.000009',
    '99999999999.99998',
    '178001538699999.75',
  ])('%s is the moment that the reference reads', async (time) => {
    const number = (at: string): string => `{"campaign_id":"a","user_id":"u","timestamp":${at}}`;
    const text = (at: string): string => number(`"${at}"`);
    const usual = '1780000000.25';
    for (const form of [number, text]) {
      expect(await differenceOf(caseOf([form(time)]))).toBeNull();
      expect(await differenceOf(caseOf([form(usual), form(time), form(usual), form(time)]))).toBeNull();
    }
  });

  it('is no reason to leave a line to the reference', () => {
    const reads = vi.spyOn(LineReader.prototype, 'read');
    const line = (time: string): string => `{"campaign_id":"a","user_id":"u","timestamp":${time}}`;
    const [batch] = decodeByKernel(caseOf(['1780000000.1234567', '1780000000.0', '1780000000.9'].map(line)));
    expect(reads).not.toHaveBeenCalled();
    expect(batch?.events.timestampMicros.subarray(0, 3)).toEqual(
      BigInt64Array.of(1_780_000_000_123_456n, 1_780_000_000_000_000n, 1_780_000_000_900_000n),
    );
    reads.mockRestore();
  });
});
