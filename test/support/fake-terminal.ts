/** A terminal that tests can look at: it knows the few sequences that mapipe writes, wraps, scrolls and is resized. */
import { Writable } from 'node:stream';
import { Output } from '../../src/commands/terminal.js';
import { textWidth } from '../../src/report/render/text-width.js';

// eslint-disable-next-line no-control-regex -- what a terminal is told is told in these
const TOKENS = /\x1b\[(\d*)([AHJK])|\x1b\[[\d;]*m|([\r\n])|[^\x1b\r\n]/gu;

export class FakeTerminal extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** How often it was written to. */
  writes = 0;
  /** All that was written. */
  raw = '';
  #lines: string[] = [''];
  readonly #history: string[] = [];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  /** What is to be seen, without empty lines at the end. */
  get screen(): string {
    return this.#lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  get cursorRow(): number {
    return this.#row;
  }

  async output(): Promise<Output> {
    return Output.of(this, false, {});
  }

  /** Places lines anew as most terminals do: too long ones wrap, those at the top leave a screen that is too low, and come back. */
  resize(columns: number, rows: number): void {
    const wrapped = this.#lines.map((line) =>
      Array.from({ length: Math.max(1, Math.ceil(textWidth(line.trimEnd()) / columns)) }, (_, index) =>
        line.slice(index * columns, (index + 1) * columns),
      ),
    );
    this.#row = wrapped.slice(0, this.#row).flat().length;
    this.#lines = wrapped.flat();
    const grown = Math.max(0, rows - this.rows);
    const returning = this.#history.splice(Math.max(0, this.#history.length - grown));
    this.#lines.unshift(...returning);
    this.#row += returning.length;
    this.columns = columns;
    this.rows = rows;
    this.#scroll();
  }

  override _write(chunk: string, _: BufferEncoding, done: () => void): void {
    this.writes++;
    this.raw += chunk;
    for (const [token, count = '', command, control] of chunk.matchAll(TOKENS)) {
      if (command !== undefined) this.#obey(command, Number(count || 1));
      else if (control === '\r') this.#column = 0;
      else if (control === '\n') this.#newLine();
      else if (!token.startsWith('\x1b')) this.#put(token);
    }
    done();
  }

  #obey(command: string, count: number): void {
    if (command === 'A') this.#row = Math.max(0, this.#row - count);
    if (command === 'H') this.#row = this.#column = 0;
    if (command === 'J') this.#lines.length = this.#row + 1;
    if (command === 'J' || command === 'K') {
      this.#lines[this.#row] = (this.#lines[this.#row] ?? '').slice(0, this.#column);
    }
  }

  #newLine(): void {
    this.#row++;
    this.#column = 0;
    this.#lines[this.#row] ??= '';
    this.#scroll();
  }

  #put(character: string): void {
    if (this.#column >= this.columns) this.#newLine();
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column++;
  }

  #scroll(): void {
    const excess = Math.max(0, this.#row + 1 - this.rows);
    this.#history.push(...this.#lines.splice(0, excess));
    this.#row -= excess;
  }
}
