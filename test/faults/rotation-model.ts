/**
 * Followers of a rotated log, and what is promised of them: which lines are sure to be in the store after a round.
 * Whatever else happens, no line is ever there twice.
 */
import { basename } from 'node:path';
import { ingest } from '../../src/pipeline.js';
import type { IngestRequest, IngestResult } from '../../src/ingest/ingest-request.js';
import { Follower } from '../../src/ingest/follow/follower.js';
import type { Store } from '../../src/store/store.js';
import { requestFor } from '../support/in-process.js';
import type { LogFile, RotatedLog } from './rotation-logs.js';
import { Death, type MortalStore } from './rotation-store.js';

export const LINGER_MS = 5_000;
export const SETTLE_MS = 2_000;
/** So often patterns are looked up. */
const PATTERN_MS = 1_000;

export interface Names {
  readonly isNamed: boolean;
  readonly isPattern: boolean;
}

/** A file that a follower has open, as of its last round. */
interface Held {
  version: number;
  /** When it was seen to change, or to have been left. */
  activeMs: number;
  isLeft: boolean;
}

export class FollowerModel {
  readonly #log: RotatedLog;
  readonly #names: Names;
  readonly #request: Pick<IngestRequest, 'format' | 'commitEvents'>;
  #store: MortalStore | null = null;
  #follower: Follower | null = null;
  #held = new Map<LogFile, Held>();
  /** Copies and compressed files wait until they do not change: since when they have not. */
  #waiting = new Map<LogFile, { readonly version: number; readonly sinceMs: number }>();
  /** The same, as of the round before. */
  #waitedFor = this.#waiting;
  /** What was read to its end, as it was then: nobody holds it any more. */
  readonly #over = new Map<LogFile, number>();
  /** What was rotated before the first round, and nobody asked for. */
  #before: Set<LogFile> | null = null;
  #matched: readonly LogFile[] = [];
  #matchedPaths: readonly string[] = [];
  #nextMatchMs = 0;

  constructor(log: RotatedLog, names: Names, request: Pick<IngestRequest, 'format' | 'commitEvents'>) {
    this.#log = log;
    this.#names = names;
    this.#request = request;
  }

  get isRunning(): boolean {
    return this.#follower !== null;
  }

  get store(): MortalStore | null {
    return this.#store;
  }

  async start(store: MortalStore): Promise<void> {
    const { isNamed, isPattern } = this.#names;
    const inputs = [...(isNamed ? [this.#log.path] : []), ...(isPattern ? [`${this.#log.path}*`] : [])];
    this.#store = store;
    this.#log.allowRepeats();
    this.#follower = await Follower.start(
      { ...requestFor(inputs, store), ...this.#request },
      { pollMs: 500, lingerMs: LINGER_MS, settleMs: SETTLE_MS, nowMs: () => this.#log.nowMs },
    );
    this.#held.clear();
    this.#waiting.clear();
    this.#over.clear();
    this.#before = null;
    this.#nextMatchMs = 0;
  }

  /** One round; a process that dies in it is gone. */
  async round(): Promise<void> {
    if (!this.#follower) return;
    try {
      await this.#follower.round();
    } catch (error) {
      if (!isDeath(error)) throw error;
      await this.crash();
      return;
    }
    this.#noteRound();
  }

  /** It is gone without a word. Only its files are closed, as the system does. */
  async crash(): Promise<void> {
    this.#store?.die();
    for (const file of this.#log.files) file.mayBeKnown = true;
    await this.#follower?.close().catch((error: unknown) => {
      if (!isDeath(error)) throw error;
    });
    this.#follower = null;
  }

  /** A clean end. */
  async close(): Promise<void> {
    const follower = this.#follower;
    if (!follower) return;
    this.#follower = null;
    try {
      await follower.close();
    } catch (error) {
      if (!isDeath(error)) throw error;
      return;
    }
    checkAccount(follower.result());
  }

  #noteRound(): void {
    const log = this.#log;
    const { current } = log;
    this.#waitedFor = this.#waiting;
    this.#waiting = new Map();
    if (log.nowMs >= this.#nextMatchMs) {
      this.#matchedPaths = log.files.flatMap((file) => {
        const path = file === current ? log.path : file.path;
        return path !== null && basename(path).startsWith(basename(log.path)) ? [path] : [];
      });
      this.#nextMatchMs = log.nowMs + PATTERN_MS;
    }
    this.#matched = this.#names.isPattern ? log.files.filter((file) => this.#isMatched(file)) : [];
    const named = new Set([...(this.#names.isNamed && current ? [current] : []), ...this.#matched]);
    for (const file of named) this.#see(file, false);
    for (const file of this.#held.keys()) if (!named.has(file)) this.#see(file, true);
    if (this.#names.isNamed) for (const file of this.#past()) if (!named.has(file)) this.#see(file, true);
    this.#before ??= new Set(log.rotated.filter((file) => !this.#held.has(file)));
  }

  #isMatched(file: LogFile): boolean {
    const path = file === this.#log.current ? this.#log.path : file.path;
    return path !== null && this.#matchedPaths.includes(path);
  }

  /** What is known by its rotated name to have been the log, and came after what was read. */
  #past(): LogFile[] {
    const { rotated } = this.#log;
    const isFamiliar = (file: LogFile): boolean => this.#held.has(file) || file.isKnown;
    // What may be familiar, too, may be where the search ends. What is older was passed over.
    const isSomeFamiliar = rotated.some(isFamiliar);
    const newestFamiliar = rotated.findIndex((file) => isFamiliar(file) || file.mayBeKnown);
    return rotated.filter((file, i) => {
      if (this.#over.get(file) === file.version) return false;
      if (isSomeFamiliar && i <= newestFamiliar) return true;
      if (isFamiliar(file)) return !file.isGzip;
      return this.#before !== null && !this.#before.has(file);
    });
  }

  /** A round has looked at this file. */
  #see(file: LogFile, isLeft: boolean): void {
    const { nowMs } = this.#log;
    if (file.isGzip) {
      if (!file.isPartial && this.#hasSettled(file)) this.#read(file, true);
      return;
    }
    const held = this.#held.get(file) ?? { version: -1, activeMs: nowMs, isLeft };
    this.#held.set(file, held);
    if (held.version !== file.version || held.isLeft !== isLeft) held.activeMs = nowMs;
    held.isLeft = isLeft;
    held.version = file.version;
    const isOver = isLeft && nowMs - held.activeMs >= LINGER_MS;
    if (!file.isCopy || this.#hasSettled(file)) this.#read(file, isOver);
    if (!isOver) return;
    this.#held.delete(file);
    this.#over.set(file, file.version);
  }

  #hasSettled(file: LogFile): boolean {
    const { version } = file;
    const { nowMs } = this.#log;
    const before = this.#waitedFor.get(file);
    const waiting = before?.version === version ? before : { version, sinceMs: nowMs };
    this.#waiting.set(file, waiting);
    return nowMs - waiting.sinceMs >= SETTLE_MS;
  }

  #read(file: LogFile, isOver: boolean): void {
    for (const line of file.lines) line.isSure = true;
    if (file.lines.length > 0) file.isKnown = true;
    if (isOver && file.openLine?.rest === '') file.openLine.line.isSure = true;
  }
}

/** An ingest of one file, as anybody may run it at any time. */
export async function ingestOnce(
  file: LogFile,
  store: Store,
  request: Pick<IngestRequest, 'format' | 'commitEvents'>,
): Promise<void> {
  if (file.path === null) return;
  checkAccount(await ingest({ ...requestFor([file.path], store), ...request }));
  for (const line of file.lines) line.isSure = true;
  if (file.openLine) file.openLine.line.mayCount = true;
  if (file.openLine?.rest === '') file.openLine.line.isSure = true;
  if (file.lines.length > 0) file.isKnown = true;
}

function isDeath(error: unknown): boolean {
  return error instanceof Death;
}

function checkAccount({ summary }: IngestResult): void {
  const { lines, accepted, duplicates, ignored, rejected } = summary;
  if (lines !== accepted + duplicates + ignored + rejected)
    throw new Error(`${lines} lines, but ${accepted} + ${duplicates} + ${ignored} + ${rejected}`);
}
