/** Live totals on stderr while an ingest runs, when stderr is a terminal. */
import { statSync } from 'node:fs';
import type { LiveIngest } from '../ingest/ingest-request.js';
import type { OptionValues } from './command.js';
import type { Terminal } from './terminal.js';

const FIRST_MS = 100;
const EVERY_MS = 200;

export interface Progress {
  readonly start: (live: LiveIngest) => void;
  /** Wipes the lines it drew. */
  readonly stop: () => void;
}

export async function showProgress(
  { stderr }: Terminal,
  options: OptionValues,
  paths: readonly string[],
): Promise<Progress> {
  if (!stderr.isTerminal || options.flag('quiet') || options.flag('progress') === false) {
    return { start: () => undefined, stop: () => undefined };
  }
  const { progressText } = await import('../report/render/progress-text.js');
  const startedMs = performance.now();
  const totalBytes = sizeOf(paths);
  let timer: NodeJS.Timeout | undefined;
  let drawnLines = 0;
  const wipe = (): string => (drawnLines === 0 ? '' : `\r\x1b[${drawnLines}A\x1b[J`);
  const draw = (live: LiveIngest): void => {
    const seconds = (performance.now() - startedMs) / 1000;
    const text = progressText(live, { seconds, totalBytes, width: stderr.width ?? 80, style: stderr.style });
    void stderr.write(`${wipe()}${text}\n`);
    drawnLines = text.split('\n').length;
    timer = setTimeout(draw, EVERY_MS, live);
  };
  return {
    start: (live) => {
      timer = setTimeout(draw, FIRST_MS, live);
    },
    stop: () => {
      clearTimeout(timer);
      void stderr.write(wipe());
    },
  };
}

/** Bytes of all inputs together; null where one has no size, as stdin. */
function sizeOf(paths: readonly string[]): number | null {
  let sum = 0;
  for (const path of paths) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats && !stats.isFile()) return null;
    if (path === '-') return null;
    sum += stats?.size ?? 0;
  }
  return sum;
}
