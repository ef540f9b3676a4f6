import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import type { DecodedBatch } from '../../src/decode/decoded-batch.js';
import type { FormatName } from '../../src/decode/format.js';
import { formatNamed } from '../../src/decode/formats.js';
import { createKernelDecoder, createKernelStage } from '../../src/decode/kernel/kernel-stage.js';
import { MAX_BATCH_EVENTS } from '../../src/decode/batch-account.js';
import { createReferenceDecoder } from '../../src/decode/reference-decoder.js';
import { loadKernel } from '../../src/ingest/load-kernel.js';
import { accountedFor, decodeText, OPTIONS, sumOf } from './decoding.js';

const CLICK = '{"campaign_id":"c","user_id":"u","ts":1}\n';

describe('the batches of a decoder', () => {
  it('hold as many events as they have room for, and the rest comes in the next', async () => {
    const count = 2 * MAX_BATCH_EVENTS + 7;
    const decoded = await decodeText('ndjson', CLICK.repeat(count));
    expect(decoded.batches.map(({ events }) => events.length)).toEqual([
      MAX_BATCH_EVENTS,
      MAX_BATCH_EVENTS,
      7,
    ]);
    expect(decoded.batches.map(({ endOffset }) => endOffset)).toEqual([
      MAX_BATCH_EVENTS * CLICK.length,
      2 * MAX_BATCH_EVENTS * CLICK.length,
      count * CLICK.length,
    ]);
  });

  it('are handed on for their lines too, where there are no events in them', async () => {
    const decoded = await decodeText('ndjson', '\n'.repeat(300_000));
    expect(decoded.batches.length).toBeGreaterThan(1);
    expect(decoded.ignores).toEqual({ blank_line: 300_000 });
    expect(decoded.endOffset).toBe(300_000);
  });

  it('are handed on for what they keep of rejected lines, so that memory is bounded', async () => {
    const bad = `${'x'.repeat(1 << 20)}\n`;
    const decoded = await decodeText('ndjson', bad.repeat(40));
    expect(decoded.rejects).toHaveLength(40);
    for (const { rejects } of decoded.batches) {
      expect(rejects.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(16 << 20);
    }
    expect(accountedFor(decoded)).toBe(40);
  });
});

/** Runs a decoder whose input comes in two parts, and flushes it until a batch has come of the first. */
async function decodeFlushed(format: FormatName, first: string, second: string): Promise<DecodedBatch[]> {
  const firstLine = first.split('\n')[0] ?? '';
  const start = { offset: 0, lines: 0, firstLine, keepsOpenLine: () => true };
  const decoder = createReferenceDecoder(formatNamed(format), OPTIONS, start);
  const input = new PassThrough();
  const batches: DecodedBatch[] = [];
  const nudge = setInterval(() => {
    decoder.flush();
  }, 1);
  input.write(first);
  await pipeline(input, ...decoder.stages, async (decoded: AsyncIterable<DecodedBatch>) => {
    for await (const batch of decoded) {
      batches.push(batch);
      clearInterval(nudge);
      if (batches.length === 1) input.end(second);
    }
  });
  decoder.flush();
  return batches;
}

describe('flush', () => {
  it('hands on what has been decoded, and nothing of it twice', async () => {
    const batches = await decodeFlushed('ndjson', `${CLICK}${CLICK}{"campaign`, '_id":"d","user_id":"u"}\n');
    const [first] = batches;
    expect(first).toMatchObject({ lines: 2, endOffset: 2 * CLICK.length, openRecord: null });
    const whole = sumOf(batches);
    expect(whole.events.map(({ campaign_id }) => campaign_id)).toEqual(['c', 'c', 'd']);
    expect(whole.lines).toBe(3);
  });

  it('leaves behind a record that is not whole yet, all of its lines', async () => {
    const before = 'campaign_id,user_id,product\nc,u1,p\n';
    const batches = await decodeFlushed('csv', `${before}c,u2,"two\n`, 'lines"\nc,u3,p\n');
    expect(batches[0]).toMatchObject({ lines: 2, endOffset: before.length, openRecord: null });
    expect(sumOf(batches).events.map(({ user_id }) => user_id)).toEqual(['u1', 'u2', 'u3']);
    expect(sumOf(batches).lines).toBe(5);
  });

  it('tells what a kernel that only counts has counted so far, and nothing of it twice', async () => {
    const start = { offset: 0, lines: 0, firstLine: CLICK.trimEnd(), keepsOpenLine: () => true };
    const ndjson = formatNamed('ndjson');
    const decoder = createKernelStage(createKernelDecoder(loadKernel(), 'counted', ndjson, OPTIONS, start));
    const [stage] = decoder.stages;
    const clicksOfC: (number | undefined)[] = [];
    let countedEvents = 0;
    stage.on('data', ({ sums, ...batch }: DecodedBatch) => {
      countedEvents += batch.countedEvents;
      if (sums) clicksOfC.push(sums.campaigns.groups.get('c')?.clicks);
    });
    for (const clicks of [3, 0, 2]) {
      stage.write(CLICK.repeat(clicks));
      decoder.flush();
      // Let what was pushed be read.
      await new Promise((done) => setImmediate(done));
    }
    stage.end(CLICK);
    await finished(stage);
    expect(clicksOfC).toEqual([3, 2, 1]);
    expect(countedEvents).toBe(6);
  });
});
