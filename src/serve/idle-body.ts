/** Gives up a body of which nothing more comes; one that we do not read for being busy ourselves is not given up. */
import type { Readable } from 'node:stream';

const LOOK_MS = 5_000;
const MAX_IDLE_LOOKS = 6;

export interface BodyWatch {
  /** Aborted when the body is given up, and with the signal that it was given. */
  readonly signal: AbortSignal;
  readonly isGivenUp: () => boolean;
  readonly stop: () => void;
}

// One controller for both reasons: a signal made by AbortSignal.any stays in memory while anybody listens to it.
export function abortWhenIdle(body: Readable, signal: AbortSignal): BodyWatch {
  const over = new AbortController();
  let isGivenUp = false;
  let before = -1;
  let looks = 0;
  const timer = setInterval(() => {
    const received = bytesReceived(body);
    // Whatever lies unread is ours to read, and of a body that has come whole nothing more is to be expected.
    const isOurTurn = body.readableLength > 0 || body.readableEnded;
    looks = received === before && !isOurTurn ? looks + 1 : 0;
    before = received;
    if (looks < MAX_IDLE_LOOKS) return;
    isGivenUp = true;
    over.abort();
  }, LOOK_MS);
  const abort = (): void => {
    over.abort();
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return {
    signal: over.signal,
    isGivenUp: () => isGivenUp,
    stop: () => {
      clearInterval(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

function bytesReceived(body: Readable): number {
  const socket: unknown = 'socket' in body ? body.socket : null;
  return typeof socket === 'object' && socket !== null && 'bytesRead' in socket
    ? Number(socket.bytesRead)
    : 0;
}
