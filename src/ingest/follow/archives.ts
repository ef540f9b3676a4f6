/**
 * Compressed files among those followed: what a log was before it was rotated. Each is read once, when nobody writes it
 * any more, and again if it has changed.
 */
import { stat } from 'node:fs/promises';
import type { InputSource } from '../../input/input-source.js';
import { openFile } from '../../input/file-source.js';
import { formatUnknown, isBlank, lookAtTop, readOn } from '../../pipeline.js';
import type { IngestRun } from '../ingest-run.js';
import { isCopiedBeginning, isFamiliar } from './familiar.js';
import { stampOf, type FileStamp } from './file-identity.js';
import type { FollowRequest, FollowTimes } from './follow-request.js';

export class Archives {
  readonly #run: IngestRun;
  readonly #request: FollowRequest;
  readonly #times: FollowTimes;
  readonly #paths = new Set<string>();
  /** Since when they have been as they are, whatever they are called. */
  #since = new Map<FileStamp, number>();
  /** Those that have been read, as they were, whatever they are called. */
  readonly #done: Set<FileStamp>;

  /** Adds to `done` what has been read. */
  constructor(run: IngestRun, request: FollowRequest, times: FollowTimes, done: Set<FileStamp>) {
    this.#run = run;
    this.#request = request;
    this.#times = times;
    this.#done = done;
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  add(path: string): void {
    this.#paths.add(path);
  }

  /** Reads those that are ready. */
  async look(): Promise<void> {
    const nowMs = this.#times.nowMs();
    const before = this.#since;
    this.#since = new Map();
    for (const path of this.#paths) {
      const stamp = await this.#stampOf(path);
      if (stamp === null || this.#done.has(stamp)) continue;
      const sinceMs = before.get(stamp) ?? nowMs;
      this.#since.set(stamp, sinceMs);
      if (nowMs - sinceMs < this.#times.settleMs || this.#request.signal.aborted) continue;
      this.#done.add(stamp);
      await this.#read(path);
    }
  }

  /** Whether the content of a rotated file, compressed or not, has been read before, be it in part. */
  async isFamiliar(path: string): Promise<boolean> {
    return this.#withSource(path, async (source) =>
      isFamiliar(source, await lookAtTop(source, this.#request.format), this.#run),
    );
  }

  async #stampOf(path: string): Promise<FileStamp | null> {
    const stats = await stat(path, { bigint: true }).catch(() => null);
    if (!stats) this.#paths.delete(path);
    return stats && stampOf(stats);
  }

  async #read(path: string): Promise<void> {
    const run = this.#run;
    await this.#withSource(path, async (source) => {
      const top = await lookAtTop(source, this.#request.format);
      if (top.format === null) {
        if (!isBlank(top)) run.faults.push(formatUnknown(path, top.head));
        return;
      }
      if (await isCopiedBeginning(source, top, run)) return;
      const reading = await run.startReading(run.addInput(path), source, top);
      await readOn(run, this.#request, reading, top);
      run.noteProgress(reading);
      run.finishReading(reading);
      await run.committer.flush();
      run.retire(reading);
    });
  }

  async #withSource<T>(path: string, work: (source: InputSource) => Promise<T>): Promise<T> {
    const source = await openFile(path, this.#request.signal);
    try {
      return await work(source);
    } finally {
      await source.close();
    }
  }
}
