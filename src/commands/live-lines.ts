/** What an ingest that goes on says of itself where no screen can be drawn: a line now and then, for logs. */
import { liveLine } from '../report/render/live-line.js';
import type { LiveIngest } from '../ingest/ingest-request.js';
import type { Progress } from './progress.js';
import type { Output } from './terminal.js';

const LOOK_MS = 10_000;
/** Without anything new a line says that it is still there. */
const QUIET_MS = 5 * 60_000;

export function createLiveLines(stderr: Output): Progress {
  let timer: NodeJS.Timeout | undefined;
  const say = (line: string): void => {
    // With nobody to read it, it goes nowhere.
    stderr.write(`${line}\n`).catch(() => undefined);
  };
  return {
    start: (live) => {
      let saidMs = performance.now();
      let said = stateOf(live);
      let lookedMs = saidMs;
      let accepted = live.account.accepted;
      const look = (): void => {
        const nowMs = performance.now();
        const perSecond = ((live.account.accepted - accepted) * 1000) / (nowMs - lookedMs);
        accepted = live.account.accepted;
        lookedMs = nowMs;
        const state = stateOf(live);
        if (state === said && nowMs - saidMs < QUIET_MS) return;
        said = state;
        saidMs = nowMs;
        say(liveLine(live, perSecond, new Date()));
      };
      timer = setInterval(look, LOOK_MS);
    },
    say,
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** Equal as long as there is nothing new. */
function stateOf({ account: { lines }, bytesRead, lag }: LiveIngest): string {
  return JSON.stringify([lines, bytesRead, lag]);
}
