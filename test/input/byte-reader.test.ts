import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../src/input/byte-reader.js';
import { inBlocks } from './blocks.js';

function reader(text: string, blockBytes?: number): ByteReader {
  return new ByteReader(inBlocks(Buffer.from(text, 'latin1'), blockBytes));
}

async function taken(bytes: Promise<Buffer>): Promise<string> {
  return (await bytes).toString('latin1');
}

describe('ByteReader', () => {
  it.each([1, 2, 3, 100])('takes bytes by number from blocks of %s, fewer only at the end', async (size) => {
    const bytes = reader('abcdefgh', size);
    expect(await taken(bytes.take(3))).toBe('abc');
    expect(await taken(bytes.take(0))).toBe('');
    expect(await taken(bytes.take(4))).toBe('defg');
    expect(await taken(bytes.take(4))).toBe('h');
    expect(await taken(bytes.take(4))).toBe('');
  });

  it('takes what is there, without waiting for more', async () => {
    const bytes = reader('abcdefgh', 3);
    expect(await taken(bytes.takeUpTo(2))).toBe('ab');
    expect(await taken(bytes.takeUpTo(9))).toBe('c');
    expect(await taken(bytes.takeUpTo(9))).toBe('def');
    expect(await taken(bytes.takeUpTo(9))).toBe('gh');
    expect(await taken(bytes.takeUpTo(9))).toBe('');
  });

  it('takes again what was put back', async () => {
    const bytes = reader('abcdef', 3);
    const first = await bytes.take(4);
    bytes.putBack(first.subarray(2));
    expect(await taken(bytes.take(9))).toBe('cdef');
  });

  it.each([1, 3, 100])('skips past a byte, in blocks of %s', async (size) => {
    const bytes = reader('name\0rest', size);
    await bytes.skipPast(0);
    expect(await taken(bytes.take(9))).toBe('rest');
    await bytes.skipPast(0);
    expect(await taken(bytes.take(9))).toBe('');
  });

  it('tells whether nothing but zeros follows', async () => {
    expect(await reader('\0\0\0', 2).onlyZerosFollow()).toBe(true);
    expect(await reader('').onlyZerosFollow()).toBe(true);
    expect(await reader(`${'\0'.repeat(200_000)}x`, 1000).onlyZerosFollow()).toBe(false);
  });
});
