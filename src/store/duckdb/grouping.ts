/**
 * What events are grouped by, in SQL. Dimensions that go along with each other (an ad has its source and its medium)
 * share a grouping, which is counted once for all of them.
 */
import type { Dimension } from '../../report/report.js';
import { bucketColumn, isTimeDimension, type BucketSpan } from './time-bucket-sql.js';

export interface Column {
  readonly name: string;
  /** Whether it is a column of `scoped`, of keys of texts. */
  readonly isKey: boolean;
  /** An expression over an event, never null. */
  readonly ofEvent: string;
  /** Makes a 64-bit integer of what was grouped by, which goes by the column's name. */
  readonly ofGroup: string;
}

export interface Grouping {
  /** No two groupings have a column in common. */
  readonly columns: readonly Column[];
  /** A product is of what was bought: clicks have no part in it. */
  readonly withClicks: boolean;
}

const GO_ALONG: readonly Dimension[] = ['source', 'medium', 'ad_id'];

/** The groupings that have each of these dimensions once. */
export function groupingsOf(dimensions: readonly Dimension[], span: BucketSpan): Grouping[] {
  const together: Column[] = [];
  const groupings: Grouping[] = [{ columns: together, withClicks: true }];
  for (const dimension of new Set(dimensions)) {
    const column = columnOf(dimension, span);
    if (GO_ALONG.includes(dimension)) together.push(column);
    else groupings.push({ columns: [column], withClicks: dimension !== 'product' });
  }
  return groupings.filter(({ columns }) => columns.length > 0);
}

/** The grouping's columns, each as a grouping of its own. */
export function apart({ columns, withClicks }: Grouping): Grouping[] {
  return columns.map((column) => ({ columns: [column], withClicks }));
}

export function columnName(dimension: Dimension): string {
  if (isTimeDimension(dimension)) return dimension;
  return dimension === 'campaign' ? 'campaign_id_key' : `${dimension}_key`;
}

function columnOf(dimension: Dimension, span: BucketSpan): Column {
  const name = columnName(dimension);
  return isTimeDimension(dimension)
    ? { name, isKey: false, ...bucketColumn(dimension, span) }
    : { name, isKey: true, ofEvent: name, ofGroup: name };
}

/** The events in scope that the groupings are of, with what they group by. All have clicks in them or none has. */
export function groupedEvents(groupings: readonly Grouping[]): string {
  const condition = groupings.every(({ withClicks }) => withClicks) ? 'true' : 'type <> 0';
  const made = columnsOf(groupings).flatMap(({ name, isKey, ofEvent }) =>
    isKey ? [] : [`, ${ofEvent} AS ${name}`],
  );
  return `(SELECT *${made.join('')} FROM scoped WHERE ${condition})`;
}

/** To select of each group. */
export function groupColumns(groupings: readonly Grouping[]): string[] {
  return columnsOf(groupings).map(({ name, ofGroup }) => `${ofGroup} AS ${name}`);
}

/** Groups by all of them in one pass. A row has the columns of its own grouping; those of the others are null. */
export function groupBy(groupings: readonly Grouping[], ...more: readonly string[]): string {
  const sets = groupings.map(
    ({ columns }) => `(${[...columns.map(({ name }) => name), ...more].join(', ')})`,
  );
  return `GROUP BY GROUPING SETS (${sets.join(', ')})`;
}

function columnsOf(groupings: readonly Grouping[]): Column[] {
  return groupings.flatMap(({ columns }) => columns);
}
