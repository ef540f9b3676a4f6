/**
 * The inputs that a store knows, as they are now: how far each is read, and what of it is not. Files are looked at only;
 * a compressed one is decompressed up to where it was read, as there is no other way to know it again.
 */
import { stat } from 'node:fs/promises';
import { MapipeError, systemErrorCode } from '../errors.js';
import { FINGERPRINT_BYTES, type Checkpoint } from '../store/checkpoint.js';
import { openFile } from './file-source.js';
import type { InputSource } from './input-source.js';
import { fingerprint, furthest, matching } from './recognise.js';

export type InputState =
  /** Read to its end. */
  | 'read'
  /** There is more of it. */
  | 'unread'
  /** The file of its name holds something else now, or less. */
  | 'changed'
  /** There is no file of its name. */
  | 'gone'
  /** There is one, but it cannot be looked at. */
  | 'unreadable';

export interface KnownInput {
  readonly name: string;
  /** `--source`, where it was given. */
  readonly source: string | null;
  readonly readLines: number;
  readonly readBytes: number;
  readonly state: InputState;
  /** How long the file of its name is now, on disk; null where there is none. */
  readonly fileBytes: number | null;
  /** null where nobody can tell: of a compressed file, or of one that is not there. */
  readonly unreadBytes: number | null;
}

/** The file of a name, and what is known of what it holds. */
interface Look {
  readonly name: string;
  /** null where there is none. */
  readonly fileBytes: number | null;
  readonly isReadable: boolean;
  /** The checkpoints up to which it is known, the furthest first, each with whether it goes on behind. */
  readonly matches: readonly { readonly checkpoint: Checkpoint; readonly unreadBytes: number | null }[];
}

/** In order of their names; of each content the furthest that it was read. `checkpoints` in the order of their commits. */
export async function lookAtInputs(
  checkpoints: readonly Checkpoint[],
  signal: AbortSignal,
): Promise<KnownInput[]> {
  const byHead = new Heads(checkpoints.filter(({ source }) => source === null));
  const looks = new Map<string, Look>();
  for (const name of new Set(checkpoints.map((checkpoint) => checkpoint.name))) {
    if (signal.aborted) break;
    const ofSource = checkpoints.filter(({ source, name: own }) => source !== null && own === name);
    looks.set(name, await lookAt(name, byHead, ofSource, signal));
  }
  return [...ofFiles([...looks.values()]), ...ofNoFile(checkpoints, looks)].sort(byName);
}

/** What files hold that is known; where several hold the same, the one of the name that it was read by. */
function ofFiles(looks: readonly Look[]): KnownInput[] {
  const inputs = new Map<Checkpoint, KnownInput>();
  for (const { name, fileBytes, matches } of looks) {
    const [best] = matches.filter(({ checkpoint }) => checkpoint.source === null);
    const named = matches.filter(({ checkpoint }) => checkpoint.source !== null);
    for (const { checkpoint, unreadBytes } of [...(best ? [best] : []), ...named]) {
      if (inputs.has(checkpoint) && checkpoint.name !== name) continue;
      const state = unreadBytes === 0 ? 'read' : 'unread';
      inputs.set(checkpoint, { ...figuresOf(checkpoint), name, state, fileBytes, unreadBytes });
    }
  }
  return [...inputs.values()];
}

/** What is known, but held by no file of a known name any more. */
function ofNoFile(checkpoints: readonly Checkpoint[], looks: ReadonlyMap<string, Look>): KnownInput[] {
  const held = new Set(
    [...looks.values()].flatMap(({ matches }) => matches.map(({ checkpoint }) => checkpoint)),
  );
  return [...grouped(checkpoints, contentOf).values()].flatMap((content) => {
    if (content.some((checkpoint) => held.has(checkpoint))) return [];
    const last = content[0]?.source === null ? furthest(content) : content.at(-1);
    const look = last && looks.get(last.name);
    if (!look) return [];
    const state = look.fileBytes === null ? 'gone' : look.isReadable ? 'changed' : 'unreadable';
    return [{ ...figuresOf(last), state, fileBytes: look.fileBytes, unreadBytes: null }];
  });
}

function figuresOf({
  name,
  source,
  lines,
  offset,
}: Checkpoint): Pick<KnownInput, 'name' | 'source' | 'readLines' | 'readBytes'> {
  return { name, source, readLines: lines, readBytes: offset };
}

/** A short head changes as the file grows: until then its file tells that it is the same. */
function contentOf({ source, name, inode, headLength, headHash }: Checkpoint): string {
  if (source !== null) return `source ${source}`;
  return headLength < FINGERPRINT_BYTES ? `file ${inode} ${name}` : headHash;
}

async function lookAt(
  name: string,
  byHead: Heads,
  ofSource: readonly Checkpoint[],
  signal: AbortSignal,
): Promise<Look> {
  const nothing = { name, isReadable: true, matches: [] };
  let source: InputSource | null = null;
  try {
    const stats = await stat(name);
    // Whoever opens a pipe takes from it.
    if (!stats.isFile()) return { ...nothing, fileBytes: 0 };
    source = await openFile(name, signal);
    const head = await source.head(() => true);
    const byContent = await matching(source, head, byHead.of(head));
    const matches = await withUnread(source, stats.size, [...byContent, ...ofSource.slice(-1)]);
    return { ...nothing, fileBytes: stats.size, matches };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { ...nothing, fileBytes: null };
    if (code === undefined && !(error instanceof MapipeError)) throw error;
    return { ...nothing, isReadable: false, fileBytes: 0 };
  } finally {
    await source?.close();
  }
}

/** Checkpoints by the head of their content: with thousands of inputs none is compared with all. */
class Heads {
  readonly #byHead: ReadonlyMap<string, readonly Checkpoint[]>;
  readonly #lengths: ReadonlySet<number>;

  constructor(checkpoints: readonly Checkpoint[]) {
    this.#byHead = grouped(checkpoints, ({ headLength, headHash }) => `${headLength} ${headHash}`);
    this.#lengths = new Set(checkpoints.map(({ headLength }) => headLength));
  }

  of(head: Buffer): Checkpoint[] {
    return [...this.#lengths].flatMap((length) => {
      return this.#byHead.get(`${length} ${fingerprint(head.subarray(0, length))}`) ?? [];
    });
  }
}

/** Of those up to which the input is long enough: how much of it follows; null where nobody can tell how much. */
async function withUnread(
  source: InputSource,
  fileBytes: number,
  checkpoints: readonly Checkpoint[],
): Promise<Look['matches']> {
  const furthestFirst = [...checkpoints].sort((a, b) => b.offset - a.offset);
  const around = await source.bytesBefore(
    furthestFirst.map(({ offset }) => ({ offset: offset + 1, length: 2 })),
  );
  return furthestFirst.flatMap((checkpoint, i) => {
    const { offset } = checkpoint;
    const length = around[i]?.length ?? 0;
    const isLongEnough = length > 0 || offset === 0;
    const hasMore = length > Math.min(1, offset);
    if (!isLongEnough) return [];
    const isPlain = source.plainFile !== null;
    return [{ checkpoint, unreadBytes: !hasMore ? 0 : isPlain ? fileBytes - offset : null }];
  });
}

function byName(a: KnownInput, b: KnownInput): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
