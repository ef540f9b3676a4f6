/** Gives a function that returns the next unsigned 32-bit integer. */
export function mulberry32(seed: number): () => number;
export interface Random {
  fraction(): number;
  /** Both ends included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  weightedIndex(weights: readonly number[]): number;
  text(alphabet: string, length: number): string;
}
export function createRandom(seed: number): Random;
