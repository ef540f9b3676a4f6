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
    const { glob, isDynamicPattern } = await import('tinyglobby');
    if (!isDynamicPattern(name)) {
      paths.push(name);
      continue;
    }
    const matches = await glob([name], {
      onlyFiles: true,
      expandDirectories: false,
      absolute: isAbsolute(name),
    });
    if (matches.length === 0) throw new MapipeError('MAPIPE_INPUT_NOT_FOUND', `no file matches ${name}`);
    paths.push(...matches.sort());
  }
  return [...new Set(paths)];
}
