/** A JSON writer for what JSON.stringify cannot say: decimals written from their own text, and objects in a given order. */

/** A number written as its text stands, so that no float ever holds it. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    if (!JSON_NUMBER.test(text)) throw new TypeError(`not a JSON number: ${JSON.stringify(text)}`);
    this.text = text;
  }
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export type ExactJson =
  | ExactNumber
  | LazyList
  | string
  | number
  | boolean
  | null
  | readonly ExactJson[]
  | ReadonlyMap<string, ExactJson>
  | { readonly [key: string]: ExactJson };

/** As JSON.stringify: NaN and infinities become null. `indent` is spaces per level; 0 puts all on one line. */
export function stringifyExact(value: ExactJson, indent = 0): string {
  return write(value, ' '.repeat(indent), '\n');
}

/** A list whose items are made one at a time, as they are written: of a million, all at once would take gigabytes. */
export interface LazyList {
  readonly lazyItems: () => Iterable<ExactJson>;
}

export function lazyList<T>(items: readonly T[], toJson: (item: T) => ExactJson): LazyList {
  return {
    *lazyItems() {
      for (const item of items) yield toJson(item);
    },
  };
}

/** As `stringifyExact`, in parts: one for each item of a lazy list, and one for what stands between two of them. */
export function exactJsonParts(value: ExactJson, indent = 0): Iterable<string> {
  return writeParts(value, ' '.repeat(indent), '\n');
}

function* writeParts(value: ExactJson, indent: string, newline: string): Iterable<string> {
  const deeper = indent === '' ? '' : newline + indent;
  const end = indent === '' ? '' : newline;
  if (isLazyList(value)) {
    let before = `[${deeper}`;
    for (const item of value.lazyItems()) {
      yield before + write(item, indent, newline + indent);
      before = `,${deeper}`;
    }
    yield before === `[${deeper}` ? '[]' : `${end}]`;
  } else if (isMap(value) && value.size > 0) {
    let before = `{${deeper}`;
    const colon = indent === '' ? ':' : ': ';
    for (const [key, member] of value) {
      yield before + quote(key) + colon;
      yield* writeParts(member, indent, newline + indent);
      before = `,${deeper}`;
    }
    yield `${end}}`;
  } else {
    yield write(value, indent, newline);
  }
}

function isLazyList(value: ExactJson): value is LazyList {
  return (
    typeof value === 'object' &&
    value !== null &&
    'lazyItems' in value &&
    typeof value.lazyItems === 'function'
  );
}

function write(value: ExactJson, indent: string, newline: string): string {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const deeper = newline + indent;
  if (isList(value) || isLazyList(value)) {
    const items = isList(value) ? value : [...value.lazyItems()];
    return enclose(
      '[',
      items.map((item) => write(item, indent, deeper)),
      ']',
      indent,
      newline,
    );
  }
  const colon = indent === '' ? ':' : ': ';
  const entries = isMap(value) ? [...value] : Object.entries(value);
  const members = entries.map(([key, member]) => quote(key) + colon + write(member, indent, deeper));
  return enclose('{', members, '}', indent, newline);
}

function enclose(
  open: string,
  members: readonly string[],
  close: string,
  indent: string,
  newline: string,
): string {
  if (members.length === 0) return open + close;
  if (indent === '') return open + members.join(',') + close;
  return open + newline + indent + members.join(`,${newline}${indent}`) + newline + close;
}

// What JSON allows but a terminal, a JavaScript engine or a reader's eye may take for something else: DEL, C1, zero-width
// and bidi controls, line separators, BOM. (JSON.stringify itself escapes C0 and lone surrogates.)
const UNSAFE = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function quote(text: string): string {
  return JSON.stringify(text).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

// Array.isArray does not narrow readonly arrays.
function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value);
}

function isMap(value: ExactJson): value is ReadonlyMap<string, ExactJson> {
  return value instanceof Map;
}
