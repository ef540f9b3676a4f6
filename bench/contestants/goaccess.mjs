/** GoAccess, the usual reader of access logs. It asks other questions of them, so only its count of lines is checked. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOf } from './answers.mjs';

const GOACCESS = {
  name: 'GoAccess',
  find() {
    const { stdout } = spawnSync('goaccess', ['--version'], { encoding: 'utf8' });
    return /GoAccess - (\d[\d.]*\d)/.exec(stdout)?.[1] ?? null;
  },
};

export const goaccessSummary = {
  name: 'GoAccess',
  engine: GOACCESS,
  command: ({ file }) => ({
    program: 'goaccess',
    args: [file.path, '--log-format=COMBINED', '-o', 'out.json', '--no-progress', ...threads()],
  }),
  faults({ folder, file }) {
    const { general } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'));
    return faultsOf({ events: general.valid_requests, failed: general.failed_requests }, file);
  },
};

/** Since 1.8 it can parse with more threads than one. */
function threads() {
  const { stdout } = spawnSync('goaccess', ['--help'], { encoding: 'utf8' });
  return stdout.includes('--jobs=') ? ['--jobs=2'] : [];
}
