/**
 * The users of a group: they are appended to a list, out of which twins are taken when it is full. Where there are too
 * many for a list, they wait in it until many at a time are taken into a sketch.
 */
import { giveRoom, mayGrow, takeRoom, takeSketchRoom } from './arena';
import { insert, mergeSketch, sketch } from './sets';
import { END, IS_SKETCH, MAX_EXACT, NEXT, REGISTERS, USERS, USER_COUNT, WAITING } from './summary';

const FIRST_LIST: u32 = 16;
/** Users that wait for a sketch; a list of no more always finds room. */
const MAX_WAITING: u32 = 128;
/** What a list grows by, … */
const GROWTH: u32 = 4;
/** … up to this: even with as many different users as may be in it, it has room for as many again. */
const LONGEST_LIST: u32 = MAX_EXACT * 2;
/** What a group needs at most if its list may not grow. */
export const MAX_ROOM_A_GROUP: u32 = REGISTERS + (MAX_WAITING + FIRST_LIST) * 8;

/** Of a key the 52 bits that `src/aggregate/hyperloglog.ts` looks at, and ones behind them, so that it is not 0. */
@inline
export function userOf(key: u64): u64 {
  return key | 0xfff;
}

/** Gives a new group its list. */
export function beginUsers(group: usize): void {
  setList(group, takeRoom(FIRST_LIST * 8), FIRST_LIST, 0);
}

/** The list of a group: how many there can be in it, and are. */
function setList(group: usize, room: usize, size: u32, count: u32): void {
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

/** Makes room in a list that is full. */
function takeIn(group: usize): void {
  if (isSketch(group)) {
    sketchList(group);
    return;
  }
  takeOutTwins(group);
  const size = sizeOf(group);
  const count = countOf(group);
  if (size == LONGEST_LIST) {
    if (count > MAX_EXACT) becomeSketch(group);
  } else if (count * 4 > size) {
    const longer = size < MAX_WAITING ? MAX_WAITING : min(size * GROWTH, LONGEST_LIST);
    if (longer == MAX_WAITING || mayGrow(longer * 8)) moveList(group, longer, count);
    // Else it stays as it is while there is room in it.
    else if (count * 2 > size) becomeSketch(group);
  }
}

@inline
function isSketch(group: usize): bool {
  return load<u32>(group, IS_SKETCH) != 0;
}

@inline
function sizeOf(group: usize): u32 {
  return (load<u32>(group, END) - load<u32>(group, WAITING)) >> 3;
}

@inline
function countOf(group: usize): u32 {
  return (load<u32>(group, NEXT) - load<u32>(group, WAITING)) >> 3;
}

/** Gives a group a list of another size, with the first `count` of its users. */
function moveList(group: usize, size: u32, count: u32): void {
  const list: usize = load<u32>(group, WAITING);
  const room = takeRoom(size * 8);
  memory.copy(room, list, count * 8);
  giveRoom(list, sizeOf(group) * 8);
  setList(group, room, size, count);
}

/**
 * Takes the users that wait into the sketch. That lies all over the cache: a loop of nothing but them has many of them on
 * the way at a time.
 */
function sketchList(group: usize): void {
  const from: usize = load<u32>(group, WAITING);
  const to: usize = load<u32>(group, NEXT);
  const registers: usize = load<u32>(group, USERS);
  for (let at = from; at < to; at += 8) sketch(registers, load<u64>(at));
  store<u32>(group, <u32>from, NEXT);
}

/** A table to find twins by: twice as large as the longest list. */
const seen: usize = heap.alloc(LONGEST_LIST * 2 * 8);

/** Leaves each user once in the list of a group. */
function takeOutTwins(group: usize): void {
  const list: usize = load<u32>(group, WAITING);
  const end: usize = load<u32>(group, NEXT);
  const slots = sizeOf(group) * 2;
  memory.fill(seen, 0, slots * 8);
  let kept = list;
  for (let at = list; at < end; at += 8) {
    const user = load<u64>(at);
    store<u64>(kept, user);
    kept += <usize>insert(seen, slots, user) << 3;
  }
  store<u32>(group, <u32>kept, NEXT);
}

function becomeSketch(group: usize): void {
  store<u32>(group, <u32>takeSketchRoom(), USERS);
  store<u32>(group, 1, IS_SKETCH);
  sketchList(group);
  if (sizeOf(group) != MAX_WAITING) moveList(group, MAX_WAITING, 0);
}

/** Adds the users of one group to another one. */
export function mergeUsers(to: usize, from: usize): void {
  if (isSketch(from)) {
    if (!isSketch(to)) becomeSketch(to);
    mergeSketch(load<u32>(to, USERS), load<u32>(from, USERS));
  }
  for (let at: usize = load<u32>(from, WAITING); at < <usize>load<u32>(from, NEXT); at += 8) {
    addUser(to, load<u64>(at));
  }
}

/** Leaves the users of a group in the registers, or one behind the other in the list. */
export function listUsers(group: usize): void {
  if (isSketch(group)) {
    sketchList(group);
    return;
  }
  takeOutTwins(group);
  store<u32>(group, load<u32>(group, WAITING), USERS);
  store<u32>(group, countOf(group), USER_COUNT);
}
