/** What a row of a table is called: the text of its key, made safe to show, or what the lack of one means. */
import type { Dimension } from '../report.js';
import { visible } from './visible.js';

/** A conversion nobody can be given the credit for is unattributed; a sale without a product just has none. */
export function rowLabel(dimension: Dimension, key: string | null): string {
  if (key === null) return dimension === 'product' ? '(none)' : '(unattributed)';
  if (key === '') return '(empty)';
  return dimension === 'hour' ? shortHour(key) : visible(key);
}

/** `2026-06-01T14:00:00+02:00` → `2026-06-01 14:00`; an hour that the clock passes twice keeps its offset in JSON and CSV. */
function shortHour(key: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(key);
  return match ? `${match[1] ?? ''} ${match[2] ?? ''}` : visible(key);
}

const TITLES: Readonly<Record<Dimension, string>> = {
  campaign: 'Campaign',
  source: 'Source',
  medium: 'Medium',
  ad_id: 'Ad',
  term: 'Term',
  product: 'Product',
  hour: 'Hour',
  day: 'Day',
  week: 'Week',
  month: 'Month',
};

/** A dimension as a column's title. */
export function dimensionTitle(dimension: Dimension): string {
  return TITLES[dimension];
}

/** Whether the dimension's rows are buckets of time. */
export function isTimeDimension(dimension: Dimension): boolean {
  return dimension === 'hour' || dimension === 'day' || dimension === 'week' || dimension === 'month';
}
