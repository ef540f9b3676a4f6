/**
 * Random numbers that are the same on every run and every machine: mulberry32 (Tommy Ettinger's 32-bit generator),
 * and only arithmetic that IEEE 754 defines exactly, so no logarithms or sines.
 */

/** Gives a function that returns the next unsigned 32-bit integer. */
export function mulberry32(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** The draws that the sample's stories are told with. */
export function createRandom(seed) {
  const nextUint32 = mulberry32(seed);
  const fraction = () => nextUint32() / 0x1_0000_0000;
  /** Both ends included. */
  const integer = (low, high) => low + Math.floor(fraction() * (high - low + 1));
  return {
    fraction,
    integer,
    chance: (probability) => fraction() < probability,
    pick: (list) => list[integer(0, list.length - 1)],
    /** An index into `weights`, each as likely as its weight. */
    weightedIndex: (weights) => {
      let left = fraction() * weights.reduce((sum, weight) => sum + weight, 0);
      const index = weights.findIndex((weight) => (left -= weight) < 0);
      return index === -1 ? weights.length - 1 : index;
    },
    text: (alphabet, length) =>
      Array.from({ length }, () => alphabet[integer(0, alphabet.length - 1)]).join(''),
  };
}
