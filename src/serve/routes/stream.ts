/** `GET /api/stream`: the totals whenever the store changes, as server-sent events. */
import { Readable } from 'node:stream';
import type { LiveTotals, TotalsWatcher } from '../live-totals.js';
import { problem } from '../problem.js';
import type { Route } from '../route.js';
import type { ServerContext } from '../server-context.js';

const MAX_STREAMS = 256;
const HEARTBEAT_MS = 15_000;
/** How soon a client should come back when the stream breaks. */
const RECONNECT_MS = 2_000;

export function streamRoute({ watcher }: ServerContext): Route {
  return {
    method: 'GET',
    path: '/api/stream',
    scope: 'read',
    streams: true,
    operation: {
      operationId: 'get_stream',
      tags: ['answers'],
      summary: 'New totals as they come (server-sent events)',
      description:
        'An event `totals` at once, and another whenever anything was stored, at most one a second; a comment every ' +
        '15 s keeps the line open. The id of an event names the state of the store: a client that comes back with ' +
        'Last-Event-ID hears nothing until there is something new, and misses nothing.',
      parameters: [
        {
          name: 'Last-Event-ID',
          in: 'header',
          description: 'the id of the last event received',
          schema: { type: 'string' },
        },
      ],
      responses: {
        '200': {
          description: 'The stream.',
          content: {
            'text/event-stream': {
              schema: { type: 'string' },
              example: 'event: totals\nid: 6f1c\ndata: {"schema":"mapipe.totals/1","revision":"6f1c",…}\n\n',
            },
          },
        },
      },
    },
    handle({ header, signal }) {
      if (watcher.listeners >= MAX_STREAMS) {
        return Promise.resolve(
          problem('queue-full', { detail: `${MAX_STREAMS} streams are open already`, retryAfter: 30 }),
        );
      }
      return Promise.resolve({
        status: 200,
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // Proxies that gather an answer before they pass it on are asked not to.
          'x-accel-buffering': 'no',
        },
        body: totalsStream(watcher, header('last-event-id') ?? null, signal),
      });
    },
  };
}

/** A reader that is too slow for the pace gets the latest state when it is ready again, not all that it missed. */
function totalsStream(watcher: TotalsWatcher, lastId: string | null, signal: AbortSignal): Readable {
  let told = lastId;
  let latest: LiveTotals | null = null;
  let ready = true;
  const tell = (): void => {
    if (!ready || latest === null || latest.revision === told) return;
    told = latest.revision;
    ready = stream.push(`event: totals\nid: ${latest.revision}\ndata: ${latest.json}\n\n`);
  };
  const stream = new Readable({
    read() {
      ready = true;
      tell();
    },
    destroy(error, done) {
      stop();
      done(error);
    },
  });
  stream.push(`retry: ${RECONNECT_MS}\n\n`);
  const heartbeat = setInterval(() => {
    if (ready) ready = stream.push(': heartbeat\n\n');
  }, HEARTBEAT_MS);
  const leave = watcher.listen((totals) => {
    latest = totals;
    tell();
  });
  const stop = (): void => {
    clearInterval(heartbeat);
    leave();
  };
  const end = (): void => {
    stop();
    stream.push(null);
  };
  signal.addEventListener('abort', end, { once: true });
  return stream;
}
