/** What an ingest makes of bytes that come as a stream, without a store: all that it tells, but for the time it took. */
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { DecoderName } from '../../src/decode/decoder.js';
import type { FormatName } from '../../src/decode/format.js';
import { StreamSource } from '../../src/input/stream-source.js';
import { ingest } from '../../src/pipeline.js';
import { ingestJson } from '../../src/report/render/json.js';
import { OPTIONS } from '../decode/decoding.js';
import { chunksOf } from '../differential/decode-both.js';

export interface Way {
  readonly decoder: DecoderName;
  readonly format: FormatName | 'auto';
  /** By it the bytes are cut into chunks; 0: they come whole. */
  readonly cutSeed: number;
  readonly gzipped: boolean;
}

export interface Told {
  readonly lines: number;
  readonly accounted: number;
  /** What was wrong with the input as a whole. */
  readonly faults: readonly string[];
  /** As JSON, with the report of what was accepted. */
  readonly body: string;
}

export async function readStream(bytes: Buffer, { decoder, format, cutSeed, gzipped }: Way): Promise<Told> {
  const sent = gzipped ? gzipSync(bytes, { level: 1 }) : bytes;
  const { summary, faults } = await ingest({
    inputs: ['stream'],
    open: (name, signal) =>
      Promise.resolve(new StreamSource(name, Readable.from(chunksOf(sent, cutSeed)), signal)),
    format,
    decode: OPTIONS,
    decoder,
    jobs: 1,
    store: null,
    sourceName: null,
    rejectsPath: null,
    timeZone: 'UTC',
    signal: new AbortController().signal,
  });
  const { lines, accepted, duplicates, ignored, rejected } = summary;
  return {
    lines,
    accounted: accepted + duplicates + ignored + rejected,
    faults: faults.map(({ code }) => code),
    body: ingestJson(summary).replace(/"(generated_at|seconds|bytes)": [^,\n]+,?/g, ''),
  };
}

/** Line feeds, and a last line that has none. */
export function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (const byte of bytes) if (byte === 0x0a) lines++;
  return lines + (bytes.length > 0 && bytes.at(-1) !== 0x0a ? 1 : 0);
}
