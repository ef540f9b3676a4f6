/** The kernel as its host sees it: an instance of the WebAssembly module, set up for one format and one set of rules. */
import { TYPE_CODE } from '../../event/event-batch.js';
import type { Event, TextField } from '../../event/event.js';
import { TEXT_FIELDS } from '../../event/event.js';
import { knownTypeNames } from '../../event/event-names.js';
import { knownNames } from '../field-mapper.js';
import type { DecodeOptions } from '../format.js';
import { accessTables } from './access-tables.js';
import type { CsvHeader } from './kernel-csv.js';
import {
  ACCESS_LOG,
  DELIMITED,
  FIELD_CODES,
  NDJSON,
  OTHER_EVENT,
  VOCABULARY,
  type KernelExports,
} from './kernel-layout.js';

/** How many texts of a column keep their codes: as many as the aggregator has groups. */
export interface KernelSizes {
  readonly blockBytes: number;
  /** How many blocks there are: 1, if nothing is said. */
  readonly blocks?: number;
  readonly campaigns: number;
  readonly groups: number;
  /** Whether rows are to be counted. */
  readonly counts: boolean;
  /** Whether texts that come for the first time are to be marked. */
  readonly marks: boolean;
}

const utf8 = new TextEncoder();

export class Kernel {
  readonly exports: KernelExports;
  readonly blockBytes: number;
  #blockStart: number;
  readonly #options: DecodeOptions;
  #knowsAccessLogs = false;
  #bytes: Uint8Array;

  constructor(module: WebAssembly.Module, sizes: KernelSizes, options: DecodeOptions) {
    const instance = new WebAssembly.Instance(module, { env: { abort: () => undefined } });
    // The module is built from this project's own source; a test compares the two lists of names.
    this.exports = instance.exports as unknown as KernelExports;
    const { blockBytes, blocks = 1, groups, campaigns, counts, marks } = sizes;
    this.exports.initialise(blockBytes, blocks, groups, campaigns, counts, marks);
    this.blockBytes = sizes.blockBytes;
    this.#blockStart = this.exports.useBlock(0);
    this.#bytes = new Uint8Array(this.exports.memory.buffer);
    this.#options = options;
    this.#setUp(options);
  }

  /** All of the kernel's memory, as it is now: it may move when something is added. */
  get bytes(): Uint8Array {
    const { buffer } = this.exports.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }

  /** The block, where bytes to be decoded are written. */
  get block(): Uint8Array {
    return this.bytes.subarray(this.#blockStart, this.#blockStart + this.blockBytes);
  }

  /** Goes over to another of its blocks, which it gives. */
  useBlock(index: number): Uint8Array {
    this.#blockStart = this.exports.useBlock(index);
    return this.block;
  }

  /** A text of the kernel's memory. */
  textAt(start: number, length: number): string {
    return Buffer.from(this.exports.memory.buffer, start, length).toString('utf8');
  }

  /** Adds an event that the reference decoded as the next row. */
  pushEvent(event: Event): void {
    for (const field of TEXT_FIELDS) {
      const text = event[field];
      if (text === undefined) continue;
      const room = this.exports.scratchFor(text.length * 3);
      const { written } = utf8.encodeInto(text, this.bytes.subarray(room));
      this.exports.pushText(FIELD_CODES[field], room, written);
    }
    this.exports.pushRow(TYPE_CODE[event.type], event.timestampMicros, event.amountMicros);
  }

  #setUp(options: DecodeOptions): void {
    for (const [name, meaning] of knownTypeNames()) {
      const code = meaning.kind === 'other' ? OTHER_EVENT : TYPE_CODE[meaning.type];
      const isVocabulary = meaning.kind === 'counted' && meaning.paths.length > 0;
      // A vocabulary whose fields lie deeper is the reference's.
      if (
        meaning.kind === 'counted' &&
        meaning.paths.some(([, paths]) => paths.some((path) => path.includes('.')))
      )
        continue;
      this.exports.addTypeName(this.#write(name), code + (isVocabulary ? VOCABULARY : 0));
    }
    for (const { name, field, rank, clickIdKind } of knownNames()) {
      const kind = clickIdKind === undefined ? 0 : this.#intern('click_id_kind', clickIdKind);
      this.exports.addJsonName(this.#write(name), FIELD_CODES[field], rank, kind);
    }
    this.exports.setDefaultCurrency(this.#intern('currency', options.defaultCurrency));
    this.exports.setZonelessIsUtc(options.inputZone === 'UTC');
  }

  /** Makes this a kernel of JSON lines. */
  readJson(): void {
    this.exports.setFormat(NDJSON);
  }

  /** Makes this a kernel of CSV or TSV under a header. */
  readDelimited({ delimiter, line, columnCount, columns, isAmbiguous }: CsvHeader): void {
    const { exports } = this;
    exports.setFormat(DELIMITED);
    exports.setCsvHeader(delimiter.charCodeAt(0), columnCount, isAmbiguous, this.#write(line));
    for (const { index, field, clickIdKind } of columns) {
      const kind = clickIdKind === undefined ? 0 : this.#intern('click_id_kind', clickIdKind);
      exports.addCsvColumn(index, FIELD_CODES[field], kind);
    }
  }

  /** Makes this a kernel of access logs, common or combined. */
  readAccessLog(): void {
    this.exports.setFormat(ACCESS_LOG);
    if (!this.#knowsAccessLogs) this.#setUpAccessLogs();
    this.#knowsAccessLogs = true;
  }

  #setUpAccessLogs(): void {
    const { exports: kernel } = this;
    const { names, rules, clickIds, noCampaign, goals } = accessTables(this.#options.goals);
    for (const name of names) kernel.addParameter(this.#write(name));
    for (const { purpose, field, first, otherwise } of rules) {
      kernel.addRule(purpose, FIELD_CODES[field], first, otherwise);
    }
    for (const { bit, kind, isPaid, source, medium } of clickIds) {
      kernel.addClickIdKind(bit, this.#intern('click_id_kind', kind), isPaid);
      if (source !== undefined) kernel.addImplied(bit, false, this.#write(source));
      if (medium !== undefined) kernel.addImplied(bit, true, this.#write(medium));
    }
    kernel.setNoCampaign(this.#write(noCampaign));
    for (const { path, isPrefix } of goals) kernel.addGoal(this.#write(path), isPrefix);
    kernel.setIncludesBots(this.#options.includeBots);
  }

  #intern(field: TextField, text: string): number {
    return this.exports.internScratch(FIELD_CODES[field], this.#write(text));
  }

  /** Writes a short text into the scratch; its length. */
  #write(text: string): number {
    const scratch = this.exports.scratchFor(text.length * 3);
    return utf8.encodeInto(text, this.bytes.subarray(scratch)).written;
  }
}
