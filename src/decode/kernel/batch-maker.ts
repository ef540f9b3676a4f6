/** What a kernel has decoded, as batches: the rows copied out or counted, with the account of every line. */
import type { AggregateSums } from '../../aggregate/aggregator.js';
import { rejectedLine, type LineAccount, type ReadLine } from '../batch-account.js';
import type { DecodedBatch, OpenRecord, RejectedLine } from '../decoded-batch.js';
import type { IgnoreReason, LineOutcome } from '../outcome.js';
import { BatchMemory } from './batch-memory.js';
import type { Kernel } from './kernel.js';
import { ColumnCopier, type KernelColumns } from './kernel-columns.js';
import { FIELD_CODES, MAX_CURRENCIES, MAX_ROWS } from './kernel-layout.js';
import type { KernelTotals } from './kernel-totals.js';

/** What becomes of the rows: copied out as batches, or only counted where nothing needs them again. */
export type RowUse = 'copied' | 'counted';

/** As DecodedBatch, but that its events may be counted already, or be columns that have yet to become a batch. */
export interface KernelBatch extends Omit<DecodedBatch, 'events'> {
  readonly columns: KernelColumns | null;
}

/** The account of a batch's lines. */
type LinesOfBatch = Omit<DecodedBatch, 'events' | 'countedEvents' | 'sums'>;

/** Makes batches of what is in a kernel's columns, one after the other. */
export class BatchMaker {
  readonly kernel: Kernel;
  readonly #totals: KernelTotals | null;
  readonly #memory: BatchMemory;
  readonly #copier: ColumnCopier;
  #countedLines = 0;
  /** Rows of the batch that are in the totals and no longer in the kernel's columns. */
  #countedRows = 0;

  /**
   * For another thread the memory of batches is shared, and fresh texts are told (see Dictionary) where they are to be
   * stored: then all batches must be of one reading.
   */
  constructor(kernel: Kernel, totals: KernelTotals | null, isForAnotherThread = false) {
    this.kernel = kernel;
    this.#totals = totals;
    this.#memory = new BatchMemory(isForAnotherThread);
    this.#copier = new ColumnCopier(kernel, this.#memory, isForAnotherThread && totals === null);
  }

  /** Takes back the memory of a batch that nobody looks at any more. */
  giveBack(memory: readonly ArrayBufferLike[]): void {
    this.#memory.giveBack(memory);
  }

  /** Begins a batch with nothing in it. */
  start(): LineAccount<KernelBatch> {
    this.#clearRows();
    this.kernel.exports.clearCounts();
    this.#countedLines = 0;
    this.#countedRows = 0;
    return new KernelAccount(
      this.kernel,
      () => this.#countedRows,
      (account) => this.#build(account),
    );
  }

  /** Counts the rows so far, so that there is room for others of the batch; false where they are needed as they are. */
  countRows(): boolean {
    if (!this.#totals || !this.#areCountable() || this.#areIdentified()) return false;
    const rows = this.kernel.exports.rowCount();
    if (rows === 0) return true;
    this.#totals.addRows();
    this.#clearRows();
    this.#countedRows += rows;
    return true;
  }

  /** How many lines the kernel has decoded since this was last asked in this batch. */
  newKernelLines(): number {
    const lines = this.kernel.exports.lineCount();
    const fresh = lines - this.#countedLines;
    this.#countedLines = lines;
    return fresh;
  }

  /** The sums that no batch has told yet; null where there are none. */
  takeSums(): AggregateSums | null {
    return this.#totals && !this.#totals.isEmpty ? this.#totals.take() : null;
  }

  /** They as a batch, for the end of an input. */
  restOfSums(endOffset: number): KernelBatch | null {
    const sums = this.takeSums();
    if (!sums) return null;
    const nothing = {
      lines: 0,
      ignores: new Map<IgnoreReason, number>(),
      rejects: [],
      stamped: 0,
      openRecord: null,
    };
    return { ...nothing, endOffset, columns: null, countedEvents: 0, sums };
  }

  #clearRows(): void {
    if (this.kernel.exports.clearRows(0) !== 0) this.#copier.forget();
  }

  #build(account: LinesOfBatch): KernelBatch {
    const { exports: kernel } = this.kernel;
    if (!this.countRows() && this.#totals && this.#areCountable()) {
      // Rows with an identity are to be compared with others first.
      const rows = kernel.setIdentifiedAside();
      if (rows > 0) this.#totals.addRows();
      kernel.putBackIdentified();
      this.#countedRows += rows;
    }
    const columns = kernel.rowCount() > 0 ? this.#copier.copy() : null;
    return { ...account, columns, countedEvents: this.#countedRows, sums: null };
  }

  /** Totals tell only so many currencies apart. */
  #areCountable(): boolean {
    return this.kernel.exports.dictionarySize(FIELD_CODES.currency) <= MAX_CURRENCIES;
  }

  /** Whether any row names an event or an order. */
  #areIdentified(): boolean {
    const identified = (1 << FIELD_CODES.event_id) | (1 << FIELD_CODES.order_id);
    return (this.kernel.exports.touchedFields() & identified) !== 0;
  }
}

/** The account of a batch in the kernel: its own counts, and the lines that the reference read for it. */
class KernelAccount implements LineAccount<KernelBatch> {
  readonly #kernel: Kernel;
  readonly #countedRows: () => number;
  readonly #build: (account: LinesOfBatch) => KernelBatch;
  readonly #ignores = new Map<IgnoreReason, number>();
  readonly #rejects: RejectedLine[] = [];
  #lines = 0;
  #stamped = 0;
  openRecord: OpenRecord | null = null;

  constructor(kernel: Kernel, countedRows: () => number, build: (account: LinesOfBatch) => KernelBatch) {
    this.#kernel = kernel;
    this.#countedRows = countedRows;
    this.#build = build;
  }

  get lines(): number {
    return this.#lines + this.#kernel.exports.lineCount();
  }

  get events(): number {
    return this.#countedRows() + this.#kernel.exports.rowCount();
  }

  get full(): boolean {
    return this.#kernel.exports.rowCount() >= MAX_ROWS || this.#kernel.exports.isCrowded() !== 0;
  }

  add(line: ReadLine, outcome: LineOutcome): void {
    this.#lines++;
    if (outcome.kind === 'event') {
      this.#kernel.pushEvent(outcome.event);
      if (outcome.stamped) this.#stamped++;
    } else if (outcome.kind === 'ignore') {
      this.#ignore(outcome.reason, 1);
    } else {
      this.#rejects.push(rejectedLine(line, outcome));
    }
  }

  build(endOffset: number): KernelBatch {
    const { exports: kernel } = this.#kernel;
    const lines = this.lines;
    this.#ignore('blank_line', kernel.blankLineCount());
    this.#ignore('other_event', kernel.otherEventCount());
    this.#ignore('page_view', kernel.pageViewCount());
    this.#ignore('failed_request', kernel.failedRequestCount());
    this.#ignore('bot', kernel.botCount());
    return this.#build({
      lines,
      ignores: this.#ignores,
      rejects: this.#rejects,
      stamped: this.#stamped + kernel.stampedCount(),
      endOffset,
      openRecord: this.openRecord,
    });
  }

  #ignore(reason: IgnoreReason, count: number): void {
    if (count > 0) this.#ignores.set(reason, (this.#ignores.get(reason) ?? 0) + count);
  }
}
