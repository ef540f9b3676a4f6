/**
 * Follows files as they grow, are renamed, cut off, deleted and made anew. Each round looks at what the names lead to and
 * reads what has come, the way an ingest does; then all of it is committed. What a name does not lead to any more is
 * read to its end all the same, as it is held open, and what it was before that is looked for among rotated names.
 */
import { open } from 'node:fs/promises';
import { MapipeError, systemErrorCode } from '../../errors.js';
import { toInputError } from '../../input/file-source.js';
import { GZIP_MAGIC } from '../../input/gunzip.js';
import type { IngestResult } from '../ingest-request.js';
import { IngestRun } from '../ingest-run.js';
import { Archives } from './archives.js';
import type { FileIdentity, FileStamp } from './file-identity.js';
import { FOLLOW_TIMES, type FollowRequest, type FollowTimes } from './follow-request.js';
import { FollowedFile } from './followed-file.js';
import { GrowingFile } from './growing-file.js';
import { LogHistory } from './log-history.js';
import { WatchList, type WatchedPath } from './watch-list.js';

/** So often in one round it is tried to be faster than another process that reads the same. */
const MAX_ATTEMPTS = 5;

export class Follower {
  readonly run: IngestRun;
  readonly #request: FollowRequest;
  readonly #times: FollowTimes;
  readonly #watchList: WatchList;
  readonly #archives: Archives;
  readonly #files = new Map<FileIdentity, FollowedFile>();
  /** What each path named led to before. */
  readonly #histories = new Map<string, LogHistory>();
  /** What has been read to its end, as it was. */
  readonly #done = new Set<FileStamp>();
  #waitingFor: readonly string[] = [];
  readonly #said = new Map<string, string>();

  private constructor(run: IngestRun, watchList: WatchList, request: FollowRequest, times: FollowTimes) {
    this.run = run;
    this.#request = request;
    this.#times = times;
    this.#watchList = watchList;
    this.#archives = new Archives(run, request, times, this.#done);
  }

  static async start(request: FollowRequest, times: FollowTimes = FOLLOW_TIMES): Promise<Follower> {
    // Its inputs come to be known as they are found.
    const run = await IngestRun.start({ ...request, inputs: [] });
    return new Follower(run, await WatchList.of(request.inputs, times.nowMs), request, times);
  }

  /** The folders in which something may change. */
  get folders(): Set<string> {
    return this.#watchList.folders;
  }

  /** Looks at everything once; when it resolves all that was read is committed. */
  async round(): Promise<void> {
    const watched = await this.#watchList.look();
    const named = new Set(watched.map(({ file }) => file?.identity));
    for (const [identity, file] of this.#files) {
      if (file.note(named.has(identity)))
        this.#say(file.file.name, 'was renamed or deleted: reading it to its end');
    }
    // What is known already comes first, so that what is new is compared with all of it.
    for (const file of [...this.#files.values()]) await this.#read(file);
    await this.#flush();
    for (const path of watched) await this.#lookAt(path);
    for (const { path, isNamed } of watched) if (isNamed) await this.#lookBack(path);
    await this.#archives.look();
    await this.#flush();
    await this.#finishLeft();
    this.#noteWaiting(watched);
    this.run.lag = {
      files: this.#files.size,
      waitingFor: this.#waitingFor,
      bytes: [...this.#files.values()].reduce((sum, { lagBytes }) => sum + lagBytes, 0),
    };
  }

  /** Makes an end, with all that was read committed. */
  async close(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      for (const { file } of this.#files.values()) await file.close();
      await this.run.close();
    }
  }

  result(): IngestResult {
    return { summary: this.run.summary(), faults: this.run.faults };
  }

  async #read(file: FollowedFile): Promise<void> {
    if (this.#request.signal.aborted) return;
    const outcome = await file.look();
    const { fault, name } = file.file;
    if (fault) {
      this.#say(name, `cannot be read, trying again: ${fault.message}`);
      file.file.fault = null;
      file.forget();
    }
    if (file.isUnclear)
      this.#say(
        name,
        'is in no format that can be told yet: waiting for more of it (or name it with --input-format)',
      );
    if (outcome === 'replaced') this.#say(name, 'was cut off or written anew: reading it from its start');
    // Two that hold the same must not be stored in one commit: only another commit's checkpoint tells them apart.
    if (outcome !== 'nothing' && this.#hasTwin(file)) await this.#flush();
  }

  #hasTwin(file: FollowedFile): boolean {
    return [...this.#files.values()].some((other) => file.isTwinOf(other));
  }

  /** Opens what a path leads to, if that is not open yet. */
  async #lookAt({ path, file, trouble }: WatchedPath): Promise<void> {
    if (this.#request.signal.aborted) return;
    const identity = file?.identity ?? null;
    if (trouble !== null) this.#say(path, `cannot be opened, trying again: ${trouble}`);
    if (file && !file.isRegular) {
      throw new MapipeError('MAPIPE_INPUT_NOT_READABLE', `--follow expects files, but ${path} is none`, {
        hint: 'a stream is followed by itself: leave out --follow',
      });
    }
    if (identity !== null && !this.#files.has(identity) && !this.#archives.has(path)) {
      if (!(await this.#open(path))) return;
    }
    const opened = identity === null ? undefined : this.#files.get(identity);
    if (opened?.reading === null) await this.#read(opened);
  }

  /** Reads what the log was before, under the names it was given since. */
  async #lookBack(path: string): Promise<void> {
    let history = this.#histories.get(path);
    if (!history) this.#histories.set(path, (history = new LogHistory(path)));
    const rotated = await history.look({
      isOpen: (identity) => this.#files.has(identity),
      isDone: (stamp) => this.#done.has(stamp),
      isFamiliar: (other) => this.#isFamiliar(other),
    });
    for (const file of rotated) await this.#readToEnd(file.path);
  }

  /** Opens a file to be followed, or sets a compressed one aside; false where it cannot be opened. */
  async #open(path: string): Promise<boolean> {
    if (path.endsWith('.gz')) {
      // It may just have been begun, with nothing in it to tell it by.
      this.#archives.add(path);
      return true;
    }
    try {
      const handle = await open(path, 'r');
      const magic = Buffer.alloc(GZIP_MAGIC.length);
      await handle.read(magic, 0, magic.length, 0);
      if (magic.equals(GZIP_MAGIC)) {
        await handle.close();
        this.#archives.add(path);
        return true;
      }
      const file = await GrowingFile.open(path, handle);
      // Its name may have been given to another one meanwhile.
      if (this.#files.has(file.identity)) await file.close();
      else this.#files.set(file.identity, new FollowedFile(file, this.run, this.#request, this.#times));
      return true;
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error;
      const known = toInputError(error, path);
      if (systemErrorCode(error) !== 'ENOENT' && known instanceof MapipeError)
        this.#say(path, `trying again: ${known.message}`);
      return false;
    }
  }

  async #isFamiliar(path: string): Promise<boolean> {
    try {
      return await this.#archives.isFamiliar(path);
    } catch (error) {
      if (error instanceof MapipeError) return false;
      throw error;
    }
  }

  /** Nobody follows the name: the file is left, and closed as soon as nobody writes to it. */
  async #readToEnd(path: string): Promise<void> {
    if (!(await this.#open(path))) return;
    for (const file of this.#files.values()) {
      if (file.file.name !== path || file.reading) continue;
      file.note(false);
      await this.#read(file);
    }
  }

  async #finishLeft(): Promise<void> {
    for (const [identity, file] of this.#files) {
      if (!file.isOver || this.#request.signal.aborted) continue;
      await file.finish();
      const { reading } = file;
      await this.#flush();
      // Another process has read less of it: the rest is read in the next round.
      if (reading?.overtaken) continue;
      this.#done.add(file.stamp);
      file.forget();
      await file.file.close();
      this.#files.delete(identity);
    }
  }

  /** Commits; where another process was faster, goes on from where that one stands. */
  async #flush(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.run.committer.flush();
      const overtaken = [...this.#files.values()].filter(({ reading }) => reading?.overtaken);
      if (overtaken.length === 0) return;
      await this.run.lookUpKnown();
      for (const file of overtaken) file.goBack();
      // What is contested for longer is left to the next round.
      if (attempt === MAX_ATTEMPTS || this.#request.signal.aborted) return;
      for (const file of overtaken) await file.look();
    }
  }

  #noteWaiting(watched: readonly WatchedPath[]): void {
    const missing = watched.filter(({ file }) => file === null).map(({ path }) => path);
    for (const path of missing) this.#say(path, 'is not there: waiting for it');
    for (const path of this.#waitingFor) if (!missing.includes(path)) this.#said.delete(path);
    this.#waitingFor = [...missing, ...this.#watchList.unmatched];
  }

  /** Says something of a file, once until it is something else. */
  #say(path: string, text: string): void {
    if (this.#said.get(path) === text) return;
    this.#said.set(path, text);
    this.#request.onNotice?.(`${path} ${text}`);
  }
}
