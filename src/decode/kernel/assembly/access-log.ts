/**
 * Access logs, common and combined, with a leading virtual host or without. A line that is not written as servers write
 * them by themselves is the reference's.
 */
import { clearPageViews, decodeRequest } from './access-request';
import { agentHash, BOT, NOT_KNOWN, readAgent, verdictOf } from './agents';
import { equalTo, isDigit, isUtf8 } from './bytes';
import * as layout from './layout';
import { forgetLongCharacters, hasLongCharacters, lineFeedAfter, quotedEnd } from './quoted';
import { parseLogTime } from './time';

/** Where the line ended that was decoded last; its line feed is before it. */
export let lineEnd: usize = 0;

/** Whether the last line was not decoded for want of a verdict on its user agent; and that agent. */
export let wantsVerdict: bool = false;
export let agentStart: usize = 0;
export let agentLength: u32 = 0;

/** Lines that became no row. */
export let failedRequests: u32 = 0;
export let bots: u32 = 0;

let includesBots: bool = false;

export function setIncludesBots(value: bool): void {
  includesBots = value;
}

export function clearAccessCounts(): void {
  clearPageViews();
  failedRequests = 0;
  bots = 0;
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
