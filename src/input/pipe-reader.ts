/**
 * Reads a pipe into slabs of memory that are large enough to be worth a thread's while: whoever can decode many lines at
 * once takes a slab of whole lines, anyone else takes the bytes as they come. The socket is told where to write, so that
 * bytes are copied once, by the kernel of the operating system.
 */
import { Socket, type ConnectOpts, type SocketConstructorOpts } from 'node:net';

const SLAB_BYTES = 4 << 20;
/** What a pipe holds at the most, unless its writer has made it larger. */
const READ_BYTES = 64 * 1024;
/** Slabs that may wait to be taken, … */
const MAX_WAITING = 6;
/** … and that are kept to be filled again. */
const MAX_SPARE = 4;
const LINE_FEED = 0x0a;

type Bytes = Uint8Array<ArrayBuffer>;

interface Slab {
  readonly bytes: Bytes;
  /** From where on nobody has taken them. */
  start: number;
  end: number;
  /** Whether it ends with a line. */
  readonly endsLine: boolean;
}

export class PipeReader implements AsyncIterable<Buffer> {
  readonly #socket: Socket;
  /** Full ones, in order. */
  readonly #waiting: Slab[] = [];
  readonly #spare: ArrayBuffer[] = [];
  /** The one being filled. The socket has been told already where in it to write next. */
  #bytes: Bytes = new Uint8Array(SLAB_BYTES);
  #start = 0;
  #end = 0;
  /** How many slabs have been taken to their end. */
  #passed = 0;
  #isPaused = false;
  #isOver = false;
  #error: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(fd: number) {
    const options: SocketConstructorOpts & ConnectOpts = {
      fd,
      readable: true,
      writable: false,
      onread: {
        buffer: () => this.#bytes.subarray(this.#end, this.#end + READ_BYTES),
        callback: (length) => this.#add(length),
      },
    };
    this.#socket = new Socket(options);
    const end = (): void => {
      this.#isOver = true;
      this.#wake();
    };
    this.#socket.on('end', end).on('close', end);
    this.#socket.on('error', (error) => {
      this.#error = error;
      end();
    });
    this.#socket.resume();
  }

  /** Ends the reading; what has come can still be taken. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** The bytes as they come. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const next = this.#takeAny();
      if (next) yield Buffer.from(next.buffer, next.byteOffset, next.length);
      else if (this.#error) throw this.#error;
      else if (this.#isOver) return;
      else await this.#change(null);
    }
  }

  /**
   * A slab of whole lines; null where none has come in time, where the end is near, or where a line is longer than a
   * slab: what is left is then to be taken as it comes.
   */
  async takeLines(withinMs: number): Promise<Bytes | null> {
    return (await this.hasLines(withinMs)) ? this.#takeAny() : null;
  }

  /** Whether there is such a slab, or one has come in time. */
  async hasLines(withinMs: number): Promise<boolean> {
    if (this.#waiting.length === 0 && !this.#isOver) await this.#change(withinMs);
    return this.#waiting[0]?.endsLine === true;
  }

  /** Puts back all that was taken, where that was the beginning of the first slab; false where it was more. */
  putBackHead(): boolean {
    if (this.#passed > 0) return false;
    const first = this.#waiting[0];
    if (first) first.start = 0;
    else this.#start = 0;
    return true;
  }

  /** Gives back the memory of a slab that nobody looks at any more. */
  reuse(buffer: ArrayBuffer): void {
    if (this.#spare.length < MAX_SPARE) this.#spare.push(buffer);
  }

  #takeAny(): Bytes | null {
    const slab = this.#waiting[0];
    if (slab) {
      this.#waiting.shift();
      this.#passed++;
      this.#goOn();
      return slab.bytes.subarray(slab.start, slab.end);
    }
    const bytes = this.#bytes.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return bytes.length > 0 ? bytes : null;
  }

  /** Takes note of so many bytes more. What it says to the socket: whether to go on. */
  #add(length: number): boolean {
    this.#end += length;
    // Here alone another slab can be begun: from now until the next bytes have come the socket knows where they go.
    if (this.#end + READ_BYTES > SLAB_BYTES) this.#beginSlab();
    this.#wake();
    this.#isPaused = this.#waiting.length >= MAX_WAITING;
    return !this.#isPaused;
  }

  #beginSlab(): void {
    const full = this.#bytes;
    const cut = full.subarray(0, this.#end).lastIndexOf(LINE_FEED) + 1;
    const endsLine = cut > this.#start;
    const end = endsLine ? cut : this.#end;
    const rest = full.subarray(end, this.#end);
    this.#bytes = new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(SLAB_BYTES));
    this.#bytes.set(rest);
    if (end > this.#start) this.#waiting.push({ bytes: full, start: this.#start, end, endsLine });
    else this.#passed++;
    this.#start = 0;
    this.#end = rest.length;
  }

  #goOn(): void {
    if (!this.#isPaused || this.#isOver) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  /** Resolves when anything has come, at the end, or after that time. */
  async #change(withinMs: number | null): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = () => {
        if (withinMs === null || this.#waiting.length > 0 || this.#isOver) resolve();
      };
      if (withinMs !== null) timer = setTimeout(resolve, withinMs);
    });
    this.#wake = () => undefined;
    clearTimeout(timer);
  }
}
