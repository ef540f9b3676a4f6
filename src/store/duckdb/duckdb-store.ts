/**
 * The embedded store: one DuckDB file. Each commit and each report opens the file, does its work and closes it again,
 * as DuckDB lets one process write at a time; whoever finds it taken waits and tries again.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MapipeError } from '../../errors.js';
import type { Checkpoint } from '../checkpoint.js';
import type { ReportAnswer, ReportQuestion } from '../report-question.js';
import { retryWhile, STORE_RETRY } from '../retry.js';
import type { CommitOutcome, Segment, Store } from '../store.js';
import { readCheckpoints, writeCheckpoint } from './checkpoint-table.js';
import { deduplicate } from './deduplicate.js';
import { DuckdbSession, type SessionOptions } from './engine.js';
import { appendEvents } from './event-table.js';
import { inTurn } from './in-turn.js';
import { migrate, readSchemaVersion } from './migrate.js';
import { answerReport, emptyAnswer } from './report-query.js';
import { isBusy, isUnwritten, messageOf, toStoreError } from './store-errors.js';
import { TextTable } from './text-table.js';

// Appending is one thread's work: a second one only takes memory. Queries share out theirs.
const WRITE: SessionOptions = { readOnly: false, memoryMiB: 64, threads: 1 };
const READ: SessionOptions = { readOnly: true, memoryMiB: 1024, threads: 2 };

/** A file without content is waited for this long: another process may be about to write it. */
const UNWRITTEN_RETRY = { ...STORE_RETRY, maxWaitMs: 500 };

export class DuckdbStore implements Store {
  readonly location: string;
  readonly #texts = new TextTable();
  constructor(path: string) {
    this.location = path;
  }

  async readCheckpoints(): Promise<readonly Checkpoint[]> {
    if (!existsSync(this.location)) return [];
    return this.#withSession(READ, async (session) => {
      const version = await readSchemaVersion(session, this.location);
      return version === 0 ? [] : readCheckpoints(session);
    });
  }

  async commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    await createFolder(this.location);
    return this.#withSession(WRITE, async (session) => {
      await session.run('BEGIN TRANSACTION');
      await migrate(session, this.location);
      const checkpoints = await readCheckpoints(session);
      const overtaken: number[] = [];
      for (const [i, segment] of segments.entries()) {
        if (await segment.overtakenBy(checkpoints)) overtaken.push(i);
      }
      if (overtaken.length > 0) {
        await session.run('ROLLBACK');
        return { kind: 'overtaken', segments: overtaken };
      }
      try {
        const duplicates = await this.#store(session, segments);
        await session.run('COMMIT');
        return { kind: 'committed', duplicates };
      } catch (error) {
        this.#texts.forget();
        throw error;
      }
    });
  }

  async #store(
    session: DuckdbSession,
    segments: readonly Segment[],
  ): Promise<(readonly (readonly number[])[])[]> {
    for (const { retractKey } of segments) await retract(session, retractKey);
    const { duplicates, omitted, contested } = await deduplicate(session, segments);
    await this.#texts.addTextsOf(
      session,
      segments.flatMap(({ batches }) => batches),
    );
    for (const [
      i,
      { batches, provisionalKey, provisionalEvents, retractKey, checkpoint },
    ] of segments.entries()) {
      // What an earlier segment of this same commit has stored of a copy.
      if (i > 0) await retract(session, retractKey);
      for (const [j, batch] of batches.entries()) {
        const isLast = j === batches.length - 1;
        const provisional = { key: isLast ? provisionalKey : 0n, events: provisionalEvents };
        await appendEvents(session, batch, omitted[i]?.[j] ?? new Set(), provisional);
      }
      if (checkpoint) {
        await writeCheckpoint(session, contested.has(i) ? { ...checkpoint, rereads: true } : checkpoint);
      }
    }
    return [...duplicates];
  }

  async report(question: ReportQuestion): Promise<ReportAnswer> {
    return this.#withSession(READ, async (session) => {
      const version = await readSchemaVersion(session, this.location);
      return version === 0 ? emptyAnswer(question) : answerReport(session, question);
    });
  }

  async close(): Promise<void> {
    await inTurn(this.location, () => Promise.resolve());
  }

  /** Opens the file, waiting while another process has it, runs `work`, and closes it whatever happens. */
  async #withSession<T>(options: SessionOptions, work: (session: DuckdbSession) => Promise<T>): Promise<T> {
    try {
      return await inTurn(this.location, async () => {
        const session = await this.#open(options);
        try {
          return await work(session);
        } finally {
          session.close();
        }
      });
    } catch (error) {
      throw toStoreError(error, this.location);
    }
  }

  async #open(options: SessionOptions): Promise<DuckdbSession> {
    if (options.readOnly && !existsSync(this.location)) {
      throw new MapipeError('MAPIPE_STORE_NOT_FOUND', `there is no store at ${this.location} yet`, {
        hint: 'fill one with: mapipe ingest FILE',
      });
    }
    const open = (): Promise<DuckdbSession> => DuckdbSession.open(this.location, options);
    return retryWhile(isBusy, () => retryWhile(isUnwritten, open, UNWRITTEN_RETRY));
  }
}

/** Takes back the events of a record that goes on. */
async function retract(session: DuckdbSession, provisionalKey: bigint): Promise<void> {
  if (provisionalKey === 0n) return;
  await session.run(`DELETE FROM event_data WHERE provisional_key = ?`, [provisionalKey]);
}

async function createFolder(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new MapipeError(
      'MAPIPE_STORE_FAILED',
      `cannot create the folder of the store ${path}: ${messageOf(error)}`,
      {
        hint: 'name another place with --store',
        cause: error,
      },
    );
  }
}
