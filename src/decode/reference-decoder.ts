/**
 * The reference decoder: the readable truth of what every line means. Lines from split2, one decoder a format, one
 * object an event, gathered into batches.
 */
import { Transform } from 'node:stream';
import { BatchAccount } from './batch-account.js';
import type { DecodedBatch } from './decoded-batch.js';
import type { Decoder } from './decoder.js';
import type { DecodeOptions, Format } from './format.js';
import { LineReader, type DecoderStart } from './line-reader.js';
import { splitLines } from './split-lines.js';

export function createReferenceDecoder(format: Format, options: DecodeOptions, start: DecoderStart) {
  const reader = new LineReader(format, options, start, () => new BatchAccount());
  const { stages, ended } = splitLines((line) => reader.read(line));
  const [clamp, splitter] = stages;
  const last = new Transform({
    objectMode: true,
    highWaterMark: 1,
    transform: (batch: DecodedBatch, _encoding, callback) => {
      callback(null, batch);
    },
    flush: (callback) => {
      callback(null, reader.end());
    },
  });
  return {
    stages: [clamp, splitter, last] as const,
    flush: () => {
      if (ended()) return;
      const batch = reader.take();
      if (batch) splitter.push(batch);
    },
  } satisfies Decoder;
}
