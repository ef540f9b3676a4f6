/** Finds how far an input has been read before, by what it holds. */
import type { Checkpoint } from '../store/checkpoint.js';
import type { InputSource } from './input-source.js';

export function fingerprint(bytes: Buffer): string {
  // Loaded where it is wanted: nothing that is not stored needs it.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** The checkpoint up to which the input's content is known; null where it is new. */
export async function recognise(
  source: InputSource,
  head: Buffer,
  checkpoints: readonly Checkpoint[],
): Promise<Checkpoint | null> {
  return furthest(await matching(source, head, checkpoints));
}

/** Every checkpoint whose content is what the input holds up to there. */
export async function matching(
  source: InputSource,
  head: Buffer,
  checkpoints: readonly Checkpoint[],
): Promise<Checkpoint[]> {
  const candidates = checkpoints.filter((checkpoint) => sharesHead(head, checkpoint));
  const tails = await source.bytesBefore(
    candidates.map(({ offset, tailLength }) => ({ offset, length: tailLength })),
  );
  return candidates.filter(({ tailLength, tailHash }, i) => {
    const tail = tails[i];
    return tail?.length === tailLength && fingerprint(tail) === tailHash;
  });
}

/** The checkpoint of the input that the user gave this name (`--source`), whatever it holds; null if there is none. */
export function recogniseByName(name: string, checkpoints: readonly Checkpoint[]): Checkpoint | null {
  return checkpoints.filter(({ source }) => source === name).at(-1) ?? null;
}

export function sharesHead(head: Buffer, { headLength, headHash }: Checkpoint): boolean {
  return (
    headLength > 0 && head.length >= headLength && fingerprint(head.subarray(0, headLength)) === headHash
  );
}

export function furthest(checkpoints: readonly Checkpoint[]): Checkpoint | null {
  return checkpoints.reduce<Checkpoint | null>(
    (best, checkpoint) => (best === null || checkpoint.offset > best.offset ? checkpoint : best),
    null,
  );
}
