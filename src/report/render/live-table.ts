/** The campaigns of a live screen with their rates, as many as fit; where no table does, their totals in words. */
import { conversionRate } from '../metrics.js';
import type { LiveFigures, LiveRow } from '../live-figures.js';
import type { LiveView } from './live-view.js';
import { formatMoney } from './money-format.js';
import { formatCount, formatPercent, formatRate, plural } from './number-format.js';
import { dimensionTitle, rowLabel } from './row-label.js';
import { renderTable, type StyledColumn } from './table.js';
import { textWidth } from './text-width.js';
import { wrapParts } from './wrap-parts.js';

/** Titles and totals, each with a rule. */
export const TABLE_FRAME_LINES = 4;
/** What is seen of a name is less; one of 64 KiB would take its time, four times a second. */
const MAX_LABEL_LENGTH = 500;

interface LiveColumn {
  readonly title: string;
  /** The one with the lowest is hidden first. */
  readonly priority: number;
  readonly format: (row: LiveRow, currency: string) => string;
}

const COLUMNS: readonly LiveColumn[] = [
  { title: 'Clicks', priority: 4, format: ({ clicks }) => formatCount(clicks) },
  { title: 'Conv.', priority: 3, format: ({ conversions }) => formatCount(conversions) },
  { title: 'CVR', priority: 1, format: (row) => formatPercent(conversionRate(row)) },
  {
    title: 'Revenue',
    priority: 5,
    format: ({ revenueMicros }, currency) => formatMoney(revenueMicros, currency),
  },
  { title: 'Events/s', priority: 2, format: ({ eventsPerSecond }) => formatRate(eventsPerSecond) },
];

/** Empty where it would have no campaigns or no numbers to show. */
export function liveTable(figures: LiveFigures, { width, height, style }: LiveView): string[] {
  const { campaigns, campaignCount, currency, totals } = figures;
  const room = height - TABLE_FRAME_LINES;
  // With one line too few a row says how many are missing.
  const shown = campaigns.slice(0, campaignCount <= room ? campaignCount : room - 1);
  if (room < 1 || shown.length === 0) return [];
  const columns: StyledColumn[] = [
    { title: dimensionTitle('campaign'), align: 'left', priority: Infinity, truncatable: true },
    ...COLUMNS.map(({ title, priority }) => ({ title, priority, align: 'right' as const })),
  ];
  const cells = (row: LiveRow) => COLUMNS.map(({ format }) => format(row, currency));
  const more = campaignCount - shown.length;
  const { text, hiddenColumns } = renderTable({
    columns,
    rows: [
      ...shown.map((row) => [label(row.campaignId), ...cells(row)]),
      ...(more > 0 ? [[`… and ${formatCount(more)} more`]] : []),
    ],
    footer: ['Total', ...cells(totals)],
    width,
    style,
  });
  return hiddenColumns.length === COLUMNS.length ? [] : text.split('\n');
}

function label(campaignId: string | null): string {
  return rowLabel('campaign', campaignId === null ? null : campaignId.slice(0, MAX_LABEL_LENGTH));
}

/** `$5,000.00 revenue · 1,000 clicks · 50 conversions`, in as many lines as there are; what does not fit is left out. */
export function liveTotals({ totals, currency }: LiveFigures, { width, height }: LiveView): string[] {
  const parts = [
    `${formatMoney(totals.revenueMicros, currency)} revenue`,
    plural(totals.clicks, 'click'),
    plural(totals.conversions, 'conversion'),
  ];
  return wrapParts(
    parts.filter((part) => textWidth(part) <= width),
    width,
  ).slice(0, Math.max(0, height));
}
