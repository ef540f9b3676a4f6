/** Wakes whoever waits when something changes in a folder. Where the system does not tell (network mounts), nobody is woken. */
import { watch, type FSWatcher } from 'node:fs';

/** So many folders are watched; in others changes are found by looking. */
const MAX_FOLDERS = 64;

export class ChangeEvents {
  readonly #watchers = new Map<string, FSWatcher>();
  #hasChanged = false;
  #wake: () => void = () => undefined;

  /** Watches these folders, and no others any more. */
  watch(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watchers.has(folder) || this.#watchers.size >= MAX_FOLDERS) continue;
      try {
        const watcher = watch(folder, () => {
          this.#note();
        });
        watcher.on('error', () => {
          watcher.close();
          this.#watchers.delete(folder);
        });
        this.#watchers.set(folder, watcher);
      } catch {
        // It is not there yet, or not to be watched.
      }
    }
  }

  /** Resolves after a change since the last call, after that time, or at the signal. */
  async next(withinMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#hasChanged && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, withinMs);
        this.#wake = done;
        signal.addEventListener('abort', done);
      });
      this.#wake = () => undefined;
    }
    this.#hasChanged = false;
  }

  close(): void {
    this.watch(new Set());
  }

  #note(): void {
    this.#hasChanged = true;
    this.#wake();
  }
}
