/**
 * ClickHouse answers the bench's question, as a program of its own; LIBRARY is where the chdb package is.
 *
 *   node bench/peers/clickhouse.mjs LIBRARY summary FILE FORMAT     a line of JSON for each campaign
 *   node bench/peers/clickhouse.mjs LIBRARY version
 *
 * It is told the columns and their types, and has two threads, as the bars are for two cores.
 */
import { createRequire } from 'node:module';

const FORMATS = { ndjson: 'JSONEachRow', csv: 'CSVWithNames' };
// Plain String: with LowCardinality it was slower.
const COLUMNS =
  'type String, timestamp DateTime64(3), campaign_id String, user_id String, source String, ' +
  'medium String, ad_id String, amount Decimal(18, 6), currency String, product String';

const [library, task, path, format] = process.argv.slice(2);
const chdb = createRequire(import.meta.url)(library);

if (task === 'version') {
  console.log(chdb.query('SELECT version()', 'TSV').trim());
} else {
  const rows = chdb.query(
    `SELECT campaign_id,
            countIf(type = 'click') AS clicks,
            countIf(type = 'conversion') AS conversions,
            toString(sumIf(amount, type = 'conversion')) AS revenue,
            uniq(user_id) AS users
     FROM file(${quoted(path)}, '${FORMATS[format]}', ${quoted(COLUMNS)})
     GROUP BY campaign_id
     SETTINGS max_threads = 2`,
    'JSONEachRow',
  );
  process.stdout.write(rows);
}

function quoted(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
