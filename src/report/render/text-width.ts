/** How many terminal columns a text takes, and the adapter of string-width: wide CJK and emoji take two, accents none. */
import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
// Printable ASCII and the other signs of tables: one column each. Most texts are of these, and string-width takes its time.
const NARROW = /^[ -~£¥€·–…≈▁-█]*$/;
const ELLIPSIS = '…';

/** Columns of a text; colours take none. */
export function textWidth(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** Cuts an uncoloured text to at most `columns`, ending in `…` where something is missing, never inside a character. */
export function truncateToWidth(text: string, columns: number): string {
  // A character takes two columns at most.
  if (text.length * 2 <= columns) return text;
  if (NARROW.test(text)) return cutNarrow(text, columns);
  let used = 0;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    used += textWidth(segment);
    if (used > columns) return columns < 1 ? '' : kept + ELLIPSIS;
    if (used < columns) kept += segment;
  }
  return text;
}

function cutNarrow(text: string, columns: number): string {
  if (text.length <= columns) return text;
  return columns < 1 ? '' : text.slice(0, columns - 1) + ELLIPSIS;
}

/** Fills a text with spaces up to `columns`; a longer one stays as it is. */
export function padToWidth(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, columns - textWidth(text)));
  return align === 'left' ? text + spaces : spaces + text;
}
