/**
 * The bars are for two cores. Where the machine has more, every contestant is held to two of them by taskset, so that
 * none gains by the number of threads it starts.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export const CORES = 2;

const canPin = availableParallelism() > CORES && spawnSync('taskset', ['--version']).status === 0;
const cpus = canPin ? allowedCpus().slice(0, CORES).join(',') : '';

/** How many cores each contestant has. */
export function contestantCores() {
  return canPin ? CORES : availableParallelism();
}

/** The command, held to two cores where there are more. */
export function onTwoCores({ program, args, ...rest }) {
  return canPin
    ? { program: 'taskset', args: ['-c', cpus, program, ...args], ...rest }
    : { program, args, ...rest };
}

/** The numbers of the cores this process may use; not all machines number them from 0. */
function allowedCpus() {
  const affinity = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' }).stdout;
  return affinity
    .slice(affinity.lastIndexOf(':') + 1)
    .split(',')
    .flatMap((range) => {
      const [first, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}
