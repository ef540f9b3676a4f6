/** What an ingest shows while it runs: how far it is, and the totals so far. */
import type { Aggregator } from '../../aggregate/aggregator.js';
import { formatMoney } from './money-format.js';
import { formatBytes, formatCount, formatDuration } from './number-format.js';
import type { Style } from './style.js';
import { truncateToWidth } from './text-width.js';

export interface ProgressFigures {
  readonly account: { readonly lines: number; readonly accepted: number; readonly rejected: number };
  readonly aggregator: Aggregator;
  readonly bytesRead: number;
}

export interface ProgressView {
  readonly seconds: number;
  /** null where it is not known, as on stdin. */
  readonly totalBytes: number | null;
  readonly width: number;
  readonly style: Style;
}

/** Two lines, none wider than the terminal. */
export function progressText(
  figures: ProgressFigures,
  { seconds, totalBytes, width, style }: ProgressView,
): string {
  const { account, aggregator, bytesRead } = figures;
  const share = totalBytes ? Math.min(1, bytesRead / totalBytes) : null;
  const rate = seconds > 0 ? account.accepted / seconds : 0;
  const remaining = share !== null && share > 0.01 ? (seconds * (1 - share)) / share : null;
  const how = [
    ...(share === null ? [] : [`${Math.floor(share * 100)}%`]),
    totalBytes === null ? formatBytes(bytesRead) : `${formatBytes(bytesRead)} of ${formatBytes(totalBytes)}`,
    // Threads that count for themselves tell of it in the end; how many bytes a second is known all the while.
    account.lines > 0
      ? `${formatCount(Math.round(rate))} events/s`
      : `${formatBytes(seconds > 0 ? bytesRead / seconds : 0)}/s`,
    ...(remaining === null ? [] : [`${formatDuration(remaining * 1000)} left`]),
  ];
  const { totals } = aggregator;
  const money = [...totals.takings]
    .sort(([, a], [, b]) => b.conversions - a.conversions)
    .slice(0, 1)
    .map(([currency, { revenueMicros }]) => `${formatMoney(revenueMicros, currency)} revenue`);
  const isCounted = account.accepted === 0 || totals.clicks + totals.conversions + totals.refunds > 0;
  const counts = isCounted
    ? [`${formatCount(totals.clicks)} clicks`, `${formatCount(totals.conversions)} conversions`, ...money]
    : [`${formatCount(account.accepted)} events`];
  const what = [
    ...(account.lines > 0 ? counts : []),
    ...(account.rejected > 0 ? [`${formatCount(account.rejected)} rejected`] : []),
  ];
  return [
    style.dim(truncateToWidth(how.join('  '), width - 1)),
    truncateToWidth(what.join('  '), width - 1),
  ].join('\n');
}
