import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES, splitLines, type Line } from '../../src/decode/split-lines.js';

async function linesOf(chunks: Iterable<Uint8Array>): Promise<Line[]> {
  const lines: Line[] = [];
  const { stages } = splitLines((line) => void lines.push(line));
  await pipeline(Readable.from(chunks), ...stages, async (out: AsyncIterable<unknown>) => {
    for await (const _ of out);
  });
  return lines;
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

describe('splitLines', () => {
  it('splits at 0x0A only and keeps every other byte', async () => {
    const lines = await linesOf([latin1('a\r\n\n\xff\0b\x85\x0b\n\xe2\x80\xa8\rc')]);
    expect(lines).toEqual([
      { bytes: 'a\r', byteLength: 2, terminated: true },
      { bytes: '', byteLength: 0, terminated: true },
      { bytes: '\xff\0b\x85\x0b', byteLength: 5, terminated: true },
      { bytes: '\xe2\x80\xa8\rc', byteLength: 5, terminated: false },
    ]);
  });

  it('knows no line in nothing, and none after a line feed at the end', async () => {
    expect(await linesOf([])).toEqual([]);
    expect(await linesOf([latin1('a\n')])).toEqual([{ bytes: 'a', byteLength: 1, terminated: true }]);
    expect(await linesOf([latin1('\n')])).toEqual([{ bytes: '', byteLength: 0, terminated: true }]);
  });

  it('gives the lines that were joined, however the bytes are cut', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', '\r', '\xff', '\0') });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.array(fc.nat(30)), async (texts, sizes) => {
        const whole = latin1(texts.join('\n'));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(whole.subarray(at, at + size));
          at += size;
        }
        chunks.push(whole.subarray(at));
        const expected = texts.map((text, i) => ({ text, terminated: i < texts.length - 1 }));
        // What stands behind the last line feed is a line only if there is something.
        if (expected.at(-1)?.text === '') expected.pop();
        expect(
          (await linesOf(chunks.filter(({ length }) => length > 0))).map(
            ({ bytes, byteLength, terminated }) => {
              expect(byteLength).toBe(bytes.length);
              return { text: bytes, terminated };
            },
          ),
        ).toEqual(expected);
      }),
    );
  });
});

describe('a line at the limit', () => {
  const sizes = [
    MAX_LINE_BYTES - 1,
    MAX_LINE_BYTES,
    MAX_LINE_BYTES + 1,
    MAX_LINE_BYTES + 2,
    3 * MAX_LINE_BYTES,
  ];

  it.each(
    sizes.flatMap((size) => [1000, 65_536, MAX_LINE_BYTES, 8 * MAX_LINE_BYTES].map((chunk) => [size, chunk])),
  )('of %s bytes is told with its true length, in chunks of %s', async (size = 0, chunkBytes = 0) => {
    const whole = Buffer.concat([
      latin1('before\n'),
      Buffer.alloc(size, 'x'),
      latin1('\nafter\n'),
      Buffer.alloc(size, 'y'),
    ]);
    const chunks = Array.from({ length: Math.ceil(whole.length / chunkBytes) }, (_, i) =>
      whole.subarray(i * chunkBytes, (i + 1) * chunkBytes),
    );
    const lines = await linesOf(chunks);
    expect(lines.map(({ byteLength, terminated }) => [byteLength, terminated])).toEqual([
      [6, true],
      [size, true],
      [5, true],
      [size, false],
    ]);
    const kept = Math.min(size, MAX_LINE_BYTES + 1);
    expect(lines[1]?.bytes === 'x'.repeat(kept)).toBe(true);
    expect(lines[3]?.bytes === 'y'.repeat(kept)).toBe(true);
  });
});
