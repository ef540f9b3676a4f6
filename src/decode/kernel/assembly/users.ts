/** The users of a group: they wait in a list, and many at a time are taken into a set, or later into a sketch. */
import { giveRoom, mayGrow, takeRoom, takeSketchRoom } from './arena';
import { insert, insertSet, listSet, mergeSketch, sketch, sketchSet } from './sets';
import { END, MAX_EXACT, NEXT, REGISTERS, SKETCH, USERS, USER_COUNT, USER_SLOTS, WAITING } from './summary';

const FIRST_LIST: u32 = 16;
/** Users that wait; a list of more becomes a set. */
const MAX_WAITING: u32 = 128;
const FIRST_SLOTS: u32 = 512;
/** What a group needs at most if it has no set. */
export const MAX_ROOM_A_GROUP: u32 = REGISTERS + (MAX_WAITING + FIRST_LIST) * 8;

/** Of a key the 52 bits that `src/aggregate/hyperloglog.ts` looks at, and ones behind them, so that it is not 0. */
@inline
export function userOf(key: u64): u64 {
  return key | 0xfff;
}

/** Gives a new group its list. */
export function beginUsers(group: usize): void {
  setWaiting(group, takeRoom(FIRST_LIST * 8), FIRST_LIST, 0);
}

/** Where the users of a group wait: how many there can be, and are. */
function setWaiting(group: usize, room: usize, size: u32, count: u32): void {
  store<u32>(group, <u32>room, WAITING);
  store<u32>(group, <u32>room + count * 8, NEXT);
  store<u32>(group, <u32>room + size * 8, END);
}

@inline
export function addUser(group: usize, user: u64): void {
  const next = load<u32>(group, NEXT);
  store<u64>(next, user);
  store<u32>(group, next + 8, NEXT);
  if (next + 8 == load<u32>(group, END)) takeIn(group);
}

/**
 * Takes the users that wait into where they are kept. That lies all over the cache: a loop of nothing but them has many
 * of them on the way at a time.
 */
function takeIn(group: usize): void {
  const slots = load<u32>(group, USER_SLOTS);
  if (slots == 0) {
    makeRoom(group);
    return;
  }
  const from: usize = load<u32>(group, WAITING);
  const to: usize = load<u32>(group, NEXT);
  store<u32>(group, <u32>from, NEXT);
  const kept: usize = load<u32>(group, USERS);
  if (slots == SKETCH) {
    for (let at = from; at < to; at += 8) sketch(kept, load<u64>(at));
    return;
  }
  let count = load<u32>(group, USER_COUNT);
  for (let at = from; at < to; at += 8) count += <u32>insert(kept, slots, load<u64>(at));
  store<u32>(group, count, USER_COUNT);
  // A set is never more than half full before those that wait come in, so they always find a place.
  if (count * 2 > slots || count > MAX_EXACT) growSet(group);
}

/** While there are few, users only wait; when that list is full, those that are in it twice are taken out. */
function makeRoom(group: usize): void {
  takeOutTwins(group);
  const list: usize = load<u32>(group, WAITING);
  const size = (load<u32>(group, END) - <u32>list) >> 3;
  const count = (load<u32>(group, NEXT) - <u32>list) >> 3;
  if (count * 2 <= size) return;
  if (size == MAX_WAITING) becomeSet(group);
  else makeLongList(group);
}

/** Users of a set or a sketch wait in a list of full length. */
function makeLongList(group: usize): void {
  const list: usize = load<u32>(group, WAITING);
  const size = (load<u32>(group, END) - <u32>list) >> 3;
  if (size == MAX_WAITING) return;
  const count = (load<u32>(group, NEXT) - <u32>list) >> 3;
  const room = takeRoom(MAX_WAITING * 8);
  memory.copy(room, list, count * 8);
  giveRoom(list, size * 8);
  setWaiting(group, room, MAX_WAITING, count);
}

/** A table to find twins by: twice as large as the longest list. */
const seen: usize = heap.alloc(MAX_WAITING * 2 * 8);

/** Leaves each user once in the list of a group. */
function takeOutTwins(group: usize): void {
  const list: usize = load<u32>(group, WAITING);
  const end: usize = load<u32>(group, NEXT);
  const slots = ((load<u32>(group, END) - <u32>list) >> 3) * 2;
  memory.fill(seen, 0, slots * 8);
  let kept = list;
  for (let at = list; at < end; at += 8) {
    const user = load<u64>(at);
    store<u64>(kept, user);
    kept += <usize>insert(seen, slots, user) << 3;
  }
  store<u32>(group, <u32>kept, NEXT);
}

/** Of a list that has become too long; the list is where users wait from now on. */
function becomeSet(group: usize): void {
  if (!mayGrow(FIRST_SLOTS * 8)) {
    becomeSketch(group);
    return;
  }
  store<u32>(group, <u32>takeRoom(FIRST_SLOTS * 8), USERS);
  store<u32>(group, FIRST_SLOTS, USER_SLOTS);
  takeIn(group);
}

function growSet(group: usize): void {
  const slots = load<u32>(group, USER_SLOTS);
  if (load<u32>(group, USER_COUNT) > MAX_EXACT || !mayGrow(slots * 32)) {
    becomeSketch(group);
    return;
  }
  const set: usize = load<u32>(group, USERS);
  const grown = takeRoom(slots * 32);
  insertSet(grown, slots * 4, set, slots);
  giveRoom(set, slots * 8);
  store<u32>(group, <u32>grown, USERS);
  store<u32>(group, slots * 4, USER_SLOTS);
}

function becomeSketch(group: usize): void {
  const slots = load<u32>(group, USER_SLOTS);
  const registers = takeSketchRoom();
  if (slots != 0) {
    const set: usize = load<u32>(group, USERS);
    sketchSet(registers, set, slots);
    giveRoom(set, slots * 8);
  }
  store<u32>(group, <u32>registers, USERS);
  store<u32>(group, SKETCH, USER_SLOTS);
  takeIn(group);
}

/** Adds the users of one group to another one. */
export function mergeUsers(to: usize, from: usize): void {
  const slots = load<u32>(from, USER_SLOTS);
  const kept: usize = load<u32>(from, USERS);
  if (slots == SKETCH) {
    if (load<u32>(to, USER_SLOTS) != SKETCH) {
      makeLongList(to);
      becomeSketch(to);
    }
    mergeSketch(load<u32>(to, USERS), kept);
  } else if (slots != 0) {
    for (let at = kept; at < kept + slots * 8; at += 8) {
      const user = load<u64>(at);
      if (user != 0) addUser(to, user);
    }
  }
  for (let at: usize = load<u32>(from, WAITING); at < <usize>load<u32>(from, NEXT); at += 8) {
    addUser(to, load<u64>(at));
  }
}

/** Leaves the users of a group in the registers, or one behind the other where the set was. */
export function listUsers(group: usize): void {
  if (load<u32>(group, USER_SLOTS) != 0) takeIn(group);
  const slots = load<u32>(group, USER_SLOTS);
  if (slots == SKETCH) return;
  if (slots == 0) {
    takeOutTwins(group);
    const list = load<u32>(group, WAITING);
    store<u32>(group, list, USERS);
    store<u32>(group, (load<u32>(group, NEXT) - list) >> 3, USER_COUNT);
    return;
  }
  listSet(load<u32>(group, USERS), slots);
}
