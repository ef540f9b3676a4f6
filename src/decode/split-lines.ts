/**
 * Bytes to lines, on 0x0A only. Lines travel as "byte strings", one character a byte (latin1), so that a length is a
 * number of bytes, offsets are exact and invalid UTF-8 is still there to be seen. A line past the limit is clamped:
 * only its beginning is kept, and its true length is told, so memory stays flat whatever comes.
 */
import { Transform, type Duplex } from 'node:stream';
import split2 from 'split2';

export const MAX_LINE_BYTES = 1 << 20;

export interface Line {
  /** Without its line feed; cut to MAX_LINE_BYTES + 1 where it is longer. */
  readonly bytes: string;
  /** The true length, without the line feed. */
  readonly byteLength: number;
  /** False for a last line that no line feed ends. */
  readonly terminated: boolean;
}

export interface LineSplitter {
  /** For a pipeline: bytes in, whatever `onLine` gave out. */
  readonly stages: readonly [Duplex, Duplex];
  /** Whether all bytes have come in. */
  readonly ended: () => boolean;
}

/** Calls `onLine` for every line; what it gives (undefined: nothing) goes out. */
export function splitLines(onLine: (line: Line) => object | undefined): LineSplitter {
  const clamp = new LineClamp();
  let offset = 0;
  const mapper = (bytes: string): object | undefined => {
    const byteLength = bytes.length > MAX_LINE_BYTES ? clamp.nextTrueLength() : bytes.length;
    const terminated = offset + byteLength !== clamp.totalBytes;
    offset += byteLength + (terminated ? 1 : 0);
    return onLine({ bytes, byteLength, terminated });
  };
  // The strings that come are to be split as they are, not encoded and decoded again.
  const splitter = split2('\n', mapper, { decodeStrings: false, readableHighWaterMark: 1 });
  return { stages: [clamp, splitter], ended: () => clamp.totalBytes >= 0 };
}

const LINE_FEED = 0x0a;

class LineClamp extends Transform {
  /** Bytes of the line that is still open, clamped ones included. */
  #openBytes = 0;
  #bytes = 0;
  #ended = false;
  readonly #trueLengths: number[] = [];

  constructor() {
    super({ readableObjectMode: true, readableHighWaterMark: 1 });
  }

  /** The length of the whole input once its end is known, else -1. */
  get totalBytes(): number {
    return this.#ended ? this.#bytes : -1;
  }

  nextTrueLength(): number {
    return this.#trueLengths.shift() ?? 0;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#bytes += chunk.length;
    for (let at = 0; at < chunk.length; at += MAX_LINE_BYTES)
      this.#pass(chunk.subarray(at, at + MAX_LINE_BYTES));
    callback();
  }

  override _flush(callback: () => void): void {
    this.#ended = true;
    if (this.#openBytes > MAX_LINE_BYTES) this.#trueLengths.push(this.#openBytes);
    callback();
  }

  /** A piece is no longer than a line may be, so only the line it begins in can be too long. */
  #pass(piece: Buffer): void {
    const first = piece.indexOf(LINE_FEED);
    const head = first < 0 ? piece.length : first;
    const room = Math.max(0, MAX_LINE_BYTES + 1 - this.#openBytes);
    this.#openBytes += head;
    let kept = piece;
    if (head > room) kept = Buffer.concat([piece.subarray(0, room), piece.subarray(head)]);
    if (first >= 0) {
      if (this.#openBytes > MAX_LINE_BYTES) this.#trueLengths.push(this.#openBytes);
      this.#openBytes = piece.length - piece.lastIndexOf(LINE_FEED) - 1;
    }
    if (kept.length > 0) this.push(kept.toString('latin1'));
  }
}
