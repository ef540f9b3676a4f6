import { describe, expect, it } from 'vitest';
import type { FormatName } from '../../src/decode/format.js';
import { chooseFormat, describeBinary, sampleLines } from '../../src/decode/sample.js';

const JSON_CLICK = '{"type":"click","campaign_id":"c","user_id":"u"}';
const REQUEST = '1.2.3.4 - - [01/Jun/2026:12:00:00 +0000] "GET /?utm_campaign=c HTTP/1.1" 200 5';

function lines(text: string, isWhole = true): string[] {
  return sampleLines(Buffer.from(text), isWhole);
}

function formatOf(...text: string[]): FormatName | undefined {
  return chooseFormat('auto', lines(text.join('\n')))?.name;
}

describe('sampleLines', () => {
  it('gives the lines that are not blank, without their ends and the byte order mark', () => {
    expect(lines('\ufeffa\r\n\r\n \t\nb\n\nc\n')).toEqual(['a', 'b', 'c']);
  });

  it('counts a last line without line feed only where nothing follows', () => {
    expect(lines('a\nb', true)).toEqual(['a', 'b']);
    expect(lines('a\nb', false)).toEqual(['a']);
    expect(lines('a', false)).toEqual([]);
  });

  it('splits at line feeds only', () => {
    expect(lines('a\u2028b\rc\n')).toEqual(['a\u2028b\rc']);
  });

  it('gives 200 lines at most', () => {
    expect(lines('x\n'.repeat(500))).toHaveLength(200);
  });

  it('gives none of an empty input', () => {
    expect(lines('')).toEqual([]);
    expect(lines('\n\r\n  \n')).toEqual([]);
  });
});

describe('chooseFormat', () => {
  it.each<[FormatName, string[]]>([
    ['ndjson', [JSON_CLICK]],
    ['ndjson', ['{"anything":1}', '{"else":2}', '{"broken']],
    ['combined', [`${REQUEST} "-" "Mozilla/5.0"`]],
    ['combined', [`shop.example:443 ${REQUEST} "-" "Mozilla/5.0"`]],
    ['common', [REQUEST]],
    ['csv', ['type,campaign_id,user_id', 'click,c,u']],
    ['csv', ['"event","uid","colour"', 'x,y,z']],
    ['tsv', ['type\tcampaign_id\tuser_id', 'click\tc\tu']],
    ['logfmt', ['ts=1 type=click campaign_id=c user_id=u']],
    ['logfmt', ['level=info msg="x" campaign=c uid="u 1"', 'level=info msg=started']],
    ['text', [`2026-06-01 12:00:00 INFO ${JSON_CLICK}`, '2026-06-01 12:00:01 INFO started']],
  ])('tells %s from its first lines', (format, text) => {
    expect(formatOf(...text)).toBe(format);
  });

  it('goes by most of the lines where an input is mixed', () => {
    expect(formatOf('starting up', JSON_CLICK, JSON_CLICK)).toBe('ndjson');
    expect(formatOf(JSON_CLICK, `${REQUEST} "-" "x"`, `${REQUEST} "-" "y"`)).toBe('combined');
    expect(formatOf(REQUEST, REQUEST, `${REQUEST} "-" "x"`)).toBe('common');
  });

  it.each([[['hello', 'world']], [['a,b,c', '1,2,3']], [['']], [['<html>', '</html>']]])(
    'knows none for %j',
    (text) => {
      expect(formatOf(...text)).toBeUndefined();
    },
  );

  it('takes the format that was named, whatever the lines are', () => {
    expect(chooseFormat('csv', ['hello'])?.name).toBe('csv');
    expect(chooseFormat('text', [])?.name).toBe('text');
  });
});

describe('describeBinary', () => {
  it('knows UTF-16 by its byte order mark', () => {
    expect(describeBinary(Buffer.from('\ufeffa', 'utf16le'))).toBe('UTF-16 text');
    expect(describeBinary(Buffer.from('\ufeffa', 'utf16le').swap16())).toBe('UTF-16 text');
  });

  it('knows binary data by a NUL, and text by its absence', () => {
    expect(describeBinary(Buffer.from('PK\u0003\u0004\0'))).toBe('binary data');
    expect(describeBinary(Buffer.from('hello\n\u00e9'))).toBeNull();
    expect(describeBinary(Buffer.alloc(0))).toBeNull();
  });
});
