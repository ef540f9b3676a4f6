/** Flows text into lines of a width: short pieces parted by ` · `, or words. */
import { textWidth, truncateToWidth } from './text-width.js';

const SEPARATOR = ' · ';

/** As many pieces per line as fit; a piece that alone is too wide is cut. Without a width, all in one line. */
export function wrapParts(
  parts: readonly string[],
  width: number | undefined,
  separator = SEPARATOR,
): string[] {
  if (width === undefined) return parts.length === 0 ? [] : [parts.join(separator)];
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : last + separator + part;
    if (last !== undefined && textWidth(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(truncateToWidth(part, width));
  }
  return lines;
}

/** Breaks sentences between words; a word that alone is too wide is cut. */
export function wrapWords(sentences: readonly string[], width: number | undefined): string {
  if (width === undefined) return sentences.join('\n');
  return sentences.flatMap((sentence) => wrapParts(sentence.split(' '), width, ' ')).join('\n');
}
