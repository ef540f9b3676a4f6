/** A goal says which requests of an access log are conversions, and which query parameters hold their fields. */
import { isFieldName, type FieldName } from '../event/raw-event.js';

export interface Goal {
  /** As the user wrote it. */
  readonly text: string;
  /** The path, with `*` for any run of characters. */
  readonly pattern: string;
  matches(path: string): boolean;
  /** Query parameter by field, as the user gave them. Fields not named here go by their usual names. */
  readonly parameters: ReadonlyMap<FieldName, string>;
}

/**
 * Reads `/thank-you`, `/checkout/*` (`*` is any run of characters) or `/done?amount=total&order_id=oid` (amount in the
 * parameter `total`, the order in `oid`). Returns what is wrong with it as a text.
 */
export function parseGoal(text: string): Goal | string {
  const question = text.indexOf('?');
  const pattern = question < 0 ? text : text.slice(0, question);
  if (!pattern.startsWith('/'))
    return `a goal is a path such as /thank-you?amount=total, got ${JSON.stringify(text)}`;
  const parameters = new Map<FieldName, string>();
  for (const pair of question < 0 ? [] : text.slice(question + 1).split('&')) {
    const [field = '', parameter = ''] = pair.split('=');
    if (!isFieldName(field) || field === 'type' || field === 'timestamp' || parameter === '') {
      return `a goal's query says which parameter holds a field (amount=total), got ${JSON.stringify(pair)}`;
    }
    parameters.set(field, parameter);
  }
  return { text, pattern, matches: matcherOf(pattern), parameters };
}

/**
 * The parts between the stars, each at its first place behind the one before: one walk over the path, while an
 * expression would try the places of every star together.
 */
function matcherOf(pattern: string): (path: string) => boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return (path) => path === first;
  return (path) => {
    if (!path.startsWith(first)) return false;
    let at = first.length;
    for (const part of others) {
      const found = path.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return path.length - last.length >= at && path.endsWith(last);
  };
}
