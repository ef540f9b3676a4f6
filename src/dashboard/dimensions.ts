/** What the page can filter and group by: one row per dimension, its names in the URL, the API and on the page. */

import type { BreakdownRow, ReportBody } from './report-body.js';

export type Dimension = 'campaign' | 'source' | 'medium' | 'ad' | 'product';

interface DimensionNames {
  readonly dimension: Dimension;
  /** In the API's query and in the command line's `--where`. */
  readonly field: string;
  readonly title: string;
  readonly plural: string;
  /** Stands for events that have no value. */
  readonly none: string;
}

export const DIMENSIONS: readonly DimensionNames[] = [
  {
    dimension: 'campaign',
    field: 'campaign_id',
    title: 'Campaign',
    plural: 'campaigns',
    none: '(unattributed)',
  },
  { dimension: 'source', field: 'source', title: 'Source', plural: 'sources', none: '(unattributed)' },
  { dimension: 'medium', field: 'medium', title: 'Medium', plural: 'media', none: '(unattributed)' },
  { dimension: 'ad', field: 'ad_id', title: 'Ad', plural: 'ads', none: '(unattributed)' },
  { dimension: 'product', field: 'product', title: 'Product', plural: 'products', none: '(none)' },
];

const byDimension = new Map(DIMENSIONS.map((names) => [names.dimension, names]));

export function namesOf(dimension: Dimension): DimensionNames {
  const names = byDimension.get(dimension);
  if (!names) throw new TypeError(`no dimension is called ${dimension}`);
  return names;
}

/** No question can be asked for the events of no campaign. */
export function canFilter(dimension: Dimension, value: string | null): boolean {
  return dimension !== 'campaign' || value !== null;
}

/** A filter keeps the events credited to a value; null keeps those without one. One value per dimension. */
export type Filters = ReadonlyMap<Dimension, string | null>;

/** A report's rows by a dimension; its campaigns stand apart from its breakdowns. */
export function rowsBy(report: ReportBody, dimension: Dimension): readonly BreakdownRow[] {
  if (dimension === 'campaign') return report.campaigns.map((row) => ({ ...row, key: row.campaign_id }));
  return report.breakdowns?.[namesOf(dimension).field] ?? [];
}
