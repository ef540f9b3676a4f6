import { expect, test } from 'vitest';
import { csvOf } from '../../src/dashboard/csv.js';

test('follows RFC 4180: CRLF, quotes where they must be, quotes doubled', () => {
  expect(
    csvOf({
      columns: ['campaign_id', 'revenue'],
      rows: [
        ['a,b', 12.5],
        ['say "hi"', 0],
        [null, 3],
      ],
    }),
  ).toBe('campaign_id,revenue\r\n"a,b",12.5\r\n"say ""hi""",0\r\n,3\r\n');
});

test('a name that a spreadsheet would run is defused; numbers are left alone', () => {
  const names = ['=1+1', '+1', '-2+3', '@SUM(A1)', '\tx', '\rx'];
  const lines = csvOf({ columns: ['name', 'change'], rows: names.map((name) => [name, -4.5]) }).split('\r\n');
  expect(lines.slice(1, -1)).toEqual([
    "'=1+1,-4.5",
    "'+1,-4.5",
    "'-2+3,-4.5",
    "'@SUM(A1),-4.5",
    String.raw`'\x09x,-4.5`,
    String.raw`'\x0dx,-4.5`,
  ]);
});
