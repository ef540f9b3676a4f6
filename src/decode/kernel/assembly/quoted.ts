/** Texts in quotes, as access logs have them: a backslash takes the meaning from what follows it. */
import { stringStops } from './bytes';

/** Whether any of them had a byte that is none of ASCII. */
export let hasLongCharacters: bool = false;

@inline
export function forgetLongCharacters(): void {
  hasLongCharacters = false;
}

/** Where the quoted text ends that begins at `from`; 0 where the line ends before. */
@inline
export function quotedEnd(from: usize): usize {
  let at = from;
  while (true) {
    const stops = stringStops(v128.load(at));
    if (stops == 0) {
      at += 16;
      continue;
    }
    at += ctz(stops);
    return load<u8>(at) == 0x22 ? at : oddQuotedEnd(at);
  }
}

/** As `quotedEnd`, of a text in which an escape, a control character or a longer character stands at `from`. */
export function oddQuotedEnd(from: usize): usize {
  let at = from;
  while (true) {
    const stops = stringStops(v128.load(at));
    if (stops == 0) {
      at += 16;
      continue;
    }
    at += ctz(stops);
    let byte = <u32>load<u8>(at);
    if (byte == 0x22) return at;
    if (byte == 0x5c) {
      // The character behind a backslash is passed over, whatever it is.
      at++;
      byte = load<u8>(at);
    }
    if (byte == 0x0a) return 0;
    if (byte >= 0x80) hasLongCharacters = true;
    at++;
  }
}

/** Where the line feed stands. */
export function lineFeedAfter(from: usize): usize {
  let at = from;
  while (true) {
    const stops = i8x16.bitmask(i8x16.lt_s(v128.load(at), i8x16.splat(0x20)));
    if (stops == 0) {
      at += 16;
      continue;
    }
    at += ctz(stops);
    const byte = <u32>load<u8>(at);
    if (byte == 0x0a) return at;
    if (byte >= 0x80) hasLongCharacters = true;
    at++;
  }
}
