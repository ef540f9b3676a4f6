/** A store in memory for the rotation model: atomic, quick, and able to die in the middle of a commit. */
import type { Event } from '../../src/event/event.js';
import type { Checkpoint } from '../../src/store/checkpoint.js';
import type { StoreExamination } from '../../src/store/examination.js';
import type { ReportAnswer } from '../../src/store/report-question.js';
import type { CommitOutcome, Segment, Store } from '../../src/store/store.js';

/** What a store loses when the process that writes to it dies: nothing, the commit, or only the answer to it. */
export type DeathMoment = 'before it is durable' | 'after it is durable';

/** What a process hears of that is about to be gone. */
export class Death extends Error {}

interface Row {
  readonly user: string;
  readonly provisionalKey: bigint;
}

/** What all processes share. */
export class SharedRows {
  rows: Row[] = [];
  readonly #checkpoints = new Map<string, Checkpoint>();
  #turn: Promise<unknown> = Promise.resolve();

  get checkpoints(): Checkpoint[] {
    return [...this.#checkpoints.values()];
  }

  /** How often each user is there. */
  counts(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const { user } of this.rows) counts.set(user, (counts.get(user) ?? 0) + 1);
    return Promise.resolve(counts);
  }

  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Takes back what is retracted, adds the rows, and moves the checkpoints. */
  put(segments: readonly Segment[]): void {
    for (const { batches, checkpoint, retractKey, provisionalKey, provisionalEvents } of segments) {
      if (retractKey !== 0n) this.rows = this.rows.filter((row) => row.provisionalKey !== retractKey);
      for (const [i, batch] of batches.entries()) {
        const { codes, dictionary } = batch.texts.user_id;
        const provisionalFrom = i === batches.length - 1 ? batch.length - provisionalEvents : batch.length;
        for (let row = 0; row < batch.length; row++) {
          this.rows.push({
            user: dictionary.text(codes[row] ?? 0),
            provisionalKey: row >= provisionalFrom ? provisionalKey : 0n,
          });
        }
      }
      if (checkpoint) this.#checkpoints.set(`${checkpoint.runId} ${checkpoint.inputNumber}`, checkpoint);
    }
  }
}

/** One process's way to the rows. */
export class MemoryStore implements Store {
  readonly location = 'memory';
  readonly #shared: SharedRows;

  constructor(shared: SharedRows) {
    this.#shared = shared;
  }

  readCheckpoints(): Promise<readonly Checkpoint[]> {
    return Promise.resolve(this.#shared.checkpoints);
  }

  commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    return this.#shared.inTurn(async () => {
      const overtaken: number[] = [];
      for (const [i, segment] of segments.entries()) {
        if (await segment.overtakenBy(this.#shared.checkpoints)) overtaken.push(i);
      }
      if (overtaken.length > 0) return { kind: 'overtaken', segments: overtaken };
      this.#shared.put(segments);
      return { kind: 'committed', duplicates: segments.map(({ batches }) => batches.map(() => [])) };
    });
  }

  report(): Promise<ReportAnswer> {
    return Promise.reject(new Error('nobody asks'));
  }

  latestEvents(): Promise<readonly Event[]> {
    return Promise.resolve([]);
  }

  examine(): Promise<StoreExamination> {
    return Promise.reject(new Error('nobody asks'));
  }

  revision(): Promise<null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A store as a process has it that may die: from then on nothing of it gets there any more. */
export class MortalStore implements Store {
  readonly location: string;
  readonly #store: Store;
  #isDead = false;
  #death: { readonly moment: DeathMoment; commits: number } | null = null;

  constructor(store: Store) {
    this.#store = store;
    this.location = store.location;
  }

  die(): void {
    this.#isDead = true;
  }

  /** Lets the process die in a commit, after so many more that go well. */
  dieIn(commits: number, moment: DeathMoment): void {
    this.#death = { moment, commits };
  }

  readCheckpoints(): Promise<readonly Checkpoint[]> {
    return this.#store.readCheckpoints();
  }

  async commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    const isLast = this.#death !== null && this.#death.commits-- <= 0;
    if (this.#isDead || (isLast && this.#death?.moment === 'before it is durable')) throw this.#died();
    const outcome = await this.#store.commit(segments);
    if (isLast) throw this.#died();
    return outcome;
  }

  report: Store['report'] = (question) => this.#store.report(question);
  latestEvents: Store['latestEvents'] = (question) => this.#store.latestEvents(question);
  examine: Store['examine'] = (hints) => this.#store.examine(hints);
  revision: Store['revision'] = () => this.#store.revision();
  close: Store['close'] = () => this.#store.close();

  #died(): Death {
    this.#isDead = true;
    return new Death('the process died');
  }
}
