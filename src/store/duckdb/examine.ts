/** Looks a store file over, and only looks: whether all of it can be read, whether it says what it should, what it holds. */
import { MapipeError } from '../../errors.js';
import type { Checkpoint } from '../checkpoint.js';
import type { Finding, StoreContents, StoreExamination } from '../examination.js';
import { FINDINGS } from '../examination.js';
import { readCheckpoints } from './checkpoint-table.js';
import type { DuckdbSession } from './engine.js';
import { examineFiles, requireFile } from './examine-files.js';
import { examineRows } from './examine-rows.js';
import { prepareToRead } from './migrate.js';
import { SCHEMA_VERSION } from './schema.js';
import { isFatal, isOutOfMemory, messageOf, toStoreError } from './store-errors.js';

const RESTORE =
  'put a backup in its place, or ingest the logs into a new store: what can be read is not to be relied on';

type WithSession = <T>(work: (session: DuckdbSession) => Promise<T>) => Promise<T>;

interface ContentExamination {
  readonly engine: string | null;
  readonly schemaVersion: number | null;
  readonly findings: readonly Finding[];
  readonly contents: StoreContents | null;
  readonly checkpoints: readonly Checkpoint[];
}

/** `withSession` opens the file to be read, and closes it. Throws where it is busy, missing or of a newer version. */
export async function examineFile(path: string, withSession: WithSession): Promise<StoreExamination> {
  requireFile(path);
  const { content, files } = await withSession(async (session) => {
    const content = await examineContent(session, path);
    return { content, files: await examineFiles(path) };
  }).catch(async (error: unknown) => {
    const content = unreadable(error, path);
    return { content, files: await examineFiles(path) };
  });
  // Who has access to somebody else's file is not for mapipe to say.
  const isStore = content.findings.every(({ code }) => code !== 'not_a_store');
  const findings = isStore ? [...content.findings, ...files.findings] : [...content.findings];
  return {
    ...content,
    ...files,
    currentSchemaVersion: SCHEMA_VERSION,
    findings: findings.sort((a, b) => severity(a) - severity(b)),
  };
}

function severity({ code }: Finding): number {
  return FINDINGS[code] === 'problem' ? 0 : 1;
}

async function examineContent(session: DuckdbSession, path: string): Promise<ContentExamination> {
  const [versions = []] = await session.rows(`SELECT version()`);
  const engine = `DuckDB ${String(versions[0])}`;
  const schemaVersion = await prepareToRead(session, path);
  const unreadTables = await readEverything(session, path);
  if (schemaVersion === 0 || unreadTables.length > 0) {
    const contents = schemaVersion === 0 && unreadTables.length === 0 ? NOTHING : null;
    return { engine, schemaVersion, findings: unreadTables, contents, checkpoints: [] };
  }
  return {
    engine,
    schemaVersion,
    ...(await examineRows(session)),
    checkpoints: await readCheckpoints(session),
  };
}

const NOTHING: StoreContents = {
  events: new Map(),
  firstEventMicros: null,
  lastEventMicros: null,
  campaigns: 0,
  users: 0,
  texts: 0,
  currencies: [],
};

/** Reads every column of every table: the engine compares each block with its checksum. */
async function readEverything(session: DuckdbSession, path: string): Promise<Finding[]> {
  const tables = await session.rows(
    `SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY table_name`,
  );
  const findings: Finding[] = [];
  for (const [name] of tables) {
    const table = String(name);
    try {
      // Something that needs all of it.
      await session.rows(`SELECT bit_xor(hash(t))::VARCHAR FROM "${table.replaceAll('"', '""')}" AS t`);
    } catch (error) {
      const known = toStoreError(error, path);
      if (!(known instanceof MapipeError) || isOutOfMemory(error)) throw known;
      findings.push({
        code: 'unreadable',
        message: `the table ${table} cannot be read: ${reasonOf(known, path)}`,
        hint: RESTORE,
      });
      // The engine answers nothing more.
      if (isFatal(error)) break;
    }
  }
  return findings;
}

/** What is wrong with a file that the engine does not take; throws on what says nothing about its state. */
function unreadable(error: unknown, path: string): ContentExamination {
  if (!(error instanceof MapipeError) || isOutOfMemory(error.cause)) throw error;
  const nothing = { engine: null, schemaVersion: null, contents: null, checkpoints: [] };
  if (error.code === 'MAPIPE_STORE_NOT_A_STORE') {
    const hint = error.hint ?? RESTORE;
    return { ...nothing, findings: [{ code: 'not_a_store', message: error.message, hint }] };
  }
  if (error.code !== 'MAPIPE_STORE_FAILED' && error.code !== 'MAPIPE_STORE_DAMAGED') throw error;
  const reason = reasonOf(error, path);
  const code = reason.includes('WAL file') ? 'log_damaged' : 'unreadable';
  const what = code === 'log_damaged' ? 'the log beside the store' : 'the store';
  return {
    ...nothing,
    findings: [{ code, message: `${what} cannot be read: ${reason}`, hint: RESTORE }],
  };
}

/** The engine's own words, where it is the engine that complains. */
function reasonOf(error: MapipeError, path: string): string {
  const words = error.cause === undefined ? error.message : messageOf(error.cause);
  return (words.split('\n')[0] ?? words)
    .replace(`the store ${path} failed: `, '')
    .replace(/^\w+ Error: /, '');
}
