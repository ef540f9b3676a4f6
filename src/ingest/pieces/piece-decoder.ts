/** Decodes pieces of a file, one after the other, on whatever thread it is. */
import { readSync } from 'node:fs';
import type { AggregateSums } from '../../aggregate/aggregator.js';
import type { DecodeOptions, Format } from '../../decode/format.js';
import { formatNamed } from '../../decode/formats.js';
import { parseGoal } from '../../decode/goal.js';
import type { BatchMaker, KernelBatch } from '../../decode/kernel/batch-maker.js';
import { KernelDecoder } from '../../decode/kernel/kernel-decoder.js';
import { createBatchMaker, STEP_BYTES } from '../../decode/kernel/kernel-stage.js';
import { systemErrorCode } from '../../errors.js';
import { nowMicros } from '../../event/time.js';
import { FINGERPRINT_BYTES } from '../../store/checkpoint.js';
import type { DecodedPiece, Piece, PieceBatch, PieceSetup, PlainDecodeOptions } from './piece.js';

const LINE_FEED = 0x0a;
/** Most lines end within so much; of one that does not, more is looked at a time. */
const FIRST_SEARCH_BYTES = 1024;
const SEARCH_BYTES = 64 * 1024;
const NO_BYTES = new Uint8Array(0);

export class PieceDecoder {
  readonly #setup: PieceSetup;
  readonly #format: Format;
  readonly #options: DecodeOptions;
  readonly #batches: BatchMaker;

  constructor(setup: PieceSetup) {
    this.#setup = setup;
    this.#format = formatNamed(setup.format);
    this.#options = decodeOptionsOf(setup.options);
    const blocks = Math.max(1, setup.blocks);
    this.#batches = createBatchMaker(setup.module, setup.use, this.#options, {
      isForAnotherThread: true,
      blocks,
    });
  }

  /** The memory that lines can be written into; of lines that are to be stored no more than make one batch. */
  blocks(): Uint8Array[] {
    const { blocks, use } = this.#setup;
    const { kernel } = this.#batches;
    const bytes = use === 'copied' ? STEP_BYTES[use] : kernel.blockBytes;
    return Array.from({ length: blocks }, (_, i) => kernel.useBlock(i).subarray(0, bytes));
  }

  decode(piece: Piece): DecodedPiece {
    const from = piece.block === null ? this.#lineStart(piece.from) : piece.from;
    const isEmpty = from === null || from >= piece.to;
    const startOffset = isEmpty ? piece.from : from;
    const batches: PieceBatch[] = [];
    let decoder: KernelDecoder | null = null;
    let fault: DecodedPiece['fault'] = null;
    try {
      if (!isEmpty) {
        decoder = this.#decoderFrom(startOffset);
        if (piece.block === null) this.#readFile(decoder, startOffset, piece.to, batches);
        else this.#add(batches, decoder.decodeIn(piece.block, piece.to - piece.from));
        this.#add(batches, decoder.decodeLines());
        const last = batches.pop();
        if (last) batches.push({ batch: last.batch, tail: this.#bytesBefore(last.batch.endOffset) });
      }
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      fault = { code, message: error instanceof Error ? error.message : String(error) };
    }
    return {
      number: piece.number,
      batches,
      startOffset,
      endOffset: decoder?.offset ?? piece.from,
      lines: batches.reduce((sum, { batch }) => sum + batch.lines, 0),
      endsWithinRecord: decoder?.isWithinRecord ?? false,
      fault,
    };
  }

  /** Takes back the memory of a batch that nobody looks at any more. */
  giveBack(memory: readonly ArrayBufferLike[]): void {
    this.#batches.giveBack(memory);
  }

  takeSums(): AggregateSums | null {
    return this.#batches.takeSums();
  }

  #decoderFrom(offset: number): KernelDecoder {
    return new KernelDecoder(this.#batches, this.#format, this.#options, {
      offset,
      lines: 0,
      firstLine: this.#setup.firstLine,
      keepsOpenLine: () => false,
    });
  }

  /** Reads the lines that begin before `pieceEnd`. */
  #readFile(decoder: KernelDecoder, from: number, pieceEnd: number, batches: PieceBatch[]): void {
    const to = this.#lineStart(pieceEnd) ?? Number.POSITIVE_INFINITY;
    for (let at = from; at < to;) {
      const room = decoder.room();
      const length = this.#read(room, Math.min(room.length, to - at), at);
      if (length === 0) break;
      at += length;
      this.#add(batches, decoder.advance(length));
    }
  }

  #read(into: Uint8Array, length: number, offset: number): number {
    return this.#setup.fd === null ? 0 : readSync(this.#setup.fd, into, 0, length, offset);
  }

  #add(batches: PieceBatch[], decoded: readonly KernelBatch[]): void {
    for (const batch of decoded) {
      if (this.#setup.use === 'copied') {
        batches.push({ batch, tail: this.#bytesBefore(batch.endOffset) });
        continue;
      }
      // What is only counted comes in many small batches: an account of all of them does.
      const last = batches.at(-1);
      const isPlain = last?.batch.columns === null && batch.columns === null;
      if (isPlain) batches.pop();
      const joined = isPlain ? together(last.batch, batch) : batch;
      batches.push({ batch: joined, tail: NO_BYTES });
    }
  }

  /** What a checkpoint there goes by; nothing of what cannot be read again. */
  #bytesBefore(offset: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(Math.min(FINGERPRINT_BYTES, offset));
    return bytes.subarray(0, this.#read(bytes, bytes.length, offset - bytes.length));
  }

  /** Where the first line begins at or behind `offset`; null where none does. */
  #lineStart(offset: number): number | null {
    if (offset === 0) return 0;
    let block = new Uint8Array(FIRST_SEARCH_BYTES);
    // What is before decides whether a line begins just here.
    for (let at = offset - 1; ; block = new Uint8Array(SEARCH_BYTES)) {
      const length = this.#read(block, block.length, at);
      if (length === 0) return null;
      const lineFeed = block.subarray(0, length).indexOf(LINE_FEED);
      if (lineFeed >= 0) return at + lineFeed + 1;
      at += length;
    }
  }
}

/** The account of two batches without rows, one behind the other. */
function together(a: KernelBatch, b: KernelBatch): KernelBatch {
  const ignores = new Map(a.ignores);
  for (const [reason, count] of b.ignores) ignores.set(reason, (ignores.get(reason) ?? 0) + count);
  return {
    ...b,
    countedEvents: a.countedEvents + b.countedEvents,
    lines: a.lines + b.lines,
    ignores,
    rejects: [...a.rejects, ...b.rejects],
    stamped: a.stamped + b.stamped,
  };
}

function decodeOptionsOf({ goals, ...plain }: PlainDecodeOptions): DecodeOptions {
  return {
    ...plain,
    receivedAtMicros: nowMicros,
    goals: goals.map((text) => {
      const goal = parseGoal(text);
      if (typeof goal === 'string') throw new Error(goal);
      return goal;
    }),
  };
}
