/** A line about an ingest that goes on, for logs and pipes: `… 12,345 lines: 12,300 accepted, …; 56 events/s; 0 B behind`. */
import type { RunningIngest } from '../live-figures.js';
import { formatBytes, formatCount, formatRate, plural } from './number-format.js';
import { visible } from './visible.js';

const MAX_NAMES = 3;

export type LineFigures = Pick<RunningIngest, 'account' | 'bytesRead' | 'lag'>;

export function liveLine(
  { account, bytesRead, lag }: LineFigures,
  eventsPerSecond: number | null,
  now: Date,
): string {
  const { lines, accepted, duplicates, ignored, rejected } = account;
  const parts = [
    `${plural(lines, 'line')}: ${formatCount(accepted)} accepted, ${plural(duplicates, 'duplicate')}, ${formatCount(ignored)} ignored, ${formatCount(rejected)} rejected`,
    `${formatRate(eventsPerSecond)} events/s`,
    // Threads that count for themselves tell of lines in the end.
    ...(lines === 0 && bytesRead > 0 ? [`${formatBytes(bytesRead)} read`] : []),
    ...(lag ? [`${formatBytes(lag.bytes)} behind`] : []),
    ...(lag && lag.waitingFor.length > 0 ? [`waiting for ${nameSome(lag.waitingFor)}`] : []),
  ];
  return `${now.toISOString().slice(0, 19)}Z ${parts.join('; ')}`;
}

function nameSome(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  const named = names.slice(0, MAX_NAMES).map(visible).join(', ');
  return more > 0 ? `${named} and ${formatCount(more)} more` : named;
}
