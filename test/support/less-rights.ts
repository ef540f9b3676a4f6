/** Starts the command line as somebody for whom the modes of files hold, and where there is little room on the disk. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { environment, LAUNCHER, PROJECT, type RunOptions } from './cli.js';

/** For root they do not hold, so that it gives up what lets it pass them; its own files stay its own. */
const OBEYING_MODES =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'] : [];

export function startObeyingModes(args: readonly string[], options: RunOptions): ChildProcess {
  const [command = '', ...rest] = [...OBEYING_MODES, process.execPath, LAUNCHER, ...args];
  return spawn(command, rest, { cwd: PROJECT, env: environment(options) });
}

/** Files may become no larger than so many KiB: to a process that is the same as a full disk, and anyone may set it. */
export function startWithinLimit(kib: number, args: readonly string[], options: RunOptions): ChildProcess {
  const script = `ulimit -f ${kib}; exec "$@"`;
  return spawn('bash', ['-c', script, 'bash', process.execPath, LAUNCHER, ...args], {
    cwd: PROJECT,
    env: environment(options),
  });
}

/** Whether this machine lets us have a file system of our own, in a namespace of our own. */
export function mayMount(folder: string): boolean {
  const script = `mount -t tmpfs -o size=64k tmpfs '${folder}'`;
  return spawnSync('unshare', ['-rm', 'bash', '-c', script]).status === 0;
}

/** Runs a script in which `mapipe` is the command line and `$DISK` a disk of so many KiB, that nobody else sees. */
export function runOnSmallDisk(folder: string, kib: number, script: string, options: RunOptions): string {
  const setUp = `mapipe() { '${process.execPath}' '${LAUNCHER}' "$@"; }
    DISK='${folder}'; mount -t tmpfs -o size=${kib}k tmpfs "$DISK" || exit 99`;
  const { stdout, status } = spawnSync('unshare', ['-rm', 'bash', '-c', `${setUp}\n${script}`], {
    encoding: 'utf8',
    cwd: PROJECT,
    env: environment(options),
  });
  if (status !== 0) throw new Error(`the script on a small disk ended with ${status}: ${stdout}`);
  return stdout;
}
