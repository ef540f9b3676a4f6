/** Finds out which version a store has, refuses what is newer or none of ours, and brings what is older up to date. */
import { MapipeError } from '../../errors.js';
import { failPoint } from '../../fail-point.js';
import type { DuckdbSession } from './engine.js';
import { MIGRATIONS, SCHEMA_VERSION, VIEWS_OF_VERSION_1 } from './schema.js';
import { messageOf, notAStore } from './store-errors.js';

/** The store's schema version; 0 for a database with nothing in it. */
async function readSchemaVersion(session: DuckdbSession, path: string): Promise<number> {
  // What other tables there are takes longer to find out, and only matters where this one is missing.
  const [row] = await session
    .rows(`SELECT schema_version FROM store_info WHERE created_by = 'mapipe'`)
    .catch((error: unknown) => {
      if (isForeign(error)) return [];
      throw error;
    });
  if (!row) {
    const tables = await session.rows(`SELECT table_name FROM information_schema.tables`);
    if (tables.length === 0) return 0;
    throw notAStore(
      path,
      tables.some(([name]) => name === 'store_info')
        ? 'its table store_info is not mapipe’s'
        : 'it is a DuckDB database with other tables',
    );
  }
  const version = Number(row[0]);
  if (version > SCHEMA_VERSION) {
    throw new MapipeError(
      'MAPIPE_STORE_NEWER',
      `the store ${path} has schema version ${version}; this mapipe knows versions up to ${SCHEMA_VERSION}`,
      { hint: 'update mapipe, or name another store with --store' },
    );
  }
  return version;
}

/** Whether a table or a column of ours is not there, which says whose database it is; anything else is a failure. */
function isForeign(error: unknown): boolean {
  return /^(Catalog|Binder) Error/.test(messageOf(error));
}

/** Makes a store of any version ready for the queries of this one, which only read; gives its version, 0: it is empty. */
export async function prepareToRead(session: DuckdbSession, path: string): Promise<number> {
  const version = await readSchemaVersion(session, path);
  if (version === 1) for (const view of VIEWS_OF_VERSION_1) await session.run(view);
  return version;
}

/** Makes or updates the tables, all of it or nothing. */
export async function migrate(session: DuckdbSession, path: string): Promise<void> {
  await session.run('BEGIN TRANSACTION');
  const version = await readSchemaVersion(session, path);
  if (version === SCHEMA_VERSION) {
    await session.run('COMMIT');
    return;
  }
  for (const statements of MIGRATIONS.slice(version)) {
    for (const statement of statements) {
      await session.run(statement);
      failPoint('migrate.statement');
    }
  }
  if (version === 0) await session.run(`INSERT INTO store_info VALUES (?, 'mapipe')`, [SCHEMA_VERSION]);
  else await session.run(`UPDATE store_info SET schema_version = ?`, [SCHEMA_VERSION]);
  failPoint('migrate.before-commit');
  await session.run('COMMIT');
  failPoint('migrate.committed');
}
