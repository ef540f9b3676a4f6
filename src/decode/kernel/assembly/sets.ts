/** A set of users and sketches of them, as they lie in their rooms: whose they are nothing here knows. */
import { REGISTERS } from './summary';

/** Adds a user to a set with at least one free slot; false if it was there. */
@inline
export function insert(set: usize, slots: u32, user: u64): bool {
  let slot = <u32>(user >> 20) & (slots - 1);
  while (true) {
    const found = load<u64>(set + slot * 8);
    if (found == user) return false;
    if (found == 0) {
      store<u64>(set + slot * 8, user);
      return true;
    }
    slot = (slot + 1) & (slots - 1);
  }
}

/** The sketch of `src/aggregate/hyperloglog.ts`: of 52 bits 14 choose a register, the first 1 among the others its rank. */
@inline
export function sketch(registers: usize, user: u64): void {
  const register = registers + <u32>(user >> 50);
  const rank = <u32>clz<u64>(user << 14) + 1;
  const known = <u32>load<u8>(register);
  store<u8>(register, select<u32>(rank, known, rank > known));
}

export function mergeSketch(to: usize, from: usize): void {
  for (let i: u32 = 0; i < REGISTERS; i += 16) {
    v128.store(to + i, i8x16.max_u(v128.load(to + i), v128.load(from + i)));
  }
}
