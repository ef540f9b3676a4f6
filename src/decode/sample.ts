/** Looks at an input's first bytes: which format it is in, and which line stands at its top. */
import { FORMATS, formatNamed } from './formats.js';
import type { Format, FormatName } from './format.js';

const LINE_FEED = 0x0a;
const MAX_SAMPLE_LINES = 200;

/** The first lines in `head` that are not blank; a last one without line feed counts only if nothing follows. */
export function sampleLines(head: Buffer, isWhole: boolean): string[] {
  const lines: string[] = [];
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (lines.length < MAX_SAMPLE_LINES) {
    const lineFeed = head.indexOf(LINE_FEED, at);
    if (lineFeed < 0 && !isWhole) break;
    const end = lineFeed < 0 ? head.length : lineFeed;
    const line = head.toString('utf8', at, end).replace(/\r$/, '');
    if (line.trim() !== '') lines.push(line);
    if (lineFeed < 0) break;
    at = lineFeed + 1;
  }
  return lines;
}

/** The format named, or for `auto` the one that most of the lines are in; null where they are in none. */
export function chooseFormat(name: FormatName | 'auto', lines: readonly string[]): Format | null {
  if (name !== 'auto') return formatNamed(name);
  let best: Format | null = null;
  let most = 0;
  for (const format of FORMATS) {
    const recognised = format.countRecognised(lines);
    if (recognised > most) {
      best = format;
      most = recognised;
    }
    // Nothing recognises more than all of them.
    if (most === lines.length) break;
  }
  return best;
}

/** What bytes that are no log look like; null where they look like text. */
export function describeBinary(head: Buffer): string | null {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16 text';
  return head.includes(0) ? 'binary data' : null;
}
