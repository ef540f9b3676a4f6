/**
 * Everything nasty that an input may hold, each as a file of every format that can say it. What becomes of each line is
 * worked out by hand from the rules of the event model, not by the code that applies them.
 */
import { COLUMNS, lineOf, topOf } from './lines.mjs';
import { click, ignored, rejected, sale, unreadable } from './outcomes.mjs';

const MIB = 1 << 20;
const NOON = { timestamp: 1780315200 };
const isAccess = (format) => format === 'common' || format === 'combined';
const isTable = (format) => format === 'csv' || format === 'tsv';

/** Names as they come, and as reports are to give them where that differs. */
const NAMES = [
  ['__proto__'],
  ['constructor'],
  ['toString'],
  ['x'.repeat(65_536)],
  ['\u202egnp.exe'],
  ['\u2066a\u2069'],
  ['caf\u00e9'],
  ['cafe\u0301', 'caf\u00e9'],
  ['\u212b', '\u00c5'],
  ['<img src=x onerror=alert(1)>'],
  ['\x1b]0;x\x07'],
  ['\u009b31mred'],
  ['a\u007fb'],
  ['=HYPERLINK("http://x","y")'],
  ['+1'],
  ['-1'],
  ['@SUM(A1)'],
  ['\t=1'],
  ['%ZZ'],
  ['%00'],
  ['\0'],
  ["'; DROP TABLE events; --"],
  ['"quoted", and "so"'],
  ['back\\slash'],
  ['a\u2028b\u2029c'],
  ['\ufeffmarked'],
  ['👩‍👩‍👧 family 🏴‍☠️'],
  ['(other)'],
  ['| a | b |'],
];

const MAX_AMOUNT = '9223372036854.775807';
const AMOUNTS = [
  ['NaN', 'invalid_amount'],
  ['Infinity', 'invalid_amount'],
  ['1,234.56', 'invalid_amount'],
  ['0x10', 'invalid_amount'],
  ['0.0000001', 'invalid_amount'],
  ['1e308', 'amount_out_of_range'],
  ['9007199254740993', 'amount_out_of_range'],
  ['9223372036854.775808', 'amount_out_of_range'],
  ['-0', 'negative_amount'],
  ['-1', 'negative_amount'],
  ['9007199254.740993', 9_007_199_254_740_993n],
  [MAX_AMOUNT, 9_223_372_036_854_775_807n],
  ['1e2', 100_000_000n],
  ['0.1000000', 100_000n],
  ['.5', 500_000n],
  ['', 0n],
];

/** In Berlin, where a time names no zone. The hour from 2:00 on 29 March 2026 does not exist there. */
const TIMES = [
  ['2026-03-29 02:30:00', '2026-03-29T01:30:00.000Z'],
  ['2026-10-25 02:30:00', '2026-10-25T00:30:00.000Z'],
  ['2026-06-01T12:00:00+05:45', '2026-06-01T06:15:00.000Z'],
  ['2026-06-30T23:59:60Z', '2026-07-01T00:00:00.000Z'],
  ['2026-06-01T12:00:60Z', null],
  ['2026-02-30T00:00:00Z', null],
  ['2026-06-01T24:00:00Z', null],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ['10000-01-01T00:00:00Z', null],
  ['1780315200', '2026-06-01T12:00:00.000Z'],
  ['1780315200000', '2026-06-01T12:00:00.000Z'],
  ['1780315200000000', '2026-06-01T12:00:00.000Z'],
  ['-1', null],
  ['soon', null],
];
const ACCESS_TIMES = [
  ['29/Mar/2026:02:30:00 +0545', '2026-03-28T20:45:00.000Z'],
  ['30/Jun/2026:23:59:60 +0000', '2026-07-01T00:00:00.000Z'],
  ['01/Jun/2026:12:00:60 +0000', null],
  ['30/Feb/2026:00:00:00 +0000', null],
  ['31/Dec/9999:23:59:59 +0000', '9999-12-31T23:59:59.000Z'],
];

/** What nobody can read as UTF-8. */
const NO_UTF8 = [[0xff], [0x9b], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x8e]];

// So that no click in the same store can have the credit for it.
const LONG_BEFORE = { time: '2020-01-01T00:00:00Z', accessTime: '01/Jan/2020:00:00:00 +0000' };

const good = (format) => [lineOf(format, { campaign: 'good' }), click('good')];

/** Lines with their outcomes, a good one before and after them, with a line feed behind each. */
function among(format, lines, top = topOf(format)) {
  const all = [good(format), ...lines, good(format)];
  return {
    input: Buffer.concat([
      Buffer.from(top),
      ...all.flatMap(([line]) => [Buffer.from(line), Buffer.from('\n')]),
    ]),
    outcomes: [...(top === '' ? [] : [ignored('header')]), ...all.map(([, outcome]) => outcome)],
  };
}

const event = (format, fields, outcome) => {
  const line = lineOf(format, fields);
  return line === null ? null : among(format, [[line, outcome]]);
};

/** A line of JSON of its own spelling. */
const json = (format, text, outcome) => {
  if (format !== 'ndjson' && format !== 'text') return null;
  return among(format, [[format === 'text' ? `INFO ${text}` : text, outcome]]);
};

const named = (text) => (text.length > 40 ? `${text.slice(0, 10)}… of ${text.length}` : JSON.stringify(text));

/** The same input, with bytes of its own in the place of `QQ` in a campaign's name. */
function rawName(format, bytes) {
  const [before = '', after = ''] = lineOf(format, { campaign: 'aQQb' }).split('QQ');
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
}

const whole = (text, outcomes) => ({ input: Buffer.from(text), outcomes });
const header = (format) => (topOf(format) === '' ? [] : [ignored('header')]);

/** Pads a campaign's name so that its line has so many bytes. */
function lineOfBytes(format, bytes) {
  const campaign = 'x'.repeat(bytes - Buffer.byteLength(lineOf(format, { campaign: '' })));
  return [lineOf(format, { campaign }), click(campaign)];
}

/** Where chunks, blocks, slabs and pieces end, and how many bytes of the character stand before it. */
const EDGES = [
  [64 * 1024, 1],
  [MIB, 1],
  [1.5 * MIB, 2],
  [2 * MIB, 2],
  [3 * MIB, 1],
  [4 * MIB, 1],
  [8 * MIB, 2],
  [16 * MIB, 1],
  [24 * MIB, 2],
];

/** Characters of three bytes that lie across the edges of every size in which bytes come. */
function acrossEdges(format) {
  const character = rawName(format, '€');
  const at = character.indexOf('€');
  const parts = [Buffer.from(topOf(format))];
  const outcomes = header(format);
  let length = parts[0].length;
  const add = (line, outcome) => {
    parts.push(Buffer.from(line), Buffer.from('\n'));
    outcomes.push(outcome);
    length += Buffer.byteLength(line) + 1;
  };
  for (const [edge, before] of EDGES) {
    const until = edge - before - at;
    while (until - length > 900_000) add(...lineOfBytes(format, 700_000));
    add(...lineOfBytes(format, until - length - 1));
    add(character, click('a€b'));
  }
  return { input: Buffer.concat(parts), outcomes, isLarge: true };
}

function manyColumns(format) {
  const numbers = Array.from({ length: 5_000 }, (_, i) => i);
  const line = lineOf(format, { campaign: 'wide' });
  switch (format) {
    case 'csv':
    case 'tsv': {
      const delimiter = format === 'csv' ? ',' : '\t';
      const top = [...COLUMNS, ...numbers.map((i) => `x${i}`)].join(delimiter);
      const row = `${line}${numbers.map((i) => delimiter + String(i)).join('')}`;
      // What has as few cells as usual is no row of this table.
      return whole(`${top}\n${row}\n${line}\n`, [ignored('header'), click('wide'), rejected('invalid_csv')]);
    }
    case 'ndjson':
    case 'text':
      return among(format, [
        [line.replace(/}$/, `,${numbers.map((i) => `"x${i}":${i}`).join(',')}}`), click('wide')],
      ]);
    case 'logfmt':
      return among(format, [[`${line} ${numbers.map((i) => `x${i}=${i}`).join(' ')}`, click('wide')]]);
    default:
      return among(format, [
        [line.replace('?', `?${numbers.map((i) => `x${i}=${i}`).join('&')}&`), click('wide')],
      ]);
  }
}

/** UTF-16 of two lines. Named a format of all the same, it is lines of bytes that are none of it. */
function utf16(format, { isBigEndian, hasMark }) {
  if (isTable(format) || format === 'logfmt') return null;
  const text = Buffer.from(`${hasMark ? '\ufeff' : ''}${good(format)[0]}\n${good(format)[0]}\n`, 'utf16le');
  const first = hasMark ? rejected('invalid_utf8') : unreadable(format);
  // Little-endian, the last line feed is followed by half of itself.
  const rest = isBigEndian ? [unreadable(format)] : [unreadable(format), unreadable(format)];
  return {
    input: isBigEndian ? text.swap16() : text,
    outcomes: [first, ...rest],
    isRefusedWhenGuessed: true,
  };
}

/** Name, and what of it is written in a format: null where the format cannot say it. */
export const TABLE = [
  ...NAMES.map(([name, shown = name]) => [
    `a campaign named ${named(name)}`,
    (format) => event(format, { campaign: name }, click(shown)),
  ]),
  [
    'a campaign without a name',
    (format) =>
      event(
        format,
        { campaign: '' },
        isAccess(format) ? ignored('page_view') : rejected('missing_campaign_id'),
      ),
  ],
  [
    'a conversion of no campaign',
    (format) => event(format, { campaign: '', amount: '1', ...LONG_BEFORE }, sale(null, 1_000_000n)),
  ],
  ...AMOUNTS.map(([amount, outcome]) => [
    `an amount of ${JSON.stringify(amount)}`,
    (format) =>
      event(format, { amount }, typeof outcome === 'string' ? rejected(outcome) : sale('c', outcome)),
  ]),
  ...TIMES.map(([time, at]) => [
    `a time of ${time}`,
    (format) =>
      isAccess(format)
        ? null
        : {
            ...event(
              format,
              { campaign: 'timed', time },
              at ? click('timed') : rejected('invalid_timestamp'),
            ),
            at,
          },
  ]),
  ...ACCESS_TIMES.map(([accessTime, at]) => [
    `a time of [${accessTime}]`,
    (format) =>
      isAccess(format)
        ? {
            ...event(
              format,
              { campaign: 'timed', accessTime },
              at ? click('timed') : rejected('invalid_timestamp'),
            ),
            at,
          }
        : null,
  ]),
  ...NO_UTF8.map((bytes) => [
    `bytes that are no UTF-8: ${Buffer.from(bytes).toString('hex')}`,
    (format) => among(format, [[rawName(format, bytes), rejected('invalid_utf8')]]),
  ]),
  ...[
    ['%ZZ', '%ZZ'],
    ['%00', '\0'],
    ['%C3%28', '%C3('],
    ['%ff', '%ff'],
    ['%252B', '%2B'],
    ['%e2%80%aex', '\u202ex'],
    ['a+b%2Bc', 'a b+c'],
  ].map(([written, shown]) => [
    `a campaign written ${written} in a URL`,
    (format) =>
      isAccess(format)
        ? among(format, [[lineOf(format, { campaign: 'QQ' }).replace('QQ', written), click(shown)]])
        : null,
  ]),
  ...[
    ['names twice', { ...NOON }, '"campaign_id":"a","campaign_id":"b"', click('b')],
    ['a lone surrogate', { ...NOON }, '"campaign_id":"\\ud800x"', click('\ufffdx')],
    ['surrogates in the wrong order', { ...NOON }, '"campaign_id":"\\udc00\\ud800"', click('\ufffd\ufffd')],
    ['U+2028 as it is', { ...NOON }, '"campaign_id":"a\u2028b"', click('a\u2028b')],
    [
      'a number that no float holds as a name',
      { ...NOON },
      '"campaign_id":9007199254740993',
      click('9007199254740993'),
    ],
    ['minus zero', { ...NOON }, '"campaign_id":"c","amount":-0', rejected('negative_amount')],
    ['a number of 1e308', { ...NOON }, '"campaign_id":"c","amount":1e308', rejected('amount_out_of_range')],
    [
      'an amount that no float holds',
      { ...NOON },
      '"campaign_id":"c","amount":9007199254.740993',
      sale('c', 9_007_199_254_740_993n),
    ],
    ['an object as a name', { ...NOON }, '"campaign_id":{"__proto__":1}', rejected('invalid_field')],
    [
      'a hundred thousand brackets that close',
      { ...NOON },
      `"campaign_id":"c","x":${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      click('c'),
    ],
  ].map(([name, fields, members, outcome]) => [
    `JSON with ${name}`,
    (format) => json(format, `{"user_id":"u",${JSON.stringify(fields).slice(1, -1)},${members}}`, outcome),
  ]),
  [
    'JSON with NaN',
    (format) => json(format, '{"user_id":"u","campaign_id":"c","amount":NaN}', unreadable(format)),
  ],
  ...['[', '{', '"', '\\', '%', '\x1b', '\0'].map((unit) => [
    `100,000 times ${JSON.stringify(unit)}`,
    // An even number of quotes is a row of one cell.
    (format) => among(format, [[unit.repeat(100_000), unreadable(format)]]),
  ]),
  [
    'a byte order mark',
    (format) => {
      const [line, outcome] = good(format);
      return whole(`\ufeff${topOf(format)}${line}\n\ufeff${line}\n`, [...header(format), outcome, outcome]);
    },
  ],
  [
    'CRLF mixed with LF',
    (format) => {
      const [line, outcome] = good(format);
      const text = `${topOf(format).replace('\n', '\r\n')}${line}\r\n${line}\n\r\n${line}\r\n\n${line}`;
      const blank = ignored('blank_line');
      return whole(text, [...header(format), outcome, outcome, blank, outcome, blank, outcome]);
    },
  ],
  [
    'no final newline',
    (format) => {
      const [line, outcome] = good(format);
      return whole(`${topOf(format)}${line}\n${line}`, [...header(format), outcome, outcome]);
    },
  ],
  ['nothing', () => whole('', [])],
  [
    'blank lines',
    () =>
      whole(
        '\n\n \n\t\n\r\n ',
        Array.from({ length: 6 }, () => ignored('blank_line')),
      ),
  ],
  ['a header only', (format) => (topOf(format) === '' ? null : whole(topOf(format), header(format)))],
  ['UTF-16, little-endian, marked', (format) => utf16(format, { isBigEndian: false, hasMark: true })],
  ['UTF-16, little-endian', (format) => utf16(format, { isBigEndian: false, hasMark: false })],
  ['UTF-16, big-endian, marked', (format) => utf16(format, { isBigEndian: true, hasMark: true })],
  ['UTF-16, big-endian', (format) => utf16(format, { isBigEndian: true, hasMark: false })],
  ['five thousand columns', manyColumns],
  ['a line of 1 MiB', (format) => ({ ...among(format, [lineOfBytes(format, MIB)]), isLarge: true })],
  [
    'a line of 1 MiB and a byte',
    (format) => ({
      ...among(format, [[lineOfBytes(format, MIB + 1)[0], rejected('line_too_long')]]),
      isLarge: true,
    }),
  ],
  ['characters across the edges of chunks', acrossEdges],
  [
    '64 MiB of NULs',
    (format) => ({ ...among(format, [[Buffer.alloc(64 * MIB), rejected('line_too_long')]]), isHuge: true }),
  ],
  [
    'a line of 100 MB',
    (format) => ({
      ...among(format, [[Buffer.alloc(100_000_000, 'x'), rejected('line_too_long')]]),
      isHuge: true,
    }),
  ],
];
