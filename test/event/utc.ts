/** A moment in micros by the platform's own parser, which mapipe does not use: for RFC 3339 texts with whole milliseconds. */
export function utc(text: string): bigint {
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) throw new Error(`no moment: ${text}`);
  return BigInt(millis) * 1000n;
}
