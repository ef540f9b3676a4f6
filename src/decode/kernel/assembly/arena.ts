/** Room for users: few in lists, more in sketches. */
import { REGISTERS } from './summary';

const ARENA_BYTES: u32 = 192 << 20;
/** Past this no list grows larger than a sketch: it becomes one instead. */
const LISTS_BYTES: u32 = 64 << 20;
/** Past this no list grows long: what is left is for the short lists and the sketch of each group. */
let roomForLists: u32 = 0;
let arena: usize = 0;
let arenaUsed: u32 = 0;
/** Rooms that are free again, a list for each power of two: the first word of a room is the next one's address. */
const freeRooms: usize = memory.data(32 * 4);

/** `reserved`: what long lists must leave to short ones and sketches. */
export function createArena(reserved: u32): void {
  arena = (heap.alloc(ARENA_BYTES) + 15) & ~15;
  roomForLists = ARENA_BYTES - reserved;
}

export function clearArena(): void {
  arenaUsed = 0;
  memory.fill(freeRooms, 0, 32 * 4);
}

/** Whether a long list may take so much. */
export function mayGrow(size: u32): bool {
  return (size <= REGISTERS || arenaUsed <= LISTS_BYTES) && arenaUsed + size <= roomForLists;
}

/** Room for a list, whose size is a power of two; what is in it may be anything. */
export function takeRoom(size: u32): usize {
  const list = freeRooms + ctz(size) * 4;
  let room: usize = load<u32>(list);
  if (room != 0) {
    store<u32>(list, load<u32>(room));
  } else {
    if (arenaUsed + size > ARENA_BYTES) unreachable();
    room = arena + arenaUsed;
    arenaUsed += size;
  }
  return room;
}

export function giveRoom(room: usize, size: u32): void {
  const list = freeRooms + ctz(size) * 4;
  store<u32>(room, load<u32>(list));
  store<u32>(list, <u32>room);
}

/** A sketch stays to the end, so its room never comes back. */
export function takeSketchRoom(): usize {
  if (arenaUsed + REGISTERS > ARENA_BYTES) unreachable();
  const room = arena + arenaUsed;
  arenaUsed += REGISTERS;
  memory.fill(room, 0, REGISTERS);
  return room;
}
