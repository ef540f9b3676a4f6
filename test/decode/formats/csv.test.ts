import { describe, expect, it } from 'vitest';
import { csv, tsv } from '../../../src/decode/formats/csv.js';
import { accountedFor, decodeText } from '../decoding.js';

const HEADER = 'type,timestamp,campaign_id,user_id,amount,product';
const ROW = 'conversion,1970-01-01T00:00:01Z,summer,u1,9.50,shoe';

function csvOf(...rows: string[]): ReturnType<typeof decodeText> {
  return decodeText('csv', [HEADER, ...rows, ''].join('\n'));
}

function products({ events }: Awaited<ReturnType<typeof decodeText>>): (string | undefined)[] {
  return events.map(({ product }) => product);
}

describe('a table in CSV', () => {
  it('has a header that names the fields of each row', async () => {
    const decoded = await csvOf(ROW, 'click,1970-01-01T00:00:02Z,summer,u2,,');
    expect(decoded.events).toEqual([
      {
        type: 'conversion',
        timestampMicros: 1_000_000n,
        amountMicros: 9_500_000n,
        campaign_id: 'summer',
        user_id: 'u1',
        currency: 'USD',
        product: 'shoe',
      },
      { type: 'click', timestampMicros: 2_000_000n, amountMicros: 0n, campaign_id: 'summer', user_id: 'u2' },
    ]);
    expect(decoded.ignores).toEqual({ header: 1 });
    expect(decoded.lines).toBe(3);
  });

  it('may have its header again, where files were joined', async () => {
    const decoded = await csvOf(ROW, HEADER, ROW);
    expect(decoded.events).toHaveLength(2);
    expect(decoded.ignores).toEqual({ header: 2 });
  });

  it('may have a header with aliases, quotes, blanks, a byte order mark and carriage returns', async () => {
    const decoded = await decodeText('csv', '\ufeff"event", ts ,campaign,"uid"\r\nclick,7,summer,u1\r\n');
    expect(decoded.events).toMatchObject([
      { timestampMicros: 7_000_000n, campaign_id: 'summer', user_id: 'u1' },
    ]);
    expect(decoded.ignores).toEqual({ header: 1 });
  });

  it('has cells in quotes, with commas, doubled quotes and blanks in them', async () => {
    const cells = ['"a, b"', '"say ""hi"""', '""', '"  x "', '"{""json"":1}"'];
    const decoded = await csvOf(...cells.map((cell) => ROW.replace('shoe', cell)));
    expect(products(decoded)).toEqual(['a, b', 'say "hi"', undefined, '  x ', '{"json":1}']);
  });

  it('has records over several lines, the first of which counts for the record', async () => {
    const decoded = await csvOf(ROW.replace('shoe', '"one\n\ntwo, ""2""\r\nthree"'), ROW);
    expect(products(decoded)).toEqual(['one\n\ntwo, "2"\nthree', 'shoe']);
    expect(decoded.ignores).toEqual({ header: 1, record_continuation: 3 });
    expect(decoded.rejects).toEqual([]);
    expect(accountedFor(decoded)).toBe(decoded.lines);
  });

  it('has as many cells in a row as names in its header', async () => {
    const decoded = await csvOf('click,1,summer', `${ROW},extra`, ROW);
    expect(decoded.events).toHaveLength(1);
    expect(decoded.rejects).toMatchObject([
      { line: 2, reason: 'invalid_csv', detail: '3 cells under 6 column names' },
      { line: 3, reason: 'invalid_csv', detail: '7 cells under 6 column names' },
    ]);
  });

  it('may have a JSON event among its rows', async () => {
    const decoded = await csvOf(ROW, '{"type":"click","campaign_id":"json","user_id":"u"}', ROW);
    expect(decoded.events.map(({ campaign_id }) => campaign_id)).toEqual(['summer', 'json', 'summer']);
  });

  it('may have one with an escaped quote in it, which opens no cell', async () => {
    const json = '{"type":"click","campaign_id":"19\\" rack","user_id":"u"}';
    const decoded = await csvOf(ROW, json, ROW.replace('shoe', '"two\nlines"'));
    expect(decoded.events.map(({ campaign_id }) => campaign_id)).toEqual(['summer', '19" rack', 'summer']);
    expect(decoded.rejects).toEqual([]);
  });

  it('keeps long numbers and exact amounts', async () => {
    const decoded = await csvOf('conversion,1,summer,12345678901234567890,9007199254.740993,x');
    expect(decoded.events).toMatchObject([
      { user_id: '12345678901234567890', amountMicros: 9_007_199_254_740_993n },
    ]);
  });
});

describe('a stray quote', () => {
  it.each(['sh"oe', '"shoe', 'shoe"', '"sh"oe"', '"a"b'])(
    'in %s costs its own line and no other',
    async (cell) => {
      const decoded = await csvOf(ROW, ROW.replace('shoe', cell), ...Array.from({ length: 5 }, () => ROW));
      expect(decoded.events).toHaveLength(6);
      expect(decoded.rejects).toMatchObject([{ line: 3, reason: 'invalid_csv' }]);
      expect(accountedFor(decoded)).toBe(decoded.lines);
    },
  );

  it('on two lines costs these two', async () => {
    const stray = ROW.replace('shoe', 'sh"oe');
    const decoded = await csvOf(ROW, stray, ROW, ROW, stray, ROW);
    expect(decoded.events).toHaveLength(4);
    expect(decoded.rejects.map(({ line }) => line)).toEqual([3, 6]);
  });

  it('at the very end costs the last line only', async () => {
    const decoded = await decodeText('csv', `${HEADER}\n${ROW}\n${ROW.replace('shoe', '"shoe')}`);
    expect(decoded.events).toHaveLength(1);
    expect(decoded.rejects).toMatchObject([{ line: 3 }]);
    expect(decoded.openRecord).toEqual({
      offset: `${HEADER}\n${ROW}\n`.length,
      events: 0,
      endsWithLine: false,
    });
  });

  it('before thousands of rows costs none of them', async () => {
    const rows = Array.from({ length: 5_000 }, () => ROW);
    const decoded = await csvOf(ROW.replace('shoe', '"shoe'), ...rows);
    expect(decoded.events).toHaveLength(5_000);
    expect(decoded.rejects).toMatchObject([{ line: 2, reason: 'invalid_csv' }]);
    expect(accountedFor(decoded)).toBe(decoded.lines);
  });

  it('where a batch is nearly full costs none of the rows that were held back', async () => {
    const decoded = await csvOf(
      ...Array.from({ length: 30_500 }, () => ROW),
      ROW.replace('shoe', '"shoe'),
      ...Array.from({ length: 2_000 }, () => ROW),
    );
    expect(decoded.lines).toBe(1 + 30_500 + 1 + 2_000);
    expect(decoded.rejects).toHaveLength(1);
    expect(decoded.events).toHaveLength(32_500);
    expect(products(decoded).filter((product) => product !== 'shoe')).toHaveLength(0);
    expect(decoded.events.reduce((sum, { amountMicros }) => sum + amountMicros, 0n)).toBe(
      32_500n * 9_500_000n,
    );
  });

  it('on every hundredth line, as of rows that tell of inches, costs no other row either', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) =>
      i % 100 === 0 ? ROW.replace('shoe', '19" rack') : ROW,
    );
    const decoded = await csvOf(...rows);
    expect(decoded.rejects).toHaveLength(600);
    expect(decoded.events).toHaveLength(59_400);
    expect(products(decoded).filter((product) => product !== 'shoe')).toHaveLength(0);
    expect(decoded.batches.length).toBeGreaterThan(1);
  });

  it('just before the end of an input whose last batch is nearly full costs no row either', async () => {
    const decoded = await csvOf(
      ...Array.from({ length: 30_600 }, () => ROW),
      ROW.replace('shoe', '"shoe'),
      ...Array.from({ length: 500 }, () => ROW),
    );
    expect(decoded.events).toHaveLength(31_100);
    expect(products(decoded).filter((product) => product !== 'shoe')).toHaveLength(0);
  });
});

describe('a line over the limit in a quoted cell', () => {
  it('is refused, and not taken cut off into the record', async () => {
    const long = `x",${'y'.repeat(2 << 20)}`;
    const decoded = await decodeText('csv', `campaign_id,user_id,product\nc,"u\n${long}\nc,u2,p\n`);
    expect(decoded.events.map(({ user_id }) => user_id)).toEqual(['u2']);
    expect(decoded.rejects).toMatchObject([
      { line: 2, reason: 'invalid_csv' },
      { line: 3, reason: 'line_too_long', byteLength: long.length },
    ]);
    expect(accountedFor(decoded)).toBe(decoded.lines);
  });
});

describe('a table in TSV', () => {
  it('is separated by tabs, and commas are text', async () => {
    const decoded = await decodeText(
      'tsv',
      'type\tcampaign_id\tuser_id\nclick\ta, b\tu1\nclick\t"c\td"\tu2\n',
    );
    expect(decoded.events).toMatchObject([
      { campaign_id: 'a, b', user_id: 'u1' },
      { campaign_id: 'c\td', user_id: 'u2' },
    ]);
  });
});

describe('the first lines of an input', () => {
  it('are a table where the first names two fields that mapipe knows', () => {
    expect(csv.countRecognised([HEADER, ROW, ROW])).toBe(3);
    expect(csv.countRecognised(['campaign,colour', 'a,b'])).toBe(0);
    expect(csv.countRecognised([HEADER.replaceAll(',', '\t')])).toBe(0);
    expect(tsv.countRecognised([HEADER.replaceAll(',', '\t'), 'x'])).toBe(2);
    expect(csv.countRecognised([])).toBe(0);
  });
});
