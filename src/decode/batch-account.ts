/** A batch being gathered: its events, and the account of every line that was read for them. */
import { EventBatchBuilder } from '../event/event-batch.js';
import type { DecodedBatch, OpenRecord, RejectedLine } from './decoded-batch.js';
import type { IgnoreReason, LineOutcome } from './outcome.js';
import type { Line } from './split-lines.js';

export const MAX_BATCH_EVENTS = 30_720;
const MAX_BATCH_LINES = 1 << 17;
/** Of input, however few lines that are: what a batch holds in memory is in proportion to it. */
const MAX_BATCH_BYTES = 1 << 24;
/** How many lines a record may span before it is given up as a stray quote. */
export const MAX_RECORD_LINES = 1_000;

export interface ReadLine extends Line {
  readonly number: number;
  readonly offset: number;
  /** null where the bytes are no UTF-8. */
  readonly text: string | null;
}

/** A batch being gathered, for whoever reads lines into it. */
export interface LineAccount<B> {
  /** Lines so far. */
  readonly lines: number;
  /** Events so far. */
  readonly events: number;
  readonly full: boolean;
  openRecord: OpenRecord | null;
  add(line: ReadLine, outcome: LineOutcome): void;
  build(endOffset: number): B;
}

export class BatchAccount implements LineAccount<DecodedBatch> {
  // A record that is given up may add all its lines at once.
  readonly #events = new EventBatchBuilder(MAX_BATCH_EVENTS + MAX_RECORD_LINES);
  readonly #ignores = new Map<IgnoreReason, number>();
  readonly #rejects: RejectedLine[] = [];
  #bytes = 0;
  #stamped = 0;
  openRecord: OpenRecord | null = null;
  lines = 0;

  get events(): number {
    return this.#events.length;
  }

  get full(): boolean {
    return (
      this.#events.length >= MAX_BATCH_EVENTS ||
      this.lines >= MAX_BATCH_LINES ||
      this.#bytes >= MAX_BATCH_BYTES
    );
  }

  add(line: ReadLine, outcome: LineOutcome): void {
    this.lines++;
    this.#bytes += line.byteLength;
    switch (outcome.kind) {
      case 'event':
        this.#events.add(outcome.event);
        if (outcome.stamped) this.#stamped++;
        break;
      case 'ignore':
        this.#ignores.set(outcome.reason, (this.#ignores.get(outcome.reason) ?? 0) + 1);
        break;
      case 'reject':
        this.#rejects.push(rejectedLine(line, outcome));
        break;
    }
  }

  build(endOffset: number): DecodedBatch {
    return {
      events: this.#events.build(),
      countedEvents: 0,
      sums: null,
      lines: this.lines,
      ignores: this.#ignores,
      rejects: this.#rejects,
      stamped: this.#stamped,
      endOffset,
      openRecord: this.openRecord,
    };
  }
}

export function rejectedLine(
  { number, offset, byteLength, bytes }: ReadLine,
  { reason, detail }: Extract<LineOutcome, { kind: 'reject' }>,
): RejectedLine {
  return { line: number, offset, byteLength, reason, detail, bytes };
}
