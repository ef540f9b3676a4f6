/**
 * Numbers of 64 bits as pairs of 32-bit words, low word first: a bigint each would be an object each. (Every machine
 * that Node.js runs on has the low word first.)
 */

export function wordsOf({ buffer, byteOffset, length }: BigInt64Array | BigUint64Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length * 2);
}

/** Copies the numbers at the places `which[from]` to `which[to - 1]`, one behind the other. */
export function gatherWords(
  words: Uint32Array,
  which: Uint32Array,
  from: number,
  to: number,
  out: Uint32Array,
): void {
  for (let i = from, at = 0; i < to; i++, at += 2) {
    const word = 2 * (which[i] ?? 0);
    out[at] = words[word] ?? 0;
    out[at + 1] = words[word + 1] ?? 0;
  }
}

/** The number at a place, which is not below 0. */
export function unsignedAt(words: Uint32Array, place: number): bigint {
  return (BigInt(words[2 * place + 1] ?? 0) << 32n) | BigInt(words[2 * place] ?? 0);
}
