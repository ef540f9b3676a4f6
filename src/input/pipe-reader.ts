/**
 * Reads a pipe into slabs of memory that are large enough to be worth a thread's while: whoever can decode many lines at
 * once takes a slab of whole lines, anyone else takes the bytes as they come. The socket is told where to write, and
 * that may be where the lines are to be decoded: bytes are copied once then, by the kernel of the operating system.
 */
import { Socket, type ConnectOpts, type SocketConstructorOpts } from 'node:net';
import { ANY_LINES, type LinesTest, type Slab } from './input-source.js';

const SLAB_BYTES = 2 << 20;
/** More than a pipe holds, as a rule: a read that fills its room is followed by another one that may find nothing. */
const READ_BYTES = 256 * 1024;
/** What a pipe holds, as a rule: where a read brings as much, the writer is ahead of this thread. */
const FULL_PIPE_BYTES = 64 * 1024;
/** However far ahead it is, lines are not kept for more than so many times as long as a pipe has to bring them. */
const MAX_EXTENSIONS = 10;
/** Slabs of this reader's own memory that may wait to be taken. */
const MAX_WAITING = 8;
const LINE_FEED = 0x0a;
const NO_BYTES = new Uint8Array(0);

interface WaitingSlab {
  readonly memory: Uint8Array;
  /** From where on nobody has taken them. */
  start: number;
  readonly end: number;
  /** Whether it ends with a line. */
  readonly endsLine: boolean;
}

export class PipeReader implements AsyncIterable<Buffer> {
  readonly #socket: Socket;
  /** Full ones, in order. */
  readonly #waiting: WaitingSlab[] = [];
  /** Where the next slab is to lie; null: there is no memory now. */
  #nextMemory: () => Uint8Array | null = () => this.#ownMemory();
  /** The one being filled; null: none is, and the socket is paused. */
  #memory: Uint8Array | null = new Uint8Array(SLAB_BYTES);
  #start = 0;
  #end = 0;
  /** The beginning of a line whose other bytes will be in the next slab. */
  #rest = NO_BYTES;
  /** What the socket was told to write to while there was nothing else. */
  readonly #overflow = new Uint8Array(READ_BYTES);
  /** How often it was full when it was read. */
  #fullReads = 0;
  /** How many slabs have been taken to their end. */
  #passed = 0;
  #isOver = false;
  #error: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(fd: number) {
    const options: SocketConstructorOpts & ConnectOpts = {
      fd,
      readable: true,
      writable: false,
      onread: {
        buffer: () => this.#memory?.subarray(this.#end, this.#end + READ_BYTES) ?? this.#overflow,
        callback: (length, where) => this.#add(length, where),
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
   * A slab of whole lines; null where none has come in time, where the end is near, where a line is longer than a slab or
   * where the lines do not suit: what is left is then to be taken as it comes.
   */
  async takeLines(withinMs: number, suits: LinesTest = ANY_LINES): Promise<Slab | null> {
    if (!(await this.hasLines(withinMs))) return null;
    const next = this.#waiting[0];
    return next && suits(next.memory.subarray(next.start, next.end)) ? this.#takeSlab() : null;
  }

  /** Whether there is such a slab, or one has come in time. While there is no memory to write to, no time passes. */
  async hasLines(withinMs: number): Promise<boolean> {
    let extensions = 0;
    let isInTime = true;
    while (this.#waiting.length === 0 && !this.#isOver && isInTime) {
      const since = performance.now();
      const hadMemory = this.#memory !== null;
      const fullReads = this.#fullReads;
      await this.#change(withinMs);
      // Where this thread was busy, it is not the pipe that was late.
      const wasBusy = performance.now() - since > 2 * withinMs;
      const isAhead = this.#fullReads > fullReads && ++extensions < MAX_EXTENSIONS;
      isInTime = !hadMemory || this.#memory === null || wasBusy || isAhead;
    }
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

  /**
   * From now on slabs lie in memory that somebody else gives, SLAB_BYTES each or more, until their lines have been
   * decoded. Where there is none (null), the pipe has to wait for `goOn`.
   */
  writeTo(nextMemory: () => Uint8Array | null): void {
    this.#nextMemory = nextMemory;
  }

  /** From now on slabs lie in memory of this reader's own, and so does what has not been taken. */
  writeToOwn(): void {
    this.#nextMemory = () => this.#ownMemory();
    if (this.#memory) {
      this.#push(this.#memory, this.#end, false);
      this.#memory = null;
    }
    this.#waiting.splice(
      0,
      Infinity,
      ...this.#waiting.map(({ memory, start, end, endsLine }) => ({
        memory: Uint8Array.from(memory.subarray(start, end)),
        start: 0,
        end: end - start,
        endsLine,
      })),
    );
    this.goOn();
  }

  /** To be called when there is memory again. */
  goOn(): void {
    if (this.#memory || this.#isOver) return;
    if (this.#beginSlab()) this.#socket.resume();
  }

  #takeSlab(): Slab | null {
    const slab = this.#waiting.shift();
    if (!slab) return null;
    this.#passed++;
    this.goOn();
    return { memory: slab.memory, bytes: slab.memory.subarray(slab.start, slab.end) };
  }

  #takeAny(): Uint8Array | null {
    const slab = this.#takeSlab();
    if (slab) return slab.bytes;
    const bytes = this.#memory?.subarray(this.#start, this.#end) ?? this.#rest;
    if (this.#memory) this.#start = this.#end;
    else this.#rest = NO_BYTES;
    return bytes.length > 0 ? bytes : null;
  }

  /** Takes note of so many bytes more. What it says to the socket: whether to go on. */
  #add(length: number, where: Uint8Array): boolean {
    const memory = this.#memory ?? this.#beginSlab() ?? this.#beginIn(new Uint8Array(SLAB_BYTES));
    // The socket was told where to write before it was known that the slab would lie here.
    const isThere = where.buffer === memory.buffer && where.byteOffset === memory.byteOffset + this.#end;
    if (!isThere) memory.set(where.subarray(0, length), this.#end);
    this.#end += length;
    if (length >= FULL_PIPE_BYTES) this.#fullReads++;
    // Here alone another slab can be begun: from now until the next bytes have come the socket knows where they go.
    if (this.#end + READ_BYTES > memory.length) this.#endSlab(memory);
    this.#wake();
    return this.#memory !== null;
  }

  #endSlab(memory: Uint8Array): void {
    const cut = memory.subarray(0, this.#end).lastIndexOf(LINE_FEED) + 1;
    // The next slab is to have room for more than the beginning of a line.
    const endsLine = cut > this.#start && this.#end - cut + READ_BYTES <= SLAB_BYTES;
    const end = endsLine ? cut : this.#end;
    this.#rest = Uint8Array.from(memory.subarray(end, this.#end));
    if (end > this.#start) this.#push(memory, end, endsLine);
    else this.#passed++;
    this.#beginSlab();
  }

  #push(memory: Uint8Array, end: number, endsLine: boolean): void {
    this.#waiting.push({ memory, start: this.#start, end, endsLine });
  }

  #beginSlab(): Uint8Array | null {
    const memory = this.#nextMemory();
    this.#memory = null;
    return memory && this.#beginIn(memory);
  }

  #beginIn(memory: Uint8Array): Uint8Array {
    memory.set(this.#rest);
    this.#memory = memory;
    this.#start = 0;
    this.#end = this.#rest.length;
    this.#rest = NO_BYTES;
    return memory;
  }

  #ownMemory(): Uint8Array | null {
    return this.#waiting.length < MAX_WAITING ? new Uint8Array(SLAB_BYTES) : null;
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
