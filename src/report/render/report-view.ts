/** How a report is to be shown. */
import type { Dimension } from '../report.js';
import type { Style } from './style.js';

export interface ReportView {
  /** Columns of the terminal; undefined where the output is piped: then nothing is cut. */
  readonly width?: number | undefined;
  readonly style: Style;
  /** The dimensions that were asked for: the rows of the first are the main table, instead of campaigns. */
  readonly by?: readonly Dimension[] | undefined;
}
