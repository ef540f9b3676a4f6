/**
 * The counts that a report's figures follow from: `tallied`, made in one pass over the events in scope, and `named`,
 * the texts of the keys in it.
 */
import { NO_METRICS } from '../../report/metrics.js';
import type { GroupRow, Metrics, OtherCurrency } from '../../report/report.js';
import type { DuckdbSession, Row } from './engine.js';
import { exactText } from './exact-text-sql.js';
import { groupBy, groupColumns, groupedEvents, type Grouping } from './grouping.js';
import { revenueSql } from './revenue-sql.js';

/** One group of events. */
export interface CountedGroup {
  readonly group: bigint;
  /** Its key: the text that the group is the key of; null: it is of none. */
  readonly row: GroupRow;
}

/** Makes both tables. One of the groupings is to be by campaign: every event is in one of its groups. */
export async function createTally(session: DuckdbSession, groupings: readonly Grouping[]): Promise<void> {
  // Clicks are most of the events, and have neither money nor other types to be told apart by.
  const ofClicks = groupings.filter(({ withClicks }) => withClicks);
  const counts = `count(*) AS events, min(timestamp) AS first, max(timestamp) AS last`;
  await session.run(
    `CREATE OR REPLACE TEMP TABLE tallied AS
     SELECT ${groupColumns(groupings).join(', ')}, type, currency_key, ${counts}, sum(amount_micros) AS amount_micros
     FROM ${groupedEvents(groupings)} WHERE type <> 0 ${groupBy(groupings, 'type', 'currency_key')}
     UNION ALL BY NAME
     SELECT ${groupColumns(ofClicks).join(', ')}, 0::UTINYINT AS type, 0::UBIGINT AS currency_key, ${counts}
     FROM ${groupedEvents(ofClicks)} WHERE type = 0 ${groupBy(ofClicks)}`,
  );
  const keys = groupings.flatMap(({ columns }) => columns).filter(({ isKey }) => isKey);
  await session.run(
    `CREATE OR REPLACE TEMP TABLE named AS SELECT key, text FROM texts SEMI JOIN (
       SELECT currency_key AS key FROM tallied
       ${keys.map(({ name }) => `UNION SELECT ${name} FROM tallied WHERE ${name} IS NOT NULL`).join(' ')}
     ) USING (key)`,
  );
}

/** The money in scope by currency: the one with most conversions first. */
export async function readTakings(session: DuckdbSession): Promise<OtherCurrency[]> {
  const rows = await session.rows(
    `SELECT n.text, m.* FROM (
       SELECT currency_key, ${countOf(1)} AS conversions, ${countOf(2)},
              sum(CASE type WHEN 1 THEN amount_micros ELSE -amount_micros END)
       FROM tallied WHERE campaign_id_key IS NOT NULL AND type <> 0 GROUP BY currency_key
     ) AS m JOIN named AS n ON n.key = m.currency_key ORDER BY m.conversions DESC, n.text`,
  );
  return rows.map(([code, , conversions, refunds, revenue]) => ({
    currency: String(code),
    conversions: Number(conversions),
    refunds: Number(refunds),
    revenueMicros: BigInt(revenue ?? 0),
  }));
}

/** The figures of all events in scope. */
export async function readTotals(session: DuckdbSession, currencyKey: bigint): Promise<Metrics> {
  const [row] = await session.rows(
    `SELECT ${figures(currencyKey)} FROM tallied WHERE campaign_id_key IS NOT NULL`,
  );
  return row ? metricsOf(row, 0) : NO_METRICS;
}

/** The figures of each group of a column, by its key; users are counted apart. */
export async function readGroups(
  session: DuckdbSession,
  column: string,
  currencyKey: bigint,
  usersOf: (group: bigint) => number,
): Promise<CountedGroup[]> {
  const groups: CountedGroup[] = [];
  await session.forEachRow(
    `SELECT m.*, ${exactText('n.text')} FROM (
       SELECT ${figures(currencyKey)}, ${column} AS g FROM tallied WHERE ${column} IS NOT NULL GROUP BY ${column}
     ) AS m LEFT JOIN named AS n ON n.key = m.g ORDER BY m.g`,
    (cells) => {
      const group = BigInt(cells.at(-2) ?? 0);
      const text = cells.at(-1);
      const key = typeof text === 'string' ? text : null;
      groups.push({ group, row: { key, ...metricsOf(cells, usersOf(group)) } });
    },
  );
  return groups;
}

function countOf(type: number): string {
  return `coalesce(sum(events) FILTER (type = ${type}), 0)`;
}

function figures(currencyKey: bigint): string {
  return `${countOf(0)}, ${countOf(1)}, ${countOf(2)}, ${revenueSql(currencyKey)},
          coalesce(sum(events) FILTER (type = 1 AND currency_key = ${currencyKey}), 0),
          epoch_us(min(first)), epoch_us(max(last))`;
}

function metricsOf(
  [clicks, conversions, refunds, revenue, revenueConversions, first, last]: Row,
  uniqueUsers: number,
): Metrics {
  return {
    clicks: Number(clicks),
    conversions: Number(conversions),
    refunds: Number(refunds),
    revenueMicros: BigInt(revenue ?? 0),
    revenueConversions: Number(revenueConversions),
    uniqueUsers,
    firstEventMicros: typeof first === 'bigint' ? first : null,
    lastEventMicros: typeof last === 'bigint' ? last : null,
  };
}
