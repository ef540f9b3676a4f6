/** What is asked of a follower. */
import type { IngestRequest } from '../ingest-request.js';

export interface FollowRequest extends IngestRequest {
  /** Hears in a line of what becomes of files: that one is waited for, was rotated, was cut off. */
  readonly onNotice?: (text: string) => void;
}

export interface FollowTimes {
  /** Between two looks where nothing tells of changes. */
  readonly pollMs: number;
  /** A file that no name leads to any more is read until it has not been written for so long. */
  readonly lingerMs: number;
  /** What may be a copy in the making is left alone until it has not been written for so long. */
  readonly settleMs: number;
  readonly nowMs: () => number;
}

export const FOLLOW_TIMES: FollowTimes = {
  pollMs: 500,
  lingerMs: 5_000,
  settleMs: 2_000,
  nowMs: () => performance.now(),
};
