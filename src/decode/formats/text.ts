/** Any text log with JSON objects in some of its lines: `2026-06-01 12:00:00 INFO tracked {"type":"click",…}`. */
import type { DecodeOptions, Format, LineDecoder } from '../format.js';
import { ignore, type LineOutcome } from '../outcome.js';
import { JsonLineDecoder, parseObject } from './ndjson.js';

export const text: Format = {
  name: 'text',
  description: 'any text log with JSON events in its lines',
  countRecognised: (lines) => lines.filter((line) => embeddedObject(line) !== null).length,
  createDecoder: (options) => new TextLineDecoder(options),
};

class TextLineDecoder implements LineDecoder {
  readonly #embedded: EmbeddedJsonDecoder;

  constructor(options: DecodeOptions) {
    this.#embedded = new EmbeddedJsonDecoder(options);
  }

  decodeLine(line: string): LineOutcome {
    return this.#embedded.decode(line) ?? ignore('no_event');
  }
}

/** Finds the event in a line of any other kind; null where there is none. */
export class EmbeddedJsonDecoder {
  readonly #json: JsonLineDecoder;

  constructor(options: DecodeOptions) {
    this.#json = new JsonLineDecoder(options);
  }

  decode(line: string): LineOutcome | null {
    const embedded = embeddedObject(line);
    if (embedded === null) return null;
    const outcome = this.#json.decodeObject(embedded.json, embedded.object);
    // An object that says neither what happened nor to whom is a log line's own detail.
    const noEvent = outcome.kind === 'reject' && outcome.reason === 'missing_user_id';
    return noEvent || (outcome.kind === 'reject' && outcome.reason === 'unknown_type') ? null : outcome;
  }
}

function embeddedObject(line: string): { json: string; object: Readonly<Record<string, unknown>> } | null {
  const start = line.indexOf('{');
  const end = line.lastIndexOf('}');
  if (start < 0 || end < start) return null;
  const json = line.slice(start, end + 1);
  const object = parseObject(json);
  return object === null ? null : { json, object };
}
