/** The account of a run that goes on, in the room there is: no number is ever cut, so with less room it says less. */
import type { LineCounts } from '../live-figures.js';
import type { LiveView } from './live-view.js';
import { formatCompact, formatCount, plural } from './number-format.js';
import type { Paint } from './style.js';
import { textWidth, truncateToWidth } from './text-width.js';

interface Part {
  readonly text: string;
  readonly paint: Paint;
}

/** At least one line, at most as many as the view is high. */
export function liveAccounting(counts: LineCounts, view: LiveView): string[] {
  for (const parts of [allOf(counts, view), withoutZeros(counts, view), briefly(counts, view)]) {
    const lines = flow(parts, view);
    if (lines) return lines;
  }
  const { width, style } = view;
  const lines = plural(counts.lines, 'line');
  const text = textWidth(lines) <= width ? lines : `${formatCompact(counts.lines)} lines`;
  return [style.bold(truncateToWidth(text, width))];
}

/** `12,345 lines = 12,000 accepted + 20 duplicates + 300 ignored + 25 rejected`. */
function allOf({ lines, accepted, duplicates, ignored, rejected }: LineCounts, { style }: LiveView): Part[] {
  const plain: Paint = (text) => text;
  return [
    { text: plural(lines, 'line'), paint: style.bold },
    { text: `= ${formatCount(accepted)} accepted`, paint: accepted > 0 ? style.good : plain },
    { text: `+ ${plural(duplicates, 'duplicate')}`, paint: plain },
    { text: `+ ${formatCount(ignored)} ignored`, paint: plain },
    { text: `+ ${formatCount(rejected)} rejected`, paint: rejected > 0 ? style.bad : plain },
  ];
}

/** The sum holds without them, too. */
function withoutZeros(counts: LineCounts, view: LiveView): Part[] {
  const isThere = [true, true, counts.duplicates > 0, counts.ignored > 0, counts.rejected > 0];
  return allOf(counts, view).filter((_, index) => isThere[index]);
}

/** What has to be known: how many, and whether something is wrong with them. */
function briefly({ lines, rejected }: LineCounts, { style }: LiveView): Part[] {
  const parts = [{ text: plural(lines, 'line'), paint: style.bold }];
  if (rejected === 0) return parts;
  return [...parts, { text: `(${formatCount(rejected)} rejected)`, paint: style.bad }];
}

/** Several lines, as they fit; null where they do not. */
function flow(parts: readonly Part[], { width, height }: LiveView): string[] | null {
  if (parts.some(({ text }) => textWidth(text) > width)) return null;
  const lines: Part[][] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last && textWidth([...last, part].map(({ text }) => text).join(' ')) <= width) last.push(part);
    else lines.push([part]);
  }
  if (lines.length > height) return null;
  return lines.map((line) => line.map(({ text, paint }) => paint(text)).join(' '));
}
