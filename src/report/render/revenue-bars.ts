/** Bars of what each row of the main table earned, with its share: or of its clicks, where nothing was earned. */
import type { Report } from '../report.js';
import { renderBarChart } from './bar-chart.js';
import type { MainRow, MainRows } from './main-rows.js';
import { formatMoney, unitsToDraw } from './money-format.js';
import { formatCount } from './number-format.js';
import { dimensionTitle, isTimeDimension, rowLabel } from './row-label.js';
import type { Style } from './style.js';
import { truncateToWidth } from './text-width.js';

/** With its heading. Empty for a single row, and for buckets of time, which the chart over time shows better. */
export function renderRevenueBars(report: Report, main: MainRows, width: number, style: Style): string {
  const { dimension, rows } = main;
  if (rows.length < 2 || isTimeDimension(dimension)) return '';
  const earned = rows.some((row) => row.metrics.revenueMicros !== 0n);
  const measure = (row: MainRow) => (earned ? unitsToDraw(row.metrics.revenueMicros) : row.metrics.clicks);
  // Bars sorted by something else than their length are hard to read, whatever the table is sorted by.
  const sorted = rows.toSorted((a, b) => measure(b) - measure(a));
  const total = earned ? unitsToDraw(report.totals.revenueMicros) : report.totals.clicks;
  const shares = sorted.map((row) => shareText(measure(row), total));
  const shareWidth = shares.reduce((widest, share) => Math.max(widest, share.length), 0);
  const bars = sorted.map((row, index) => {
    const value = earned
      ? formatMoney(row.metrics.revenueMicros, report.currency)
      : formatCount(row.metrics.clicks);
    const share = (shares[index] ?? '').padStart(shareWidth);
    return {
      label: rowLabel(dimension, row.key),
      value: measure(row),
      text: share === '' ? value : `${value}  ${share}`,
    };
  });
  const chart = renderBarChart({ bars, width, style });
  if (chart === '') return '';
  const title = `${earned ? 'Revenue' : 'Clicks'} by ${dimensionTitle(dimension).toLowerCase()}`;
  return `${style.heading(truncateToWidth(title, width))}\n${chart}`;
}

/** Empty where a share has no meaning: refunds can take a row or the total below zero, and others above the total. */
function shareText(value: number, total: number): string {
  if (total <= 0 || value < 0 || value > total) return '';
  const percent = (100 * value) / total;
  return percent > 0 && percent < 1 ? '<1%' : `${Math.round(percent)}%`;
}
