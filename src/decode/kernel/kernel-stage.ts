/** The kernel as a stage of the pipeline, on this thread. */
import { Transform } from 'node:stream';
import { MAX_CAMPAIGNS, MAX_DIMENSION_GROUPS } from '../../aggregate/aggregator.js';
import { EMPTY_BATCH } from '../../event/event-batch.js';
import type { DecodedBatch } from '../decoded-batch.js';
import type { Decoder } from '../decoder.js';
import type { DecodeOptions, Format } from '../format.js';
import type { DecoderStart } from '../line-reader.js';
import { MAX_LINE_BYTES } from '../split-lines.js';
import { Kernel } from './kernel.js';
import { ColumnReader } from './column-reader.js';
import { BatchMaker, type KernelBatch, type RowUse } from './batch-maker.js';
import { KernelDecoder } from './kernel-decoder.js';
import { KernelTotals } from './kernel-totals.js';

/** Bytes decoded at once: few enough to stay in the processor's cache, or enough to fill a batch. */
export const STEP_BYTES: Readonly<Record<RowUse, number>> = { counted: 1536 * 1024, copied: 4 << 20 };

interface KernelNeeds {
  readonly use: RowUse;
  readonly blockBytes: number;
  readonly blocks?: number;
  readonly marks?: boolean;
}

interface MakerNeeds {
  /** See BatchMaker. */
  readonly isForAnotherThread?: boolean;
  /** Into how many blocks lines can be written at a time. */
  readonly blocks?: number;
}

/** A kernel that can serve one decoder after the other. */
export function createBatchMaker(
  module: WebAssembly.Module,
  use: RowUse,
  options: DecodeOptions,
  { isForAnotherThread = false, blocks = 1 }: MakerNeeds = {},
): BatchMaker {
  const marks = isForAnotherThread && use === 'copied';
  const blockBytes = STEP_BYTES[use] + MAX_LINE_BYTES;
  const kernel = createKernel(module, { use, blockBytes, blocks, marks }, options);
  const totals = use === 'counted' ? new KernelTotals(kernel, isForAnotherThread) : null;
  return new BatchMaker(kernel, totals, isForAnotherThread);
}

export function createKernel(
  module: WebAssembly.Module,
  { use, blockBytes, blocks = 1, marks = false }: KernelNeeds,
  options: DecodeOptions,
): Kernel {
  const sizes = {
    blockBytes,
    blocks,
    campaigns: MAX_CAMPAIGNS,
    groups: MAX_DIMENSION_GROUPS,
    counts: use === 'counted',
    marks,
  };
  return new Kernel(module, sizes, options);
}

export function createKernelDecoder(
  module: WebAssembly.Module,
  use: RowUse,
  format: Format,
  options: DecodeOptions,
  start: DecoderStart,
): KernelDecoder {
  return new KernelDecoder(createBatchMaker(module, use, options), format, options, start);
}

/** As the pipeline sees it. `columns` is the reader of all that this kernel has copied so far. */
export function createKernelStage(decoder: KernelDecoder, columns = new ColumnReader()): Decoder {
  let ended = false;
  const pushAll = (batches: readonly KernelBatch[]): void => {
    for (const batch of batches) stage.push(toDecodedBatch(batch, columns));
  };
  const stage = new Transform({
    readableObjectMode: true,
    readableHighWaterMark: 1,
    transform: (bytes: Buffer, _encoding, callback) => {
      pushAll(decoder.push(bytes));
      callback();
    },
    flush: (callback) => {
      ended = true;
      pushAll(decoder.end());
      callback();
    },
  });
  return {
    stages: [stage],
    flush: () => {
      if (ended) return;
      pushAll(decoder.decodeLines());
      // Whoever watches a live stream wants to know of its campaigns before its end.
      pushAll(decoder.countedSoFar());
    },
  };
}

export function toDecodedBatch({ columns, ...batch }: KernelBatch, reader: ColumnReader): DecodedBatch {
  return { ...batch, events: columns ? reader.batchOf(columns) : EMPTY_BATCH };
}
