/**
 * A worker takes longer to start than all else that comes before the first piece. Where one is sure to be wanted it is
 * started before that; it waits until it is told what to do. This file is loaded with every command, so what makes
 * threads is loaded where one is wanted.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { packageFile } from './package-files.js';

/** The most that one run takes of a machine's threads. */
const MAX_JOBS = 8;

let early: Worker | null = null;

/** How many threads decode where nobody says how many. */
export function usualJobs(): number {
  return Math.min(availableParallelism(), MAX_JOBS);
}

/** Starts a worker ahead of its time. Where nobody takes it, it ends with the process. */
export function startWorkerEarly(): void {
  early ??= createWorker();
  early.unref();
}

/** A worker: the one that was started early, or a new one. */
export function takeWorker(): Worker {
  const worker = early ?? createWorker();
  early = null;
  worker.ref();
  return worker;
}

function createWorker(): Worker {
  // What a worker makes is gone soon: a small nursery does, where V8 would take a large one. It reads no stdin, but of
  // one that it is not given it would end the stream, and for that load all of Node's streams.
  const resourceLimits = { maxYoungGenerationSizeMb: 4 };
  const threads = process.getBuiltinModule('node:worker_threads');
  return new threads.Worker(packageFile('dist/launch-worker.cjs'), {
    resourceLimits,
    stdin: true,
    env: threads.SHARE_ENV,
  });
}
