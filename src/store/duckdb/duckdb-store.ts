/**
 * The embedded store: one DuckDB file. Each commit and each report opens the file, does its work and closes it again,
 * as DuckDB lets one process write at a time; whoever finds it taken waits and tries again.
 */
import { existsSync } from 'node:fs';
import { MapipeError } from '../../errors.js';
import { failPoint } from '../../fail-point.js';
import type { Event } from '../../event/event.js';
import type { Checkpoint } from '../checkpoint.js';
import type { LatestEventsQuestion } from '../event-selection.js';
import type { ReportAnswer, ReportQuestion } from '../report-question.js';
import type { StoreExamination } from '../examination.js';
import { retryWhile, STORE_RETRY, type RetryLimits } from '../retry.js';
import type { StoreRevision } from '../store-revision.js';
import type { CommitOutcome, Segment, Store } from '../store.js';
import { readCheckpoints } from './checkpoint-table.js';
import { createFile } from './create-file.js';
import { DuckdbSession, type SessionOptions } from './engine.js';
import { fileIdentity, fileRevision, logBytes } from './file-revision.js';
import { inTurn } from './in-turn.js';
import { removeSpilled } from './left-over.js';
import { readLatestEvents } from './latest-events.js';
import { migrate, prepareToRead } from './migrate.js';
import { answerReport, emptyAnswer } from './report-query.js';
import { crash, isBusy, isUnwritten, messageOf, notFound, toStoreError } from './store-errors.js';
import { TextTable } from './text-table.js';
import { WriteQueue, type Pace, type Writer } from './write-queue.js';

const WRITE: SessionOptions = { readOnly: false, memoryMiB: 48, threads: 1 };
/**
 * Large commits are shared out, as queries are. Each thread leaves a part that is not full: most of them stay so. With less
 * memory the engine writes more of them beside the store and reads them again; with more, millions of texts take too much.
 */
const WRITE_BULK: SessionOptions = { ...WRITE, memoryMiB: 56, threads: 2, maxVacuumTasks: 1 };
const READ: SessionOptions = { readOnly: true, memoryMiB: 1024, threads: 2 };
const EXAMINE: SessionOptions = { ...READ, mayWriteBeside: false };

/** A larger log would be long to read for whoever opens the file. */
const MAX_LOG_BYTES = 16 << 20;
/** What it takes in memory, in multiples of its size. */
const LOG_ROOM = 4;
const LIVE: Pace = { holdMs: 200, lingerMs: 20, lingersAlways: false };
const BULK: Pace = { holdMs: 1_500, lingerMs: 100, lingersAlways: true };

/** A file without content is waited for this long: another process may be about to write it. */
const UNWRITTEN_RETRY = { ...STORE_RETRY, maxWaitMs: 500 };
/** Who asks whether a store is sound wants to hear soon that it is busy. */
const EXAMINE_RETRY = { ...STORE_RETRY, maxWaitMs: 3_000 };

export interface DuckdbStoreOptions {
  /** Many large commits follow each other, until the store is closed. */
  readonly isBulk?: boolean;
  /** How long a store is waited for that another process has; absent: a minute. */
  readonly maxWaitMs?: number;
}

export class DuckdbStore implements Store {
  readonly location: string;
  readonly #writes: WriteQueue;
  readonly #isBulk: boolean;
  readonly #busyRetry: RetryLimits;
  readonly #writeOptions: SessionOptions;
  /** Whether commits of this process stand in the log. */
  #hasLog = false;

  constructor(path: string, { isBulk = false, maxWaitMs = STORE_RETRY.maxWaitMs }: DuckdbStoreOptions = {}) {
    this.location = path;
    this.#busyRetry = { ...STORE_RETRY, maxWaitMs };
    this.#isBulk = isBulk;
    this.#writeOptions = isBulk ? WRITE_BULK : WRITE;
    this.#writes = new WriteQueue((work) => this.#withWriter(work), new TextTable(), isBulk ? BULK : LIVE);
  }

  async readCheckpoints(): Promise<readonly Checkpoint[]> {
    if (!existsSync(this.location)) return [];
    return this.#withSession(READ, async (session) => {
      const version = await prepareToRead(session, this.location);
      return version > 0 ? readCheckpoints(session) : [];
    });
  }

  async commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    return this.#writes.commit(segments).catch((error: unknown) => {
      throw this.#toStoreError(error);
    });
  }

  async report(question: ReportQuestion): Promise<ReportAnswer> {
    return this.#withSession(READ, async (session) => {
      const version = await prepareToRead(session, this.location);
      return version > 0 ? answerReport(session, question) : emptyAnswer(question);
    });
  }

  async latestEvents(question: LatestEventsQuestion): Promise<readonly Event[]> {
    if (!existsSync(this.location)) return [];
    return this.#withSession(READ, async (session) => {
      const version = await prepareToRead(session, this.location);
      return version > 0 ? readLatestEvents(session, question) : [];
    });
  }

  async revision(): Promise<StoreRevision | null> {
    // Closing moves what a commit wrote to another place of the file: that is no news.
    await this.#writes.closed();
    try {
      return await fileRevision(this.location);
    } catch (error) {
      throw new MapipeError(
        'MAPIPE_STORE_FAILED',
        `the store ${this.location} cannot be reached: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }

  async examine(options?: { readonly crashedBy: string }): Promise<StoreExamination> {
    const { examineFile } = await import('./examine.js');
    if (options)
      return examineFile(this.location, () => Promise.reject(crash(options.crashedBy, this.location)));
    return examineFile(this.location, (work) => this.#withSession(EXAMINE, work, EXAMINE_RETRY));
  }

  async close(): Promise<void> {
    await this.#writes.close();
    await this.#moveLog();
    await inTurn(this.location, 'read', () => Promise.resolve());
  }

  async #withWriter(work: (writer: Writer) => Promise<void>): Promise<void> {
    await createFile(this.location, this.#writeOptions);
    await this.#withSession(this.#writeOptions, async (session) => {
      // Else closing it would move the log into the file, and on the main thread.
      await session.run('PRAGMA disable_checkpoint_on_shutdown');
      failPoint('open.done');
      await removeSpilled(this.location);
      await migrate(session, this.location);
      const identity = (): Promise<string | null> => fileIdentity(this.location);
      const opened = await identity();
      await work({ session, identity });
      // The log of a file that was taken away is not to stay for the one that comes next.
      const isInPlace = opened !== null && (await identity()) === opened;
      const mayWait = this.#isBulk && !this.#writes.isClosing && isInPlace;
      this.#hasLog = mayWait && (await logBytes(this.location)) <= MAX_LOG_BYTES;
      if (!this.#hasLog) await moveLogIntoFile(session);
      failPoint('close.begun');
    });
    failPoint('close.done');
  }

  /**
   * Each commit is durable in the write-ahead log, from where whoever opens the file reads it. To move it into the file
   * costs more than a commit, so that it waits, where many follow each other, until no more come or it has become large.
   */
  async #moveLog(): Promise<void> {
    if (!this.#hasLog) return;
    this.#hasLog = false;
    try {
      await inTurn(this.location, 'write', async () => {
        if (!existsSync(this.location)) return;
        const options = await withRoomForLog(this.#writeOptions, this.location);
        const session = await DuckdbSession.open(this.location, options);
        await moveLogIntoFile(session);
        session.close();
      });
    } catch {
      // Another process has the file: it moves the log with its own.
    }
  }

  /** Opens the file, waiting while another process has it, runs `work`, and closes it whatever happens. */
  async #withSession<T>(
    options: SessionOptions,
    work: (session: DuckdbSession) => Promise<T>,
    retry = this.#busyRetry,
  ): Promise<T> {
    try {
      return await inTurn(this.location, options.readOnly ? 'read' : 'write', async () => {
        const session = await this.#open(await withRoomForLog(options, this.location), retry);
        try {
          return await work(session);
        } finally {
          session.close();
        }
      });
    } catch (error) {
      throw toStoreError(error, this.location, retry.maxWaitMs);
    }
  }

  #toStoreError(error: unknown): unknown {
    return toStoreError(error, this.location, this.#busyRetry.maxWaitMs);
  }

  async #open(options: SessionOptions, retry: RetryLimits): Promise<DuckdbSession> {
    if (options.readOnly && !existsSync(this.location)) {
      throw notFound(this.location);
    }
    const open = (): Promise<DuckdbSession> => DuckdbSession.open(this.location, options);
    return retryWhile(isBusy, () => retryWhile(isUnwritten, open, UNWRITTEN_RETRY), retry);
  }
}

/** Whoever opens a file reads its log into memory: a large one, of long texts, needs more than any commit does. */
async function withRoomForLog(options: SessionOptions, location: string): Promise<SessionOptions> {
  const bytes = await logBytes(location);
  if (bytes <= MAX_LOG_BYTES) return options;
  return { ...options, memoryMiB: options.memoryMiB + LOG_ROOM * Math.ceil(bytes / 2 ** 20) };
}

/** Where it fails the commits are durable all the same: the next session that opens the file reads them. */
async function moveLogIntoFile(session: DuckdbSession): Promise<void> {
  failPoint('log.before-move');
  await session.run('CHECKPOINT').catch(() => undefined);
  failPoint('log.moved');
}
