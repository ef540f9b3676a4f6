/** The options that every subcommand takes, and how they are read. */
import { resolve } from 'node:path';
import { MapipeError } from '../errors.js';
import { resolveZone, systemZone } from '../event/time-zone.js';
import { OUTPUT_FORMATS, type OutputFormat } from '../report/render/formats.js';
import { defaultStorePath } from '../store/open-store.js';
import type { OptionSpec, OptionValues } from './command.js';
import type { Config } from './config.js';

export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--store <path>',
    description: 'the store to use (else MAPIPE_STORE, else the config file, else your data folder)',
  },
  { flags: '--format <format>', description: 'how to print the answer', choices: OUTPUT_FORMATS },
  { flags: '--json', description: 'short for --format json' },
  {
    flags: '--tz <zone>',
    description:
      'time zone of dates, days and hours, such as Europe/Berlin (else MAPIPE_TZ, else the system)',
  },
  { flags: '--color', description: 'colour even where the output is no terminal' },
  { flags: '--no-color', description: 'no colour' },
  { flags: '--quiet', description: 'print the answer and errors, nothing else' },
  { flags: '--verbose', description: 'say more about what is done' },
  { flags: '--no-progress', description: 'no progress while it runs' },
];

export function outputFormat(options: OptionValues): OutputFormat {
  const named = options.text('format');
  if (options.flag('json')) {
    if (named !== null && named !== 'json') {
      throw new MapipeError('MAPIPE_USAGE', `--json and --format ${named} contradict each other`, {
        hint: 'give one of them',
      });
    }
    return 'json';
  }
  return OUTPUT_FORMATS.find((format) => format === named) ?? 'table';
}

export function timeZone(options: OptionValues, environment: NodeJS.ProcessEnv, config: Config): string {
  const [name, from] = options.text('tz')
    ? [options.text('tz') ?? '', '--tz']
    : environment['MAPIPE_TZ']
      ? [environment['MAPIPE_TZ'], 'MAPIPE_TZ']
      : [config.timeZone ?? systemZone(), 'the config file'];
  const zone = resolveZone(name);
  if (zone === null) {
    throw new MapipeError(
      'MAPIPE_USAGE',
      `${from} expects a time zone such as Europe/Berlin or UTC, got ${name}`,
    );
  }
  return zone;
}

export function storePath(options: OptionValues, environment: NodeJS.ProcessEnv, config: Config): string {
  if (options.text('store') === '') {
    throw new MapipeError('MAPIPE_USAGE', '--store expects the path of a store, got an empty text');
  }
  const named = options.text('store') ?? (environment['MAPIPE_STORE'] || config.store);
  return named ? named : resolve(defaultStorePath(environment));
}

/** MAPIPE_STORE_WAIT_SECONDS: how long a store is waited for that another process holds, instead of a minute. */
export function storeWait(environment: NodeJS.ProcessEnv): { maxWaitMs?: number } {
  const text = environment['MAPIPE_STORE_WAIT_SECONDS'];
  if (!text) return {};
  if (/^\d{1,5}$/.test(text)) return { maxWaitMs: Number(text) * 1000 };
  throw new MapipeError(
    'MAPIPE_USAGE',
    `MAPIPE_STORE_WAIT_SECONDS expects a whole number of seconds, got ${text}`,
  );
}
