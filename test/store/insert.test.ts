/** Rows into the engine: few of them at once, many of them fetched by it. Both ways must write the same. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TextPacker } from '../../src/event/packed-texts.js';
import { DuckdbSession, type RowPart } from '../../src/store/duckdb/engine.js';
import { EMPTY } from '../../src/store/duckdb/vectors.js';
import { temporaryFolder } from '../support/cli.js';

const utf8 = new TextEncoder();
let session: DuckdbSession;

beforeEach(async () => {
  const options = { readOnly: false, memoryMiB: 64, threads: 1 };
  session = await DuckdbSession.open(join(temporaryFolder(), 's.duckdb'), options);
  await session.run(
    `CREATE TABLE t (small UTINYINT, key UBIGINT, coded UBIGINT, nothing UBIGINT, text VARCHAR)`,
  );
});

afterEach(() => {
  session.close();
});

/** A text of each length around that up to which the engine keeps it in one place, and what is no plain letter. */
function textOf(i: number): string {
  return `${'é\0"'.slice(0, i % 4)}${'abcdefghijklmnopqrstuvwxyz'.slice(0, i % 23)}${i % 5 === 0 ? '𝄞' : ''}`;
}

function part(first: number, count: number, isNothing: boolean): RowPart {
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  const texts = new TextPacker();
  for (const i of numbers) texts.add(utf8.encode(textOf(i)));
  const keys = BigUint64Array.from([0n, 2n ** 64n - 1n, 7n]);
  return {
    columns: [
      Uint8Array.from(numbers, (i) => i % 256),
      BigUint64Array.from(numbers, (i) => 2n ** 63n + BigInt(i)),
      { codes: Uint32Array.from(numbers, (i) => i % 3), keys },
      isNothing ? EMPTY : BigUint64Array.from(numbers, () => 5n),
      texts,
    ],
    count,
  };
}

describe('inserted rows', () => {
  it.each([
    ['few', [10, 0, 2_048, 3]],
    ['many', [30_720, 40_000, 1, 2_047]],
  ])('are there as they were given, if they are %s', async (_, counts) => {
    let first = 0;
    const parts = counts.map((count, i) => part((first += counts[i - 1] ?? 0), count, i % 2 === 0));
    const total = counts.reduce((sum, count) => sum + count, 0);
    await session.insert('t', parts);
    const rows = await session.rows(
      `SELECT small, key - 9223372036854775808::UBIGINT, coded, nothing, text FROM t ORDER BY key`,
    );
    expect(rows).toHaveLength(total);
    const ends = counts.map((__, i) => counts.slice(0, i + 1).reduce((sum, count) => sum + count, 0));
    for (const [i, row] of rows.entries()) {
      const isNothing = ends.findIndex((end) => i < end) % 2 === 0;
      const coded = [0n, 18_446_744_073_709_551_615n, 7n][i % 3];
      expect(row).toEqual([i % 256, BigInt(i), coded, isNothing ? 0n : 5n, textOf(i)]);
    }
  });

  it('can be many several times in one session, and leave nothing behind where they fail', async () => {
    await session.run('BEGIN TRANSACTION');
    await session.insert('t', [part(0, 70_000, true)]);
    await session.insert('t', [part(70_000, 70_000, true)]);
    await session.run('COMMIT');
    await session.run('CREATE TABLE strict (n UTINYINT NOT NULL CHECK (n < 200))');
    const [numbers = EMPTY] = part(0, 70_000, true).columns;
    await expect(session.insert('strict', [{ columns: [numbers], count: 70_000 }])).rejects.toThrow(/CHECK/);
    expect(await session.rows('SELECT count(*), min(length(text)) FROM t')).toEqual([[140_000n, 0n]]);
    expect(await session.rows('SELECT count(*) FROM strict')).toEqual([[0n]]);
  });
});
