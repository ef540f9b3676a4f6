/** logfmt: `type=click campaign_id=summer_sale user_id=u1 ad_id="banner 4"`, any number of pairs a line. */
import type { DecodeOptions, Format, LineDecoder } from '../format.js';
import { FieldMapper, isKnownName } from '../field-mapper.js';
import { reject, type LineOutcome } from '../outcome.js';
import { validateEvent } from '../validate-event.js';

export const logfmt: Format = {
  name: 'logfmt',
  description: 'key=value pairs',
  countRecognised: (lines) =>
    lines.filter((line) => {
      const pairs = parsePairs(line);
      return pairs !== null && [...pairs.keys()].filter(isKnownName).length >= 2;
    }).length,
  createDecoder: (options) => new LogfmtDecoder(options),
};

class LogfmtDecoder implements LineDecoder {
  readonly #options: DecodeOptions;
  readonly #mapper: FieldMapper;

  constructor(options: DecodeOptions) {
    this.#options = options;
    this.#mapper = new FieldMapper(options.fieldPaths);
  }

  decodeLine(line: string): LineOutcome {
    const pairs = parsePairs(line);
    if (pairs === null) return reject('invalid_logfmt');
    const mapped = this.#mapper.map({ names: () => pairs.keys(), valueOf: (name) => pairs.get(name) });
    return 'raw' in mapped
      ? validateEvent(mapped.raw, this.#options)
      : reject('invalid_field', mapped.invalidField);
  }
}

// A key, alone or with a value that is bare (up to the next blank) or quoted, with backslash escapes.
const PAIR = /[ \t]*([^ \t="]+)(?:=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^ \t"]*)))?(?=[ \t]|$)/sy;

/** The pairs of a line, the last of equal keys winning; null where the line is not made of them. */
function parsePairs(line: string): Map<string, string> | null {
  const pairs = new Map<string, string>();
  let valued = false;
  const end = lengthWithoutBlanksAtEnd(line);
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < end) {
    const match = PAIR.exec(line);
    if (!match) return null;
    const [, key = '', quoted, bare] = match;
    valued ||= quoted !== undefined || bare !== undefined;
    pairs.set(key, quoted === undefined ? (bare ?? '') : unescape(quoted));
  }
  return valued ? pairs : null;
}

/** Walked from the end: a pattern for it would take time with the square of the blanks within the line. */
function lengthWithoutBlanksAtEnd(line: string): number {
  let end = line.length;
  while (line[end - 1] === ' ' || line[end - 1] === '\t') end--;
  return end;
}

const ESCAPES = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

function unescape(quoted: string): string {
  if (!quoted.includes('\\')) return quoted;
  return quoted.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (ESCAPES.get(char) ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
