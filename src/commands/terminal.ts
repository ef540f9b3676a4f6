/** The two output streams as a command sees them: what each can show, and how to write to it. */
import { once } from 'node:events';
import type { WriteStream } from 'node:tty';
import { PLAIN_STYLE } from '../report/render/plain-style.js';
import type { Style } from '../report/render/style.js';

/** stdout or stderr: a terminal, or a file or pipe. */
type OutputStream = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>;

const GATHERED_CHARS = 1 << 16;

export class Output {
  readonly style: Style;
  readonly isTerminal: boolean;
  readonly #stream: OutputStream;

  private constructor(stream: OutputStream, style: Style) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true;
    this.style = style;
  }

  static async of(
    stream: OutputStream,
    color: boolean | undefined,
    environment: NodeJS.ProcessEnv,
  ): Promise<Output> {
    if (!(color ?? colorByDefault(environment, stream.isTTY === true)))
      return new Output(stream, PLAIN_STYLE);
    const { createStyle } = await import('../report/render/style.js');
    return new Output(stream, createStyle(true));
  }

  /** Columns of the terminal; undefined where there is none, and nothing is ever cut off. */
  get width(): number | undefined {
    // A terminal that does not know says 0.
    return this.isTerminal ? this.#stream.columns || 80 : undefined;
  }

  /** Lines of the terminal; undefined where there is none. */
  get height(): number | undefined {
    return this.isTerminal ? this.#stream.rows || 24 : undefined;
  }

  /** Resolves when the stream can take more: a slow reader slows the writer. */
  async write(text: string): Promise<void> {
    if (text !== '' && !this.#stream.write(text)) await once(this.#stream, 'drain');
  }

  /** Writes parts, gathered, as a call for each of them would take its time. */
  async writeAll(parts: Iterable<string>): Promise<void> {
    let gathered = '';
    for (const part of parts) {
      gathered += part;
      if (gathered.length < GATHERED_CHARS) continue;
      await this.write(gathered);
      gathered = '';
    }
    await this.write(gathered);
  }
}

export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Asked only where it matters: to look at stdin is to set it up. */
  readonly stdinIsTerminal: () => boolean;
}

/** FORCE_COLOR, then NO_COLOR, then TERM=dumb, then whether it is a terminal. */
function colorByDefault(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  if (environment['NO_COLOR']) return false;
  if (environment['TERM'] === 'dumb') return false;
  return isTerminal;
}
