import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FormatName } from '../../src/decode/format.js';
import { accountedFor, decodeChunks, decodeText, type Decoded } from './decoding.js';

const CLICK = '{"campaign_id":"c","user_id":"u","ts":1}';

function bytes(...parts: (string | number[])[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))),
  );
}

/** What does not depend on how lines were gathered into batches. */
function substance({ batches: _, ...decoded }: Decoded): Omit<Decoded, 'batches'> {
  return decoded;
}

async function inEveryCut(format: FormatName, input: Buffer): Promise<void> {
  const whole = substance(await decodeChunks({ format, chunks: [input] }));
  for (let at = 1; at < input.length; at++) {
    const chunks = [input.subarray(0, at), input.subarray(at)];
    expect(substance(await decodeChunks({ format, chunks })), `cut at ${at}`).toEqual(whole);
  }
  const single = Array.from(input, (byte) => Uint8Array.of(byte));
  expect(substance(await decodeChunks({ format, chunks: single })), 'byte by byte').toEqual(whole);
}

describe('a small and nasty file', () => {
  const nasty = bytes(
    [0xef, 0xbb, 0xbf],
    '{"campaign_id":"été🎉","user_id":"u1","ts":1}\r\n',
    '\n  \t\r\n',
    '{"campaign_id":"a\u2028b","user_id":"u2","ts":2}\n',
    [...Buffer.from('{"campaign_id":"'), 0xff, 0xc3, ...Buffer.from('","user_id":"u"}\n')],
    '{"user_id":"u3","amount":99.99,"ts":3}\n',
    'broken\r\n',
    '{"event":"page_view","user_id":"u"}\n',
    [0, 0, 0, 0x0a],
    '{"campaign_id":"last","user_id":"u4","ts":4}',
  );

  it('is the same however its bytes come', async () => {
    await inEveryCut('ndjson', nasty);
  });

  it('has every line accounted for, and each reject at its place', async () => {
    const decoded = await decodeChunks({ format: 'ndjson', chunks: [nasty] });
    expect(decoded.events.map(({ campaign_id, user_id }) => [campaign_id, user_id])).toEqual([
      ['été🎉', 'u1'],
      ['a\u2028b', 'u2'],
      [undefined, 'u3'],
      ['last', 'u4'],
    ]);
    expect(decoded.lines).toBe(10);
    expect(decoded.ignores).toEqual({ blank_line: 2, other_event: 1 });
    expect(accountedFor(decoded)).toBe(10);
    expect(decoded.stamped).toBe(0);
    const placed = decoded.rejects.map(({ line, offset, byteLength, reason }) => ({
      line,
      reason,
      text: nasty.subarray(offset, offset + byteLength).toString('latin1'),
      startsLine: nasty[offset - 1] === 0x0a,
      endsLine: nasty[offset + byteLength] === 0x0a,
    }));
    const whole = { startsLine: true, endsLine: true };
    expect(placed).toEqual([
      { line: 5, reason: 'invalid_utf8', text: '{"campaign_id":"\xff\xc3","user_id":"u"}', ...whole },
      { line: 7, reason: 'invalid_json', text: 'broken\r', ...whole },
      { line: 9, reason: 'invalid_json', text: '\0\0\0', ...whole },
    ]);
    expect(decoded.rejects.map(({ bytes: kept }) => kept)).toEqual(placed.map(({ text }) => text));
  });

  it('ends where its bytes end, with the last line told to be open', async () => {
    const decoded = await decodeChunks({ format: 'ndjson', chunks: [nasty] });
    expect(decoded.endOffset).toBe(nasty.length);
    expect(decoded.openRecord).toEqual({
      offset: nasty.lastIndexOf(0x0a) + 1,
      events: 1,
      endsWithLine: true,
    });
  });
});

describe('a small and nasty table', () => {
  const table = bytes(
    '\ufefftype,campaign_id,user_id,product\r\n',
    'click,été,u1,"over\r\ntwo ""lines"""\r\n',
    'click,c,u2,stray"quote\n',
    '\n',
    'click,c,u3,"a,b"\n',
    [...Buffer.from('click,c,"open'), 0xff, 0x0a],
    '{"campaign_id":"json","user_id":"u4"}\n',
    'click,c,u5,"never closed\n',
    'click,c,u6,p',
  );

  it('is the same however its bytes come', async () => {
    await inEveryCut('csv', table);
  });

  it('has every line accounted for', async () => {
    const decoded = await decodeChunks({ format: 'csv', chunks: [table] });
    expect(decoded.events.map(({ user_id }) => user_id)).toEqual(['u1', 'u3', 'u4', 'u6']);
    expect(decoded.ignores).toEqual({ header: 1, record_continuation: 1, blank_line: 1 });
    expect(decoded.rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [4, 'invalid_csv'],
      [7, 'invalid_utf8'],
      [9, 'invalid_csv'],
    ]);
    expect(accountedFor(decoded)).toBe(decoded.lines);
    expect(decoded.endOffset).toBe(table.length);
  });
});

describe('the last line', () => {
  it('counts without a line feed, and is told to be open', async () => {
    const decoded = await decodeText('ndjson', `${CLICK}\n${CLICK}`);
    expect(decoded.events).toHaveLength(2);
    expect(decoded.openRecord).toEqual({ offset: CLICK.length + 1, events: 1, endsWithLine: true });
    expect(decoded.endOffset).toBe(2 * CLICK.length + 1);
  });

  it('that is no event is open too', async () => {
    expect((await decodeText('ndjson', `${CLICK}\nx`)).openRecord).toEqual({
      offset: CLICK.length + 1,
      events: 0,
      endsWithLine: true,
    });
    expect((await decodeText('ndjson', `${CLICK}\n `)).openRecord).toEqual({
      offset: CLICK.length + 1,
      events: 0,
      endsWithLine: true,
    });
  });

  it('with a line feed is not open', async () => {
    expect((await decodeText('ndjson', `${CLICK}\n`)).openRecord).toBeNull();
    expect((await decodeText('ndjson', '')).batches).toEqual([]);
  });

  it('is open from the start of its record, where that spans several lines', async () => {
    const start = 'campaign_id,user_id,product\n';
    const decoded = await decodeText('csv', `${start}c,u,"a\nb"`);
    expect(decoded.events).toMatchObject([{ product: 'a\nb' }]);
    expect(decoded.openRecord).toEqual({ offset: start.length, events: 1, endsWithLine: true });
    expect(decoded.ignores).toEqual({ header: 1, record_continuation: 1 });
  });

  it('is open from where a cell was opened that is not closed yet, though a line feed ends it', async () => {
    const start = 'campaign_id,user_id,product\nc,u1,p\n';
    const decoded = await decodeText('csv', `${start}c,u2,"two\nc,u3,p\n`);
    expect(decoded.events.map(({ user_id }) => user_id)).toEqual(['u1', 'u3']);
    expect(decoded.openRecord).toEqual({ offset: start.length, events: 1, endsWithLine: false });
    expect(decoded.endOffset).toBe(`${start}c,u2,"two\nc,u3,p\n`.length);
  });

  it('is left where reading was cut off in it', async () => {
    const decoded = await decodeChunks({
      format: 'ndjson',
      chunks: [bytes(`${CLICK}\n${CLICK}`)],
      start: { keepsOpenLine: () => false },
    });
    expect(decoded.events).toHaveLength(1);
    expect(decoded.lines).toBe(1);
    expect(decoded.endOffset).toBe(CLICK.length + 1);
    expect(decoded.openRecord).toBeNull();
  });
});

describe('the encoding', () => {
  it('has a byte order mark skipped, alone and before an event', async () => {
    expect((await decodeText('ndjson', `\ufeff${CLICK}\n`)).events).toHaveLength(1);
    const alone = await decodeText('ndjson', '\ufeff\r\n');
    expect(alone.ignores).toEqual({ blank_line: 1 });
    expect(alone.endOffset).toBe(5);
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a character past U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a character cut short', [0xe2, 0x82]],
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9]],
  ])('that is %s is no UTF-8, and the lines around it are read', async (_, wrong) => {
    const input = bytes(`${CLICK}\n{"user_id":"`, wrong, `","campaign_id":"c"}\n${CLICK}\n`);
    const decoded = await decodeChunks({ format: 'ndjson', chunks: [input] });
    expect(decoded.events).toHaveLength(2);
    expect(decoded.rejects).toMatchObject([{ line: 2, offset: CLICK.length + 1, reason: 'invalid_utf8' }]);
  });

  it('of UTF-16 is refused line by line', async () => {
    const decoded = await decodeChunks({
      format: 'ndjson',
      chunks: [Buffer.from(`\ufeff${CLICK}\n`, 'utf16le')],
    });
    expect(decoded.events).toEqual([]);
    expect(accountedFor(decoded)).toBe(decoded.lines);
  });
});

describe('a line over 1 MiB', () => {
  it.each([997, 65_536, 4 << 20])(
    'between good ones costs itself alone, in chunks of %s bytes',
    async (size) => {
      const longBytes = 3 << 20;
      const at = CLICK.length + 1;
      const input = bytes(`${CLICK}\n${'y'.repeat(longBytes)}\n${CLICK}\n${CLICK}\n`);
      const chunks = Array.from({ length: Math.ceil(input.length / size) }, (_, i) =>
        input.subarray(i * size, (i + 1) * size),
      );
      const decoded = await decodeChunks({ format: 'ndjson', chunks });
      expect(decoded.events).toHaveLength(3);
      expect(decoded.rejects).toMatchObject([
        { line: 2, offset: at, byteLength: longBytes, reason: 'line_too_long', detail: `${longBytes} bytes` },
      ]);
      expect(decoded.endOffset).toBe(input.length);
      expect(accountedFor(decoded)).toBe(4);
    },
  );

  it('is one too many, and a line of just 1 MiB is read', async () => {
    const around = '{"campaign_id":"c","user_id":"u","x":""}';
    const padded = (size: number): string => around.replace('""', `"${'y'.repeat(size - around.length)}"`);
    const decoded = await decodeText('ndjson', `${padded(1 << 20)}\n${padded((1 << 20) + 1)}\n`);
    expect(decoded.events).toHaveLength(1);
    expect(decoded.rejects).toMatchObject([{ line: 2, reason: 'line_too_long', byteLength: (1 << 20) + 1 }]);
  });

  it('keeps only its beginning', async () => {
    const decoded = await decodeText('ndjson', `${'z'.repeat(3 << 20)}\n`);
    expect(decoded.rejects[0]?.bytes.length).toBeLessThanOrEqual((1 << 20) + 1);
  });

  it('may be the last, without a line feed', async () => {
    const decoded = await decodeText('ndjson', `${CLICK}\n${'z'.repeat(2 << 20)}`);
    expect(decoded.rejects).toMatchObject([{ line: 2, byteLength: 2 << 20 }]);
    expect(decoded.openRecord).toEqual({ offset: CLICK.length + 1, events: 0, endsWithLine: true });
    expect(decoded.endOffset).toBe(CLICK.length + 1 + (2 << 20));
  });

  it('of NULs is refused for its length too', async () => {
    const decoded = await decodeChunks({
      format: 'ndjson',
      chunks: [Buffer.alloc(4 << 20), bytes(`\n${CLICK}\n`)],
    });
    expect(decoded.rejects).toMatchObject([
      { line: 1, offset: 0, reason: 'line_too_long', byteLength: 4 << 20 },
    ]);
    expect(decoded.events).toHaveLength(1);
  });
});

describe('a start in the middle of an input', () => {
  it('counts offsets and lines on from there', async () => {
    const decoded = await decodeChunks({
      format: 'ndjson',
      chunks: [bytes(`x\n${CLICK}`)],
      start: { offset: 1000, lines: 10 },
    });
    expect(decoded.rejects).toMatchObject([{ line: 11, offset: 1000, byteLength: 1 }]);
    expect(decoded.endOffset).toBe(1002 + CLICK.length);
    expect(decoded.openRecord).toEqual({ offset: 1002, events: 1, endsWithLine: true });
  });

  it('knows the header of a table that stands before it', async () => {
    const decoded = await decodeChunks({
      format: 'csv',
      chunks: [bytes('c,u7\n')],
      start: { offset: 50, lines: 3, firstLine: 'campaign_id,user_id' },
    });
    expect(decoded.events).toMatchObject([{ campaign_id: 'c', user_id: 'u7' }]);
  });
});

describe('events without a timestamp', () => {
  it('are counted as stamped', async () => {
    const stampless = '{"campaign_id":"c","user_id":"u"}';
    const decoded = await decodeText('ndjson', [stampless, CLICK, stampless, ''].join('\n'));
    expect(decoded.stamped).toBe(2);
  });
});

describe('any mixture of lines', () => {
  const line = fc.oneof(
    fc.constantFrom(
      ...[
        CLICK,
        `INFO ${CLICK}`,
        '',
        ' ',
        '\r',
        '{',
        'x"y',
        '"',
        '{"event":"page_view"}',
        '\ufeff',
        'a,b',
        'é,"',
      ],
      ...[
        'type,campaign_id,user_id',
        'click,c,u',
        'click,"c",u',
        'click,"c',
        '",u',
        'type=click uid=u campaign=c',
        '\0',
      ],
      '1.2.3.4 - - [01/Jun/2026:12:00:00 +0000] "GET /?utm_campaign=c HTTP/1.1" 200 5 "-" "Mozilla/5.0"',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\n', '')),
  );
  const someLines = fc.array(line, { maxLength: 30 });
  const formats = fc.constantFrom<FormatName>('ndjson', 'csv', 'tsv', 'logfmt', 'combined', 'common', 'text');

  it('is accounted for to the line and to the byte, in every format', async () => {
    await fc.assert(
      fc.asyncProperty(formats, someLines, fc.boolean(), async (format, lines, ended) => {
        const text = lines.map((one) => `${one}\n`).join('') + (ended ? '' : 'open "end');
        const decoded = await decodeText(format, text);
        const expected = lines.length + (ended ? 0 : 1);
        expect(decoded.lines).toBe(expected);
        expect(accountedFor(decoded)).toBe(expected);
        if (expected > 0) expect(decoded.endOffset).toBe(Buffer.byteLength(text));
        const all = text.split('\n');
        for (const { line: number, offset, byteLength, bytes: kept } of decoded.rejects) {
          expect(Buffer.from(kept, 'latin1').toString()).toBe(Buffer.from(all[number - 1] ?? '').toString());
          expect(
            Buffer.from(text)
              .subarray(offset, offset + byteLength)
              .toString('latin1'),
          ).toBe(kept);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('means the same in any chunks', async () => {
    await fc.assert(
      fc.asyncProperty(formats, someLines, fc.integer({ min: 1, max: 40 }), async (format, lines, size) => {
        const input = Buffer.from(lines.join('\n'));
        const chunks = Array.from({ length: Math.ceil(input.length / size) }, (_, i) =>
          input.subarray(i * size, (i + 1) * size),
        );
        const whole = await decodeChunks({ format, chunks: input.length > 0 ? [input] : [] });
        expect(substance(await decodeChunks({ format, chunks }))).toEqual(substance(whole));
      }),
    );
  });
});

describe('where more may come', () => {
  const start = { keepsOpenLine: () => false };

  it('a last line without line feed stays behind', async () => {
    const decoded = await decodeChunks({
      format: 'ndjson',
      chunks: [Buffer.from(`${CLICK}\n${CLICK}`)],
      start,
    });
    expect(decoded).toMatchObject({ lines: 1, endOffset: CLICK.length + 1, openRecord: null });
  });

  it('a record over several lines that is still open stays behind, with all its lines', async () => {
    const whole = 'campaign_id,user_id\na,u1\n';
    const open = '"b\nc\n';
    const decoded = await decodeChunks({ format: 'csv', chunks: [Buffer.from(whole + open)], start });
    expect(decoded).toMatchObject({ lines: 2, endOffset: whole.length, openRecord: null });
    const later = await decodeChunks({
      format: 'csv',
      chunks: [Buffer.from(`${whole}${open}",u2\n`)],
      start,
    });
    expect(later.events.map(({ campaign_id, user_id }) => [campaign_id, user_id])).toEqual([
      ['a', 'u1'],
      ['b\nc\n', 'u2'],
    ]);
  });
});
