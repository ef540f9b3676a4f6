/** The state of one run: what is known of its inputs, what has been committed, what went wrong. */
import type { Aggregator } from '../aggregate/aggregator.js';
import type { DecodeOptions, Format } from '../decode/format.js';
import type { RowUse } from '../decode/kernel/batch-maker.js';
import { MapipeError } from '../errors.js';
import type { IngestSummary } from '../ingest-summary.js';
import type { Opening } from '../input/beginning.js';
import type { InputSource } from '../input/input-source.js';
import { RecentBytes } from '../input/recent-bytes.js';
import { reportOfRun } from '../report/report-of-run.js';
import type { Checkpoint } from '../store/checkpoint.js';
import { giveKernelBack, takeKernel, type ReadyKernel } from './load-kernel.js';
import { COMMIT_EVENTS, Committer } from './committer.js';
import { EventCounter } from './event-counter.js';
import type { FollowLag, IngestRequest } from './ingest-request.js';
import { MemorySink, type EventSink } from './memory-sink.js';
import { planResume } from './plan-resume.js';
import { Reading } from './reading.js';
import { RejectsFile } from './rejects-file.js';
import { RunAccount } from './run-account.js';

/** An input over all attempts to read it. */
interface InputState {
  readonly name: string;
  format: string | null;
  readings: ReadingFigures[];
}

/** What is told of a reading in the end; of one that goes on, a Reading. */
type ReadingFigures = Pick<Reading, 'fromOffset' | 'committedOffset' | 'committedLines'> & {
  readonly source: Pick<InputSource, 'replayable' | 'bytesRead'>;
};

export class IngestRun {
  readonly account = new RunAccount();
  readonly committer: Committer;
  readonly faults: MapipeError[] = [];
  readonly #id: string;
  readonly #startedMs = performance.now();
  readonly #request: IngestRequest;
  readonly #sink: EventSink;
  readonly #rejects: RejectsFile | null;
  readonly #counter: EventCounter;
  readonly #inputs: InputState[];
  /** How far inputs had been read when this was last looked up, and how far this run has read them since. */
  #known: Checkpoint[];
  readonly #own = new Map<number, Checkpoint>();
  readonly #heads = new Map<number, Buffer>();
  #kernel: { readonly use: RowUse; readonly options: DecodeOptions; readonly ready: ReadyKernel } | null =
    null;
  #open: { readonly index: number; readonly source: InputSource; readonly reading: Reading | null }[] = [];

  private constructor(
    request: IngestRequest,
    sink: EventSink,
    rejects: RejectsFile | null,
    known: Checkpoint[],
  ) {
    // Only what is stored is known by its run.
    this.#id = request.store ? process.getBuiltinModule('node:crypto').randomUUID() : '';
    this.#request = request;
    this.#sink = sink;
    this.#rejects = rejects;
    this.#known = known;
    this.#inputs = request.inputs.map((name) => ({ name, format: null, readings: [] }));
    const commitEvents = request.commitEvents ?? COMMIT_EVENTS;
    this.#counter = new EventCounter(request.decoder !== 'reference');
    this.committer = new Committer(
      sink,
      this.#counter,
      this.account,
      async (input, lines) => {
        if (lines.length > 0) request.onRejected?.(input, lines);
        await rejects?.write(input, lines);
      },
      commitEvents,
    );
  }

  static async start(request: IngestRequest): Promise<IngestRun> {
    const sink = request.store ?? new MemorySink();
    const known = [...(await sink.readCheckpoints())];
    const rejects = request.rejectsPath === null ? null : await RejectsFile.open(request.rejectsPath);
    return new IngestRun(request, sink, rejects, known);
  }

  /** The totals so far, or a moment ago. */
  get aggregator(): Aggregator {
    return this.#counter.recentTotals();
  }

  /** Set by whoever follows files. */
  lag: FollowLag | null = null;

  get bytesRead(): number {
    return this.#inputs.reduce((sum, { readings }) => sum + (readings.at(-1)?.source.bytesRead ?? 0), 0);
  }

  /** Takes one more input in; gives its number. */
  addInput(name: string): number {
    return this.#inputs.push({ name, format: null, readings: [] }) - 1;
  }

  /** How far all inputs that are known have been read. */
  get known(): readonly Checkpoint[] {
    return [...this.#known, ...this.#own.values()];
  }

  /** The first bytes of what this run has read, FINGERPRINT_BYTES of each where there are as many. */
  get heads(): readonly Buffer[] {
    return [...this.#heads.values()];
  }

  /** Keeps the source open until what was read of it is committed: only then is it sure not to be needed again. */
  hold(index: number, source: InputSource): void {
    this.#open.push({ index, source, reading: null });
  }

  /** Begins to read an input where it was last committed. */
  async startReading(
    index: number,
    source: InputSource,
    opening: Opening & { readonly format: Format | null },
  ): Promise<Reading> {
    const { head, format } = opening;
    const { sourceName, store } = this.#request;
    const plan = await planResume(source, opening, this.known, sourceName);
    const recent = new RecentBytes(head, plan.before, plan.offset);
    const identity = { runId: this.#id, inputNumber: index, sourceName, isStored: store !== null, opening };
    const reading = new Reading(source, identity, plan, recent, this.known);
    this.#open = this.#open.map((held) => (held.source === source ? { ...held, reading } : held));
    const input = this.#inputs[index];
    if (input) {
      input.format = format?.name ?? null;
      input.readings.push(reading);
    }
    return reading;
  }

  /** Notes how far an input has been read, so that a copy of it among the next ones is known again. */
  noteProgress(reading: Reading): void {
    const { lastCheckpoint } = reading;
    if (!lastCheckpoint) return;
    this.#own.set(lastCheckpoint.inputNumber, lastCheckpoint);
    this.#heads.set(lastCheckpoint.inputNumber, Buffer.from(reading.firstBytes));
  }

  finishReading(reading: Reading): void {
    // Where nothing is stored, and no other input is left, nobody is going to ask.
    const isAsked =
      this.#request.store !== null || this.#inputs.some(({ readings }) => readings.length === 0);
    if (isAsked) this.noteProgress(reading);
    if (reading.source.fault) this.faults.push(reading.source.fault);
  }

  /** Keeps of a reading that has ended, and was committed, but its figures. */
  retire(reading: Reading): void {
    const { fromOffset, committedOffset, committedLines, source } = reading;
    const { replayable, bytesRead } = source;
    const figures = { fromOffset, committedOffset, committedLines, source: { replayable, bytesRead } };
    for (const input of this.#inputs) {
      input.readings = input.readings.map((one) => (one === reading ? figures : one));
    }
  }

  /** Looks up how far all processes have read. What this one has read and not stored, as another was faster, is not known. */
  async lookUpKnown(): Promise<void> {
    this.#known = [...(await this.#sink.readCheckpoints())];
    const stored = this.#known.filter(({ runId }) => runId === this.#id);
    for (const [number, { offset }] of this.#own) {
      if (stored.some((checkpoint) => checkpoint.inputNumber === number && checkpoint.offset === offset))
        continue;
      this.#own.delete(number);
      this.#heads.delete(number);
    }
  }

  /** The kernel of this run, made when it is first needed. */
  kernel(use: RowUse, options: DecodeOptions): ReadyKernel {
    this.#kernel ??= { use, options, ready: takeKernel(use, options) };
    return this.#kernel.ready;
  }

  /**
   * Commits all that was read. Gives the inputs (by index) in which another process was faster: they have to be read
   * again, from where that one stands.
   */
  async settle(): Promise<number[]> {
    await this.committer.flush();
    const overtaken = this.#open.filter(({ reading }) => reading?.overtaken).map(({ index }) => index);
    await this.#closeSources();
    if (overtaken.length > 0) await this.lookUpKnown();
    return overtaken;
  }

  async close(): Promise<void> {
    if (this.#kernel) giveKernelBack(this.#kernel.use, this.#kernel.options, this.#kernel.ready);
    this.#kernel = null;
    await this.#closeSources();
    await this.#rejects?.close();
  }

  async #closeSources(): Promise<void> {
    for (const { source } of this.#open.splice(0)) await source.close();
  }

  summary(): IngestSummary {
    const { store, timeZone, decode, signal } = this.#request;
    return {
      ...this.account.snapshot(),
      seconds: (performance.now() - this.#startedMs) / 1000,
      inputs: this.#inputs.map(({ name, format, readings }) => {
        const lines = readings.reduce((sum, { committedLines }) => sum + committedLines, 0);
        return {
          input: name,
          format,
          fromOffset: readings[0]?.fromOffset ?? 0,
          toOffset: readings.at(-1)?.committedOffset ?? 0,
          lines,
          alreadyIngested: lines === 0 && (readings.at(-1)?.fromOffset ?? 0) > 0,
        };
      }),
      store: store?.location ?? null,
      interrupted: signal.aborted,
      resumable: this.#inputs.every(({ readings }) => readings.every(({ source }) => source.replayable)),
      report: reportOfRun(this.#counter.totals(), { timeZone, defaultCurrency: decode.defaultCurrency }),
    };
  }
}
