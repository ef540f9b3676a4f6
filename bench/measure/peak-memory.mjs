/** The peak memory of a command that is run to its end: the command is made to leave it in the folder it runs in. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PRELOAD = new URL('./tell-peak-memory.mjs', import.meta.url).href;
const FILE = 'peak-memory.txt';
const hasGnuTime = spawnSync('time', ['-f', '%M', 'true']).status === 0;

/**
 * A Node.js process tells its peak by itself, which takes it a few milliseconds; any other is run under GNU time, where
 * that is installed.
 */
export function tellingPeak({ program, args, isNode = false }, folder) {
  const file = join(folder, FILE);
  if (isNode) {
    return { program, args, env: { NODE_OPTIONS: `--import=${PRELOAD}`, MAPIPE_BENCH_PEAK_FILE: file } };
  }
  if (!hasGnuTime) return { program, args };
  return { program: 'time', args: ['-f', '%M', '-o', file, program, ...args] };
}

/** What the command left: bytes, or null. */
export function toldPeak(folder) {
  try {
    return Number(readFileSync(join(folder, FILE), 'utf8').trim().split('\n').at(-1)) * 1024;
  } catch {
    return null;
  }
}
