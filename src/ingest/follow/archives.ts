/**
 * Compressed files among those followed: what a log was before it was rotated. Each is read once, when nobody writes it
 * any more, and again if it has changed.
 */
import { stat } from 'node:fs/promises';
import type { InputSource } from '../../input/input-source.js';
import { openFile } from '../../input/file-source.js';
import { recognise } from '../../input/recognise.js';
import { formatUnknown, isBlank, lookAtTop, readOn } from '../../pipeline.js';
import type { IngestRun } from '../ingest-run.js';
import type { FollowRequest, FollowTimes } from './follow-request.js';

interface Archive {
  path: string;
  state: string;
  sinceMs: number;
  isRead: boolean;
}

export class Archives {
  readonly #run: IngestRun;
  readonly #request: FollowRequest;
  readonly #times: FollowTimes;
  /** By path. */
  readonly #archives = new Map<string, Archive>();

  constructor(run: IngestRun, request: FollowRequest, times: FollowTimes) {
    this.#run = run;
    this.#request = request;
    this.#times = times;
  }

  has(path: string): boolean {
    return this.#archives.has(path);
  }

  add(path: string): void {
    if (this.has(path)) return;
    this.#archives.set(path, { path, state: '', sinceMs: this.#times.nowMs(), isRead: false });
  }

  /** Reads those that are ready; false where nothing was read. */
  async look(): Promise<boolean> {
    let any = false;
    for (const archive of this.#archives.values()) {
      if (this.#request.signal.aborted) break;
      if (!(await this.#isReady(archive))) continue;
      archive.isRead = true;
      await this.#read(archive.path);
      any = true;
    }
    return any;
  }

  /** Whether its content has been read before, be it in part. */
  async isKnown(path: string): Promise<boolean> {
    return this.#withSource(path, async (source) => {
      const { head } = await lookAtTop(source, this.#request.format);
      return (await recognise(source, head, this.#run.known)) !== null;
    });
  }

  async #isReady(archive: Archive): Promise<boolean> {
    const stats = await stat(archive.path, { bigint: true }).catch(() => null);
    if (!stats) {
      this.#archives.delete(archive.path);
      return false;
    }
    const state = `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs}`;
    const nowMs = this.#times.nowMs();
    if (state !== archive.state) Object.assign(archive, { state, sinceMs: nowMs, isRead: false });
    return !archive.isRead && nowMs - archive.sinceMs >= this.#times.settleMs;
  }

  async #read(path: string): Promise<void> {
    const run = this.#run;
    await this.#withSource(path, async (source) => {
      const top = await lookAtTop(source, this.#request.format);
      if (top.format === null) {
        if (!isBlank(top)) run.faults.push(formatUnknown(path, top.head));
        return;
      }
      const reading = await run.startReading(run.addInput(path), source, top.head, top.format);
      await readOn(run, this.#request, reading, top);
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
