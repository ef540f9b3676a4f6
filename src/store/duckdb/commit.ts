/** Commits within an open session: rows, new texts and checkpoints, all of them or nothing. */
import { failPoint, omitsCheckpoints, type FailPoint } from '../../fail-point.js';
import type { CommitOutcome, Segment } from '../store.js';
import { readCheckpoints, writeCheckpoint } from './checkpoint-table.js';
import { deduplicate, type Deduplication } from './deduplicate.js';
import type { DuckdbSession } from './engine.js';
import { rowsOf } from './event-table.js';
import { EVENT_TABLES } from './schema.js';
import { RowSet } from './row-set.js';
import type { TextTable } from './text-table.js';

const AFTER_ROWS: Readonly<Record<(typeof EVENT_TABLES)[number], FailPoint>> = {
  plain_events: 'commit.plain-rows',
  detailed_events: 'commit.detailed-rows',
};

/** Commits, one after the other, while this process alone has the file. */
export class WriterTurn {
  readonly #session: DuckdbSession;
  readonly #texts: TextTable;
  /** The inputs of the last commit; null before the first. What others did before that has been looked at. */
  #last: string | null = null;

  constructor(session: DuckdbSession, texts: TextTable) {
    this.#session = session;
    this.#texts = texts;
  }

  async commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    const session = this.#session;
    const inputs = JSON.stringify(
      segments.map(({ checkpoint }) => [checkpoint?.runId, checkpoint?.inputNumber]),
    );
    await session.run('BEGIN TRANSACTION');
    try {
      failPoint('commit.begun');
      const overtaken = inputs === this.#last ? [] : await overtakenSegments(session, segments);
      if (overtaken.length > 0) {
        await session.run('ROLLBACK');
        return { kind: 'overtaken', segments: overtaken };
      }
      if (this.#last === null) await this.#texts.compareWithStore(session);
      const duplicates = await storeSegments(session, segments, this.#texts);
      failPoint('commit.before-commit');
      await session.run('COMMIT');
      failPoint('commit.committed');
      this.#last = inputs;
      return { kind: 'committed', duplicates };
    } catch (error) {
      this.#texts.forget();
      this.#last = null;
      await session.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

/** Those (by index) of which another process, or another run of this one, has stored more meanwhile. */
async function overtakenSegments(session: DuckdbSession, segments: readonly Segment[]): Promise<number[]> {
  // What cannot be read again has no checkpoint that another process could have moved.
  if (segments.every(({ checkpoint }) => checkpoint === null)) return [];
  const checkpoints = await readCheckpoints(session);
  const overtaken: number[] = [];
  for (const [i, segment] of segments.entries()) {
    if (await segment.overtakenBy(checkpoints)) overtaken.push(i);
  }
  return overtaken;
}

async function storeSegments(
  session: DuckdbSession,
  segments: readonly Segment[],
  texts: TextTable,
): Promise<(readonly (readonly number[])[])[]> {
  for (const { retractKey } of segments) await retract(session, retractKey);
  failPoint('commit.retracted');
  const deduplication = await deduplicate(session, segments);
  failPoint('commit.deduplicated');
  // This thread is free while rows are inserted.
  const collecting = texts.collectNew(segments.flatMap(({ batches }) => batches));
  try {
    await storeRows(session, segments, deduplication);
  } finally {
    // Also where rows could not be stored nothing may go on by itself.
    await collecting.catch(() => undefined);
  }
  await texts.add(session, await collecting);
  failPoint('commit.texts');
  return [...deduplication.duplicates];
}

async function storeRows(
  session: DuckdbSession,
  segments: readonly Segment[],
  { omitted, contested }: Deduplication,
): Promise<void> {
  for (const [
    i,
    { batches, provisionalKey, provisionalEvents, retractKey, checkpoint },
  ] of segments.entries()) {
    // What an earlier segment of this same commit has stored of a copy.
    if (i > 0) await retract(session, retractKey);
    const rows = batches.map((batch, j) => {
      const isLast = j === batches.length - 1;
      const provisional = { key: isLast ? provisionalKey : 0n, events: provisionalEvents };
      return rowsOf(batch, omitted[i]?.[j] ?? new RowSet(0), provisional);
    });
    for (const table of EVENT_TABLES) {
      await session.insert(
        table,
        rows.filter((ofBatch) => ofBatch.table === table).map(({ part }) => part),
      );
      failPoint(AFTER_ROWS[table]);
    }
    if (checkpoint && !omitsCheckpoints()) {
      await writeCheckpoint(session, contested.has(i) ? { ...checkpoint, rereads: true } : checkpoint);
      failPoint('commit.checkpoint');
    }
  }
}

/** Takes back the events of a record that goes on. */
async function retract(session: DuckdbSession, provisionalKey: bigint): Promise<void> {
  if (provisionalKey === 0n) return;
  await session.run(`DELETE FROM detailed_events WHERE provisional_key = ?`, [provisionalKey]);
}
