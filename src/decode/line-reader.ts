/** Reads lines one by one, in the reference way, and keeps the account of each; records may span several. */
import { MAX_RECORD_LINES, type LineAccount, type ReadLine } from './batch-account.js';
import type { DecodeOptions, Format, LineDecoder } from './format.js';
import { EmbeddedJsonDecoder } from './formats/text.js';
import { ignore, reject, type LineOutcome } from './outcome.js';
import { MAX_LINE_BYTES, type Line } from './split-lines.js';

/** Where in its input a decoder starts, and what stands at the input's top. */
export interface DecoderStart {
  readonly offset: number;
  /** Lines that stand before it. */
  readonly lines: number;
  /** The first line that is not blank. */
  readonly firstLine: string;
  /** Asked at the end: whether a last line without line feed is whole. It is not where reading was cut off. */
  readonly keepsOpenLine: () => boolean;
}

export class LineReader<B> {
  readonly #format: Format;
  readonly #decoder: LineDecoder;
  readonly #embedded: EmbeddedJsonDecoder;
  readonly #keepsOpenLine: () => boolean;
  #offset: number;
  #lineNumber: number;
  readonly #startBatch: () => LineAccount<B>;
  #batch: LineAccount<B>;
  /** The lines of a record that is not whole yet. */
  #pending: ReadLine[] = [];
  #pendingBytes = 0;
  /** Whether the last line read made lines stand alone that had begun a record. */
  #gaveUp = false;
  /** The last record, where no line feed ended it. */
  #open: { offset: number; eventsBefore: number; endsWithLine: boolean } | null = null;

  /** `startBatch` gives the account of the next batch. */
  constructor(format: Format, options: DecodeOptions, start: DecoderStart, startBatch: () => LineAccount<B>) {
    this.#format = format;
    this.#decoder = format.createDecoder(options, start.firstLine);
    this.#embedded = new EmbeddedJsonDecoder(options);
    this.#startBatch = startBatch;
    this.#batch = startBatch();
    this.#keepsOpenLine = start.keepsOpenLine;
    this.#offset = start.offset;
    this.#lineNumber = start.lines;
  }

  /** Takes one line; gives a batch when one is full. */
  read(line: Line): B | undefined {
    if (!line.terminated && !this.#keepsOpenLine()) return undefined;
    const offset = this.#offset;
    this.#offset += line.byteLength + (line.terminated ? 1 : 0);
    this.#lineNumber++;
    const { bytes, byteLength, terminated } = line;
    const [first] = this.#pending;
    const eventsBefore = this.#batch.events;
    this.#gaveUp = false;
    this.#readRecord({
      bytes,
      byteLength,
      terminated,
      offset,
      number: this.#lineNumber,
      text: textOf(bytes),
    });
    if (!terminated) {
      const endsWithLine = this.#pending.length === 0 && !this.#gaveUp;
      this.#open = { offset: first?.offset ?? offset, eventsBefore, endsWithLine };
      return undefined;
    }
    return this.#batch.full ? this.take() : undefined;
  }

  /** Where the next line begins. */
  get offset(): number {
    return this.#offset;
  }

  /** Where the record begins that is not whole yet; where there is none, where the next line does. */
  get recordOffset(): number {
    return this.#pending[0]?.offset ?? this.#offset;
  }

  /** Whether a record has begun that is not whole yet: it takes the next lines, too. */
  get isWithinRecord(): boolean {
    return this.#pending.length > 0;
  }

  /** Passes over lines that were decoded and accounted for elsewhere. */
  skip(lines: number, bytes: number): void {
    this.#lineNumber += lines;
    this.#offset += bytes;
  }

  /** The batch so far, if there is anything in it. A record that is not whole yet stays behind. */
  take(): B | undefined {
    if (this.#batch.lines === 0) return undefined;
    const batch = this.#batch.build(this.recordOffset);
    this.#batch = this.#startBatch();
    return batch;
  }

  /** The last batch. A record that the end of the input left open is no record: its lines stand alone. */
  end(): B | undefined {
    // Where more may come it stays behind, as a line does that is not whole.
    if (!this.#keepsOpenLine()) return this.take();
    // The file may be in the middle of being written: what follows may yet make this a record.
    const [first] = this.#pending;
    if (first) this.#open ??= { offset: first.offset, eventsBefore: this.#batch.events, endsWithLine: false };
    while (this.#pending.length > 0) this.#giveUpRecord();
    if (this.#open) {
      const { offset, eventsBefore, endsWithLine } = this.#open;
      this.#batch.openRecord = { offset, events: this.#batch.events - eventsBefore, endsWithLine };
    }
    return this.take();
  }

  #readRecord(line: ReadLine): void {
    const { leavesOpen } = this.#format;
    const wasOpen = this.#pending.length > 0;
    const unreadable = line.text === null || line.byteLength > MAX_LINE_BYTES;
    if (!leavesOpen || line.text === null || unreadable || (!wasOpen && !leavesOpen(line.text, false))) {
      while (this.#pending.length > 0) this.#giveUpRecord();
      this.#batch.add(line, this.#decode(line));
      return;
    }
    this.#pending.push(line);
    this.#pendingBytes += line.byteLength;
    const open = !wasOpen || leavesOpen(line.text, true);
    if (!open) this.#closeRecord();
    else if (this.#pending.length >= MAX_RECORD_LINES || this.#pendingBytes > MAX_LINE_BYTES)
      this.#giveUpRecord();
  }

  /** The record is whole: its first line counts for it, the others as its continuation. */
  #closeRecord(): void {
    const [first, ...others] = this.#pending;
    if (!first) return;
    const outcome = this.#decoder.decodeLine(this.#pending.map(({ text }) => text).join('\n'));
    if (outcome.kind === 'reject') {
      // A stray quote, more likely than a record over several lines: no other line shall suffer for it.
      this.#giveUpRecord();
      return;
    }
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#batch.add(first, outcome);
    for (const line of others) this.#batch.add(line, ignore('record_continuation'));
  }

  /** Accounts for the first pending line alone, and reads the others anew. */
  #giveUpRecord(): void {
    const [first, ...others] = this.#pending;
    if (!first) return;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#gaveUp = true;
    this.#batch.add(first, this.#decode(first));
    for (const line of others) this.#readRecord(line);
  }

  #decode(line: ReadLine): LineOutcome {
    if (line.byteLength > MAX_LINE_BYTES) return reject('line_too_long', `${line.byteLength} bytes`);
    if (line.text === null) return reject('invalid_utf8');
    if (line.text.trim() === '') return ignore('blank_line');
    const outcome = this.#decoder.decodeLine(line.text);
    // A JSON event is understood wherever it stands.
    return outcome.kind === 'reject' ? (this.#embedded.decode(line.text) ?? outcome) : outcome;
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BOM = '\u00ef\u00bb\u00bf'; // EF BB BF, a character a byte

/** The line's text: decoded, without a carriage return at its end or a byte order mark at its start. */
function textOf(bytes: string): string | null {
  const start = bytes.startsWith(BOM) ? BOM.length : 0;
  const end = bytes.endsWith('\r') ? bytes.length - 1 : bytes.length;
  const body = start === 0 && end === bytes.length ? bytes : bytes.slice(start, end);
  if (!NOT_ASCII.test(body)) return body;
  try {
    return strictUtf8.decode(Buffer.from(body, 'latin1'));
  } catch {
    return null;
  }
}

const NOT_ASCII = /[\x80-\xff]/;
