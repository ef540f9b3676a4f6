/** Follows files until the signal: a round whenever something changes, and now and then where nobody tells of changes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IngestResult } from '../ingest-request.js';
import { ChangeEvents } from './change-events.js';
import { FOLLOW_TIMES, type FollowRequest, type FollowTimes } from './follow-request.js';
import { Follower } from './follower.js';

/** Between two rounds, however much there is to read, so that commits gather something, and others get at the store. */
const MIN_PAUSE_MS = 100;
const PAUSE_SHARE = 2;

export async function follow(
  request: FollowRequest,
  times: FollowTimes = FOLLOW_TIMES,
): Promise<IngestResult> {
  const { signal } = request;
  const follower = await Follower.start(request, times);
  const changes = new ChangeEvents();
  request.onStart?.(follower.run);
  try {
    while (!signal.aborted) {
      const startedMs = times.nowMs();
      changes.watch(follower.folders);
      await follower.round();
      const tookMs = times.nowMs() - startedMs;
      const pauseMs = Math.min(Math.max(MIN_PAUSE_MS, tookMs * PAUSE_SHARE), times.pollMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      await changes.next(times.pollMs, signal);
    }
  } finally {
    changes.close();
    await follower.close();
  }
  return follower.result();
}
