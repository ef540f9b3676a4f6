/** The lines at the end of a terminal that are drawn again and again, in place. */
import { textWidth } from '../report/render/text-width.js';
import type { Output } from './terminal.js';

interface Drawn {
  readonly text: string;
  /** Columns of each line. */
  readonly widths: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** Nothing but the cursor's place and these lines is ever changed: whatever ends the process, the terminal is in order. */
export class RedrawnArea {
  readonly #output: Output;
  #drawn: Drawn | null = null;
  /** Lines that a lower terminal has pushed out; a higher one may bring them back. */
  #hasSpilled = false;
  #isWriting = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Columns to draw in: a character in the last one makes some terminals begin a new line. */
  get width(): number {
    return (this.#output.width ?? 80) - 1;
  }

  /** Lines to draw in: the cursor stands in the one beneath them. */
  get height(): number {
    return (this.#output.height ?? 24) - 1;
  }

  /** Draws lines in place of the last ones, unless they are the same, or the terminal has not taken those yet. */
  show(text: string): void {
    const { width, height } = this;
    const isSame = this.#drawn?.text === text && this.#drawn.width === width && this.#drawn.height === height;
    if (isSame || this.#isWriting) return;
    const lines = text.split('\n');
    // Line by line rather than all erased at first, which would flicker.
    const drawing = lines.map((line) => `${line}\x1b[K\n`).join('');
    this.#write(`${this.#toFirstLine()}${drawing}\x1b[J`);
    this.#drawn = { text, widths: lines.map(textWidth), width, height };
  }

  /** Leaves the terminal as if nothing had been drawn. */
  wipe(): void {
    if (this.#drawn) {
      const count = Math.min(this.#drawn.widths.length, this.height);
      // Line by line: some terminals keep what is erased at once as if it had been read.
      this.#write(`${this.#toFirstLine()}${'\x1b[K\n'.repeat(count)}\x1b[J\x1b[${count}A`);
    }
    this.forget();
  }

  /** Writes a line for good: what is drawn next stands beneath it. */
  say(line: string): void {
    this.wipe();
    this.#write(`${line}\n`);
  }

  /** Leaves what is drawn where it is: something else was written after it. */
  forget(): void {
    this.#drawn = null;
    this.#hasSpilled = false;
  }

  #toFirstLine(): string {
    const drawn = this.#drawn;
    if (!drawn) return '';
    const wraps = drawn.widths.some((columns) => columns > this.width + 1);
    const spills = drawn.widths.length > this.height;
    const returns = this.#hasSpilled && this.height > drawn.height;
    this.#hasSpilled ||= spills;
    // How a terminal places lines that do not fit any more, each has its own way: only the whole of it is sure to hold them.
    if (wraps || spills || returns) return '\x1b[H';
    return `\r\x1b[${drawn.widths.length}A`;
  }

  #write(text: string): void {
    this.#isWriting = true;
    const done = (): void => {
      this.#isWriting = false;
    };
    // With nobody to read it, it goes nowhere.
    this.#output.write(text).then(done, done);
  }
}
