/**
 * The command line by example: each folder in test/cases has a `cmd` (a shell script in which `mapipe` is the built
 * command), the expected standard output `out`, standard error `err` and exit code `code`. `npm run cases:update`
 * writes what comes out now; the diff is then to be read.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environment, LAUNCHER, PROJECT, temporaryFolder } from '../support/cli.js';

const CASES = join(PROJECT, 'test', 'cases');
const UPDATE = process.env['MAPIPE_UPDATE_CASES'] === '1';

interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly code: string;
}

function runCase(folder: string, name: string): Outcome {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'mapipe'), `#!/bin/sh\nexec "${process.execPath}" "${LAUNCHER}" "$@"\n`, {
    mode: 0o755,
  });
  const work = join(folder, 'work');
  mkdirSync(work);
  const script = readFileSync(join(CASES, name, 'cmd'), 'utf8');
  const env = {
    ...environment({ store: join(folder, 'store.duckdb') }),
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    DATA: join(PROJECT, 'data'),
    LC_ALL: 'C.UTF-8',
  };
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], { cwd: work, env, encoding: 'utf8' });
  return { out: steady(stdout, folder), err: steady(stderr, folder), code: `${status}\n` };
}

/** Puts marks in the place of what differs from run to run. */
function steady(text: string, folder: string): string {
  return text
    .replaceAll(folder, 'FOLDER')
    .replaceAll(PROJECT, 'PROJECT')
    .replace(/"generated_at": "[^"]+"/g, '"generated_at": "NOW"')
    .replace(/"seconds": [\d.]+/g, '"seconds": SECONDS')
    .replace(/"(size|free)_bytes": \d+/g, '"$1_bytes": BYTES')
    .replace(/ · [\d.]+ \w+ · [\d.]+ \w+ free$/gm, ' · SIZE · ROOM free')
    .replace(/^(.* in )[\d.]+ (?:ms|s|min)(?:: [\d,]+ events\/s, .*\/s)?$/gm, '$1TIME');
}

describe('the command line', () => {
  const names = readdirSync(CASES).sort();
  it.each(names)('%s', (name) => {
    const outcome = runCase(temporaryFolder(), name);
    const expected: Record<string, string> = {};
    for (const [part, text] of Object.entries(outcome)) {
      const path = join(CASES, name, part);
      if (UPDATE) writeFileSync(path, String(text));
      expected[part] = existsSync(path) ? readFileSync(path, 'utf8') : 'not written yet';
    }
    expect(outcome).toEqual(expected);
  });
});
