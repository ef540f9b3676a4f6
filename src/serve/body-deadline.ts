/** A body that trickles in is given up, whether anybody reads it or not. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { rawAnswer } from './unreadable-request.js';

const MAX_BODY_MS = 10_000;

/** From now on the rest of the body has so long to arrive. */
export function giveTime(message: IncomingMessage, response: ServerResponse): void {
  const timer = setTimeout(() => {
    if (message.complete) return;
    message.socket.end(rawAnswer('request-timeout', 'the body did not arrive in time'));
    message.destroy();
  }, MAX_BODY_MS);
  const stop = (): void => {
    clearTimeout(timer);
  };
  message.once('end', stop);
  response.once('close', stop);
}
