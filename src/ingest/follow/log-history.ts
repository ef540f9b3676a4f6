/**
 * What a log was before: the rotated files that belong to what is followed. The user named the log, not them. So those
 * count that came after what has been read of it, and those of which a part has been read.
 */
import type { FileIdentity, FileStamp } from './file-identity.js';
import { rotatedFiles, type RotatedFile } from './rotated-names.js';

export interface HistoryView {
  /** Whether it is open and being read. */
  readonly isOpen: (identity: FileIdentity) => boolean;
  /** Whether it has been read to its end, as it is. */
  readonly isDone: (stamp: FileStamp) => boolean;
  /** Whether its content has been read before, be it in part. */
  readonly isFamiliar: (path: string) => Promise<boolean>;
}

export class LogHistory {
  readonly #path: string;
  /** When what was there at the first look, and is not to be read, was written last; null before the first look. */
  #beforeNs: bigint | null = null;
  /** Whether their content is familiar, as they are. */
  #familiar: ReadonlyMap<FileStamp, boolean> = new Map();

  constructor(path: string) {
    this.#path = path;
  }

  /** Those to be read, the oldest first: not those that are open, or have been read. */
  async look(view: HistoryView): Promise<RotatedFile[]> {
    const files = await rotatedFiles(this.#path);
    const familiar = await Promise.all(files.map((file) => this.#isFamiliar(file, view)));
    this.#familiar = new Map(files.map(({ stamp }, i) => [stamp, familiar[i] === true]));
    const newestFamiliar = familiar.indexOf(true);
    const oldestFamiliar = familiar.lastIndexOf(true);
    const isOurs = files.map(
      (file, i) =>
        // What came after any that is known, also where something newer has been read already. What is compressed is not
        // written any more: where it is known, it was read when it was the newest.
        (i <= oldestFamiliar && !(familiar[i] === true && file.isCompressed && i > newestFamiliar)) ||
        (this.#beforeNs !== null && file.changedNs > this.#beforeNs),
    );
    this.#beforeNs ??= files.reduce(
      (last, { changedNs }, i) => (isOurs[i] || changedNs < last ? last : changedNs),
      0n,
    );
    return files
      .filter(({ identity, stamp }, i) => isOurs[i] && !view.isOpen(identity) && !view.isDone(stamp))
      .reverse();
  }

  async #isFamiliar({ path, identity, stamp }: RotatedFile, view: HistoryView): Promise<boolean> {
    if (view.isOpen(identity) || view.isDone(stamp)) return true;
    return this.#familiar.get(stamp) ?? view.isFamiliar(path);
  }
}
