/** How fast a run goes: events and bytes a second now, those of single campaigns, and the events of the last minutes. */
import { CountHistory } from './count-history.js';

/** Campaigns whose rates are kept: no screen shows more. */
export const MAX_METERED = 50;
/** What "now" is in a rate. */
const RATE_MS = 10_000;
/** The seconds that a chart can go back. */
export const HISTORY_SECONDS = 300;
// More than is asked for: the last seconds may not be known yet, and the first step of a chart begins before.
const HISTORY_MS = (HISTORY_SECONDS + 60) * 1000;
const RATE_HISTORY_MS = 2 * RATE_MS;

export type MeteredCampaign = readonly [campaignId: string | null, events: number];

export class RateMeter {
  readonly #events: CountHistory;
  readonly #bytes: CountHistory;
  #campaigns = new Map<string | null, CountHistory>();
  readonly #startMs: number;
  /** Whether all campaigns had room when last noted: then one that is new was at zero. */
  #knewAll = true;

  constructor(startMs: number) {
    this.#startMs = startMs;
    this.#events = new CountHistory(HISTORY_MS, startMs);
    this.#bytes = new CountHistory(RATE_HISTORY_MS, startMs);
  }

  /** Notes counts since the start of the run; of the campaigns only the first are kept. */
  note(nowMs: number, events: number, bytes: number, campaigns: readonly MeteredCampaign[]): void {
    this.#events.note(nowMs, events);
    this.#bytes.note(nowMs, bytes);
    const kept = new Map<string | null, CountHistory>();
    for (const [campaignId, count] of campaigns.slice(0, MAX_METERED)) {
      const history = this.#campaigns.get(campaignId) ?? this.#newHistory(nowMs, count);
      history.note(nowMs, count);
      kept.set(campaignId, history);
    }
    this.#campaigns = kept;
    this.#knewAll = campaigns.length <= MAX_METERED;
  }

  #newHistory(nowMs: number, count: number): CountHistory {
    return this.#knewAll
      ? new CountHistory(RATE_HISTORY_MS, this.#startMs)
      : new CountHistory(RATE_HISTORY_MS, nowMs, count);
  }

  /** Each rate is null where too little time has passed to tell. */
  eventsPerSecond(nowMs: number): number | null {
    return this.#events.perSecond(nowMs, RATE_MS);
  }

  bytesPerSecond(nowMs: number): number | null {
    return this.#bytes.perSecond(nowMs, RATE_MS);
  }

  campaignPerSecond(campaignId: string | null, nowMs: number): number | null {
    return this.#campaigns.get(campaignId)?.perSecond(nowMs, RATE_MS) ?? null;
  }

  /** Events of each of the last seconds, as far back as the run goes. */
  eventsBySecond(nowMs: number): { startMs: number; growth: number[] } {
    return this.#events.bySecond(nowMs, HISTORY_SECONDS);
  }

  /** Moments kept in all. */
  get size(): number {
    return [this.#events, this.#bytes, ...this.#campaigns.values()].reduce((sum, { size }) => sum + size, 0);
  }
}
