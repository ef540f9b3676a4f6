/** The adapter to commander: makes the command line of the commands' data, and its complaints of our kind. */
import { Command, CommanderError, Option } from 'commander';
import { MapipeError, type ExitCode } from '../errors.js';
import { nearest } from '../report/nearest.js';
import { type CommandSpec, OptionValues, type OptionSpec } from './command.js';
import { GLOBAL_OPTIONS } from './global-options.js';
import { doctor } from './doctor.js';
import { ingest } from './ingest.js';
import { report } from './report.js';
import { serve } from './serve.js';
import { Output, type Terminal } from './terminal.js';

/** The table of subcommands: a new one is a file here and a line in it. */
const COMMANDS: readonly CommandSpec[] = [ingest, report, serve, doctor];

export interface ProgramContext {
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Asked only where it matters: to look at stdin is to set it up. */
  readonly stdinIsTerminal: () => boolean;
  readonly signal: AbortSignal;
}

/** Runs the command line; gives the exit code, throws a MapipeError for what the user can mend. */
export async function runProgram(argv: readonly string[], context: ProgramContext): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let complaint = '';
  const program = new Command('mapipe')
    .description('Stream raw logs into campaign answers.')
    .version(context.version, '-V, --version', 'print the version')
    .usage('<command> [options]')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeErr: (text) => (complaint += text) })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'before',
      examplesText([
        ['mapipe ingest data/sample_logs.txt', 'read a log'],
        ['mapipe report', 'ask'],
        ['mapipe serve', 'API and dashboard'],
      ]),
    )
    .helpCommand('help [command]', 'show help for a command');
  for (const option of GLOBAL_OPTIONS) program.addOption(toOption(option));
  for (const spec of COMMANDS) {
    const command = program
      .command(spec.name)
      .description(spec.summary)
      .addHelpText('before', examplesText(spec.examples));
    if (spec.argument) command.argument(spec.argument.name, spec.argument.description);
    for (const option of spec.options) command.addOption(toOption(option));
    command.action(async (inputs: unknown) => {
      const options = new OptionValues(command.optsWithGlobals());
      const paths = Array.isArray(inputs) ? inputs.map(String) : [];
      const run = await spec.load(paths, options);
      exitCode = await run({
        version: context.version,
        inputs: paths,
        options,
        terminal: await terminalFor(options, context),
        environment: context.environment,
        signal: context.signal,
        help: () => `${examplesText(spec.examples)}\n${command.helpInformation()}`,
      });
    });
  }
  if (argv.length === 0) {
    program.outputHelp();
    return exitCode;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(complaint === '' ? error.message : complaint);
  }
  return exitCode;
}

/** Commander's complaint in one line, its suggestion as the hint. */
function usageError(complaint: string): MapipeError {
  const lines = complaint.trim().split('\n');
  const start = lines.findIndex((line) => line.startsWith('error: '));
  const [first = '', ...more] = start < 0 ? ['there is no such command'] : lines.slice(start);
  const suggestion = more.join(' ').replace(/^\((.*)\)$/, '$1');
  return new MapipeError('MAPIPE_USAGE', first.replace(/^error: /, ''), {
    hint: suggestion.startsWith('Did you mean')
      ? suggestion.replace('Did', 'did')
      : 'mapipe --help lists what there is',
  });
}

function toOption({ flags, description, repeatable, choices }: OptionSpec): Option {
  const option = new Option(flags, description);
  if (choices) option.choices([...choices]).argParser((value: string) => oneOf(choices, value, flags));
  if (repeatable)
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}

function oneOf(choices: readonly string[], value: string, flags: string): string {
  if (choices.includes(value)) return value;
  const [name = flags] = flags.split(' ');
  const [near] = nearest(value, choices);
  throw new MapipeError('MAPIPE_USAGE', `${name} expects one of ${choices.join(', ')}, got ${value}`, {
    ...(near ? { hint: `did you mean ${near}?` } : {}),
  });
}

function examplesText(examples: readonly (readonly [string, string])[]): string {
  const width = Math.max(...examples.map(([command]) => command.length));
  return `Examples:\n${examples.map(([command, what]) => `  ${command.padEnd(width)}  # ${what}`).join('\n')}\n`;
}

async function terminalFor(
  options: OptionValues,
  { stdout, stderr, stdinIsTerminal, environment }: ProgramContext,
): Promise<Terminal> {
  const color = options.flag('color');
  return {
    stdout: await Output.of(stdout, color, environment),
    stderr: await Output.of(stderr, color, environment),
    stdinIsTerminal,
  };
}
