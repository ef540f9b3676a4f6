/** How a report is to be shown. */
import type { Dimension } from '../report.js';
import type { Style } from './style.js';

/** On a terminal. What is piped is never cut. */
export const MAX_TERMINAL_ROWS = 50;

export interface ReportView {
  /** Columns of the terminal; undefined where the output is piped: then nothing is cut. */
  readonly width?: number | undefined;
  readonly style: Style;
  /** Rows of a table at most, where nobody said how many: nobody reads a million in a terminal. Absent: all. */
  readonly maxRows?: number | undefined;
  /** The dimensions that were asked for: the rows of the first are the main table, instead of campaigns. */
  readonly by?: readonly Dimension[] | undefined;
}
