import { describe, expect, it } from 'vitest';
import { BatchMemory } from '../../src/decode/kernel/batch-memory.js';

describe('the memory of batches', () => {
  it('gives rooms that do not overlap and begin where numbers of 64 bits may', () => {
    const memory = new BatchMemory(true);
    memory.begin(64);
    const rooms = [3, 0, 8, 17, 1].map((length) => memory.take(length));
    rooms.forEach((room, i) => room.fill(i + 1));
    expect(rooms.map((room) => [...new Set(room)])).toEqual([[1], [], [3], [4], [5]]);
    expect(rooms.map(({ length }) => length)).toEqual([3, 0, 8, 17, 1]);
    expect(rooms.every(({ byteOffset }) => byteOffset % 8 === 0)).toBe(true);
    expect(memory.end()).toEqual([rooms[0]?.buffer]);
  });

  it('takes a further block where a batch is larger than expected', () => {
    const memory = new BatchMemory(true);
    memory.begin(16);
    const buffers = [16, 100, 1].map((length) => memory.take(length).buffer);
    expect(new Set(buffers).size).toBe(3);
    expect(memory.end()).toEqual(buffers);
  });

  it('uses a block again once it has come back, for what it is large enough for, and by one batch at a time', () => {
    const memory = new BatchMemory(true);
    const use = (bytes: number): ArrayBufferLike[] => {
      memory.begin(bytes);
      memory.take(bytes);
      return memory.end();
    };
    const first = use(1_000);
    expect(use(1_000)[0]).not.toBe(first[0]);
    memory.giveBack(first);
    expect(use(2_000)[0]).not.toBe(first[0]);
    expect(use(800)[0]).toBe(first[0]);
    expect(use(800)[0]).not.toBe(first[0]);
  });
});
