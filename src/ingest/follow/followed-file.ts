/** One file that is followed, from its first line to its last, whatever it is called meanwhile. */
import { sharesHead } from '../../input/recognise.js';
import { formatUnknown, isBlank, lookAtTop, readOn, type InputTop } from '../../pipeline.js';
import type { IngestRun } from '../ingest-run.js';
import type { Reading } from '../reading.js';
import { isCopiedBeginning } from './familiar.js';
import type { FileStamp } from './file-identity.js';
import type { FollowRequest, FollowTimes } from './follow-request.js';
import type { FileState, GrowingFile } from './growing-file.js';

/** No more of a file is read at a time, so that no other has to wait for long. */
const ROUND_BYTES = 256 << 20;
/** An open line longer than this is not read anew each time that it grows. */
const LONG_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

export type LookOutcome =
  | 'nothing'
  | 'read'
  /** Other bytes stand where it was read: it was cut off, or written anew. */
  | 'replaced';

export class FollowedFile {
  readonly file: GrowingFile;
  /** Whether it holds lines, but none that tell of which format they are. */
  isUnclear = false;
  readonly #run: IngestRun;
  readonly #request: FollowRequest;
  readonly #times: FollowTimes;
  #top: InputTop | null = null;
  #reading: Reading | null = null;
  /** Its number among the run's inputs. */
  #input: number | null = null;
  #state: FileState = { size: 0, stamp: '' };
  /** When it was first seen as it is. */
  #changedAtMs: number;
  #isCaughtUp = false;
  #roundBytes = ROUND_BYTES;
  /** Up to where the end of a long open line has been looked for. */
  #soughtTo = 0;
  /** Since when no name leads to it. */
  #leftAtMs: number | null = null;

  constructor(file: GrowingFile, run: IngestRun, request: FollowRequest, times: FollowTimes) {
    this.file = file;
    this.#run = run;
    this.#request = request;
    this.#times = times;
    this.#changedAtMs = times.nowMs();
  }

  get reading(): Reading | null {
    return this.#reading;
  }

  /** As it was at the last look. */
  get stamp(): FileStamp {
    return this.#state.stamp;
  }

  /** Bytes that had not been read at the last look. */
  get lagBytes(): number {
    return Math.max(0, this.#state.size - (this.#reading?.start.offset ?? 0));
  }

  /** Takes note of whether a name leads to it. True where it has just been left. */
  note(isNamed: boolean): boolean {
    const wasLeft = this.#leftAtMs !== null;
    this.#leftAtMs = isNamed ? null : (this.#leftAtMs ?? this.#times.nowMs());
    return !wasLeft && !isNamed;
  }

  /** Whether it has been left, and nobody writes to it any more. */
  get isOver(): boolean {
    if (this.#leftAtMs === null || !this.#isCaughtUp) return false;
    return this.#times.nowMs() - Math.max(this.#leftAtMs, this.#changedAtMs) >= this.#times.lingerMs;
  }

  /** Whether as much as is known of both is the same. */
  isTwinOf(other: FollowedFile): boolean {
    const [a, b] = [this.#reading?.firstBytes, other.#reading?.firstBytes];
    if (!a || !b || other === this) return false;
    const length = Math.min(a.length, b.length);
    return length > 0 && a.subarray(0, length).equals(b.subarray(0, length));
  }

  /** Reads what has come. */
  async look(): Promise<LookOutcome> {
    const state = await this.file.state();
    const hasChanged = state.stamp !== this.#state.stamp;
    if (hasChanged) this.#changedAtMs = this.#times.nowMs();
    this.#state = state;
    if (!hasChanged && this.#isCaughtUp) return 'nothing';
    const isReplaced = this.#reading !== null && (await this.#isReplaced(this.#reading));
    if (isReplaced) this.forget();
    await this.#read();
    return isReplaced ? 'replaced' : 'read';
  }

  /** Reads it to its end: its last line is whole now, line feed or not. */
  async finish(): Promise<void> {
    this.file.mayGrow = false;
    this.#roundBytes = Number.POSITIVE_INFINITY;
    this.#state = await this.file.state();
    this.#soughtTo = 0;
    // An open line that has been stored as it is.
    if (this.#reading?.committedLines === 0 && this.#reading.fromOffset === this.#state.size) return;
    await this.#read();
  }

  /** Makes an end of its reading: what comes next of it begins one anew, wherever its content is known to. */
  forget(): void {
    this.goBack();
    this.#input = null;
  }

  /** Reads its content anew, from where another process has read it to. */
  goBack(): void {
    if (this.#reading) this.#run.retire(this.#reading);
    this.#reading = null;
    this.#top = null;
    this.#soughtTo = 0;
    this.#isCaughtUp = false;
  }

  async #isReplaced(reading: Reading): Promise<boolean> {
    const { offset } = reading.start;
    if (this.#state.size < offset) return true;
    const { lastBytes } = reading;
    const [there] = await this.file.bytesBefore([{ offset, length: lastBytes.length }]);
    return there?.equals(lastBytes) !== true;
  }

  async #read(): Promise<void> {
    const { size } = this.#state;
    this.file.sizeBytes = size;
    this.#isCaughtUp = true;
    const reading = this.#reading ?? (await this.#begin());
    if (!reading || !this.#top) return;
    const from = reading.start.offset;
    if (size <= from || (await this.#isStillOpen(from))) return;
    this.file.sizeBytes = Math.min(size, from + this.#roundBytes);
    await readOn(this.#run, this.#request, reading, this.#top);
    await reading.goOn();
    this.#run.noteProgress(reading);
    this.#isCaughtUp = this.file.sizeBytes === size;
    const { offset } = reading.start;
    // A line may be longer than what is read at a time.
    if (!this.#isCaughtUp && offset === from) this.#roundBytes *= 2;
    this.#soughtTo = this.#isCaughtUp && size - offset > LONG_BYTES && this.#endsOpen ? size : 0;
  }

  /** Records that span lines are read anew: they have line feeds in them. */
  get #endsOpen(): boolean {
    return this.#top?.format?.leavesOpen === undefined;
  }

  /** Whether a long line at the end is as open as it was. */
  async #isStillOpen(from: number): Promise<boolean> {
    if (this.#soughtTo <= from || !this.file.mayGrow) return false;
    const { size } = this.#state;
    while (this.#soughtTo < size) {
      const to = Math.min(size, this.#soughtTo + (1 << 20));
      const [bytes = Buffer.alloc(0)] = await this.file.bytesBefore([
        { offset: to, length: to - this.#soughtTo },
      ]);
      if (bytes.includes(LINE_FEED)) return false;
      this.#soughtTo = to;
    }
    return true;
  }

  /** Begins where its content was last committed; null as long as there is too little of it to tell what it is. */
  async #begin(): Promise<Reading | null> {
    const { file } = this;
    const top = await lookAtTop(file, this.#request.format);
    if (file.mayGrow && !top.head.includes(LINE_FEED)) return null;
    this.isUnclear = top.format === null && !isBlank(top);
    if (top.format === null) {
      if (!file.mayGrow && !isBlank(top)) this.#run.faults.push(formatUnknown(file.name, top.head));
      return null;
    }
    if (await isCopiedBeginning(file, top, this.#run)) return null;
    if (file.mayGrow && this.#mayBeUnfinishedCopy(top.head)) {
      this.#isCaughtUp = false;
      return null;
    }
    this.#top = top;
    this.#reading = await this.#run.startReading((this.#input ??= this.#run.addInput(file.name)), file, top);
    return this.#reading;
  }

  /** It begins as what is known does, but is shorter than that was: it is left alone for as long as it changes. */
  #mayBeUnfinishedCopy(head: Buffer): boolean {
    if (this.#times.nowMs() - this.#changedAtMs >= this.#times.settleMs) return false;
    return this.#run.known.some(
      (checkpoint) => checkpoint.offset > this.#state.size && sharesHead(head, checkpoint),
    );
  }
}
