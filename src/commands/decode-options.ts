/** The options that say how lines are to be read, for every command that reads them. */
import { FORMAT_NAMES, type DecodeOptions, type FormatName } from '../decode/format.js';
import { parseGoal, type Goal } from '../decode/goal.js';
import { MapipeError } from '../errors.js';
import { FIELD_NAMES, isFieldName, type FieldName } from '../event/raw-event.js';
import { nowMicros } from '../event/time.js';
import { resolveZone } from '../event/time-zone.js';
import { nearest } from '../report/nearest.js';
import type { OptionSpec, OptionValues } from './command.js';
import { defaultCurrency, type Config } from './config.js';

export const INPUT_FORMAT_OPTION: OptionSpec = {
  flags: '--input-format <format>',
  description: 'what the input is in',
  choices: ['auto', ...FORMAT_NAMES],
};

export const DECODE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--map <field=path>',
    description: 'where a field stands in the records (may be repeated)',
    repeatable: true,
  },
  {
    flags: '--goal <path>',
    description: 'requests that are conversions, such as /thank-you?amount=total (may be repeated)',
    repeatable: true,
  },
  { flags: '--include-bots', description: 'count requests by known bots too' },
  { flags: '--input-tz <zone>', description: 'zone of timestamps without an offset (default UTC)' },
];

export function inputFormat(options: OptionValues): FormatName | 'auto' {
  return FORMAT_NAMES.find((name) => name === options.text('inputFormat')) ?? 'auto';
}

export function decodeOptions(options: OptionValues, config: Config): DecodeOptions {
  const inputZone = resolveZone(options.text('inputTz') ?? 'UTC');
  if (inputZone === null) {
    throw new MapipeError(
      'MAPIPE_USAGE',
      `--input-tz expects a time zone, got ${options.text('inputTz') ?? ''}`,
    );
  }
  return {
    defaultCurrency: defaultCurrency(config),
    inputZone,
    receivedAtMicros: nowMicros,
    fieldPaths: fieldPathsOf(options.texts('map'), config),
    goals: [...(config.goals ?? []), ...options.texts('goal')].map(goalOf),
    includeBots: options.flag('includeBots') ?? config.includeBots ?? false,
  };
}

function goalOf(text: string): Goal {
  const goal = parseGoal(text);
  if (typeof goal !== 'string') return goal;
  throw new MapipeError('MAPIPE_USAGE', goal);
}

function fieldPathsOf(pairs: readonly string[], config: Config): ReadonlyMap<FieldName, string> {
  const given = pairs.map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  const paths = new Map<FieldName, string>();
  for (const [field, path] of [...Object.entries(config.map ?? {}), ...given]) {
    if (!isFieldName(field)) {
      const [near] = nearest(field, FIELD_NAMES);
      throw new MapipeError('MAPIPE_USAGE', `--map expects field=path, and ${field} is no field`, {
        hint: near ? `did you mean ${near}?` : `fields are ${FIELD_NAMES.join(', ')}`,
      });
    }
    if (path === '')
      throw new MapipeError('MAPIPE_USAGE', `--map expects field=path, got ${field} without a path`);
    paths.set(field, path);
  }
  return paths;
}
