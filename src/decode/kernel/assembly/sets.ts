/** Sets of users and sketches of them, as they lie in their rooms: whose they are nothing here knows. */
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

/** Adds all users of a set to a larger one. */
export function insertSet(to: usize, toSlots: u32, from: usize, slots: u32): void {
  for (let at = from; at < from + slots * 8; at += 8) {
    const user = load<u64>(at);
    if (user != 0) insert(to, toSlots, user);
  }
}

/** Leaves the users of a set one behind the other. */
export function listSet(set: usize, slots: u32): void {
  let to = set;
  for (let at = set; at < set + slots * 8; at += 8) {
    const user = load<u64>(at);
    store<u64>(to, user);
    to += <usize>(user != 0) << 3;
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

export function sketchSet(registers: usize, set: usize, slots: u32): void {
  for (let at = set; at < set + slots * 8; at += 8) {
    const user = load<u64>(at);
    if (user != 0) sketch(registers, user);
  }
}

export function mergeSketch(to: usize, from: usize): void {
  for (let i: u32 = 0; i < REGISTERS; i += 16) {
    v128.store(to + i, i8x16.max_u(v128.load(to + i), v128.load(from + i)));
  }
}
