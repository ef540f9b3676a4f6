/** How a live screen is to be shown. */
import type { Style } from './style.js';

export interface LiveView {
  /** Columns and lines there are: no line is wider, and there are no more of them. */
  readonly width: number;
  readonly height: number;
  /** Of the chart's time axis. */
  readonly timeZone: string;
  readonly style: Style;
}
