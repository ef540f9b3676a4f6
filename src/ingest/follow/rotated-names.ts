/** The names that log rotation gives to what a file was: `app.log.1`, `app.log-20261126.gz`, `app-2026-11-26.log`. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { identityOf, type FileIdentity } from './file-identity.js';

export interface RotatedFile {
  readonly path: string;
  readonly identity: FileIdentity;
  readonly changedNs: bigint;
}

const MARK = String.raw`[.\-_]\d[\d.\-_T]*`;

/** The files beside `path` that by their names were it once, the newest first. */
export async function rotatedFiles(path: string): Promise<RotatedFile[]> {
  const folder = dirname(path);
  const name = basename(path);
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const pattern = new RegExp(
    `^(${escaped(name)}(${MARK})|${escaped(name)}\\.old|${escaped(stem)}(${MARK})${escaped(extension)})(\\.gz)?$`,
  );
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names
      .filter((other) => other !== name && pattern.test(other))
      .map(async (other): Promise<RotatedFile | null> => {
        const rotated = join(folder, other);
        const stats = await stat(rotated, { bigint: true }).catch(() => null);
        if (!stats?.isFile()) return null;
        return { path: rotated, identity: identityOf(stats), changedNs: stats.mtimeNs };
      }),
  );
  return files
    .filter((file) => file !== null)
    .sort((a, b) => (a.changedNs < b.changedNs ? 1 : a.changedNs > b.changedNs ? -1 : 0));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
