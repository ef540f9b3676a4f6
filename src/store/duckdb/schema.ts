/**
 * The tables of a store and their versions. Version 1 is the first; a change appends a migration, never edits one.
 *
 * Since version 2 events lie in two tables: in `plain_events` those that have nothing but what most events have, in
 * `detailed_events` the others. To the engine a column costs as much where it is empty. `all_events` shows both.
 */
import { TEXT_FIELDS, type TextField } from '../../event/event.js';

export const SCHEMA_VERSION = 2;

export const EVENT_TABLES = ['plain_events', 'detailed_events'] as const;

/** The fields that `plain_events` does without. */
export const DETAIL_FIELDS = [
  'term',
  'click_id',
  'click_id_kind',
  'order_id',
  'event_id',
] as const satisfies TextField[];

export const PLAIN_FIELDS = TEXT_FIELDS.filter((field) => !DETAIL_FIELDS.some((detail) => detail === field));

/** The fields that most events have. */
const OF_MOST_EVENTS: ReadonlySet<TextField> = new Set([
  'campaign_id',
  'user_id',
  'source',
  'medium',
  'ad_id',
]);

/** Statements that bring a store from the version before to each version, `MIGRATIONS[0]` making version 1. */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE store_info (schema_version INTEGER NOT NULL, created_by VARCHAR NOT NULL)`,
    // Every distinct text once, under the first 64 bits of its MurmurHash3 x86_128: no two processes need to agree on
    // a numbering. Key 0 stands for no text and has no row.
    `CREATE TABLE texts (key UBIGINT NOT NULL, text VARCHAR NOT NULL)`,
    // No primary key and no index: rows go in through the appender, and duplicates are found by joining. The engine is
    // told how to compress, as trying all its ways takes longer than the writing: keys are hashes, in which there is
    // nothing to compress but that a column may be empty for long.
    `CREATE TABLE event_data (
       type UTINYINT NOT NULL USING COMPRESSION bitpacking,
       timestamp TIMESTAMP NOT NULL USING COMPRESSION bitpacking,
       amount_micros BIGINT NOT NULL USING COMPRESSION bitpacking,
       provisional_key UBIGINT NOT NULL USING COMPRESSION rle,
       ${TEXT_FIELDS.map((field) => `${field}_key UBIGINT NOT NULL USING COMPRESSION ${OF_MOST_EVENTS.has(field) ? 'uncompressed' : 'rle'}`).join(',\n       ')}
     )`,
    `CREATE TABLE checkpoints (
       run_id VARCHAR NOT NULL, input_number INTEGER NOT NULL, name VARCHAR NOT NULL, source VARCHAR,
       device UBIGINT, inode UBIGINT,
       head_length INTEGER NOT NULL, head_hash VARCHAR NOT NULL,
       tail_length INTEGER NOT NULL, tail_hash VARCHAR NOT NULL,
       "offset" BIGINT NOT NULL, lines BIGINT NOT NULL,
       open_offset BIGINT, provisional_key UBIGINT NOT NULL, rereads BOOLEAN NOT NULL,
       committed_at TIMESTAMP NOT NULL
     )`,
    eventsView('event_data'),
  ],
  [
    `ALTER TABLE event_data RENAME TO detailed_events`,
    `CREATE TABLE plain_events (
       type UTINYINT NOT NULL USING COMPRESSION bitpacking,
       timestamp TIMESTAMP NOT NULL USING COMPRESSION bitpacking,
       amount_micros BIGINT NOT NULL USING COMPRESSION bitpacking,
       ${PLAIN_FIELDS.map((field) => `${field}_key UBIGINT NOT NULL USING COMPRESSION ${OF_MOST_EVENTS.has(field) ? 'uncompressed' : 'rle'}`).join(',\n       ')}
     )`,
    // A row of either table is known by its id.
    `CREATE VIEW all_events AS
     SELECT rowid AS id, type, timestamp, amount_micros, 0::UBIGINT AS provisional_key, ${TEXT_FIELDS.map((field) => (PLAIN_FIELDS.includes(field) ? `${field}_key` : `0::UBIGINT AS ${field}_key`)).join(', ')}
     FROM plain_events
     UNION ALL
     SELECT rowid + ${2n ** 62n}, type, timestamp, amount_micros, provisional_key, ${TEXT_FIELDS.map((field) => `${field}_key`).join(', ')}
     FROM detailed_events`,
    `DROP VIEW events`,
    eventsView('all_events'),
    // Most texts are short, and each is there once: to look for what they have in common takes longer than to write them.
    `ALTER TABLE texts RENAME TO compressed_texts`,
    `CREATE TABLE texts (
       key UBIGINT NOT NULL USING COMPRESSION uncompressed,
       text VARCHAR NOT NULL USING COMPRESSION uncompressed
     )`,
    `INSERT INTO texts FROM compressed_texts`,
    `DROP TABLE compressed_texts`,
  ],
];

/** What makes a store of version 1 look like one of version 2 to whoever only reads it. */
export const VIEWS_OF_VERSION_1 = [
  `CREATE TEMP VIEW plain_events AS FROM event_data WHERE false`,
  `CREATE TEMP VIEW detailed_events AS FROM event_data`,
  `CREATE TEMP VIEW all_events AS SELECT rowid AS id, * FROM event_data`,
];

/** For people: names instead of keys. */
function eventsView(table: string): string {
  return `CREATE VIEW events AS
     SELECT CASE e.type WHEN 0 THEN 'click' WHEN 1 THEN 'conversion' WHEN 2 THEN 'refund' END AS type,
            e.timestamp,
            CASE WHEN e.type > 0 THEN CAST(e.amount_micros * 0.000001 AS DECIMAL(25, 6)) END AS amount,
            ${TEXT_FIELDS.map((field) => `${field}_text.text AS ${field}`).join(',\n            ')}
     FROM ${table} AS e
     ${TEXT_FIELDS.map((field) => `LEFT JOIN texts AS ${field}_text ON ${field}_text.key = e.${field}_key`).join('\n     ')}`;
}
