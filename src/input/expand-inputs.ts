/** What the user named, as paths: the shell's globs come expanded, quoted ones and those of other shells are expanded here. */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { MapipeError } from '../errors.js';

export const STDIN = '-';

/** Paths in the order named, each once; those of one glob sorted. */
export async function expandInputs(named: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const name of named) {
    // A file whose own name looks like a glob is that file.
    if (name === STDIN || existsSync(name)) {
      paths.push(name);
      continue;
    }
    if (!(await isPattern(name))) {
      paths.push(name);
      continue;
    }
    const matches = await filesMatching(name);
    if (matches.length === 0) throw new MapipeError('MAPIPE_INPUT_NOT_FOUND', `no file matches ${name}`);
    paths.push(...matches);
  }
  return [...new Set(paths)];
}

/** Whether a name stands for whatever files match it. One that is a file's own is none. */
export async function isPattern(name: string): Promise<boolean> {
  if (name === STDIN || existsSync(name)) return false;
  const { isDynamicPattern } = await import('tinyglobby');
  return isDynamicPattern(name);
}

/** The files that match, sorted. */
export async function filesMatching(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const matches = await glob([pattern], {
    onlyFiles: true,
    expandDirectories: false,
    absolute: isAbsolute(pattern),
  });
  return matches.sort();
}
