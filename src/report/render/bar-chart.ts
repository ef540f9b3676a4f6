/** Horizontal bars, one per group: label, bar, value. Bars are exact to an eighth of a column. */
import { formatCount } from './number-format.js';
import type { Style } from './style.js';
import { padToWidth, textWidth, truncateToWidth } from './text-width.js';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The value as it is shown. */
  readonly text: string;
}

export interface BarChart {
  readonly bars: readonly Bar[];
  readonly width: number;
  readonly style: Style;
  /** How many bars are drawn; the rest is counted in a last line. */
  readonly top?: number;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const MAX_BAR_WIDTH = 60;
// For a label and a bar; with less, the table says it better.
const LEAST_ROOM = 10;
const LABEL_SHARE = 0.4;
const GAP = 2;

/** Bars in the order given. A negative value has no bar, a positive one always something to see. Empty without bars or room. */
export function renderBarChart({ bars, width, style, top = 10 }: BarChart): string {
  const shown = bars.slice(0, top);
  if (shown.length === 0) return '';
  const widest = (texts: readonly string[]) => texts.reduce((max, text) => Math.max(max, textWidth(text)), 0);
  const textColumns = widest(shown.map((bar) => bar.text));
  const room = width - textColumns - 2 * GAP;
  if (room < LEAST_ROOM) return '';
  // Long labels are cut, so that there is a chart to see.
  const labelColumns = Math.min(widest(shown.map((bar) => bar.label)), Math.floor(room * LABEL_SHARE));
  const barColumns = Math.min(MAX_BAR_WIDTH, room - labelColumns);
  const max = shown.reduce((largest, bar) => Math.max(largest, bar.value), 0);

  const paint = style.series[0] ?? style.accent;
  const lines = shown.map(({ label, value, text }) => {
    const name = padToWidth(truncateToWidth(label, labelColumns), labelColumns);
    const bar = padToWidth(drawBar(value, max, barColumns), barColumns);
    return `${name}  ${paint(bar)}  ${padToWidth(text, textColumns, 'right')}`.trimEnd();
  });
  const more = bars.length - shown.length;
  return [
    ...lines,
    ...(more > 0 ? [style.dim(truncateToWidth(`… and ${formatCount(more)} more`, width))] : []),
  ].join('\n');
}

function drawBar(value: number, max: number, columns: number): string {
  if (value <= 0 || max <= 0) return '';
  const eighths = Math.max(1, Math.round((value / max) * columns * 8));
  return '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '');
}
