/** What is to be followed: files by name, and patterns that may come to match more files. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from '../../errors.js';
import { filesMatching, isPattern } from '../../input/expand-inputs.js';
import { identityOf, type FileIdentity } from './file-identity.js';

/** A pattern is looked up anew this often at the most; one that takes long, less often. */
const PATTERN_MS = 1_000;
const PATTERN_SHARE = 100;

export interface WatchedPath {
  readonly path: string;
  /** null where no file is there, or none that can be read. */
  readonly file: { readonly identity: FileIdentity; readonly isRegular: boolean } | null;
  /** Why not, where it is not just that no file is there. */
  readonly trouble: string | null;
  /** Whether the user named this very path: then what it was called before belongs to it, too. */
  readonly isNamed: boolean;
}

interface Pattern {
  readonly text: string;
  paths: readonly string[];
  nextMs: number;
}

export class WatchList {
  readonly #named: readonly string[];
  readonly #patterns: readonly Pattern[];
  readonly #nowMs: () => number;

  private constructor(named: readonly string[], patterns: readonly string[], nowMs: () => number) {
    this.#named = named;
    this.#patterns = patterns.map((text) => ({ text, paths: [], nextMs: 0 }));
    this.#nowMs = nowMs;
  }

  static async of(names: readonly string[], nowMs: () => number): Promise<WatchList> {
    const named: string[] = [];
    const patterns: string[] = [];
    for (const name of names) ((await isPattern(name)) ? patterns : named).push(name);
    return new WatchList(named, patterns, nowMs);
  }

  /** Where the names lead now, each path once. */
  async look(): Promise<WatchedPath[]> {
    for (const pattern of this.#patterns) await this.#lookUp(pattern);
    const matched = this.#patterns.flatMap(({ paths }) => paths);
    const paths = [...new Set([...this.#named, ...matched])];
    return Promise.all(paths.map((path) => watched(path, this.#named.includes(path))));
  }

  /** The patterns that match nothing yet. */
  get unmatched(): string[] {
    return this.#patterns.filter(({ paths }) => paths.length === 0).map(({ text }) => text);
  }

  /** The folders in which something may change. */
  get folders(): Set<string> {
    const paths = [
      ...this.#named,
      ...this.#patterns.flatMap(({ text, paths }) => [...paths, fixedPart(text)]),
    ];
    return new Set(paths.map((path) => dirname(path)));
  }

  async #lookUp(pattern: Pattern): Promise<void> {
    const startedMs = this.#nowMs();
    if (startedMs < pattern.nextMs) return;
    pattern.paths = await filesMatching(pattern.text);
    const tookMs = this.#nowMs() - startedMs;
    // The first time takes long for reasons of its own.
    const isFirst = pattern.nextMs === 0;
    pattern.nextMs = this.#nowMs() + (isFirst ? PATTERN_MS : Math.max(PATTERN_MS, tookMs * PATTERN_SHARE));
  }
}

const MAGIC = /[*?[\]{}()!]/;

/** A pattern up to its first component that is one. */
function fixedPart(pattern: string): string {
  const at = pattern.search(MAGIC);
  return at < 0 ? pattern : pattern.slice(0, at) + 'x';
}

async function watched(path: string, isNamed: boolean): Promise<WatchedPath> {
  try {
    const stats = await stat(path, { bigint: true });
    return { path, file: { identity: identityOf(stats), isRegular: stats.isFile() }, trouble: null, isNamed };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return { path, file: null, trouble: code === 'ENOENT' || code === 'ENOTDIR' ? null : code, isNamed };
  }
}
