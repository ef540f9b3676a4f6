/**
 * The whole data path on one page: open → decode → aggregate and store. Each input is read from where it was last
 * committed; its bytes become lines, lines become batches of events, and batches are gathered into commits.
 */
import { pipeline } from 'node:stream/promises';
import type { DecodedBatch } from './decode/decoded-batch.js';
import type { Decoder } from './decode/decoder.js';
import type { Format } from './decode/format.js';
import { formatNamed } from './decode/formats.js';
import { createReferenceDecoder } from './decode/reference-decoder.js';
import { KernelDecoder } from './decode/kernel/kernel-decoder.js';
import { kernelReads } from './decode/kernel/kernel-formats.js';
import { createKernelStage } from './decode/kernel/kernel-stage.js';
import { readSideBySide } from './ingest/pieces/read-side-by-side.js';
import type { DecoderStart } from './decode/line-reader.js';
import { chooseFormat, describeBinary, sampleLines } from './decode/sample.js';
import { MapipeError } from './errors.js';
import { failPoint } from './fail-point.js';
import type { IngestRequest, IngestResult } from './ingest/ingest-request.js';
import { IngestRun } from './ingest/ingest-run.js';
import type { Reading } from './ingest/reading.js';
import type { Opening } from './input/beginning.js';
import { MAX_HEAD_BYTES, type InputSource } from './input/input-source.js';
import { openInput } from './input/open-input.js';

const MAX_ATTEMPTS = 1_000;

/** Reads every input into the store and the aggregator, and accounts for every line. */
export async function ingest(request: IngestRequest): Promise<IngestResult> {
  const run = await IngestRun.start(request);
  request.onStart?.(run);
  try {
    let waiting = [...request.inputs.keys()];
    for (let attempt = 1; waiting.length > 0; attempt++) {
      for (const index of waiting) {
        if (!request.signal.aborted) await readInput(run, request, index);
      }
      waiting = request.signal.aborted ? [] : await run.settle();
      if (attempt === MAX_ATTEMPTS && waiting.length > 0) throw contested(request, waiting);
    }
    await run.settle();
    failPoint('ingest.settled');
  } finally {
    await run.close();
  }
  return { summary: run.summary(), faults: run.faults };
}

async function readInput(run: IngestRun, request: IngestRequest, index: number): Promise<void> {
  const name = request.inputs[index] ?? '';
  try {
    const source = await (request.open ?? openInput)(name, request.signal);
    run.hold(index, source);
    const top = await lookAtTop(source, request.format);
    if (top.format === null && !isBlank(top)) throw formatUnknown(name, top.head);
    const reading = await run.startReading(index, source, top);
    await readOn(run, request, reading, top);
    run.finishReading(reading);
  } catch (error) {
    // One bad input does not keep the others from being read; a store that fails does.
    if (!(error instanceof MapipeError) || error.code.startsWith('MAPIPE_STORE')) throw error;
    run.faults.push(error);
  }
}

/** What stands at the top of an input. */
export interface InputTop extends Opening {
  /** null where its lines are in none that is known. */
  readonly format: Format | null;
  /** The first line that is not blank. */
  readonly firstLine: string;
}

export async function lookAtTop(source: InputSource, format: IngestRequest['format']): Promise<InputTop> {
  const head = await source.head((bytes) => {
    const whole = sampleLines(bytes, false);
    return whole.length > 0 && chooseFormat(format, whole) !== null;
  });
  const lines = sampleLines(head, head.length < MAX_HEAD_BYTES);
  const chosen = chooseFormat(format, lines);
  const firstLine = lines[0] ?? '';
  // Of a format whose records may span lines the first one is a header.
  const headerBytes = chosen?.leavesOpen ? head.indexOf(firstLine) + Buffer.byteLength(firstLine) : 0;
  return { head, headerBytes, format: chosen, firstLine };
}

export function isBlank({ head }: InputTop): boolean {
  return head.toString('latin1').trim() === '';
}

/** Reads an input from where its reading stands to its end, and hands all of it to the committer. */
export async function readOn(
  run: IngestRun,
  request: IngestRequest,
  reading: Reading,
  { format, firstLine }: InputTop,
): Promise<void> {
  const { source } = reading;
  const from = reading.start.offset;
  if (format) await readSideBySide(run, request, reading, format, firstLine);
  const { offset } = reading.start;
  if (offset > from && source.plainFile?.endsAt(offset)) return;
  const restBytes = source.sizeBytes === null ? null : source.sizeBytes - offset;
  const decoder = createDecoder(run, request, restBytes, format ?? formatNamed('text'), {
    ...reading.start,
    firstLine,
    keepsOpenLine: () => !request.signal.aborted && source.fault === null && !source.mayGrow,
  });
  const commit = (batches: AsyncIterable<DecodedBatch>): Promise<void> => gather(run, reading, batches);
  const commitLive = (): void => {
    decoder.flush();
    // A commit that fails ends the stream, also one in which nothing comes.
    run.committer.flush().catch((error: unknown) => decoder.stages[0].destroy(asError(error)));
  };
  const stopLive = source.replayable ? null : run.committer.whenDue(commitLive);
  try {
    const bytes = reading.bytes(request.signal);
    await (decoder.stages.length === 1
      ? pipeline(bytes, ...decoder.stages, commit)
      : pipeline(bytes, ...decoder.stages, commit));
  } finally {
    stopLive?.();
  }
}

/** From this size on it pays to start the kernel. */
const MIN_BYTES_FOR_KERNEL = 64 * 1024;

function createDecoder(
  run: IngestRun,
  request: IngestRequest,
  restBytes: number | null,
  format: Format,
  start: DecoderStart,
): Decoder {
  const { decoder = 'auto', decode, store } = request;
  const isSmall = restBytes !== null && restBytes < MIN_BYTES_FOR_KERNEL;
  const isReadable = kernelReads(format, decode, start.firstLine);
  if (decoder === 'kernel' && !isReadable) throw notForKernel(format);
  if (decoder === 'reference' || !isReadable || (decoder === 'auto' && isSmall)) {
    return createReferenceDecoder(format, decode, start);
  }
  const { batches, columns } = run.kernel(store === null ? 'counted' : 'copied', decode);
  return createKernelStage(new KernelDecoder(batches, format, decode, start), columns);
}

function notForKernel({ name }: Format): MapipeError {
  const message = `--decoder kernel expects JSON lines, CSV, TSV or access logs without --map, got ${name}`;
  return new MapipeError('MAPIPE_USAGE', message, {
    hint: 'leave it out: the result is the same',
  });
}

async function gather(run: IngestRun, reading: Reading, batches: AsyncIterable<DecodedBatch>): Promise<void> {
  for await (const batch of batches) {
    // What another process has stored meanwhile is not read to its end.
    if (reading.overtaken) reading.stop();
    else await run.committer.add(reading, reading.mark(batch));
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

export function formatUnknown(name: string, head: Buffer): MapipeError {
  const what = name === '-' ? 'stdin' : name;
  const binary = describeBinary(head);
  if (binary === null) {
    return new MapipeError(
      'MAPIPE_FORMAT_UNKNOWN',
      `cannot tell the format of ${what} from its first lines`,
      {
        hint: 'name it with --input-format (mapipe ingest --help lists them)',
      },
    );
  }
  return new MapipeError('MAPIPE_INPUT_BINARY', `expected a text log, but ${what} is ${binary}`, {
    hint: binary.startsWith('UTF-16')
      ? `convert it: iconv -f UTF-16 -t UTF-8 ${what}`
      : 'name the log file itself',
  });
}

function contested(request: IngestRequest, waiting: readonly number[]): MapipeError {
  const names = waiting.map((index) => request.inputs[index]).join(', ');
  return new MapipeError('MAPIPE_INPUT_CONTESTED', `another process keeps reading the same input: ${names}`, {
    hint: 'let it finish; running this command again adds only what it left',
  });
}
