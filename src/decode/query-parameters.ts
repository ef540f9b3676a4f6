/** The query of a request target, decoded once: plus is a blank, broken escapes stay as they stand. */

/** Parameters by name; the first of equal names wins, as analytics tools read them. */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const name = decodeOnce(equals < 0 ? pair : pair.slice(0, equals));
    if (name !== '' && !parameters.has(name))
      parameters.set(name, equals < 0 ? '' : decodeOnce(pair.slice(equals + 1)));
  }
  return parameters;
}

function decodeOnce(text: string): string {
  const blanks = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!blanks.includes('%')) return blanks;
  return blanks.replace(/(?:%[0-9a-fA-F]{2})+/g, decodeEscapes);
}

const MAX_UTF8_BYTES = 4;

/** Decodes what is UTF-8 of a run of escapes; the rest stays as it stands. */
function decodeEscapes(escapes: string): string {
  const whole = decodeWhole(escapes);
  if (whole !== null) return whole;
  let decoded = '';
  for (let at = 0; at < escapes.length;) {
    let character: string | null = null;
    let bytes = 1;
    for (; bytes <= MAX_UTF8_BYTES && character === null; bytes++) {
      character = decodeWhole(escapes.slice(at, at + 3 * bytes));
    }
    const used = character === null ? 3 : 3 * (bytes - 1);
    decoded += character ?? escapes.slice(at, at + 3);
    at += used;
  }
  return decoded;
}

function decodeWhole(escapes: string): string | null {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return null;
  }
}
