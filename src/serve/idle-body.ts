/** Gives up a body of which nothing more comes; one that we do not read for being busy ourselves is not given up. */
import type { Readable } from 'node:stream';

const LOOK_MS = 5_000;
const MAX_IDLE_LOOKS = 6;

export function abortWhenIdle(body: Readable): { readonly signal: AbortSignal; readonly stop: () => void } {
  const idle = new AbortController();
  let before = -1;
  let looks = 0;
  const timer = setInterval(() => {
    const received = bytesReceived(body);
    // Whatever lies unread is ours to read.
    looks = received === before && body.readableLength === 0 ? looks + 1 : 0;
    before = received;
    if (looks >= MAX_IDLE_LOOKS) idle.abort();
  }, LOOK_MS);
  return {
    signal: idle.signal,
    stop: () => {
      clearInterval(timer);
    },
  };
}

function bytesReceived(body: Readable): number {
  const socket: unknown = 'socket' in body ? body.socket : null;
  return typeof socket === 'object' && socket !== null && 'bytesRead' in socket
    ? Number(socket.bytesRead)
    : 0;
}
