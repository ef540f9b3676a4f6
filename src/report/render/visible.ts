/**
 * Makes what nobody can see visible, so that nothing from a log, a file name or a store reaches a terminal raw: control
 * characters could move the cursor or set the window's title, bidi controls could reorder what is read.
 */

// Controls, format characters (bidi, zero-width, BOM, tags), line and paragraph separators, lone surrogates.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

// Of the format characters these have a glyph of their own: Arabic number signs, Syriac and Kaithi marks.
const HAS_GLYPH = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;

const EMOJI_BEFORE = /\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?$/u;
const EMOJI_AFTER = /^\p{Extended_Pictographic}/u;
const ZERO_WIDTH_JOINER = '\u200d';

/** Shows each such character as an escape in plain text: ESC as `\x1b`, a right-to-left override as `\u202e`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character, offset: number) =>
    HAS_GLYPH.test(character) || joinsEmoji(text, character, offset) ? character : escapeOf(character),
  );
}

/** A joiner between two pictographs is part of one emoji (a family, a profession), not something hidden. */
function joinsEmoji(text: string, character: string, offset: number): boolean {
  if (character !== ZERO_WIDTH_JOINER) return false;
  return (
    EMOJI_BEFORE.test(text.slice(Math.max(0, offset - 4), offset)) &&
    EMOJI_AFTER.test(text.slice(offset + 1, offset + 3))
  );
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`;
}
