/**
 * Bytes to batches by way of the kernel. Blocks of whole lines go to the kernel; a line that it is not sure of goes to
 * the reference decoder's own line reader, whose event becomes the next row, so that order and account are as if the
 * reference had read everything.
 */
import { isBot } from '../bots.js';
import type { DecodeOptions, Format } from '../format.js';
import { LineReader, type DecoderStart } from '../line-reader.js';
import { MAX_LINE_BYTES } from '../split-lines.js';
import type { BatchMaker, KernelBatch } from './batch-maker.js';
import type { Kernel } from './kernel.js';
import { setFormat } from './kernel-formats.js';
import { ALL_READ, BATCH_FULL, NEW_AGENT } from './kernel-layout.js';

const LINE_FEED = 0x0a;
/** However long the line under way is, so much more of it is read at once. */
const MIN_ROOM_BYTES = 64 * 1024;

export class KernelDecoder {
  readonly #kernel: Kernel;
  readonly #options: DecodeOptions;
  readonly #reader: LineReader<KernelBatch>;
  readonly #batches: BatchMaker;
  /** Bytes that are decoded at once. */
  readonly #stepBytes: number;
  /** Bytes in the block. */
  #filled = 0;
  /** Up to which byte of the block, and which of the kernel's lines, the reader knows. */
  #knownBytes = 0;
  /** A line that is longer than any may be, of which only the beginning is kept. */
  #long: { readonly bytes: string; byteLength: number } | null = null;

  constructor(batches: BatchMaker, format: Format, options: DecodeOptions, start: DecoderStart) {
    const { kernel } = batches;
    this.#kernel = kernel;
    this.#options = options;
    this.#batches = batches;
    setFormat(kernel, format, start.firstLine);
    this.#reader = new LineReader<KernelBatch>(format, options, start, () => this.#batches.start());
    this.#stepBytes = kernel.blockBytes - MAX_LINE_BYTES;
  }

  /** Up to where all lines have been decoded. */
  get offset(): number {
    return this.#reader.offset;
  }

  /** Whether the last lines began a record that is not whole yet. */
  get isWithinRecord(): boolean {
    return this.#reader.isWithinRecord;
  }

  /** Where the next bytes are to be written. */
  room(): Uint8Array {
    return this.#kernel.block.subarray(
      this.#filled,
      Math.max(this.#stepBytes, this.#filled + MIN_ROOM_BYTES),
    );
  }

  /** Takes so many bytes as written to the room; gives the batches that are full, or whose rows the block's bytes take along. */
  advance(length: number): KernelBatch[] {
    this.#filled += length;
    return this.#filled < this.#stepBytes ? [] : this.#decodeBlock();
  }

  /** Decodes whole lines that somebody has written into a block. Nothing must have been pushed or read before. */
  decodeIn(block: number, length: number): KernelBatch[] {
    this.#kernel.useBlock(block);
    this.#filled = length;
    return this.decodeLines();
  }

  /** Gives all that came of bytes that were decoded. */
  push(bytes: Uint8Array): KernelBatch[] {
    const batches: KernelBatch[] = [];
    for (let at = 0; at < bytes.length;) {
      const room = this.room();
      const piece = bytes.subarray(at, at + room.length);
      room.set(piece);
      at += piece.length;
      batches.push(...this.advance(piece.length));
    }
    return [...batches, ...this.#lastBatch()];
  }

  /** Decodes the whole lines that are there, and gives all that came of them. */
  decodeLines(): KernelBatch[] {
    return [...this.#decodeBlock(), ...this.#lastBatch()];
  }

  #decodeBlock(): KernelBatch[] {
    const block = this.#kernel.block;
    if (this.#long) this.#passLong(block);
    const end = block.subarray(0, this.#filled).lastIndexOf(LINE_FEED) + 1;
    const batches = end > 0 ? this.#decodeUpTo(end) : [];
    this.#kernel.block.copyWithin(0, end, this.#filled);
    this.#filled -= end;
    if (this.#filled > MAX_LINE_BYTES) {
      const bytes = this.#textOf(0, MAX_LINE_BYTES + 1);
      this.#long = { bytes, byteLength: this.#filled };
      this.#filled = 0;
    }
    return batches;
  }

  /** The batch that has not been given yet, if there is anything in it. */
  #lastBatch(): KernelBatch[] {
    const batch = this.#reader.take();
    return batch ? [batch] : [];
  }

  /** Decodes what is left; a last line that no line feed ends counts, too. */
  end(): KernelBatch[] {
    const batches = this.decodeLines();
    const rest = this.#long ?? { bytes: this.#textOf(0, this.#filled), byteLength: this.#filled };
    if (rest.byteLength > 0) this.#reader.read({ ...rest, terminated: false });
    this.#long = null;
    this.#filled = 0;
    const last = this.#reader.end();
    if (last) batches.push(last);
    return [...batches, ...this.countedSoFar()];
  }

  /** What no batch has told of yet, where rows are only counted. */
  countedSoFar(): KernelBatch[] {
    const sums = this.#batches.restOfSums(this.#reader.recordOffset);
    return sums ? [sums] : [];
  }

  #decodeUpTo(end: number): KernelBatch[] {
    const { exports: kernel } = this.#kernel;
    const batches: KernelBatch[] = [];
    const add = (batch: KernelBatch | undefined): void => {
      if (batch) batches.push(batch);
    };
    kernel.setReceivedAt(this.#options.receivedAtMicros());
    kernel.setBlock(end);
    this.#knownBytes = 0;
    if (this.#reader.isWithinRecord) this.#readRecord(0, end, add);
    for (let status = kernel.decode(); status !== ALL_READ; status = kernel.decode()) {
      if (status === NEW_AGENT) {
        const agent = this.#kernel.textAt(kernel.agentStart(), kernel.agentLength());
        kernel.addVerdict(isBot(agent));
        continue;
      }
      if (status === BATCH_FULL) {
        this.#tellReader(kernel.position());
        if (!this.#batches.countRows()) add(this.#reader.take());
        continue;
      }
      this.#tellReader(kernel.unsureStart());
      this.#readRecord(kernel.unsureStart(), end, add);
    }
    this.#tellReader(end);
    // The block's bytes are about to go: what rows refer to them has to be copied.
    if (!this.#batches.countRows()) add(this.#reader.take());
    return batches;
  }

  /** Lets the reference read the line at `from`, and those that turn out to belong to it; the kernel goes on after. */
  #readRecord(from: number, end: number, add: (batch: KernelBatch | undefined) => void): void {
    let at = from;
    do {
      const block = this.#kernel.block;
      const lineFeed = block.indexOf(LINE_FEED, at);
      const byteLength = lineFeed - at;
      const bytes = this.#textOf(at, at + Math.min(byteLength, MAX_LINE_BYTES + 1));
      at = lineFeed + 1;
      this.#knownBytes = at;
      add(this.#reader.read({ bytes, byteLength, terminated: true }));
    } while (this.#reader.isWithinRecord && at < end);
    this.#kernel.exports.setPosition(at);
  }

  /** Lets the reader know of what the kernel has decoded up to a place of the block. */
  #tellReader(position: number): void {
    this.#reader.skip(this.#batches.newKernelLines(), position - this.#knownBytes);
    this.#knownBytes = position;
  }

  /** Passes over the rest of a line that is too long. */
  #passLong(block: Uint8Array): void {
    const long = this.#long;
    if (!long) return;
    const lineFeed = block.subarray(0, this.#filled).indexOf(LINE_FEED);
    if (lineFeed < 0) {
      long.byteLength += this.#filled;
      this.#filled = 0;
      return;
    }
    this.#reader.read({ bytes: long.bytes, byteLength: long.byteLength + lineFeed, terminated: true });
    this.#long = null;
    block.copyWithin(0, lineFeed + 1, this.#filled);
    this.#filled -= lineFeed + 1;
  }

  /** A part of the block, a character a byte. */
  #textOf(from: number, to: number): string {
    const { buffer, byteOffset } = this.#kernel.block;
    return Buffer.from(buffer, byteOffset + from, to - from).toString('latin1');
  }
}
