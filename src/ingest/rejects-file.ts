/** `--rejects FILE`: each rejected line with its place and reason, as JSON lines, added to what is in the file. */
import { open, type FileHandle } from 'node:fs/promises';
import type { RejectedLine } from '../decode/decoded-batch.js';
import { MapipeError } from '../errors.js';
import { stringifyExact } from '../report/render/exact-json.js';

const MAX_SHOWN_BYTES = 64 * 1024;

export class RejectsFile {
  readonly #path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  static async open(path: string): Promise<RejectsFile> {
    try {
      return new RejectsFile(path, await open(path, 'a', 0o600));
    } catch (error) {
      throw notWritable(path, error);
    }
  }

  async write(input: string, lines: readonly RejectedLine[]): Promise<void> {
    if (lines.length === 0) return;
    try {
      await this.#handle.appendFile(lines.map((line) => record(input, line)).join(''));
    } catch (error) {
      throw notWritable(this.#path, error);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function notWritable(path: string, error: unknown): MapipeError {
  const why = error instanceof Error ? error.message : String(error);
  return new MapipeError('MAPIPE_OUTPUT_NOT_WRITABLE', `cannot write rejected lines to ${path}: ${why}`, {
    cause: error,
  });
}

function record(input: string, { line, offset, byteLength, reason, detail, bytes }: RejectedLine): string {
  const raw = Buffer.from(bytes.slice(0, MAX_SHOWN_BYTES), 'latin1');
  const text = raw.toString('utf8');
  return `${stringifyExact({
    input,
    line,
    offset,
    bytes: byteLength,
    reason,
    ...(detail === undefined ? {} : { detail }),
    // What is not UTF-8 would not come back from a text.
    ...(Buffer.from(text).equals(raw) ? { text } : { base64: raw.toString('base64') }),
    ...(byteLength > raw.length ? { truncated: true } : {}),
  })}\n`;
}
