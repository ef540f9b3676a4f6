/** What a subcommand is: its options as data, and the way to its work. `program.ts` makes a command line of them. */
import type { ExitCode } from '../errors.js';
import type { Terminal } from './terminal.js';

export interface OptionSpec {
  /** `--since <time>`, `-o, --output <file>`, `--no-store`: as commander reads them. */
  readonly flags: string;
  readonly description: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
  /** The closed list of its values. */
  readonly choices?: readonly string[];
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** Shown before anything else in the help: a command line and what it does. */
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** `[inputs...]`, or none. */
  readonly argument?: { readonly name: string; readonly description: string };
  readonly options: readonly OptionSpec[];
  /**
   * Imports what the command does. Loading code is most of what a short command takes, so here and wherever else an
   * import is dynamic in mapipe, that is why: what not every run needs is loaded by the run that needs it.
   */
  readonly load: (inputs: readonly string[], options: OptionValues) => Promise<RunCommand>;
}

export type RunCommand = (invocation: Invocation) => Promise<ExitCode>;

export interface Invocation {
  /** Of mapipe. */
  readonly version: string;
  readonly inputs: readonly string[];
  readonly options: OptionValues;
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** The help text of this command. */
  readonly help: () => string;
}

/** Option values as they were given, by their long name in camelCase. */
export class OptionValues {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  text(name: string): string | null {
    const value = this.#values[name];
    return typeof value === 'string' ? value : null;
  }

  texts(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** Undefined where it was not given. */
  flag(name: string): boolean | undefined {
    const value = this.#values[name];
    return typeof value === 'boolean' ? value : undefined;
  }
}
