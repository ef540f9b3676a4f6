/** The project's `mapipe.config.json`: found in the working directory or the nearest one above it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MapipeError } from '../errors.js';
import { isCurrencyCode } from '../event/money.js';
import { nearest } from '../report/nearest.js';

export interface Config {
  readonly store?: string;
  readonly timeZone?: string;
  readonly currency?: string;
  readonly goals?: readonly string[];
  readonly map?: Readonly<Record<string, string>>;
  readonly includeBots?: boolean;
}

const FILE_NAME = 'mapipe.config.json';

const KINDS = {
  store: 'a path',
  timeZone: 'a time zone',
  currency: 'an ISO 4217 code',
  goals: 'a list of texts',
  map: 'an object of texts',
  includeBots: 'true or false',
} as const satisfies Record<keyof Config, string>;

export function readConfig(directory: string): Config {
  const path = findConfig(resolve(directory));
  if (path === null) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MapipeError('MAPIPE_CONFIG_INVALID', `${path} cannot be read as JSON: ${why}`, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new MapipeError('MAPIPE_CONFIG_INVALID', `${path} must hold one JSON object`);
  }
  const config: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (!isKey(name)) {
      const [near] = nearest(name, Object.keys(KINDS));
      throw new MapipeError('MAPIPE_CONFIG_INVALID', `${path} has an unknown setting ${name}`, {
        hint: near ? `did you mean ${near}?` : `it knows ${Object.keys(KINDS).join(', ')}`,
      });
    }
    if (!isOfKind(name, value)) {
      throw new MapipeError(
        'MAPIPE_CONFIG_INVALID',
        `${path}: ${name} must be ${KINDS[name]}, got ${JSON.stringify(value)}`,
      );
    }
    // A store is named from where the file is, not from where the command runs.
    config[name] = name === 'store' ? resolve(dirname(path), String(value)) : value;
  }
  return config;
}

/** The currency of amounts that name none, and of a report that has several to choose from. */
export function defaultCurrency(config: Config): string {
  const code = (config.currency ?? 'USD').toUpperCase();
  if (isCurrencyCode(code)) return code;
  throw new MapipeError(
    'MAPIPE_CONFIG_INVALID',
    `currency must be an ISO 4217 code such as USD, got ${config.currency ?? code}`,
  );
}

function findConfig(directory: string): string | null {
  const path = join(directory, FILE_NAME);
  if (existsSync(path)) return path;
  const parent = dirname(directory);
  return parent === directory ? null : findConfig(parent);
}

function isKey(name: string): name is keyof Config {
  return Object.hasOwn(KINDS, name);
}

function isOfKind(name: keyof Config, value: unknown): boolean {
  switch (name) {
    case 'goals':
      return Array.isArray(value) && value.every((goal) => typeof goal === 'string');
    case 'map':
      return (
        typeof value === 'object' &&
        value !== null &&
        Object.values(value).every((path) => typeof path === 'string')
      );
    case 'includeBots':
      return typeof value === 'boolean';
    case 'store':
    case 'timeZone':
    case 'currency':
      return typeof value === 'string' && value !== '';
  }
}
