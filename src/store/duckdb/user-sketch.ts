/**
 * A sketch of distinct users as the engine makes it: a bit for each rank and register that was met, the ranks one after
 * another. It says the same as the registers of `hyperloglog.ts`, which keep the largest rank, but can be put together
 * by setting bits, which the engine does several times as fast as it finds the minimum of so many groups.
 */
import { estimateDistinct, REGISTERS, VALUE_BITS } from '../../aggregate/hyperloglog.js';

const MAX_RANK = VALUE_BITS + 1;
const BITS = MAX_RANK * REGISTERS;
const RANK_WORDS = REGISTERS / 32;
/** Of a 64-bit key, those below the ones that choose the register. */
const LOW_BITS = BigInt(64 - Math.log2(REGISTERS));

/** What SKETCH aggregates, to be selected of each event. */
export const SKETCHED = `(user_id_key >> ${LOW_BITS})::INTEGER AS register, user_id_key & ${2n ** LOW_BITS - 1n} AS low_bits`;

/** The sketch of a group of events, as a BLOB. */
export const SKETCH = `bitstring_agg(${firstBitOfRank()} + register, 0, ${BITS - 1})::BLOB`;

/** Half of all users have the first rank, a quarter the second and so on: the engine seldom tries a third case. */
function firstBitOfRank(): string {
  const cases = Array.from(
    { length: VALUE_BITS },
    (_, i) => `WHEN low_bits >= ${2n ** (LOW_BITS - BigInt(i + 1))} THEN ${i * REGISTERS}`,
  );
  return `CASE ${cases.join(' ')} ELSE ${VALUE_BITS * REGISTERS} END`;
}

export class UserSketch {
  readonly #words = new Uint32Array(BITS / 32);
  #isEmpty = true;

  /** Takes in what the engine made of a group of events. */
  add(blob: Uint8Array): void {
    if (this.#isEmpty) new Uint8Array(this.#words.buffer).set(blob);
    // A copy, as the engine's bytes may begin at any address.
    else setBits(this.#words, new Uint32Array(new Uint8Array(blob).buffer));
    this.#isEmpty = false;
  }

  merge(other: UserSketch): void {
    setBits(this.#words, other.#words);
    this.#isEmpty = false;
  }

  /** How many users that are, about. */
  estimate(): number {
    const histogram = new Uint32Array(MAX_RANK + 1);
    const met = new Uint32Array(RANK_WORDS);
    let empty = REGISTERS;
    for (let rank = MAX_RANK; rank > 0 && empty > 0; rank--) {
      const from = (rank - 1) * RANK_WORDS;
      const registers = setBits(met, this.#words.subarray(from, from + RANK_WORDS));
      histogram[rank] = registers;
      empty -= registers;
    }
    histogram[0] = empty;
    return estimateDistinct(histogram);
  }
}

/** Sets the bits that are set in `more`; gives how many of them were not set before. */
function setBits(words: Uint32Array, more: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < more.length; i++) {
    const before = words[i] ?? 0;
    let bits = (more[i] ?? 0) & ~before;
    if (bits === 0) continue;
    words[i] = before | bits;
    // The ones in pairs, in fours, in bytes; then all bytes added up in the highest.
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
