/**
 * Access logs, common and combined, with a leading virtual host or without. A line that is not written as servers write
 * them by themselves is the reference's.
 */
import { agentHash, BOT, NOT_KNOWN, readAgent, verdictOf } from './agents';
import { equalBytes, isDigit, isUtf8 } from './bytes';
import { keepText } from './dictionary';
import { beginLine, finishLine, isSeen, LEFT, markSeen, setField, setKey, setMoment, setText, setTypeCode } from './fields';
import * as layout from './layout';
import { keyOf, keyOfSixteen, keyOfTwo } from './murmur';
import * as parameters from './parameters';
import { forgetLongCharacters, hasLongCharacters, lineFeedAfter, quotedEnd } from './quoted';
import * as rows from './rows';
import { parseLogTime, timestampMicros } from './time';

/** Where the line ended that was decoded last; its line feed is before it. */
export let lineEnd: usize = 0;

/** Whether the last line was not decoded for want of a verdict on its user agent; and that agent. */
export let wantsVerdict: bool = false;
export let agentStart: usize = 0;
export let agentLength: u32 = 0;

/** Lines that became no row. */
export let pageViews: u32 = 0;
export let failedRequests: u32 = 0;
export let bots: u32 = 0;

let includesBots: bool = false;

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

export function setIncludesBots(value: bool): void {
  includesBots = value;
}

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

export function clearAccessCounts(): void {
  pageViews = 0;
  failedRequests = 0;
  bots = 0;
}

@inline
function equalTo(v: v128, byte: u8): v128 {
  return i8x16.eq(v, i8x16.splat(byte));
}

@inline
function maskOf(a: v128, b: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(a)) | ((<u64>(<u32>i8x16.bitmask(b))) << 16);
}

/** What must not stand before the time: control characters, characters that are no ASCII, a closing bracket. */
@inline
function oddIn(v: v128): v128 {
  return v128.or(i8x16.lt_s(v, i8x16.splat(0x20)), equalTo(v, 0x5d));
}

/** `[01/Jun/2026:00:00:00 +0000] "`. */
const TIME_BYTES: u32 = 30;

/** Decodes the line at `start`; false where it is the reference's, or `wantsVerdict`. */
export function decodeAccessLine(start: usize): bool {
  wantsVerdict = false;
  forgetLongCharacters();

  // Three or four words, each with a blank behind it, stand before the bracket.
  const first = v128.load(start);
  const second = v128.load(start, 16);
  let brackets = maskOf(equalTo(first, 0x5b), equalTo(second, 0x5b));
  let blanks = maskOf(equalTo(first, 0x20), equalTo(second, 0x20));
  let odd = maskOf(oddIn(first), oddIn(second));
  if (brackets == 0) {
    const third = v128.load(start, 32);
    const fourth = v128.load(start, 48);
    brackets = maskOf(equalTo(third, 0x5b), equalTo(fourth, 0x5b)) << 32;
    if (brackets == 0) return false;
    blanks |= maskOf(equalTo(third, 0x20), equalTo(fourth, 0x20)) << 32;
    odd |= maskOf(oddIn(third), oddIn(fourth)) << 32;
  }
  const bracket = <u32>ctz(brackets);
  const before: u64 = ((<u64>1) << bracket) - 1;
  blanks &= before;
  const ends = blanks << 1;
  if ((odd & before) != 0 || ((ends | 1) & blanks) != 0 || ((ends >> bracket) & 1) == 0) return false;
  let address = start;
  let addressLength = <u32>ctz(blanks);
  const words = <u32>popcnt(blanks);
  if (words == 4) {
    const from = addressLength + 1;
    const to = <u32>ctz(blanks & (blanks - 1));
    // The first is a virtual host; but where `-` is the second, the user's name has a blank in it.
    if (to - from != 1 || load<u8>(start + from) != 0x2d) {
      address = start + from;
      addressLength = to - from;
    }
  } else if (words != 3) {
    return false;
  }
  if (!parseLogTime(start + bracket)) return false;

  // The request, the status, the size.
  const request = start + bracket + TIME_BYTES;
  const requestEnd = quotedEnd(request);
  if (requestEnd == 0 || load<u8>(requestEnd, 1) != 0x20 || load<u8>(requestEnd, 5) != 0x20) return false;
  const statusClass = <u32>load<u8>(requestEnd, 2);
  if (!isDigit(statusClass) || !isDigit(load<u8>(requestEnd, 3)) || !isDigit(load<u8>(requestEnd, 4))) return false;
  const size = requestEnd + 6;
  const sizeStops = i8x16.bitmask(i8x16.lt_s(v128.load(size), i8x16.splat(0x21)));
  if (sizeStops == 0 || (sizeStops & 1) != 0) return false;
  let at: usize = size + ctz(sizeStops);

  // Referer and user agent, and what the server was told to log behind them.
  let agent: usize = 0;
  let length: u32 = 0;
  if (load<u8>(at) == 0x20) {
    if (load<u8>(at, 1) != 0x22) return false;
    const refererEnd = quotedEnd(at + 2);
    if (refererEnd == 0 || load<u8>(refererEnd, 1) != 0x20 || load<u8>(refererEnd, 2) != 0x22) return false;
    agent = refererEnd + 3;
    const agentEnd = readAgent(agent);
    if (agentEnd == 0) return false;
    length = <u32>(agentEnd - agent);
    if (length > layout.MAX_TEXT_BYTES) return false;
    at = agentEnd + 1;
    if (load<u8>(at) != 0x0a) at = lineFeedAfter(at);
  } else {
    if (load<u8>(at) == 0x0d) at++;
    if (load<u8>(at) != 0x0a) return false;
  }
  lineEnd = at + 1;
  if (lineEnd - start > layout.MAX_LINE_BYTES || (hasLongCharacters && !isUtf8(start, at))) return false;

  if (statusClass - 0x32 > 1) {
    failedRequests++;
    return true;
  }
  if (agent != 0 && !includesBots) {
    const verdict = verdictOf(agent, length, agentHash);
    if (verdict == NOT_KNOWN) {
      wantsVerdict = true;
      agentStart = agent;
      agentLength = length;
      return false;
    }
    if (verdict == BOT) {
      bots++;
      return true;
    }
  }
  return decodeRequest(request, requestEnd, address, addressLength, agent, length);
}

/** Decodes a request that counts: a click, a conversion or a page view. */
@inline
function decodeRequest(
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
