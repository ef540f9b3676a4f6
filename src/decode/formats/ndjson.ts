/** JSON lines: one object a line, its fields under any of the names that mapipe knows. */
import type { FieldName } from '../../event/raw-event.js';
import type { DecodeOptions, Format, LineDecoder } from '../format.js';
import {
  FieldMapper,
  NOT_A_TEXT,
  type FieldSource,
  type FieldValue,
  type MappedFields,
} from '../field-mapper.js';
import { jsonValueText } from '../json-number-text.js';
import { reject, type LineOutcome } from '../outcome.js';
import { validateEvent } from '../validate-event.js';

type JsonObject = Readonly<Record<string, unknown>>;

export const ndjson: Format = {
  name: 'ndjson',
  description: 'JSON lines, one event an object',
  countRecognised: (lines) =>
    lines.filter((line) => line.startsWith('{') && parseObject(line) !== null).length,
  createDecoder: (options) => new JsonLineDecoder(options),
};

export class JsonLineDecoder implements LineDecoder {
  readonly #options: DecodeOptions;
  readonly #mapper: FieldMapper;

  constructor(options: DecodeOptions) {
    this.#options = options;
    this.#mapper = new FieldMapper(options.fieldPaths);
  }

  decodeLine(line: string): LineOutcome {
    const object = parseObject(line);
    return object === null ? reject('invalid_json') : this.decodeObject(line, object);
  }

  /** The object's fields under their canonical names; `json` is the text it was parsed from. */
  mapObject(json: string, object: JsonObject): MappedFields {
    return this.#mapper.map(new JsonSource(json, object));
  }

  decodeObject(json: string, object: JsonObject): LineOutcome {
    const mapped = this.mapObject(json, object);
    if ('invalidField' in mapped) return reject('invalid_field', mapped.invalidField);
    return validateEvent(mapped.raw, this.#options);
  }
}

/** The object that `json` is, or null where it is no JSON or no object. */
export function parseObject(json: string): JsonObject | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  return isObject(value) ? value : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class JsonSource implements FieldSource {
  readonly #json: string;
  readonly #object: JsonObject;

  constructor(json: string, object: JsonObject) {
    this.#json = json;
    this.#object = object;
  }

  names(): string[] {
    return Object.keys(this.#object);
  }

  valueOf(path: string, field: FieldName): FieldValue {
    // A key may itself hold dots; it goes before a path of the same spelling.
    if (Object.hasOwn(this.#object, path)) return this.#textOf(this.#object[path], [path], field);
    const steps = path.split('.');
    let value: unknown = this.#object;
    for (const step of steps) {
      if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
      value = value[step];
    }
    return this.#textOf(value, steps, field);
  }

  #textOf(value: unknown, path: readonly string[], field: FieldName): FieldValue {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') {
      // A float keeps small whole numbers exactly; of all others, and of money, only the text will do.
      return field !== 'amount' && Number.isSafeInteger(value)
        ? String(value)
        : jsonValueText(this.#json, path);
    }
    if (typeof value === 'boolean') return String(value);
    return value === null ? undefined : NOT_A_TEXT;
  }
}
