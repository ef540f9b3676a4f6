/** Decides where the reading of an input starts: where it was last committed, if its content is known. */
import { beginningOf, type Opening } from '../input/beginning.js';
import type { InputSource } from '../input/input-source.js';
import { recognise, recogniseByName } from '../input/recognise.js';
import { FINGERPRINT_BYTES, type Checkpoint } from '../store/checkpoint.js';

export interface ResumePlan {
  /** Where to start. */
  readonly offset: number;
  /** Lines that stand before it. */
  readonly lines: number;
  /** The bytes just before it, for fingerprints. */
  readonly before: Buffer;
  /** Takes back the event of a line that was open and has grown since; 0n: none. */
  readonly retractKey: bigint;
  /** How far it was read before; 0 for a new input. */
  readonly knownOffset: number;
}

export async function planResume(
  source: InputSource,
  opening: Opening,
  known: readonly Checkpoint[],
  sourceName: string | null,
): Promise<ResumePlan> {
  const checkpoint = source.replayable ? await findCheckpoint(source, opening, known, sourceName) : null;
  if (!checkpoint) return { offset: 0, lines: 0, before: Buffer.alloc(0), retractKey: 0n, knownOffset: 0 };
  const { offset, openOffset, provisionalKey, rereads, lines } = checkpoint;
  let start = { offset, lines, retractKey: 0n };
  if (openOffset !== null) {
    const [next = Buffer.alloc(0)] = await source.bytesBefore([{ offset: offset + 2, length: 2 }]);
    const lineEnd = /^\r?\n/.exec(next.toString('latin1'))?.[0];
    // The open line got its end: nothing of it is new. Anything else: it has grown, or may yet, and is read anew from
    // its start.
    if (lineEnd !== undefined && !rereads) start = { offset: offset + lineEnd.length, lines, retractKey: 0n };
    else if (next.length > 0 || source.mayGrow)
      start = { offset: openOffset, lines: lines - 1, retractKey: provisionalKey };
  }
  const [before = Buffer.alloc(0)] = await source.bytesBefore([
    { offset: start.offset, length: FINGERPRINT_BYTES },
  ]);
  return { ...start, before, knownOffset: offset };
}

async function findCheckpoint(
  source: InputSource,
  opening: Opening,
  known: readonly Checkpoint[],
  sourceName: string | null,
): Promise<Checkpoint | null> {
  // Where it is but the beginning of what is known, there is nothing behind that checkpoint to be read.
  if (sourceName === null)
    return (await beginningOf(source, opening, known)) ?? recognise(source, opening.head, known);
  const checkpoint = recogniseByName(sourceName, known);
  // Shorter than what was read of it: it has been cut off or replaced, and is new.
  if (!checkpoint) return null;
  const [last] = await source.bytesBefore([{ offset: checkpoint.offset, length: 1 }]);
  return last?.length === 1 ? checkpoint : null;
}
