/** How a report is to be shown. */
import type { Dimension } from '../report.js';
import type { Style } from './style.js';

export interface ReportView {
  /** Columns of the terminal; undefined where the output is piped: then nothing is cut. */
  readonly width?: number | undefined;
  readonly style: Style;
  /** The dimension whose rows are the main table, instead of campaigns. */
  readonly by?: Dimension | undefined;
}
