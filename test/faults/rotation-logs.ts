/** A log that a program writes and that is rotated: the files on disk, and beside them what they hold, line by line. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  futimesSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { FINGERPRINT_BYTES } from '../../src/store/checkpoint.js';

export type LogFormat = 'ndjson' | 'csv';
export type LineStyle = 'plain' | 'long' | 'crlf' | 'after a blank line' | 'over two lines';

export interface Line {
  /** The user that it names, and no other line does. */
  readonly id: string;
  /** Whether it has to be in the store. */
  isSure: boolean;
  /** Whether it may be there though no line feed ends it: somebody took its file for finished. */
  mayCount: boolean;
  /** Whether it may be there twice; see `isHidden`. */
  mayRepeat: boolean;
}

/** The last line, where it has no line feed yet. */
interface OpenLine {
  readonly line: Line;
  /** What is still to be written of it, its line feed left out. */
  readonly rest: string;
}

/** A file, whatever it is called. */
export interface LogFile {
  /** Where it is; null where no name leads to it. */
  path: string | null;
  lines: Line[];
  openLine: OpenLine | null;
  /** What is to be written first, as it was begun before the file was cut off. */
  unfinished: string;
  isCopy: boolean;
  /**
   * A copy of less than the bytes that a checkpoint hashes, of a log that was read further before it was cut off: no
   * store can tell it from a new log. Only who read the log remembers.
   */
  isHidden: boolean;
  isGzip: boolean;
  /** It is being compressed: not all of it is there. */
  isPartial: boolean;
  /** Whether a commit is sure to have told of its content. */
  isKnown: boolean;
  /** Whether one may have. */
  mayBeKnown: boolean;
  /** Counts its changes. */
  version: number;
  /** The writer's descriptor; null where it was closed. */
  descriptor: number | null;
}

const HEADER = 'timestamp,campaign_id,user_id,note\n';
const KEPT = 4;
/** Model time begins here. */
const EPOCH_MS = 1_780_272_000_000;

export class RotatedLog {
  readonly folder: string;
  readonly format: LogFormat;
  readonly isLinked: boolean;
  readonly files: LogFile[] = [];
  readonly lines: Line[] = [];
  nowMs = 0;
  #ticks = 0;
  #targets = 0;
  /** Where the link leads. */
  #target: string | null = null;
  /** Its bytes, still to be written to the file that is being made of it. */
  #compressing: { readonly from: LogFile; readonly to: LogFile; readonly bytes: Buffer } | null = null;

  constructor(folder: string, format: LogFormat, isLinked: boolean) {
    this.folder = folder;
    this.format = format;
    this.isLinked = isLinked;
  }

  get path(): string {
    return join(this.folder, 'app.log');
  }

  /** What the log's own name leads to. */
  get current(): LogFile | null {
    return this.fileAt(this.#target ?? this.path);
  }

  fileAt(path: string): LogFile | null {
    return this.files.find((file) => file.path === path) ?? null;
  }

  /** What was rotated, the newest first. */
  get rotated(): LogFile[] {
    const numbers = Array.from({ length: KEPT }, (_, i) => i + 1);
    return numbers
      .flatMap((n) => [this.fileAt(this.#rotatedPath(n)), this.fileAt(this.#rotatedPath(n, true))])
      .filter((file) => file !== null);
  }

  /** Files that the writer could still write to, though they are not the log any more. */
  get left(): LogFile[] {
    return this.files.filter((file) => file.descriptor !== null && file !== this.current);
  }

  create(): void {
    if (this.current) return;
    let path = this.path;
    if (this.isLinked) {
      path = join(this.folder, `target-${this.#targets++}.log`);
      if (this.#target !== null) unlinkSync(this.path);
      symlinkSync(path, this.path);
      this.#target = path;
    }
    const descriptor = openSync(path, 'a');
    this.#stamp(path);
    this.files.push({
      path,
      lines: [],
      openLine: null,
      unfinished: '',
      isCopy: false,
      isHidden: false,
      isGzip: false,
      isPartial: false,
      isKnown: false,
      mayBeKnown: false,
      version: 0,
      descriptor,
    });
  }

  append(file: LogFile, count: number, style: LineStyle): void {
    if (file.descriptor === null) return;
    this.finishLine(file);
    let text = this.#top(file);
    for (let i = 0; i < count; i++) {
      const line = this.#newLine();
      text += this.#before(style) + this.#textOf(line, style) + (style === 'crlf' ? '\r\n' : '\n');
      file.lines.push(line);
    }
    this.#write(file, text);
  }

  /** Writes the first part of a line, up to all but its line feed. */
  beginLine(file: LogFile, share: number): void {
    if (file.descriptor === null) return;
    this.finishLine(file);
    const line = this.#newLine();
    const text = this.#textOf(line, 'plain');
    const cut = Math.max(1, Math.round(text.length * share));
    const top = this.#top(file);
    file.openLine = { line, rest: text.slice(cut) };
    this.#write(file, top + text.slice(0, cut));
  }

  finishLine(file: LogFile): void {
    if (!file.openLine) return;
    const { line, rest } = file.openLine;
    file.openLine = null;
    file.lines.push(line);
    this.#write(file, rest + '\n');
  }

  /** Renames what there is, `.1` to `.2` and so on; the oldest is deleted. */
  rotate(): void {
    this.#finishCompressing();
    if (this.isLinked) {
      // The link is switched; what it led to keeps its name.
      if (this.#target === null) return;
      unlinkSync(this.path);
      this.#target = null;
      return;
    }
    this.#shift();
    const { current } = this;
    if (current) this.#rename(current, this.#rotatedPath(1));
  }

  /** Copies the log to `.1`; `between` happens, then it is cut off. */
  async copyTruncate(between: (log: LogFile) => Promise<void>): Promise<void> {
    const { current } = this;
    if (!current) return;
    this.#finishCompressing();
    this.#shift();
    const path = this.#rotatedPath(1);
    copyFileSync(this.#target ?? this.path, path);
    if (current.openLine) current.openLine.line.mayCount = true;
    const copy = {
      ...current,
      path,
      lines: [...current.lines],
      isCopy: true,
      mayBeKnown: true,
      version: 0,
      descriptor: null,
    };
    this.files.push(copy);
    this.#stamp(path);
    await between(current);
    copy.isHidden = statSync(path).size < FINGERPRINT_BYTES && current.lines.length > copy.lines.length;
    if (copy.isHidden) copy.isKnown = false;
    truncateSync(current.path ?? '', 0);
    // The writer knows nothing of it, and goes on within the line. One that writes a header begins anew.
    current.unfinished = this.format === 'csv' || !current.openLine ? '' : current.openLine.rest + '\n';
    current.openLine = null;
    current.lines = [];
    current.isKnown = false;
    current.version++;
    this.#stamp(this.path);
  }

  delete(file: LogFile, isHeldByWriter: boolean): void {
    if (file.path === null || file.isPartial) return;
    unlinkSync(file.path);
    file.path = null;
    if (!isHeldByWriter) this.#close(file);
  }

  /** Begins to compress: of the file that is made no more is there than a share. */
  beginCompressing(from: LogFile, share: number): void {
    this.#finishCompressing();
    if (from.isGzip || from.path === null) return;
    const path = `${from.path}.gz`;
    const bytes = gzipSync(readFileSync(from.path));
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * share)));
    this.#stamp(path);
    const to = {
      ...from,
      path,
      lines: [...from.lines],
      isGzip: true,
      isPartial: true,
      version: 0,
      descriptor: null,
    };
    this.#compressing = { from, to, bytes };
    this.files.push(to);
    if (share === 1) this.#finishCompressing();
  }

  touch(file: LogFile): void {
    if (file.path === null) return;
    this.#stamp(file.path);
    file.version++;
  }

  /** Somebody who did not read the log looks at its copies. */
  allowRepeats(): void {
    for (const { isHidden, lines, openLine } of this.files) {
      if (!isHidden) continue;
      for (const line of lines) line.mayRepeat = true;
      if (openLine) openLine.line.mayRepeat = true;
    }
  }

  /** Ends what is under way. */
  settle(): void {
    this.#finishCompressing();
  }

  close(): void {
    this.#finishCompressing();
    for (const file of this.files) this.#close(file);
  }

  #finishCompressing(): void {
    if (!this.#compressing) return;
    const { from, to, bytes } = this.#compressing;
    this.#compressing = null;
    writeFileSync(to.path ?? '', bytes);
    this.#stamp(to.path ?? '');
    to.isPartial = false;
    // What the writer appended meanwhile is not in it.
    const { length } = gunzipSync(bytes);
    const hasGrown = from.path !== null && statSync(from.path).size > length;
    to.isHidden ||= length < FINGERPRINT_BYTES && hasGrown;
    if (to.isHidden) to.isKnown = false;
    to.version++;
    this.delete(from, false);
  }

  #shift(): void {
    for (let n = KEPT; n >= 1; n--) {
      for (const isGzip of [false, true]) {
        const file = this.fileAt(this.#rotatedPath(n, isGzip));
        if (!file) continue;
        if (n === KEPT) this.delete(file, false);
        else this.#rename(file, this.#rotatedPath(n + 1, isGzip));
      }
    }
  }

  #rename(file: LogFile, path: string): void {
    if (file.path === null || !existsSync(file.path)) return;
    renameSync(file.path, path);
    file.path = path;
  }

  #rotatedPath(number: number, isGzip = false): string {
    return `${this.path}.${number}${isGzip ? '.gz' : ''}`;
  }

  #newLine(): Line {
    const line = {
      id: `u${String(this.lines.length).padStart(6, '0')}x`,
      isSure: false,
      mayCount: false,
      mayRepeat: false,
    };
    this.lines.push(line);
    return line;
  }

  #top(file: LogFile): string {
    const { unfinished } = file;
    file.unfinished = '';
    const isEmpty = file.lines.length === 0 && !file.openLine;
    return unfinished + (this.format === 'csv' && isEmpty ? HEADER : '');
  }

  #before(style: LineStyle): string {
    return style === 'after a blank line' ? '\n' : '';
  }

  #textOf({ id }: Line, style: LineStyle): string {
    const note = style === 'long' ? 'n'.repeat(400) : 'n';
    if (this.format === 'ndjson')
      return `{"campaign_id":"c","user_id":"${id}","timestamp":1780272000,"note":"${note}"}`;
    return `1780272000,c,${id},${style === 'over two lines' ? '"first\nsecond"' : note}`;
  }

  #write(file: LogFile, text: string): void {
    if (file.descriptor === null) return;
    writeSync(file.descriptor, text);
    file.version++;
    this.#stamp(file.descriptor);
  }

  /** Gives it a time of writing that is later than all before, however coarse the clock of the file system is. */
  #stamp(file: string | number): void {
    const seconds = (EPOCH_MS + this.nowMs + ++this.#ticks) / 1000;
    if (typeof file === 'number') futimesSync(file, seconds, seconds);
    else utimesSync(file, seconds, seconds);
  }

  #close(file: LogFile): void {
    if (file.descriptor !== null) closeSync(file.descriptor);
    file.descriptor = null;
  }
}
