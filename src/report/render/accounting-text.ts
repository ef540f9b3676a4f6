/** What became of every line of an ingest run, in words: the sum, the reasons beneath it, time and volume. */
import type { IngestSummary } from '../../ingest-summary.js';
import { formatBytes, formatCount, formatDuration, plural } from './number-format.js';
import type { Style } from './style.js';
import { visible } from './visible.js';

/** Several lines, without a final newline. */
export function renderAccounting(summary: IngestSummary, style: Style): string {
  return [
    sumLine(summary, style),
    ...reasonLine('ignored', summary.ignores, style.dim),
    ...reasonLine('rejected', summary.rejects, style.bad),
    ...(summary.stamped > 0
      ? [
          style.dim(
            `  stamped: ${plural(summary.stamped, 'event')} without a timestamp got the time of receipt`,
          ),
        ]
      : []),
    style.dim(speedLine(summary)),
    ...summary.inputs
      .filter((input) => input.alreadyIngested)
      .map((input) => `${visible(input.input)}: nothing new, already ingested`),
    ...(summary.interrupted ? ['interrupted: these figures are of what was read until then'] : []),
  ].join('\n');
}

/** `12,345 lines = 12,000 accepted + 20 duplicates + 300 ignored + 25 rejected`. */
function sumLine({ lines, accepted, duplicates, ignored, rejected }: IngestSummary, style: Style): string {
  const acceptedText = `${formatCount(accepted)} accepted`;
  const rejectedText = `${formatCount(rejected)} rejected`;
  return [
    style.bold(plural(lines, 'line')),
    '=',
    accepted > 0 ? style.good(acceptedText) : acceptedText,
    '+',
    plural(duplicates, 'duplicate'),
    '+',
    `${formatCount(ignored)} ignored`,
    '+',
    rejected > 0 ? style.bad(rejectedText) : rejectedText,
  ].join(' ');
}

/** `  ignored: 200 blank_line, 100 page_view`, most frequent first. */
function reasonLine(
  name: string,
  reasons: ReadonlyMap<string, number>,
  paint: (text: string) => string,
): string[] {
  const counted = [...reasons].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  if (counted.length === 0) return [];
  return [
    paint(`  ${name}: ${counted.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ')}`),
  ];
}

/** `774 MB in 1.5 s: 3,333,333 events/s, 516 MB/s`; no rates where the time was too short to tell. */
function speedLine({ bytes, seconds, lines, accepted }: IngestSummary): string {
  const line = `${formatBytes(bytes)} in ${formatDuration(seconds * 1000)}`;
  if (lines === 0 || seconds < 0.001) return line;
  return `${line}: ${formatCount(accepted / seconds)} events/s, ${formatBytes(bytes / seconds)}/s`;
}
