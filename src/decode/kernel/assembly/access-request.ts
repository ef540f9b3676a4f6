/**
 * The request of an access log's line: what its path and its query say. It is a click, a conversion or a page view, which
 * becomes no row.
 */
import { equalBytes, equalTo } from './bytes';
import { keepText } from './dictionary';
import { beginLine, finishLine, isSeen, LEFT, markSeen, setField, setKey, setMoment, setText, setTypeCode } from './fields';
import * as layout from './layout';
import { keyOf, keyOfSixteen, keyOfTwo } from './murmur';
import * as parameters from './parameters';
import * as rows from './rows';
import { timestampMicros } from './time';

export let pageViews: u32 = 0;

/** Address, 0, user agent: the bytes whose hash is the visitor. */
const MAX_ADDRESS_BYTES: u32 = 64;
const visitor: usize = heap.alloc(MAX_ADDRESS_BYTES + layout.MAX_TEXT_BYTES + 64);
/** The visitors' names, 16 digits a row. */
const visitorTexts: usize = heap.alloc(layout.ROW_CAPACITY * 16);

const MAX_GOALS: u32 = 32;
/** A goal: its pattern (without the asterisk at its end), that one's length, whether more may follow. */
const GOAL_BYTES: u32 = 12;
const goals: usize = heap.alloc(MAX_GOALS * GOAL_BYTES);
const goalTexts: usize = heap.alloc(16_384);
let goalTextsUsed: u32 = 0;
let goalCount: u32 = 0;
/** Stands for no goal. */
const NONE: u32 = MAX_GOALS;

/** What a click's campaign is called that has none. */
const noCampaign: usize = heap.alloc(64);
let noCampaignLength: u32 = 0;

export function setNoCampaign(text: usize, length: u32): void {
  memory.copy(noCampaign, text, length);
  noCampaignLength = length;
}

export function addGoal(text: usize, length: u32, isPrefix: bool): void {
  const goal = goals + goalCount * GOAL_BYTES;
  memory.copy(goalTexts + goalTextsUsed, text, length);
  store<u32>(goal, <u32>(goalTexts + goalTextsUsed));
  store<u32>(goal, length, 4);
  store<u32>(goal, isPrefix ? 1 : 0, 8);
  goalTextsUsed += length;
  goalCount++;
}

export function clearPageViews(): void {
  pageViews = 0;
}

/** Decodes a request that counts: a click, a conversion or a page view. */
@inline
export function decodeRequest(
  request: usize,
  requestEnd: usize,
  address: usize,
  addressLength: u32,
  agent: usize,
  length: u32,
): bool {
  let at = request;
  while (true) {
    const stops = i8x16.bitmask(equalTo(v128.load(at), 0x20));
    if (stops != 0) {
      at += ctz(stops);
      break;
    }
    at += 16;
    if (at > requestEnd) break;
  }
  if (at >= requestEnd) {
    // No target.
    pageViews++;
    return true;
  }
  const target = at + 1;
  at = target;
  while (true) {
    const v = v128.load(at);
    const stops = i8x16.bitmask(v128.or(equalTo(v, 0x20), equalTo(v, 0x3f)));
    if (stops != 0) {
      at += ctz(stops);
      break;
    }
    at += 16;
    if (at > requestEnd) break;
  }
  const pathEnd = min(at, requestEnd);
  const goal = goalOf(target, <u32>(pathEnd - target));
  parameters.beginQuery();
  if (pathEnd < requestEnd && load<u8>(pathEnd) == 0x3f) {
    if (!readQuery(pathEnd + 1, requestEnd)) return false;
  }

  let clickId = parameters.NONE;
  if ((parameters.given & parameters.clickIds) != 0) clickId = <u32>ctz(parameters.given & parameters.clickIds);
  const isPaid = clickId != parameters.NONE && parameters.isPaid(clickId);
  if (goal == NONE && !isPaid && (parameters.given & parameters.clickNames) == 0) {
    pageViews++;
    return true;
  }
  beginLine();
  if (goal == NONE) {
    setTypeCode(layout.CLICK);
    if (!setClick()) return false;
  } else {
    setTypeCode(layout.CONVERSION);
    if (!setConversion(goal + 1)) return false;
  }
  if (clickId != parameters.NONE && !isSeen(layout.CLICK_ID_KIND)) {
    store<u32>(rows.codeCell(layout.CLICK_ID_KIND, rows.rowCount), parameters.kindCode(clickId));
    markSeen(layout.CLICK_ID_KIND);
  }
  if (goal == NONE && isPaid) {
    if (!isSeen(layout.SOURCE)) setImplied(layout.SOURCE, clickId, false);
    if (!isSeen(layout.MEDIUM)) setImplied(layout.MEDIUM, clickId, true);
  }
  if (!isSeen(layout.USER_ID)) setVisitor(address, addressLength, agent, length);
  setMoment(timestampMicros);
  return finishLine() != LEFT;
}

/** The first goal that the path reaches. */
@inline
function goalOf(path: usize, length: u32): u32 {
  for (let i: u32 = 0; i < goalCount; i++) {
    const goal = goals + i * GOAL_BYTES;
    const size = load<u32>(goal, 4);
    if (length != size && (length < size || load<u32>(goal, 8) == 0)) continue;
    if (equalBytes(load<u32>(goal), path, size)) return i;
  }
  return NONE;
}

/** In a query: where a name may end (`=`, `&`), or anything (a blank, `#`, the quote); and `%` and `+`. */
@inline
function valueStops(v: v128): v128 {
  return v128.or(i8x16.lt_u(v, i8x16.splat(0x27)), equalTo(v, 0x2b));
}

/** Takes the parameters of the query that begins at `from`; false where the line is the reference's. */
@inline
function readQuery(from: usize, requestEnd: usize): bool {
  let at = from;
  let byte: u32 = 0;
  while (true) {
    const name = at;
    const v = v128.load(at);
    let stops = i8x16.bitmask(v128.or(valueStops(v), equalTo(v, 0x3d)));
    let isEncoded = false;
    while (true) {
      if (stops != 0) {
        at += ctz(stops);
        byte = load<u8>(at);
        if (byte == 0x3d || byte == 0x26 || byte == 0x20 || byte == 0x23 || byte == 0x22) break;
        if (byte == 0x25 || byte == 0x2b) isEncoded = true;
        at++;
      } else {
        at += 16;
      }
      const next = v128.load(at);
      stops = i8x16.bitmask(v128.or(valueStops(next), equalTo(next, 0x3d)));
    }
    let bit = parameters.NONE;
    if (at > name) {
      if (isEncoded) {
        const decodedLength = parameters.decode(name, <u32>(at - name));
        if (parameters.isFailed(decodedLength)) return false;
        bit = parameters.bitOf(parameters.decoded, decodedLength, v128.load(parameters.decoded));
      } else {
        bit = parameters.bitOf(name, <u32>(at - name), v);
      }
    }
    let value = at;
    if (byte == 0x3d) {
      isEncoded = false;
      at++;
      value = at;
      while (true) {
        const mask = i8x16.bitmask(valueStops(v128.load(at)));
        if (mask == 0) {
          at += 16;
          continue;
        }
        at += ctz(mask);
        byte = load<u8>(at);
        if (byte == 0x26 || byte == 0x20 || byte == 0x23 || byte == 0x22) break;
        if (byte == 0x25 || byte == 0x2b) isEncoded = true;
        at++;
      }
    }
    if (bit != parameters.NONE) parameters.take(bit, value, <u32>(at - value), isEncoded);
    if (byte != 0x26) break;
    at++;
  }
  // A quote that is escaped is part of the query.
  return byte != 0x22 || at == requestEnd;
}

/** The fields of a click. */
@inline
function setClick(): bool {
  let accepted = setClickText(layout.CAMPAIGN_ID, parameters.campaigns);
  accepted = setClickText(layout.SOURCE, parameters.sources) && accepted;
  accepted = setClickText(layout.MEDIUM, parameters.mediums) && accepted;
  accepted = setClickText(layout.AD_ID, parameters.ads) && accepted;
  accepted = setClickText(layout.TERM, parameters.terms) && accepted;
  const clickIds = parameters.given & parameters.clickIds;
  if (clickIds != 0) accepted = setParameter(layout.CLICK_ID, <u32>ctz(clickIds)) && accepted;
  if (!isSeen(layout.CAMPAIGN_ID)) {
    setField(layout.CAMPAIGN_ID, noCampaign, noCampaignLength, v128.load(noCampaign));
  }
  return accepted;
}

/** Gives an interned field of a click its text, if a parameter has one. */
@inline
function setClickText(field: u32, names: u64): bool {
  const bits = parameters.given & names;
  if (bits == 0) return true;
  const bit = <u32>ctz(bits);
  const from = parameters.valueStart(bit);
  const length = parameters.valueLength(bit);
  if (parameters.isEncoded(bit)) return setDecoded(field, from, length);
  if (length > layout.MAX_TEXT_BYTES) return false;
  setText(field, from, length, v128.load(from));
  return true;
}

/** The fields of a conversion that a goal's parameters give. */
function setConversion(purpose: u32): bool {
  const count = parameters.ruleCount(purpose);
  for (let i: u32 = 0; i < count; i++) {
    const rule = parameters.ruleAt(purpose, i);
    const bits = parameters.candidates(rule);
    if (bits != 0 && !setParameter(parameters.fieldOf(rule), <u32>ctz(bits))) return false;
  }
  return true;
}

/** Gives a field the text of a parameter. */
function setParameter(field: u32, bit: u32): bool {
  const from = parameters.valueStart(bit);
  const length = parameters.valueLength(bit);
  if (!parameters.isEncoded(bit)) return setField(field, from, length, v128.load(from));
  return setDecoded(field, from, length);
}

function setDecoded(field: u32, from: usize, length: u32): bool {
  const decodedLength = parameters.decode(from, length);
  if (parameters.isFailed(decodedLength)) return false;
  let text = parameters.decoded;
  // Where only its place is noted, the text has to stay.
  if (rows.isKeyed(field) || field == layout.AMOUNT) text = keepText(text, decodedLength);
  return setField(field, text, decodedLength, v128.load(text));
}

function setImplied(field: u32, clickId: u32, isMedium: bool): void {
  const text = parameters.impliedText(clickId, isMedium);
  setField(field, text, parameters.impliedLength(clickId, isMedium), v128.load(text));
}

/** Who it is, where the line does not say: as `visitorOf` of `src/decode/visitor.ts`. */
@inline
function setVisitor(address: usize, addressLength: u32, agent: usize, length: u32): void {
  const digits = hexDigits(addressLength < 16 ? keyOfTwo(address, addressLength, agent, length) : keyOfLong(address, addressLength, agent, length));
  const text = visitorTexts + rows.rowCount * 16;
  v128.store(text, digits);
  setKey(layout.USER_ID, keyOfSixteen(digits), text, 16);
}

/** The key of an address, 0 and an agent, where the address is longer than most are. */
function keyOfLong(address: usize, addressLength: u32, agent: usize, length: u32): u64 {
  memory.copy(visitor, address, addressLength);
  store<u8>(visitor + addressLength, 0);
  memory.copy(visitor + addressLength + 1, agent, length);
  return keyOf(visitor, addressLength + 1 + length);
}

/** The 16 digits of a number, the highest first. */
@inline
function hexDigits(value: u64): v128 {
  const doubled = i8x16.swizzle(i64x2.splat(value), i8x16(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0));
  const high = v128.and(i8x16.shr_u(doubled, 4), i16x8.splat(0x00ff));
  const low = v128.and(doubled, i16x8.splat(0x0f00));
  const alphabet = i64x2(0x3736353433323130, 0x6665646362613938);
  return i8x16.swizzle(alphabet, v128.or(high, low));
}
