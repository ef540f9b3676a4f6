import { describe, expect, it } from 'vitest';
import { Reading } from '../../src/ingest/reading.js';
import { fingerprint } from '../../src/input/recognise.js';
import { RecentBytes } from '../../src/input/recent-bytes.js';
import type { DecodedBatch } from '../../src/decode/decoded-batch.js';
import { onlySums } from '../../src/ingest/pieces/read-pieces.js';
import { Aggregator } from '../../src/aggregate/aggregator.js';
import type { InputSource } from '../../src/input/input-source.js';
import { collect, inBlocks, NEVER, noise } from '../input/blocks.js';

/** A file in memory that grows. */
class GrowingBytes implements InputSource {
  readonly name = 'app.log';
  readonly replayable = true;
  readonly mayGrow = true;
  readonly plainFile = null;
  readonly plainPipe = null;
  readonly device = null;
  readonly inode = null;
  readonly fault = null;
  readonly bytesRead = 0;
  bytes: Buffer = Buffer.alloc(0);

  get sizeBytes(): number {
    return this.bytes.length;
  }

  head(): Promise<Buffer> {
    return Promise.resolve(this.bytes);
  }

  read(offset: number): AsyncIterable<Buffer> {
    return inBlocks(this.bytes.subarray(offset), 1_000);
  }

  bytesBefore(places: readonly { readonly offset: number; readonly length: number }[]): Promise<Buffer[]> {
    return Promise.resolve(
      places.map(({ offset, length }) => this.bytes.subarray(Math.max(0, offset - length), offset)),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function batchUpTo(endOffset: number, lines: number): DecodedBatch {
  return { ...onlySums(new Aggregator(), endOffset), sums: null, lines };
}

describe('a reading that goes on', () => {
  it.each([3_000, 12 << 20])(
    'has the fingerprints of what it read after %s bytes, round by round',
    async (size) => {
      const input = noise(2 * size);
      const source = new GrowingBytes();
      const identity = {
        runId: 'run',
        inputNumber: 0,
        sourceName: null,
        isStored: true,
        opening: { head: Buffer.alloc(0), headerBytes: 0 },
      };
      const plan = { offset: 0, lines: 0, before: Buffer.alloc(0), retractKey: 0n, knownOffset: 0 };
      const reading = new Reading(
        source,
        identity,
        plan,
        new RecentBytes(Buffer.alloc(0), Buffer.alloc(0), 0),
        [],
      );
      let lines = 0;
      for (const end of [10, 700, size, size + 5, 2 * size]) {
        // Some bytes behind the last batch are left: their line is not whole.
        source.bytes = input.subarray(0, Math.min(input.length, end + 100));
        await collect(reading.bytes(NEVER));
        reading.mark(batchUpTo(end, 1));
        const checkpoint = reading.lastCheckpoint;
        await reading.goOn();
        expect(reading.start).toEqual({ offset: end, lines: ++lines });
        expect(checkpoint).toMatchObject({
          offset: end,
          headHash: fingerprint(input.subarray(0, Math.min(1024, end))),
          tailHash: fingerprint(input.subarray(Math.max(0, end - 1024), end)),
        });
        expect(reading.lastBytes.equals(input.subarray(Math.max(0, end - 1024), end))).toBe(true);
      }
    },
  );

  it('finds the bytes before a place far behind where it is', async () => {
    const source = new GrowingBytes();
    source.bytes = noise(20 << 20);
    const identity = {
      runId: 'run',
      inputNumber: 0,
      sourceName: null,
      isStored: false,
      opening: { head: Buffer.alloc(0), headerBytes: 0 },
    };
    const plan = { offset: 0, lines: 0, before: Buffer.alloc(0), retractKey: 0n, knownOffset: 0 };
    const reading = new Reading(
      source,
      identity,
      plan,
      new RecentBytes(Buffer.alloc(0), Buffer.alloc(0), 0),
      [],
    );
    await collect(reading.bytes(NEVER));
    reading.mark(batchUpTo(5_000, 1));
    await reading.goOn();
    expect(reading.lastBytes.equals(source.bytes.subarray(5_000 - 1024, 5_000))).toBe(true);
  });
});
