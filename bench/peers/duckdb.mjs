/**
 * DuckDB answers the bench's question, as a program of its own:
 *
 *   node bench/peers/duckdb.mjs summary FILE FORMAT             a line of JSON for each campaign
 *   node bench/peers/duckdb.mjs load FILE FORMAT DATABASE       every event into a new database; how many
 *   node bench/peers/duckdb.mjs load-unordered …                the same, free to change their order
 *   node bench/peers/duckdb.mjs stored DATABASE                 the summary of what was loaded
 *   node bench/peers/duckdb.mjs version
 *
 * It is told the columns and their types, which spares it guessing, and has two threads, as the bars are for two cores.
 */
import { DuckDBInstance } from '@duckdb/node-api';

const THREADS = '2';
const COLUMNS = `{
  type: 'VARCHAR', timestamp: 'TIMESTAMP', campaign_id: 'VARCHAR', user_id: 'VARCHAR', source: 'VARCHAR',
  medium: 'VARCHAR', ad_id: 'VARCHAR', amount: 'DECIMAL(18,6)', currency: 'VARCHAR', product: 'VARCHAR'
}`;
const READ = {
  ndjson: (path) => `read_ndjson(${quoted(path)}, columns = ${COLUMNS})`,
  csv: (path) => `read_csv(${quoted(path)}, header = true, columns = ${COLUMNS})`,
};

const [task, path, format, database] = process.argv.slice(2);
await {
  summary: () => inDatabase(':memory:', (connection) => printSummary(connection, READ[format](path))),
  stored: () => inDatabase(path, (connection) => printSummary(connection, 'events')),
  load: () => inDatabase(database, load),
  'load-unordered': () =>
    inDatabase(database, async (connection) => {
      await connection.run('SET preserve_insertion_order = false');
      await load(connection);
    }),
  version: () =>
    inDatabase(':memory:', async (connection) => {
      const reader = await connection.runAndReadAll('SELECT version()');
      console.log(reader.getRows()[0][0].replace(/^v/, ''));
    }),
}[task]();

async function printSummary(connection, events) {
  const reader = await connection.runAndReadAll(`
    SELECT campaign_id,
           count(*) FILTER (type = 'click') AS clicks,
           count(*) FILTER (type = 'conversion') AS conversions,
           coalesce(sum(amount) FILTER (type = 'conversion'), 0) AS revenue,
           approx_count_distinct(user_id) AS users
    FROM ${events}
    GROUP BY campaign_id`);
  const lines = reader.getRowObjectsJson().map((row) => JSON.stringify(row));
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function load(connection) {
  const reader = await connection.runAndReadAll(`CREATE TABLE events AS SELECT * FROM ${READ[format](path)}`);
  console.log(String(reader.getRows()[0][0]));
}

/** Closes it in the end, so that all of it is on disk. */
async function inDatabase(location, work) {
  const instance = await DuckDBInstance.create(location, { threads: THREADS });
  const connection = await instance.connect();
  await work(connection);
  connection.closeSync();
  instance.closeSync();
}

function quoted(text) {
  return `'${text.replaceAll("'", "''")}'`;
}
