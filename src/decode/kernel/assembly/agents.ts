/**
 * User agents and the host's verdict on each: whether it is a bot. An agent is found by all its bytes, in a hash table
 * that is emptied when it is full: the host is asked again then.
 */
import { firstBytes, stringStops } from './bytes';
import { MAX_TEXT_BYTES } from './layout';
import { oddQuotedEnd } from './quoted';

export const NOT_KNOWN: u32 = 0;
export const NO_BOT: u32 = 1;
export const BOT: u32 = 2;

/** A slot: hash, length, where the text lies, verdict (0: the slot is free). */
const SLOT_BYTES: u32 = 32;
const SLOTS: u32 = 32_768;
const MAX_AGENTS: u32 = SLOTS / 2;
const TEXTS_BYTES: u32 = 4 << 20;
const MULTIPLIER: u64 = 0x9e3779b97f4a7c15;

const slots: usize = heap.alloc(SLOTS * SLOT_BYTES);
const texts: usize = (heap.alloc(TEXTS_BYTES + MAX_TEXT_BYTES + 64) + 15) & ~15;
let used: u32 = 0;
let count: u32 = 0;

/** The hash of the agent that was read last. */
export let agentHash: u64 = 0;

/** Where the agent ends that begins at `from`, in quotes; 0 where the line ends before. */
@inline
export function readAgent(from: usize): usize {
  let low: u64 = 0;
  let high: u64 = 0;
  let at = from;
  while (true) {
    const v = v128.load(at);
    const stops = stringStops(v);
    if (stops == 0) {
      low = (low ^ load<u64>(at)) * MULTIPLIER;
      high = (high ^ load<u64>(at, 8)) * MULTIPLIER;
      at += 16;
      continue;
    }
    const length = <u32>ctz(stops);
    const end = at + length;
    if (load<u8>(end) != 0x22) return readOddAgent(from, end);
    agentHash = finish(low, high, firstBytes(v, length), <u32>(end - from));
    return end;
  }
}

function readOddAgent(from: usize, odd: usize): usize {
  const end = oddQuotedEnd(odd);
  if (end != 0) agentHash = hashOf(from, <u32>(end - from));
  return end;
}

/** What the host has said of an agent of up to MAX_TEXT_BYTES. */
@inline
export function verdictOf(agent: usize, length: u32, hash: u64): u32 {
  return load<u32>(slotOf(agent, length, hash), 16);
}

export function addVerdict(agent: usize, length: u32, verdict: u32): void {
  if (count == MAX_AGENTS || used > TEXTS_BYTES) {
    memory.fill(slots, 0, SLOTS * SLOT_BYTES);
    count = 0;
    used = 0;
  }
  const hash = hashOf(agent, length);
  const slot = slotOf(agent, length, hash);
  const text = texts + used;
  memory.copy(text, agent, length);
  used += (length + 31) & ~15;
  count++;
  store<u64>(slot, hash);
  store<u32>(slot, length, 8);
  store<u32>(slot, <u32>text, 12);
  store<u32>(slot, verdict, 16);
}

/** The agent's slot, or the free one where it belongs. */
@inline
function slotOf(agent: usize, length: u32, hash: u64): usize {
  let place = <u32>(hash >> 49);
  while (true) {
    const slot = slots + place * SLOT_BYTES;
    if (load<u32>(slot, 16) == NOT_KNOWN) return slot;
    if (load<u64>(slot) == hash && load<u32>(slot, 8) == length && isSame(load<u32>(slot, 12), agent, length)) {
      return slot;
    }
    place = (place + 1) & (SLOTS - 1);
  }
}

function hashOf(agent: usize, length: u32): u64 {
  let low: u64 = 0;
  let high: u64 = 0;
  let at = agent;
  const blocksEnd = agent + (length & ~15);
  for (; at < blocksEnd; at += 16) {
    low = (low ^ load<u64>(at)) * MULTIPLIER;
    high = (high ^ load<u64>(at, 8)) * MULTIPLIER;
  }
  return finish(low, high, firstBytes(v128.load(at), length & 15), length);
}

/** The hash's highest bits depend on every byte. */
@inline
function finish(low: u64, high: u64, tail: v128, length: u32): u64 {
  const a = (low ^ i64x2.extract_lane(tail, 0)) * MULTIPLIER;
  const b = (high ^ i64x2.extract_lane(tail, 1)) * MULTIPLIER;
  return (a ^ rotl<u64>(b, 29) ^ length) * MULTIPLIER;
}

@inline
function isSame(a: usize, b: usize, length: u32): bool {
  const blocksEnd = length & ~15;
  for (let i: u32 = 0; i < blocksEnd; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  const differs = v128.xor(v128.load(a + blocksEnd), v128.load(b + blocksEnd));
  return !v128.any_true(firstBytes(differs, length & 15));
}
