/** The figures of one campaign side by side, each value under its name; as many rows of them as the width asks for. */
import type { Report } from '../report.js';
import { metricColumns } from './metric-columns.js';
import type { Style } from './style.js';
import { padToWidth, textWidth } from './text-width.js';

interface Tile {
  readonly title: string;
  readonly value: string;
  readonly columns: number;
}

const GAP = 3;

export function renderKeyFigures(report: Report, width: number | undefined, style: Style): string {
  const tiles = metricColumns(report, [report.totals]).map(({ title, format }): Tile => {
    const value = format(report.totals);
    return { title, value, columns: Math.max(textWidth(title), textWidth(value)) };
  });
  return rowsOf(tiles, width)
    .map((row) => {
      const line = (text: (tile: Tile) => string) =>
        row
          .map((tile) => padToWidth(text(tile), tile.columns + GAP))
          .join('')
          .trimEnd();
      return `${style.dim(line((tile) => tile.title))}\n${style.bold(line((tile) => tile.value))}`;
    })
    .join('\n');
}

function rowsOf(tiles: readonly Tile[], width: number | undefined): Tile[][] {
  const rows: Tile[][] = [];
  let used = Infinity;
  for (const tile of tiles) {
    if (used + GAP + tile.columns > (width ?? Infinity) || rows.length === 0) {
      rows.push([]);
      used = -GAP;
    }
    rows.at(-1)?.push(tile);
    used += GAP + tile.columns;
  }
  return rows;
}
