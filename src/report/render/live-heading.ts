/** The heading of a live screen: what is read, how fast, and how far behind; with room, the files that are waited for. */
import type { LiveFigures } from '../live-figures.js';
import type { LiveView } from './live-view.js';
import { formatBytes, formatDuration, formatRate, plural } from './number-format.js';
import { textWidth, truncateToWidth } from './text-width.js';
import { visible } from './visible.js';

interface Part {
  readonly text: string;
  /** The one with the lowest goes first. */
  readonly priority: number;
}

const SEPARATOR = ' · ';
/** From this height on names have a line of their own. */
const LEAST_FOR_NAMES = 10;
/** A name that fills the line is cut anyway; one of 64 KiB would take its time. */
const MAX_NAME_LENGTH = 500;

/** One line, or two. */
export function liveHeading(figures: LiveFigures, { width, height, style }: LiveView): string[] {
  const title = whatIsRead(figures);
  const waitingFor = figures.follow?.waitingFor ?? [];
  const showsNames = waitingFor.length > 0 && height >= LEAST_FOR_NAMES;
  const parts = [
    { text: `for ${elapsed(figures.elapsedMs)}`, priority: 2 },
    { text: `${formatRate(figures.totals.eventsPerSecond)} events/s`, priority: 5 },
    ...(figures.bytesPerSecond === null
      ? []
      : [{ text: `${formatBytes(figures.bytesPerSecond)}/s`, priority: 1 }]),
    ...(figures.follow ? [{ text: `${formatBytes(figures.follow.bytesBehind)} behind`, priority: 4 }] : []),
    ...(waitingFor.length > 0 && !showsNames
      ? [{ text: `waiting for ${plural(waitingFor.length, 'file')}`, priority: 3 }]
      : []),
  ];
  const shown = fitting(parts, width - textWidth(title));
  const line =
    style.heading(truncateToWidth(title, width)) +
    style.dim(shown.map(({ text }) => SEPARATOR + text).join(''));
  if (!showsNames) return [line];
  const names = waitingFor.map((name) => visible(name.slice(0, MAX_NAME_LENGTH)));
  return [line, truncateToWidth(`Waiting for ${names.join(', ')}`, width)];
}

function whatIsRead({ files, readsStdin, follows }: LiveFigures): string {
  const named = files > 0 || !readsStdin ? [plural(files, 'file')] : [];
  const inputs = [...named, ...(readsStdin ? ['stdin'] : [])];
  return `${follows ? 'Following' : 'Reading'} ${inputs.join(' and ')}`;
}

/** Whole seconds: tenths would only flicker. */
function elapsed(elapsedMs: number): string {
  const seconds = Math.floor(Math.max(0, elapsedMs) / 1000);
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}

function fitting(parts: readonly Part[], room: number): readonly Part[] {
  const width = parts.reduce((sum, { text }) => sum + SEPARATOR.length + textWidth(text), 0);
  if (width <= room || parts.length === 0) return parts;
  const least = parts.reduce((min, { priority }) => Math.min(min, priority), Infinity);
  return fitting(
    parts.filter(({ priority }) => priority > least),
    room,
  );
}
