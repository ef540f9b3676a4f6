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
  return blanks.replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes; // bytes that are no UTF-8
    }
  });
}
