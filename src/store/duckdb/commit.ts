/** One commit within an open session: rows, new texts and checkpoints, all of it or nothing. */
import type { CommitOutcome, Segment } from '../store.js';
import { readCheckpoints, writeCheckpoint } from './checkpoint-table.js';
import { deduplicate, type Deduplication } from './deduplicate.js';
import type { DuckdbSession } from './engine.js';
import { rowsOf } from './event-table.js';
import type { TextTable } from './text-table.js';

export async function commitSegments(
  session: DuckdbSession,
  segments: readonly Segment[],
  texts: TextTable,
): Promise<CommitOutcome> {
  await session.run('BEGIN TRANSACTION');
  try {
    const overtaken = await overtakenSegments(session, segments);
    if (overtaken.length > 0) {
      await session.run('ROLLBACK');
      return { kind: 'overtaken', segments: overtaken };
    }
    const duplicates = await storeSegments(session, segments, texts);
    await session.run('COMMIT');
    return { kind: 'committed', duplicates };
  } catch (error) {
    texts.forget();
    await session.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Those (by index) of which another process has stored more meanwhile. */
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
  const deduplication = await deduplicate(session, segments);
  await texts.compareWithStore(session);
  // This thread is free while rows are inserted.
  const collecting = texts.collectNew(segments.flatMap(({ batches }) => batches));
  try {
    await storeRows(session, segments, deduplication);
  } finally {
    // Also where rows could not be stored nothing may go on by itself.
    await collecting.catch(() => undefined);
  }
  await texts.add(session, await collecting);
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
    const parts = batches.map((batch, j) => {
      const isLast = j === batches.length - 1;
      const provisional = { key: isLast ? provisionalKey : 0n, events: provisionalEvents };
      return rowsOf(batch, omitted[i]?.[j] ?? new Set(), provisional);
    });
    await session.insert('event_data', parts);
    if (checkpoint) {
      await writeCheckpoint(session, contested.has(i) ? { ...checkpoint, rereads: true } : checkpoint);
    }
  }
}

/** Takes back the events of a record that goes on. */
async function retract(session: DuckdbSession, provisionalKey: bigint): Promise<void> {
  if (provisionalKey === 0n) return;
  await session.run(`DELETE FROM event_data WHERE provisional_key = ?`, [provisionalKey]);
}
