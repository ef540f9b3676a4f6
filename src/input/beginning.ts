/**
 * A copy of what a log was, before more of it was read and it was cut off: it is shorter than what is known, so that no
 * checkpoint is to be found in it. Its name and its first bytes tell it, if those are more than a header row.
 */
import { FINGERPRINT_BYTES, type Checkpoint } from '../store/checkpoint.js';
import type { InputSource } from './input-source.js';
import { sharesHead } from './recognise.js';
import { wasOfLog } from './rotated-name.js';

/** So much behind the header that two files share tells that one is a copy of the other. */
const TELLING_BYTES = 256;

/** What stands at the top of an input. */
export interface Opening {
  readonly head: Buffer;
  /** Of the row that names the columns, and all before it; 0 where there is none. */
  readonly headerBytes: number;
}

/** The checkpoint further on of what this file, named as a rotated one, is the beginning of; null where it is none. */
export async function beginningOf(
  source: InputSource,
  { head, headerBytes }: Opening,
  checkpoints: readonly Checkpoint[],
): Promise<Checkpoint | null> {
  if (FINGERPRINT_BYTES - headerBytes < TELLING_BYTES) return null;
  const alike = checkpoints.filter(
    (checkpoint) =>
      checkpoint.headLength === FINGERPRINT_BYTES &&
      wasOfLog(source.name, checkpoint.name) &&
      sharesHead(head, checkpoint),
  );
  const last = await source.bytesBefore(alike.map(({ offset }) => ({ offset, length: 1 })));
  return alike.find((_, i) => last[i]?.length === 0) ?? null;
}
