import { constants, createDeflateRaw, gzipSync, deflateRawSync, crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip, GzipFault } from '../../src/input/gunzip.js';
import { inBlocks, noise, someLog } from './blocks.js';

interface Result {
  readonly plain: Buffer;
  readonly fault: string | null;
}

async function decode(compressed: Buffer, blockBytes?: number): Promise<Result> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of gunzip(inBlocks(compressed, blockBytes))) pieces.push(Buffer.from(piece));
  } catch (error) {
    if (!(error instanceof GzipFault)) throw error;
    return { plain: Buffer.concat(pieces), fault: error.message };
  }
  return { plain: Buffer.concat(pieces), fault: null };
}

function sameBytes({ plain }: Result, expected: Buffer): boolean {
  return plain.equals(expected);
}

/** A gzip member with the header's optional fields, RFC 1952 section 2.3. */
function memberWith(plain: Buffer, flags: number, fields: Buffer): Buffer {
  const header = Buffer.from([0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 3]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(plain), 0);
  trailer.writeUInt32LE(plain.length, 4);
  return Buffer.concat([header, fields, deflateRawSync(plain), trailer]);
}

/** Deflate data up to a point that is a whole number of bytes, without an end. */
async function openDeflate(plain: Buffer): Promise<Buffer> {
  const deflate = createDeflateRaw();
  const pieces: Buffer[] = [];
  deflate.on('data', (piece: Buffer) => pieces.push(piece));
  deflate.write(plain);
  await new Promise<void>((resolve) => {
    deflate.flush(constants.Z_FULL_FLUSH, resolve);
  });
  deflate.destroy();
  return Buffer.concat(pieces);
}

const SMALL = someLog(500);
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

describe('an intact file', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a small log', SMALL],
    ['a large log', someLog(3 << 20)],
    ['bytes that do not compress', noise(1 << 20)],
    ['nothing but zeros', Buffer.alloc(5 << 20)],
  ])('of %s is decoded whole', async (_, plain) => {
    const result = await decode(gzipSync(plain), 64 * 1024);
    expect(result.fault).toBeNull();
    expect(sameBytes(result, plain)).toBe(true);
  });

  it('is decoded the same in blocks of any size', async () => {
    const compressed = gzipSync(SMALL);
    for (let size = 1; size <= compressed.length; size++)
      expect(await decode(compressed, size), `blocks of ${size}`).toEqual({ plain: SMALL, fault: null });
  });

  it('is decoded at every level, stored data included', async () => {
    for (let level = 0; level <= 9; level++)
      expect(await decode(gzipSync(SMALL, { level }))).toEqual({ plain: SMALL, fault: null });
  });

  it('may have several members, as rotated logs that were joined have', async () => {
    const parts = [SMALL, Buffer.alloc(0), noise(40_000), Buffer.from('x'), someLog(200_000)];
    const joined = Buffer.concat(parts.map((part) => gzipSync(part)));
    for (const size of [1000, 16 * 1024, joined.length]) {
      const result = await decode(joined, size);
      expect(result.fault).toBeNull();
      expect(sameBytes(result, Buffer.concat(parts))).toBe(true);
    }
  });

  it('may have hundreds of members within one block', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => Buffer.from(`line ${i}\n`));
    const result = await decode(Buffer.concat(lines.map((line) => gzipSync(line))));
    expect(result).toEqual({ plain: Buffer.concat(lines), fault: null });
  });

  it('may be padded with zeros, after one member or several', async () => {
    const member = gzipSync(SMALL);
    for (const zeros of [1, 7, 10, 11, 512, 100_000])
      expect(await decode(Buffer.concat([member, Buffer.alloc(zeros)]))).toEqual({
        plain: SMALL,
        fault: null,
      });
    const twice = await decode(Buffer.concat([member, member, Buffer.alloc(100)]));
    expect(twice).toEqual({ plain: Buffer.concat([SMALL, SMALL]), fault: null });
  });

  it.each([
    ['a name', 8, Buffer.from('app.log\0')],
    ['a comment', 16, Buffer.from('nightly, with é\0')],
    ['a long comment', 16, Buffer.from(`${'x'.repeat(5000)}\0`)],
    ['extra fields', 4, Buffer.from([6, 0, 0x41, 0x70, 2, 0, 0, 9])],
    ['a checksum of its own', 2, Buffer.from([0xab, 0xcd])],
    ['the mark of text', 1, Buffer.alloc(0)],
    [
      'all of them',
      1 + 2 + 4 + 8 + 16,
      Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from('n\0'), Buffer.from('c\0'), Buffer.from([1, 2])]),
    ],
  ])('may have %s in its header', async (_, flags, fields) => {
    const member = memberWith(SMALL, flags, fields);
    for (const size of [1, 3, member.length])
      expect(await decode(member, size), `blocks of ${size}`).toEqual({ plain: SMALL, fault: null });
    const second = await decode(Buffer.concat([gzipSync(SMALL), member]));
    expect(second).toEqual({ plain: Buffer.concat([SMALL, SMALL]), fault: null });
  });

  it('makes no warning of a leak, however large it is', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listen);
    await decode(gzipSync(noise(1 << 20)), 64 * 1024);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    expect(warnings.map(({ message }) => message)).toEqual([]);
  });
});

describe('a damaged file', () => {
  it('cut off at any byte gives what stands before, and a fault', async () => {
    const compressed = gzipSync(SMALL);
    let longest = 0;
    for (let end = 1; end < compressed.length; end++) {
      const { plain, fault } = await decode(compressed.subarray(0, end));
      expect(fault, `cut at ${end}`).toMatch(/cut off/);
      expect(plain.equals(SMALL.subarray(0, plain.length)), `cut at ${end}`).toBe(true);
      expect(plain.length, `cut at ${end}`).toBeGreaterThanOrEqual(longest);
      longest = plain.length;
    }
    expect(longest).toBe(SMALL.length);
  });

  it('cut off in its footer gives all of its bytes', async () => {
    const plain = someLog(300_000);
    const compressed = gzipSync(plain);
    for (let missing = 1; missing <= 8; missing++) {
      const result = await decode(compressed.subarray(0, -missing), 1000);
      expect(result.fault).toBe('it is cut off in its footer');
      expect(sameBytes(result, plain)).toBe(true);
    }
  });

  it('cut off in stored data gives every byte up to the cut', async () => {
    const plain = noise(50_000);
    const compressed = gzipSync(plain, { level: 0 });
    // A header of 10 bytes, then 5 before the first block of stored data.
    const result = await decode(compressed.subarray(0, 10 + 5 + 20_000));
    expect(result.fault).toMatch(/cut off/);
    expect(sameBytes(result, plain.subarray(0, 20_000))).toBe(true);
  });

  it('cut off in a later member gives the members before it', async () => {
    const whole = Buffer.concat([gzipSync(SMALL), gzipSync(SMALL)]);
    const { plain, fault } = await decode(whole.subarray(0, gzipSync(SMALL).length + 5));
    expect(plain).toEqual(SMALL);
    expect(fault).toBe('it is cut off in its header');
  });

  it('of a wrong checksum gives all of its bytes', async () => {
    const compressed = gzipSync(SMALL);
    compressed.writeUInt32LE(
      (compressed.readUInt32LE(compressed.length - 8) ^ 1) >>> 0,
      compressed.length - 8,
    );
    expect(await decode(compressed)).toEqual({ plain: SMALL, fault: 'its checksum is wrong' });
  });

  it('of a wrong length gives all of its bytes', async () => {
    const compressed = gzipSync(SMALL);
    compressed.writeUInt32LE(SMALL.length + 1, compressed.length - 4);
    expect(await decode(compressed)).toEqual({
      plain: SMALL,
      fault: 'its length is not what its footer says',
    });
  });

  it.each([
    ['text', Buffer.from('garbage')],
    ['one byte', Buffer.from('x')],
    ['a zero and then text', Buffer.from('\0text')],
    ['many zeros and then text', Buffer.concat([Buffer.alloc(70_000), Buffer.from('x')])],
  ])('with %s after its last member gives all of that and a fault', async (_, garbage) => {
    expect(await decode(Buffer.concat([gzipSync(SMALL), garbage]))).toEqual({
      plain: SMALL,
      fault: 'garbage follows its last member',
    });
  });

  it.each([1, 100, 5000, 60_000])(
    'whose data is broken after %s bytes gives what stands before the break, and every byte of it when read slowly',
    async (length) => {
      const plain = someLog(length).subarray(0, length);
      // A block of type 3, which there is none of.
      const broken = Buffer.concat([
        GZIP_HEADER,
        await openDeflate(plain),
        Buffer.from([0x07, 1, 2, 3]),
        noise(100),
      ]);
      for (const size of [1, 1000, broken.length]) {
        const result = await decode(broken, size);
        expect(result.fault).toBe('its compressed data is damaged or cut off');
        // zlib keeps back what it decoded of the very piece that it stumbles over.
        if (size === 1) expect(result.plain.length).toBe(length);
        expect(plain.subarray(0, result.plain.length).equals(result.plain), `blocks of ${size}`).toBe(true);
      }
    },
  );

  it('whose data is broken far in gives all but what the last piece before the break held', async () => {
    const plain = someLog(2 << 20);
    const broken = Buffer.concat([GZIP_HEADER, await openDeflate(plain), Buffer.from([0x07, 1, 2, 3])]);
    const result = await decode(broken, 64 * 1024);
    expect(result.fault).toBe('its compressed data is damaged or cut off');
    expect(result.plain.length).toBeGreaterThan(plain.length - 200_000);
    expect(plain.subarray(0, result.plain.length).equals(result.plain)).toBe(true);
  });

  it.each([
    [
      'of another method',
      Buffer.from([0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 3]),
      'a method that gzip does not have',
    ],
    ['of two bytes', Buffer.from([0x1f, 0x8b]), 'cut off in its header'],
    ['of a header alone', GZIP_HEADER, 'cut off'],
    ['of a name without end', Buffer.concat([GZIP_HEADER, Buffer.from('name')]).fill(8, 3, 4), 'cut off'],
  ])('%s gives nothing and a fault', async (_, compressed, message) => {
    const { plain, fault } = await decode(compressed);
    expect(plain).toHaveLength(0);
    expect(fault).toContain(message);
  });

  it('with any one bit wrong never gives wrong bytes without a fault', async () => {
    const compressed = gzipSync(SMALL);
    for (let at = 10; at < compressed.length; at++) {
      const damaged = Buffer.from(compressed);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      const { plain, fault } = await decode(damaged);
      // The bits that fill up the last byte of the data mean nothing.
      expect(fault !== null || plain.equals(SMALL), `byte ${at}`).toBe(true);
      if (at >= compressed.length - 8) expect(fault, `byte ${at}`).not.toBeNull();
    }
  });
});
