/** One input through both decoders, and the first thing in which what they made of it differs. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DecodedBatch } from '../../src/decode/decoded-batch.js';
import type { DecodeOptions, FormatName } from '../../src/decode/format.js';
import { formatNamed } from '../../src/decode/formats.js';
import { Kernel } from '../../src/decode/kernel/kernel.js';
import { ColumnReader } from '../../src/decode/kernel/column-reader.js';
import { BatchMaker, type KernelBatch } from '../../src/decode/kernel/batch-maker.js';
import { KernelDecoder } from '../../src/decode/kernel/kernel-decoder.js';
import { toDecodedBatch } from '../../src/decode/kernel/kernel-stage.js';
import type { DecoderStart } from '../../src/decode/line-reader.js';
import { createReferenceDecoder } from '../../src/decode/reference-decoder.js';
import { MAX_LINE_BYTES } from '../../src/decode/split-lines.js';
import { TEXT_FIELDS, type TextField } from '../../src/event/event.js';
import { eventAt, type EventBatch } from '../../src/event/event-batch.js';
import { loadKernel } from '../../src/ingest/load-kernel.js';
import { createRandom, type Random } from '../../scripts/random.mjs';
import { OPTIONS } from '../decode/decoding.js';
import { isKernels } from './kernel-formats.js';

/** An input with all that says how it is to be read. */
export interface Case {
  readonly format: FormatName;
  readonly options: DecodeOptions;
  readonly input: Buffer;
  readonly start: Pick<DecoderStart, 'offset' | 'lines' | 'firstLine'> & { readonly keepsOpenLine: boolean };
  /** How many bytes the kernel decodes at once. */
  readonly stepBytes: number;
  /** By it the input is cut into chunks, for each decoder in another way. */
  readonly cutSeed: number;
}

export const FROM_THE_TOP = { offset: 0, lines: 0, firstLine: '', keepsOpenLine: true } as const;
export const STEP_BYTES = 4 << 20;

/** A whole input, read from its top with the usual options, but for what is said otherwise. */
export function wholeCase(format: FormatName, input: Buffer, otherwise: Partial<Case> = {}): Case {
  return {
    format,
    options: OPTIONS,
    input,
    start: FROM_THE_TOP,
    stepBytes: STEP_BYTES,
    cutSeed: 0,
    ...otherwise,
  };
}

/** Cuts an input into chunks: many small ones, or few large ones; `cutSeed` 0 leaves it whole. */
export function* chunksOf(input: Buffer, cutSeed: number): Iterable<Buffer> {
  const random = createRandom(cutSeed);
  const usual = cutSeed === 0 ? input.length : random.pick([1 << 12, 1 << 15, 1 << 17, 1 << 20]);
  for (let at = 0; at < input.length;) {
    const length = cutSeed !== 0 && random.chance(0.2) ? random.integer(1, 40) : random.integer(1, usual);
    const end = cutSeed === 0 ? input.length : at + length;
    yield input.subarray(at, end);
    at = end;
  }
}

export async function decodeByReference({
  format,
  options,
  input,
  start,
  cutSeed,
}: Case): Promise<DecodedBatch[]> {
  const decoder = createReferenceDecoder(formatNamed(format), options, startOf(start));
  const batches: DecodedBatch[] = [];
  // Every line that is no JSON throws; the test runner takes long to make a stack of it.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  await pipeline(
    Readable.from(chunksOf(input, cutSeed)),
    ...decoder.stages,
    async (decoded: AsyncIterable<DecodedBatch>) => {
      for await (const batch of decoded) batches.push(batch);
    },
  ).finally(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });
  return batches;
}

export function decodeByKernel(tried: Case): DecodedBatch[] {
  const { format, options, input, start, stepBytes, cutSeed } = tried;
  const sizes = {
    blockBytes: stepBytes + MAX_LINE_BYTES,
    campaigns: 2_000,
    groups: 1_000,
    counts: false,
    marks: false,
  };
  const batchMaker = new BatchMaker(new Kernel(loadKernel(), sizes, options), null);
  const decoder = new KernelDecoder(batchMaker, formatNamed(format), options, startOf(start));
  const columns = new ColumnReader();
  const batches: DecodedBatch[] = [];
  const take = (made: readonly KernelBatch[]): void => {
    for (const batch of made) batches.push(toDecodedBatch(batch, columns));
  };
  const random = createRandom(cutSeed + 1);
  const flushes: Random['chance'] = cutSeed === 0 ? () => false : (share) => random.chance(share);
  for (const chunk of chunksOf(input, cutSeed === 0 ? 0 : cutSeed + 2)) {
    take(decoder.push(chunk));
    // Now and then somebody wants to see what there is so far.
    if (flushes(0.02)) take(decoder.decodeLines());
  }
  take(decoder.end());
  return batches;
}

function startOf({ keepsOpenLine, ...start }: Case['start']): DecoderStart {
  return { ...start, keepsOpenLine: () => keepsOpenLine };
}

/** What differs between the two decoders; null where nothing does. */
export async function differenceOf(tried: Case): Promise<string | null> {
  const expected = await decodeByReference(tried);
  const found = decodeByKernel(tried);
  return (
    accountFault(expected, tried) ?? accountFault(found, tried) ?? differenceBetween(expected, found) ?? null
  );
}

/** As `differenceOf` where the kernel reads the format; else what is wrong with the reference's own account. */
export async function faultOf(tried: Case): Promise<string | null> {
  if (isKernels(tried.format, tried.options, tried.start.firstLine)) return differenceOf(tried);
  return accountFault(await decodeByReference(tried), tried);
}

/** What is wrong with the account of the lines itself. */
export function accountFault(
  batches: readonly DecodedBatch[],
  { input, start }: Pick<Case, 'input' | 'start'>,
): string | null {
  let lines = 0;
  for (const batch of batches) {
    const ignored = [...batch.ignores.values()].reduce((sum, count) => sum + count, 0);
    if (batch.lines !== batch.events.length + batch.countedEvents + ignored + batch.rejects.length) {
      return `of ${batch.lines} lines ${batch.events.length} are events, ${ignored} ignored, ${batch.rejects.length} rejected`;
    }
    lines += batch.lines;
    for (const { offset, byteLength, bytes } of batch.rejects) {
      const there = input.subarray(offset - start.offset, offset - start.offset + byteLength);
      if (bytes !== there.toString('latin1', 0, bytes.length))
        return `a rejected line is not what stands at ${offset}`;
    }
  }
  const left = leftBehind(batches, { input, start });
  const there = linesIn(input, start.keepsOpenLine) - linesIn(left, false);
  return lines === there ? null : `${lines} lines are accounted for, of ${there}`;
}

/** What stands behind the last batch where more may come: a record that is not whole is left, with the lines in it. */
function leftBehind(
  batches: readonly DecodedBatch[],
  { input, start }: Pick<Case, 'input' | 'start'>,
): Buffer {
  if (start.keepsOpenLine) return Buffer.alloc(0);
  const left = input.subarray((batches.at(-1)?.endOffset ?? start.offset) - start.offset);
  // A quote begins it.
  return left.includes(34) ? left : Buffer.alloc(0);
}

function linesIn(input: Buffer, countsOpenLine: boolean): number {
  let lines = 0;
  for (let at = input.indexOf(10); at >= 0; at = input.indexOf(10, at + 1)) lines++;
  return lines + (countsOpenLine && input.length > 0 && input.at(-1) !== 10 ? 1 : 0);
}

/** What differs between two decodings of one input, which may be cut into other batches. */
export function differenceBetween(
  expected: readonly DecodedBatch[],
  found: readonly DecodedBatch[],
): string | null {
  return eventDifference(expected, found) ?? valueDifference(restOf(expected), restOf(found));
}

/** What is left of batches but for their events; it does not depend on how they were cut. */
function restOf(batches: readonly DecodedBatch[]): Readonly<Record<string, unknown>> {
  const ignores = new Map<string, number>();
  for (const batch of batches) {
    for (const [reason, count] of batch.ignores) ignores.set(reason, (ignores.get(reason) ?? 0) + count);
  }
  return {
    lines: batches.reduce((sum, { lines }) => sum + lines, 0),
    stamped: batches.reduce((sum, { stamped }) => sum + stamped, 0),
    endOffset: batches.at(-1)?.endOffset,
    openRecord: batches.at(-1)?.openRecord ?? null,
    ignores: [...ignores].sort(([a], [b]) => (a < b ? -1 : 1)),
    rejects: batches.flatMap(({ rejects }) => rejects),
  };
}

function valueDifference(
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): string | null {
  for (const name of Object.keys(expected)) {
    const theirs = expected[name];
    const ours = found[name];
    if (Array.isArray(theirs) && Array.isArray(ours)) {
      const index = theirs.findIndex((item, i) => JSON.stringify(item) !== JSON.stringify(ours[i]));
      if (index >= 0) return told(`${name}[${index}]`, theirs[index], ours[index]);
      if (ours.length > theirs.length) return told(`${name}[${theirs.length}]`, null, ours[theirs.length]);
    } else if (JSON.stringify(theirs) !== JSON.stringify(ours)) {
      return told(name, theirs, ours);
    }
  }
  return null;
}

/** The events one after the other: whole columns at a time, as far as the batches of both go on. */
function eventDifference(expected: readonly DecodedBatch[], found: readonly DecodedBatch[]): string | null {
  const theirs = new Rows(expected);
  const ours = new Rows(found);
  for (let row = 0; ;) {
    const length = Math.min(theirs.left, ours.left);
    if (length === 0) {
      return theirs.left === ours.left
        ? null
        : told(`event ${row}`, ...eventsOf(theirs, ours, 0, theirs.left > 0, ours.left > 0));
    }
    const differing = firstDifference(theirs, ours, length);
    if (differing >= 0) return told(`event ${row + differing}`, ...eventsOf(theirs, ours, differing));
    row += length;
    theirs.advance(length);
    ours.advance(length);
  }
}

function eventsOf(theirs: Rows, ours: Rows, row: number, isTheirs = true, isOurs = true): [unknown, unknown] {
  return [
    isTheirs ? eventAt(theirs.batch, theirs.row + row) : null,
    isOurs ? eventAt(ours.batch, ours.row + row) : null,
  ];
}

function told(what: string, expected: unknown, found: unknown): string {
  return `${what}: the reference has ${shown(expected)}, the kernel ${shown(found)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
  const whole = (text as string | undefined) ?? 'nothing';
  return whole.length > 2_000 ? `${whole.slice(0, 2_000)}… (${whole.length} characters)` : whole;
}

/** A place in the rows of several batches. */
class Rows {
  readonly #batches: readonly EventBatch[];
  #index = 0;
  row = 0;

  constructor(batches: readonly DecodedBatch[]) {
    this.#batches = batches.map(({ events }) => events).filter(({ length }) => length > 0);
  }

  get batch(): EventBatch {
    const batch = this.#batches[this.#index];
    if (!batch) throw new RangeError('no row is left');
    return batch;
  }

  /** Rows left in this batch. */
  get left(): number {
    return (this.#batches[this.#index]?.length ?? 0) - this.row;
  }

  advance(rows: number): void {
    this.row += rows;
    if (this.left > 0) return;
    this.#index++;
    this.row = 0;
  }
}

/** The first of `length` rows in which two places differ; -1 where none does. */
function firstDifference(theirs: Rows, ours: Rows, length: number): number {
  const { batch: a, row: aStart } = theirs;
  const { batch: b, row: bStart } = ours;
  let first = length;
  for (let row = 0; row < first; row++) {
    if (
      a.types[aStart + row] !== b.types[bStart + row] ||
      a.timestampMicros[aStart + row] !== b.timestampMicros[bStart + row] ||
      a.amountMicros[aStart + row] !== b.amountMicros[bStart + row]
    )
      first = row;
  }
  for (const field of TEXT_FIELDS) first = firstTextDifference(field, theirs, ours, first);
  return first === length ? -1 : first;
}

function firstTextDifference(field: TextField, theirs: Rows, ours: Rows, length: number): number {
  const { codes: aCodes, dictionary: aTexts } = theirs.batch.texts[field];
  const { codes: bCodes, dictionary: bTexts } = ours.batch.texts[field];
  const aKeys = wordsOf(aTexts.keys());
  const bKeys = wordsOf(bTexts.keys());
  for (let row = 0; row < length; row++) {
    const a = aCodes[theirs.row + row] ?? 0;
    const b = bCodes[ours.row + row] ?? 0;
    if (a === 0 && b === 0) continue;
    if (
      aKeys[2 * a] !== bKeys[2 * b] ||
      aKeys[2 * a + 1] !== bKeys[2 * b + 1] ||
      (a === 0) !== (b === 0) ||
      aTexts.text(a) !== bTexts.text(b)
    )
      return row;
  }
  return length;
}

function wordsOf(keys: BigUint64Array): Uint32Array {
  return new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
}
