/**
 * A text to be read as it was written. The engine's Node package takes U+FEFF at a text's start for a byte order mark and
 * drops it; of two it leaves one.
 */
export function exactText(column: string): string {
  return `CASE WHEN starts_with(${column}, chr(65279)) THEN chr(65279) || ${column} ELSE ${column} END`;
}
