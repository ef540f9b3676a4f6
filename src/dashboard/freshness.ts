/** Says how current the figures are, in a word and a time; a dot repeats it in colour. */
import { age } from './format.js';
import type { Phase } from './live-updates.js';

export type FreshnessTone = 'waiting' | 'live' | 'lost' | 'stale';

export interface Freshness {
  readonly tone: FreshnessTone;
  readonly text: string;
}

/** `trouble`: the server can't answer now. `refused`: it answers that it won't. */
export type Failure = 'trouble' | 'refused';

/** Without an answer for this long, figures are called stale. */
const STALE_MS = 30_000;

export function freshnessOf(
  phase: Phase,
  updatedAtMs: number | null,
  failure: Failure | null,
  nowMs: number,
): Freshness {
  const lost = phase === 'reconnecting' || failure === 'trouble';
  if (failure === 'refused') return { tone: 'lost', text: 'no figures' };
  if (updatedAtMs === null) {
    return { tone: lost ? 'lost' : 'waiting', text: lost ? 'reconnecting…' : 'loading…' };
  }
  const since = nowMs - updatedAtMs;
  const updated = since < 1_000 ? 'updated just now' : `updated ${age(since)} ago`;
  if (lost && since > STALE_MS) return { tone: 'stale', text: `stale · ${updated}` };
  if (lost) return { tone: 'lost', text: `reconnecting… · ${updated}` };
  if (phase === 'live') return { tone: 'live', text: `live · ${updated}` };
  return { tone: 'live', text: updated };
}
