/**
 * The bars: what must hold, and what is aimed at. `measure` takes a row's contestants, mapipe's first, and gives the
 * number that is held against the bar, or null where the peer is not there.
 */
import { bytesText, durationText, percentText, timesText } from './report/numbers.mjs';

/** Limits are round numbers, which need no decimals. */
const TIMES = { text: timesText, limitText: (limit) => `${limit} ×` };

/** The peer's median as a multiple of mapipe's. */
export function fasterThan(peer, { bar, aim }) {
  return atLeast(`against ${peer}`, bar, aim, TIMES, (contestants) => ratio(contestants, peer));
}

/** mapipe's speed as a share of the peer's. */
export function shareOf(peer, { bar, aim }) {
  return atLeast('', bar, aim, { text: percentText }, (contestants) => ratio(contestants, peer));
}

/** mapipe's median as a multiple of the peer's. */
export function withinTimesOf(peer, { bar, aim }) {
  return atMost(`against ${peer}`, bar, aim, TIMES, (contestants) => {
    const faster = ratio(contestants, peer);
    return faster === null ? null : 1 / faster;
  });
}

export function withinMs({ bar, aim }) {
  const text = (ms) => durationText(ms / 1000);
  return atMost('', bar, aim, { text }, ([mapipe]) => mapipe.medianSeconds * 1000);
}

export function peakWithin({ bar, aim }) {
  return atMost('', bar, aim, { text: bytesText }, (contestants) => {
    const peaks = contestants.map(({ peakBytes }) => peakBytes);
    return peaks.includes(null) ? null : Math.max(...peaks);
  });
}

/** How a measured value stands against a bar; null: it could not be measured. */
export function verdict({ bar, aim, holds }, value) {
  if (value === null) return 'not measured';
  if (holds(value, aim)) return 'aim reached';
  return holds(value, bar) ? 'holds' : 'MISSED';
}

function atLeast(against, bar, aim, texts, measure) {
  return { against, bar, aim, ...texts, measure, sign: '≥', holds: (value, limit) => value >= limit };
}

function atMost(against, bar, aim, texts, measure) {
  return { against, bar, aim, ...texts, measure, sign: '≤', holds: (value, limit) => value <= limit };
}

function ratio([mapipe, ...peers], name) {
  const peer = peers.find((one) => one.name === name);
  return peer ? peer.medianSeconds / mapipe.medianSeconds : null;
}
