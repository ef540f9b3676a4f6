/**
 * MurmurHash3 x86_128 (Austin Appleby, public domain), of a text's UTF-8 bytes. It needs only 32-bit multiplication,
 * which JavaScript and WebAssembly both do in one instruction. The first 64 bits are a text's key in every store, so
 * this function is part of the store's format: a change of it is a migration.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

const utf8 = new TextEncoder();
let scratch = new Uint8Array(4096);

/** Writes `text` as UTF-8 into a shared buffer; good until the next call. */
function encode(text: string): number {
  if (text.length * 3 > scratch.length) scratch = new Uint8Array(text.length * 3);
  let length = 0;
  for (; length < text.length; length++) {
    const code = text.charCodeAt(length);
    if (code > 0x7f) return utf8.encodeInto(text, scratch).written;
    scratch[length] = code;
  }
  return length;
}

function rotl(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function finalMix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Hashes `bytes[0, length)` with seed 0 into four unsigned 32-bit words, `out[at]` to `out[at + 3]`. */
export function hashBytes(bytes: Uint8Array, length: number, out: Uint32Array, at: number): void {
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  const word = (i: number): number =>
    // Reading past `length` is the caller's tail, handled below; `| 0` keeps the type an int32.
    (bytes[i] ?? 0) |
    ((bytes[i + 1] ?? 0) << 8) |
    ((bytes[i + 2] ?? 0) << 16) |
    ((bytes[i + 3] ?? 0) << 24) |
    0;
  const blocksEnd = length - (length % 16);
  for (let i = 0; i < blocksEnd; i += 16) {
    h1 ^= Math.imul(rotl(Math.imul(word(i), C1), 15), C2);
    h1 = (Math.imul(rotl(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotl(Math.imul(word(i + 4), C2), 16), C3);
    h2 = (Math.imul(rotl(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotl(Math.imul(word(i + 8), C3), 17), C4);
    h3 = (Math.imul(rotl(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotl(Math.imul(word(i + 12), C4), 18), C1);
    h4 = (Math.imul(rotl(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  const tail = [0, 0, 0, 0];
  for (let i = blocksEnd; i < length; i++) {
    const lane = (i - blocksEnd) >> 2;
    tail[lane] = (tail[lane] ?? 0) | ((bytes[i] ?? 0) << (8 * (i & 3)));
  }
  const [k1 = 0, k2 = 0, k3 = 0, k4 = 0] = tail;
  h4 ^= Math.imul(rotl(Math.imul(k4, C4), 18), C1);
  h3 ^= Math.imul(rotl(Math.imul(k3, C3), 17), C4);
  h2 ^= Math.imul(rotl(Math.imul(k2, C2), 16), C3);
  h1 ^= Math.imul(rotl(Math.imul(k1, C1), 15), C2);
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  h3 = finalMix(h3);
  h4 = finalMix(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  out[at] = h1;
  out[at + 1] = h2 + h1;
  out[at + 2] = h3 + h1;
  out[at + 3] = h4 + h1;
}

const words = new Uint32Array(4);

/** Writes the 64-bit key of `text` as two words (low, high) at `out[at]`. It is never 0: 0 stands for no text. */
export function writeTextKey(text: string, out: Uint32Array, at: number): void {
  const length = encode(text);
  writeKeyOfBytes(scratch, length, out, at);
}

/** The same of a text that is UTF-8 already: `bytes[0, length)`. */
export function writeKeyOfBytes(bytes: Uint8Array, length: number, out: Uint32Array, at: number): void {
  hashBytes(bytes, length, words, 0);
  const low = words[0] ?? 0;
  const high = words[1] ?? 0;
  out[at] = low === 0 && high === 0 ? 1 : low;
  out[at + 1] = high;
}

/** The 64-bit key of a text. */
export function textKey(text: string): bigint {
  const key = new BigUint64Array(1);
  writeTextKey(text, new Uint32Array(key.buffer), 0);
  return key[0] ?? 0n;
}
