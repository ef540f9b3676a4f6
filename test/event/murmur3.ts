/**
 * MurmurHash3 x86_128 once more, written from its description with bigints and a view over the bytes, so that it has
 * nothing in common with the code under test. Proven in the test by the verification value that SMHasher publishes.
 */
const MASK = 0xffff_ffffn;
const MULTIPLIERS = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n] as const;
const KEY_ROTATIONS = [15n, 16n, 17n, 18n] as const;
const STATE_ROTATIONS = [19n, 17n, 15n, 13n] as const;
const ADDENDS = [0x561ccd1bn, 0x0bcaa747n, 0x96cd1c35n, 0x32ac3b17n] as const;

function pick(list: readonly bigint[], lane: number): bigint {
  return list[lane % 4] ?? 0n;
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (32n - bits))) & MASK;
}

function mixKey(key: bigint, lane: number): bigint {
  const once = rotate((key * pick(MULTIPLIERS, lane)) & MASK, pick(KEY_ROTATIONS, lane));
  return (once * pick(MULTIPLIERS, lane + 1)) & MASK;
}

function avalanche(value: bigint): bigint {
  let h = value;
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & MASK;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & MASK;
  return h ^ (h >> 16n);
}

/** First lane plus all others, then that sum added to each of the others. */
function spread(state: bigint[]): bigint[] {
  const first = state.reduce((sum, lane) => (sum + lane) & MASK, 0n);
  return state.map((lane, i) => (i === 0 ? first : (lane + first) & MASK));
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The four 32-bit words of the hash. */
export function murmur3(bytes: Uint8Array, seed = 0n): bigint[] {
  let state = [seed, seed, seed, seed];
  const blocksEnd = bytes.length - (bytes.length % 16);
  for (let at = 0; at < blocksEnd; at += 16) {
    for (let lane = 0; lane < 4; lane++) {
      const word = littleEndian(bytes.subarray(at + 4 * lane, at + 4 * lane + 4));
      const mixed = rotate(pick(state, lane) ^ mixKey(word, lane), pick(STATE_ROTATIONS, lane));
      state[lane] = ((mixed + pick(state, lane + 1)) * 5n + pick(ADDENDS, lane)) & MASK;
    }
  }
  const tail = bytes.subarray(blocksEnd);
  state = state.map((lane, i) => lane ^ mixKey(littleEndian(tail.subarray(4 * i, 4 * i + 4)), i));
  state = spread(state.map((lane) => lane ^ BigInt(bytes.length)));
  return spread(state.map(avalanche));
}
