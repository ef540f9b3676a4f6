/**
 * Keeps the page current: pushed over the event stream; asked for every few seconds while there is none; not at all
 * in a hidden tab. Reconnects by itself, from the revision it has seen last.
 */
import type { ServerEvent } from './sse-reader.js';
import { ServerEventParser } from './sse-reader.js';

/** `live`: the stream is open. `polling`: it isn't, but questions are answered. `reconnecting`: nothing is. */
export type Phase = 'connecting' | 'live' | 'polling' | 'reconnecting';

export interface LiveSource {
  openStream(lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  /** Asks once; whether an answer came. */
  poll(): Promise<boolean>;
  onEvent(event: ServerEvent): void;
  onPhase(phase: Phase): void;
}

export interface LiveUpdates {
  start(): void;
  stop(): void;
}

const POLL_MS = 5_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;
// The server says something at least every 15 seconds; a connection that says nothing for longer is dead.
const SILENCE_MS = 40_000;

export function createLiveUpdates(source: LiveSource): LiveUpdates {
  let running: AbortController | null = null;
  let lastEventId: string | null = null;
  let phase: Phase = 'connecting';

  function enter(next: Phase): void {
    if (next === phase) return;
    phase = next;
    source.onPhase(next);
  }

  async function readStream(signal: AbortSignal): Promise<void> {
    const silence = new AbortController();
    let watchdog = setTimeout(() => {
      silence.abort();
    }, SILENCE_MS);
    const heard = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        silence.abort();
      }, SILENCE_MS);
    };
    try {
      const response = await source.openStream(lastEventId, AbortSignal.any([signal, silence.signal]));
      if (!response.body) return;
      const parser = new ServerEventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      enter('live');
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        heard();
        for (const event of parser.push(value)) {
          lastEventId = event.id ?? lastEventId;
          source.onEvent(event);
        }
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  async function followStream(signal: AbortSignal): Promise<void> {
    for (let retry = 0; !signal.aborted; retry += 1) {
      const openedAt = performance.now();
      try {
        await readStream(signal);
      } catch {
        // Why it ended makes no difference: what matters to the reader is said by the phase.
      }
      if (hasEnded(signal)) return;
      if (isLive()) enter('reconnecting');
      if (performance.now() - openedAt > LAST_RETRY_MS) retry = 0;
      const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(retry, 8));
      // Spread, so that a restarted server is not met by all its pages at once.
      await pause(wait * (0.75 + Math.random() / 2), signal);
    }
  }

  async function pollMeanwhile(signal: AbortSignal): Promise<void> {
    for (;;) {
      await pause(POLL_MS, signal);
      if (hasEnded(signal)) return;
      if (isLive()) continue;
      const answered = await source.poll();
      if (hasEnded(signal)) return;
      // The stream may have opened while the answer was under way.
      if (!isLive()) enter(answered ? 'polling' : 'reconnecting');
    }
  }

  function isLive(): boolean {
    return phase === 'live';
  }

  return {
    start() {
      if (running) return;
      running = new AbortController();
      void followStream(running.signal);
      void pollMeanwhile(running.signal);
    },
    stop() {
      running?.abort();
      running = null;
      phase = 'connecting';
    },
  };
}

/** Asked anew after each wait. */
function hasEnded(signal: AbortSignal): boolean {
  return signal.aborted;
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
