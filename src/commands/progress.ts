/** What stderr shows while an ingest runs: how far it is, or where there is no end to it, a live screen or lines for logs. */
import { statSync } from 'node:fs';
import { STDIN } from '../input/expand-inputs.js';
import type { LiveIngest } from '../ingest/ingest-request.js';
import type { Invocation } from './command.js';
import type { Output } from './terminal.js';

const FIRST_MS = 100;
const EVERY_MS = 200;

export interface Progress {
  readonly start: (live: LiveIngest) => void;
  /** Writes a line, above whatever is drawn. */
  readonly say: (line: string) => void;
  /** Wipes what it drew. */
  readonly stop: () => void;
}

type ProgressContext = Pick<Invocation, 'terminal' | 'options' | 'environment'>;

export interface ProgressSetting {
  readonly defaultCurrency: string;
  readonly timeZone: string;
}

export async function showProgress(
  { terminal: { stderr }, options, environment }: ProgressContext,
  paths: readonly string[],
  { defaultCurrency, timeZone }: ProgressSetting,
): Promise<Progress> {
  const nothing = sayOnly(stderr, options.flag('quiet') === true);
  if (options.flag('quiet') || options.flag('progress') === false) return nothing;
  const canDraw = stderr.isTerminal && environment['TERM'] !== 'dumb';
  const readsStdin = paths.includes(STDIN);
  if (!readsStdin && options.flag('follow') !== true)
    return canDraw ? createProgress(stderr, paths) : nothing;
  if (!canDraw) return (await import('./live-lines.js')).createLiveLines(stderr);
  const files = paths.length - (readsStdin ? 1 : 0);
  const follows = options.flag('follow') === true;
  const { createLiveView } = await import('./live-view.js');
  return createLiveView(stderr, { files, readsStdin, follows, defaultCurrency }, timeZone);
}

/** Nothing but what has to be said. */
function sayOnly(stderr: Output, isQuiet: boolean): Progress {
  return {
    start: () => undefined,
    say: (line) => {
      // With nobody to read it, it goes nowhere.
      if (!isQuiet) stderr.write(`${line}\n`).catch(() => undefined);
    },
    stop: () => undefined,
  };
}

/** Two lines on how far it is. */
async function createProgress(stderr: Output, paths: readonly string[]): Promise<Progress> {
  const { progressText } = await import('../report/render/progress-text.js');
  const { RedrawnArea } = await import('./redrawn-area.js');
  const area = new RedrawnArea(stderr);
  const startedMs = performance.now();
  const totalBytes = sizeOf(paths);
  let timer: NodeJS.Timeout | undefined;
  const draw = (live: LiveIngest): void => {
    const seconds = (performance.now() - startedMs) / 1000;
    area.show(progressText(live, { seconds, totalBytes, width: stderr.width ?? 80, style: stderr.style }));
    timer = setTimeout(draw, EVERY_MS, live);
  };
  return {
    start: (live) => {
      timer = setTimeout(draw, FIRST_MS, live);
    },
    say: (line) => {
      area.say(line);
    },
    stop: () => {
      clearTimeout(timer);
      area.wipe();
    },
  };
}

/** Bytes of all inputs together; null where one has no size, as stdin. */
function sizeOf(paths: readonly string[]): number | null {
  let sum = 0;
  for (const path of paths) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats && !stats.isFile()) return null;
    sum += stats?.size ?? 0;
  }
  return sum;
}
