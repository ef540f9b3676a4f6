import { describe, expect, it } from 'vitest';
import { RecentBytes } from '../../src/input/recent-bytes.js';
import { FINGERPRINT_BYTES } from '../../src/store/checkpoint.js';
import { collect, inBlocks, noise } from './blocks.js';

function before(input: Buffer, offset: number): Buffer {
  return input.subarray(Math.max(0, offset - FINGERPRINT_BYTES), offset);
}

describe('RecentBytes', () => {
  const input = noise(5000);

  it.each([
    [0, 1],
    [0, 700],
    [0, 5000],
    [10, 300],
    [1024, 64],
    [3000, 1000],
  ])(
    'from offset %s in blocks of %s knows the head and what stands before any offset',
    async (start, size) => {
      const recent = new RecentBytes(input, before(input, start), start);
      const passed = await collect(recent.tap(inBlocks(input.subarray(start), size)));
      expect(passed.equals(input.subarray(start))).toBe(true);
      for (let offset = start; offset <= input.length; offset += 97) {
        expect(recent.before(offset).equals(before(input, offset)), `before ${offset}`).toBe(true);
        const head = input.subarray(0, Math.min(FINGERPRINT_BYTES, offset));
        expect(recent.headUpTo(offset).equals(head), `head up to ${offset}`).toBe(true);
      }
    },
  );

  it('knows what has passed while the rest is still to come', async () => {
    const recent = new RecentBytes(input, Buffer.alloc(0), 0);
    let end = 0;
    for await (const block of recent.tap(inBlocks(input, 333))) {
      end += block.length;
      expect(recent.before(end).equals(before(input, end))).toBe(true);
      expect(recent.before(end - 100).equals(before(input, end - 100))).toBe(true);
    }
    expect(end).toBe(input.length);
  });

  it('still knows an offset megabytes back, and forgets what is further', async () => {
    const large = noise(24 << 20);
    const recent = new RecentBytes(large, Buffer.alloc(0), 0);
    expect((await collect(recent.tap(inBlocks(large, 1 << 20)))).length).toBe(large.length);
    for (const back of [0, 1, 1 << 20, 6 << 20])
      expect(
        recent.before(large.length - back).equals(before(large, large.length - back)),
        `${back} back`,
      ).toBe(true);
    expect(recent.before(4 << 20)).toHaveLength(0);
    expect(recent.headUpTo(large.length).equals(large.subarray(0, FINGERPRINT_BYTES))).toBe(true);
  });

  it.each([10, 1023, 1024, 4000])(
    'goes back to offset %s, and on from there with other bytes',
    async (offset) => {
      const recent = new RecentBytes(input, Buffer.alloc(0), 0);
      await collect(recent.tap(inBlocks(input, 700)));
      expect(recent.rewind(offset)).toBe(true);
      const other = Buffer.concat([input.subarray(0, offset), Buffer.alloc(2000, 'x')]);
      await collect(recent.tap(inBlocks(other.subarray(offset), 300)));
      for (let end = offset; end <= other.length; end += 97) {
        expect(recent.before(end).equals(before(other, end)), `before ${end}`).toBe(true);
        const head = other.subarray(0, Math.min(FINGERPRINT_BYTES, end));
        expect(recent.headUpTo(end).equals(head), `head up to ${end}`).toBe(true);
      }
    },
  );

  it('says where it cannot go back as far', async () => {
    const large = noise(12 << 20);
    const recent = new RecentBytes(large, Buffer.alloc(0), 0);
    await collect(recent.tap(inBlocks(large, 1 << 20)));
    expect(recent.rewind(2 << 20)).toBe(false);
    expect(recent.rewind(10 << 20)).toBe(true);
  });
});
