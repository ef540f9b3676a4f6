/** Whether a file's content has been read before. A header row says nothing: every file of its kind has the same. */
import { beginningOf, type Opening } from '../../input/beginning.js';
import type { InputSource } from '../../input/input-source.js';
import { recognise } from '../../input/recognise.js';
import { isRotatedName } from '../../input/rotated-name.js';
import { FINGERPRINT_BYTES, type Checkpoint } from '../../store/checkpoint.js';

/** What a run knows of contents. */
export interface Knowledge {
  readonly known: readonly Checkpoint[];
  /** The first bytes of what it has read itself. */
  readonly heads: readonly Buffer[];
}

/** Whether it has been read, be it in part. */
export async function isFamiliar(
  source: InputSource,
  opening: Opening,
  knowledge: Knowledge,
): Promise<boolean> {
  const checkpoint = await recognise(source, opening.head, knowledge.known);
  if (checkpoint && !isBlank(opening.head.subarray(opening.headerBytes, checkpoint.offset))) return true;
  return isCopiedBeginning(source, opening, knowledge);
}

/** Whether it is a copy of the beginning of what has been read: then there is nothing in it to be read. */
export async function isCopiedBeginning(
  source: InputSource,
  opening: Opening,
  { known, heads }: Knowledge,
): Promise<boolean> {
  const { head, headerBytes } = opening;
  if (head.length >= FINGERPRINT_BYTES) return (await beginningOf(source, opening, known)) !== null;
  // A short one is compared byte by byte: no checkpoint has a hash of so little.
  if (!isRotatedName(source.name) || isBlank(head.subarray(headerBytes))) return false;
  return heads.some((other) => other.length > head.length && other.subarray(0, head.length).equals(head));
}

function isBlank(bytes: Buffer): boolean {
  return bytes.toString('latin1').trim() === '';
}
