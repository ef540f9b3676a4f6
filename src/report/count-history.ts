/**
 * A count that grows, looked at from time to time: how much it grew between any two moments of the last minutes. What is
 * looked at was refreshed a while ago, once a second as a rule, so what is seen at once came evenly in the time before:
 * else a steady stream would look like waves.
 */

interface Mark {
  readonly atMs: number;
  readonly count: number;
}

/** Looks closer together than this are kept as one. */
const LEAST_GAP_MS = 500;
/** How long a count may take to show what came: beyond that, nothing came. */
const REFRESH_MS = 2_000;
/** In less time a rate would be a guess. */
const LEAST_RATE_MS = 1_000;

export class CountHistory {
  readonly #keepMs: number;
  /** In order; each but the first is a look at which the count had grown. */
  readonly #marks: Mark[];
  readonly #startMs: number;

  constructor(keepMs: number, startMs: number, count = 0) {
    this.#keepMs = keepMs;
    this.#startMs = startMs;
    this.#marks = [{ atMs: startMs, count }];
  }

  /** Moments kept: no more, however often it is looked at. */
  get size(): number {
    return this.#marks.length;
  }

  note(atMs: number, count: number): void {
    const marks = this.#marks;
    if (count !== marks.at(-1)?.count) {
      const before = marks.at(-2);
      if (before && atMs - before.atMs < LEAST_GAP_MS) marks.pop();
      marks.push({ atMs, count });
    }
    // One mark from before the time that is kept says what the count was at its beginning.
    while ((marks[1]?.atMs ?? Infinity) <= atMs - this.#keepMs) marks.shift();
  }

  /** Growth a second over the last `overMs`; null where too little time has passed to tell. */
  perSecond(nowMs: number, overMs: number): number | null {
    const untilMs = this.#knownUntil(nowMs);
    const fromMs = Math.max(this.#startMs, untilMs - overMs);
    if (untilMs - fromMs < LEAST_RATE_MS) return null;
    return ((this.#at(untilMs) - this.#at(fromMs)) * 1000) / (untilMs - fromMs);
  }

  /** Growth in each of the last whole seconds that are known, at most `seconds` of them, none from before the start. */
  bySecond(nowMs: number, seconds: number): { startMs: number; growth: number[] } {
    const end = Math.floor(this.#knownUntil(nowMs) / 1000);
    const start = Math.min(end, Math.max(Math.floor(this.#startMs / 1000), end - seconds));
    const counts = Array.from({ length: end - start + 1 }, (_, index) => this.#at((start + index) * 1000));
    return {
      startMs: start * 1000,
      growth: counts.slice(1).map((count, index) => count - (counts[index] ?? 0)),
    };
  }

  #knownUntil(nowMs: number): number {
    return Math.max(this.#marks.at(-1)?.atMs ?? nowMs, nowMs - REFRESH_MS);
  }

  #at(atMs: number): number {
    const next = this.#firstAfter(atMs);
    const before = this.#marks[next - 1];
    const after = this.#marks[next];
    if (!before) return after?.count ?? 0;
    if (!after) return before.count;
    const fromMs = Math.max(before.atMs, after.atMs - REFRESH_MS);
    const share = Math.max(0, (atMs - fromMs) / (after.atMs - fromMs));
    return before.count + (after.count - before.count) * share;
  }

  /** Index of the first mark later than a moment. */
  #firstAfter(atMs: number): number {
    let low = 0;
    let high = this.#marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#marks[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
