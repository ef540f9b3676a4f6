/** The names that log rotation gives to what a file was: `app.log.1`, `app.log-20261126.gz`, `app-2026-11-26.log`. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { ROTATION_MARK as MARK } from '../../input/rotated-name.js';
import { identityOf, stampOf, type FileIdentity, type FileStamp } from './file-identity.js';

export interface RotatedFile {
  readonly path: string;
  readonly identity: FileIdentity;
  readonly stamp: FileStamp;
  readonly changedNs: bigint;
  readonly isCompressed: boolean;
}

/** A mark of so few digits counts rotations: the newest is the lowest. A longer one is a date. */
const MAX_COUNT_DIGITS = 4;

/** The files beside `path` that by their names were it once, the newest first. */
export async function rotatedFiles(path: string): Promise<RotatedFile[]> {
  const folder = dirname(path);
  const marked = rotatedNamesOf(basename(path));
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const mark = marked(name);
      const file = mark === null ? null : await rotatedFile(join(folder, name));
      return file && mark !== null ? { file, mark } : null;
    }),
  );
  return files
    .filter((file) => file !== null)
    .sort((a, b) => compareAge(a.mark, b.mark) || compare(b.file.changedNs, a.file.changedNs))
    .map(({ file }) => file);
}

async function rotatedFile(path: string): Promise<RotatedFile | null> {
  const stats = await stat(path, { bigint: true }).catch(() => null);
  if (!stats?.isFile()) return null;
  return {
    path,
    identity: identityOf(stats),
    stamp: stampOf(stats),
    changedNs: stats.mtimeNs,
    isCompressed: path.endsWith('.gz'),
  };
}

/** Gives the mark that a file name bears beyond `name`; null where it was never called so. */
function rotatedNamesOf(name: string): (other: string) => string | null {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const pattern = new RegExp(
    `^(?:${escaped(name)}(${MARK})|${escaped(name)}(\\.old)|${escaped(stem)}(${MARK})${escaped(extension)})(?:\\.gz)?$`,
  );
  return (other) => {
    const match = other === name ? null : pattern.exec(other);
    return match ? (match[1] ?? match[2] ?? match[3] ?? '') : null;
  };
}

/** Below 0 where the first mark is the newer one, 0 where the marks do not tell. */
function compareAge(a: string, b: string): number {
  const [countA, countB] = [countOf(a), countOf(b)];
  if (countA !== null && countB !== null) return countA - countB;
  if (countA === null && countB === null) return compare(digitsOf(b), digitsOf(a));
  return 0;
}

function countOf(mark: string): number | null {
  const digits = mark.slice(1);
  return /^\d+$/.test(digits) && digits.length <= MAX_COUNT_DIGITS ? Number(digits) : null;
}

function digitsOf(mark: string): string {
  return mark.replaceAll(/\D/g, '');
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
