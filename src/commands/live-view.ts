/** The live screen on a terminal, for as long as an ingest goes on: what it shows is in `report/render/live-screen.ts`. */
import { takeLiveFigures, type LiveSetting } from '../report/live-figures.js';
import { RateMeter } from '../report/rate-meter.js';
import { liveScreen } from '../report/render/live-screen.js';
import type { Progress } from './progress.js';
import { RedrawnArea } from './redrawn-area.js';
import type { Output } from './terminal.js';

const FIRST_MS = 100;
const EVERY_MS = 250;
/** A screen that takes long to draw is drawn less often: the time is the ingest's. */
const MAX_BUSY_SHARE = 0.05;

export function createLiveView(
  stderr: Output,
  setting: Omit<LiveSetting, 'startedMs'>,
  timeZone: string,
): Progress {
  const area = new RedrawnArea(stderr);
  // Stopped by Ctrl-Z and taken up again, the shell has written beneath what was drawn.
  const onResumed = (): void => {
    area.forget();
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    start: (live) => {
      const startedMs = epochMs();
      const meter = new RateMeter(startedMs);
      const draw = (): void => {
        const nowMs = epochMs();
        const figures = takeLiveFigures(live, meter, { ...setting, startedMs }, nowMs);
        area.show(
          liveScreen(figures, { width: area.width, height: area.height, timeZone, style: stderr.style }),
        );
        timer = setTimeout(draw, Math.max(EVERY_MS, (epochMs() - nowMs) / MAX_BUSY_SHARE));
      };
      process.on('SIGCONT', onResumed);
      timer = setTimeout(draw, FIRST_MS);
    },
    say: (line) => {
      area.say(line);
    },
    stop: () => {
      clearTimeout(timer);
      process.off('SIGCONT', onResumed);
      area.wipe();
    },
  };
}

/** Since the epoch, but never set back. */
function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
