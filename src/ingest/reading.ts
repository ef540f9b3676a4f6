/** One input being read: where it started, how far it is committed, and what identifies it at any offset. */
import type { DecodedBatch } from '../decode/decoded-batch.js';
import { textKey } from '../event/hash.js';
import { beginningOf, type Opening } from '../input/beginning.js';
import type { InputSource } from '../input/input-source.js';
import type { RecentBytes } from '../input/recent-bytes.js';
import { fingerprint, sharesHead } from '../input/recognise.js';
import { FINGERPRINT_BYTES, type Checkpoint } from '../store/checkpoint.js';
import type { Segment } from '../store/store.js';
import type { ResumePlan } from './plan-resume.js';

export interface ReadingIdentity {
  readonly runId: string;
  readonly inputNumber: number;
  /** `--source`. */
  readonly sourceName: string | null;
  /** Whether what is read is stored: else nobody asks how far, but in the end. */
  readonly isStored: boolean;
  readonly opening: Opening;
}

/** A decoded batch with the checkpoint that stands once it is committed. */
export interface MarkedBatch {
  readonly decoded: DecodedBatch;
  readonly checkpoint: Checkpoint | null;
  /** Bytes of the input that it covers. */
  readonly bytes: number;
}

export class Reading {
  readonly source: InputSource;
  /** Where the decoder starts, and how many lines stand before. */
  start: { readonly offset: number; readonly lines: number };
  /** Up to where the input was known already. */
  readonly fromOffset: number;
  /** Set by the committer when another process turns out to have read further. */
  overtaken = false;
  committedLines = 0;
  committedOffset: number;
  readonly #identity: ReadingIdentity;
  readonly #recent: RecentBytes;
  readonly #seen: Set<string>;
  readonly #stopping = new AbortController();
  /** The last batch, and the checkpoint after it, once that has been worked out. */
  #marked: DecodedBatch | null = null;
  #checkpoint: Checkpoint | null = null;
  #retractKey: bigint;
  #events = 0;
  #rejects = 0;
  #markedOffset: number;
  #lines: number;

  constructor(
    source: InputSource,
    identity: ReadingIdentity,
    plan: ResumePlan,
    recent: RecentBytes,
    known: readonly Checkpoint[],
  ) {
    this.source = source;
    this.start = { offset: plan.offset, lines: plan.lines };
    this.fromOffset = plan.knownOffset;
    this.committedOffset = plan.knownOffset;
    this.#identity = identity;
    this.#recent = recent;
    this.#seen = new Set(known.map(nameOf));
    this.#retractKey = plan.retractKey;
    this.#markedOffset = plan.offset;
    this.#lines = plan.lines;
  }

  /** Its bytes from the start on, until its end, the signal or `stop`. */
  bytes(signal: AbortSignal): AsyncIterable<Buffer> {
    return this.#recent.tap(
      this.source.read(this.start.offset, AbortSignal.any([signal, this.#stopping.signal])),
    );
  }

  /** So many lines up to `offset` were read elsewhere; `before` are the last bytes of them. */
  passed(before: Uint8Array<ArrayBuffer>, offset: number, lines: number): void {
    this.#recent.jump(Buffer.from(before.buffer, before.byteOffset, before.length), offset);
    this.start = { offset, lines: this.start.lines + lines };
  }

  /** Lets what is read next begin where the last batch ended: what came behind that was not whole. */
  async goOn(): Promise<void> {
    const offset = this.#markedOffset;
    this.start = { offset, lines: this.#lines };
    if (this.#recent.rewind(offset)) return;
    const [before = Buffer.alloc(0)] = await this.source.bytesBefore([{ offset, length: FINGERPRINT_BYTES }]);
    this.#recent.jump(before, offset);
  }

  /** As far as they have been read, FINGERPRINT_BYTES at the most. */
  get firstBytes(): Buffer {
    return this.#recent.headUpTo(this.#markedOffset);
  }

  /** Some of the bytes before where it goes on: if others stand there now, it is not what it was. */
  get lastBytes(): Buffer {
    return this.#recent.before(this.#markedOffset);
  }

  /** Reads no further: the rest will be read anew. */
  stop(): void {
    this.#stopping.abort();
  }

  /** The checkpoint after the last batch marked, committed or not; to be asked while that batch's bytes are at hand. */
  get lastCheckpoint(): Checkpoint | null {
    if (this.#marked && this.source.replayable) this.#checkpoint ??= this.#checkpointAfter(this.#marked);
    return this.#checkpoint;
  }

  /** Takes the fingerprints at the batch's end, if it is to be stored. */
  mark(decoded: DecodedBatch): MarkedBatch {
    const bytes = decoded.endOffset - this.#markedOffset;
    this.#markedOffset = decoded.endOffset;
    this.#lines += decoded.lines;
    this.#marked = decoded;
    this.#checkpoint = null;
    return { decoded, bytes, checkpoint: this.#identity.isStored ? this.lastCheckpoint : null };
  }

  segment(batches: readonly MarkedBatch[]): Segment {
    for (const { decoded } of batches) {
      this.#events += decoded.events.length + decoded.countedEvents;
      this.#rejects += decoded.rejects.length;
    }
    // Where nothing but rejects came out, the format was wrong: the input stays new, to be read again in the right one.
    const isMisread = this.#events === 0 && this.#rejects > 0;
    const checkpoint = isMisread ? null : (batches.at(-1)?.checkpoint ?? null);
    return {
      batches: batches.map(({ decoded }) => decoded.events),
      checkpoint,
      retractKey: this.#retractKey,
      provisionalKey: checkpoint?.provisionalKey ?? 0n,
      provisionalEvents: batches.at(-1)?.decoded.openRecord?.events ?? 0,
      overtakenBy: (checkpoints) => this.#overtakenBy(checkpoints),
    };
  }

  committed(batches: readonly MarkedBatch[]): void {
    for (const { decoded } of batches) {
      this.committedLines += decoded.lines;
      this.committedOffset = decoded.endOffset;
    }
    this.#retractKey = 0n;
  }

  #checkpointAfter({ endOffset, openRecord }: DecodedBatch): Checkpoint {
    const { runId, inputNumber, sourceName } = this.#identity;
    const head = this.#recent.headUpTo(endOffset);
    const tail = this.#recent.before(endOffset);
    return {
      runId,
      inputNumber,
      name: this.source.name,
      source: sourceName,
      device: this.source.device,
      inode: this.source.inode,
      headLength: head.length,
      headHash: fingerprint(head),
      tailLength: tail.length,
      tailHash: fingerprint(tail),
      offset: endOffset,
      lines: this.#lines,
      openOffset: openRecord?.offset ?? null,
      provisionalKey: openRecord?.events ? textKey(`${runId} ${inputNumber} ${endOffset}`) : 0n,
      rereads: openRecord?.endsWithLine === false,
    };
  }

  /** Only checkpoints that are news can matter, and only those of the same input that lie further on. */
  async #overtakenBy(checkpoints: readonly Checkpoint[]): Promise<Checkpoint | null> {
    if (!this.source.replayable) return null;
    const { runId, inputNumber, sourceName } = this.#identity;
    for (const checkpoint of checkpoints) {
      const own = checkpoint.runId === runId && checkpoint.inputNumber === inputNumber;
      if (own || this.#seen.has(nameOf(checkpoint)) || checkpoint.offset <= this.committedOffset) continue;
      const same =
        sourceName === null ? await this.#holdsContentOf(checkpoint) : checkpoint.source === sourceName;
      if (same) return checkpoint;
      this.#seen.add(nameOf(checkpoint));
    }
    return null;
  }

  async #holdsContentOf(checkpoint: Checkpoint): Promise<boolean> {
    const { headLength, offset, tailLength, tailHash } = checkpoint;
    // Another process may have read more of a short one than this one has.
    const [head = Buffer.alloc(0)] = await this.source.bytesBefore([
      { offset: headLength, length: headLength },
    ]);
    if (!sharesHead(head, checkpoint)) return false;
    const [tail] = await this.source.bytesBefore([{ offset, length: tailLength }]);
    if (tail?.length === tailLength) return fingerprint(tail) === tailHash;
    return (await beginningOf(this.source, this.#identity.opening, [checkpoint])) !== null;
  }
}

function nameOf({ runId, inputNumber, offset }: Checkpoint): string {
  return `${runId} ${inputNumber} ${offset}`;
}
