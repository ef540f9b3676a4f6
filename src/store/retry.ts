/** Waits for a store that another process holds: short at first, longer with each try, with jitter so that none starves. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryLimits {
  readonly maxWaitMs: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export const STORE_RETRY: RetryLimits = { maxWaitMs: 60_000, firstDelayMs: 5, maxDelayMs: 250 };

/** Calls `attempt` until it succeeds, fails otherwise than busy, or the time is up (then throws the last error). */
export async function retryWhile<T>(
  isBusy: (error: unknown) => boolean,
  attempt: () => Promise<T>,
  limits: RetryLimits = STORE_RETRY,
): Promise<T> {
  const deadline = performance.now() + limits.maxWaitMs;
  for (let delayMs = limits.firstDelayMs; ; delayMs = Math.min(delayMs * 1.5, limits.maxDelayMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
    }
    await sleep(delayMs * (0.5 + Math.random()));
  }
}
