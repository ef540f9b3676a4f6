import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvRecordReader } from '../../src/decode/csv-record.js';

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

describe('CsvRecordReader', () => {
  // RFC 4180, section 2.
  it.each([
    ['a,b,c', ['a', 'b', 'c']],
    ['a,,', ['a', '', '']],
    ['', ['']],
    ['"a","b"', ['a', 'b']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",c', ['say "hi"', 'c']],
    ['"",""', ['', '']],
    ['"two\nlines",c', ['two\nlines', 'c']],
    ['"a\n\n\nb",c', ['a\n\n\nb', 'c']],
    [' a , b ', [' a ', ' b ']],
    ['"café","日本"', ['café', '日本']],
    ['"U+2028 \u2028",c', ['U+2028 \u2028', 'c']],
  ])('reads %j', (record, cells) => {
    expect(new CsvRecordReader(',').read(record)).toEqual({ cells });
  });

  it.each(['a,"b', 'a,b"c,d', '"a"b,c', 'a,""",c', '"'])('says what is wrong with %j', (record) => {
    expect(new CsvRecordReader(',').read(record)).toHaveProperty('fault', expect.stringMatching(/./));
  });

  it('reads on after a fault', () => {
    const reader = new CsvRecordReader(',');
    expect(reader.read('a,b"c')).toHaveProperty('fault');
    expect(reader.read('"a,1",b')).toEqual({ cells: ['a,1', 'b'] });
    expect(reader.read('x,"open')).toHaveProperty('fault');
    expect(reader.read('"a,2",b')).toEqual({ cells: ['a,2', 'b'] });
  });

  it('separates by tab where it is told to', () => {
    expect(new CsvRecordReader('\t').read('a,1\t"b\tc"')).toEqual({ cells: ['a,1', 'b\tc'] });
  });

  it('gives back the cells of any record that was quoted by the rules', () => {
    const reader = new CsvRecordReader(',');
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', ' ', '\t', '{', '\u2028') });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
        expect(reader.read(cells.map(quoted).join(','))).toEqual({ cells });
      }),
    );
  });
});
