/** Counts what is wrong, with bounded memory, and makes findings of it. */
import type { Finding, FindingCode } from '../examination.js';
import type { DuckdbSession } from './engine.js';

const FROM_LOGS = 'put the logs into a new store: mapipe ingest FILE --store OTHER';

/** So many keys are compared at once. */
const KEYS_AT_ONCE = 4_000_000;

/** In how many parts so many keys are to be looked at. */
export function passesFor(keys: number): number {
  return Math.max(1, Math.ceil(keys / KEYS_AT_ONCE));
}

/** Runs a query for one part of the keys after the other, and adds up what it counts. Keys are hashes: parts are even. */
export async function sums(
  session: DuckdbSession,
  passes: number,
  query: (part: (column: string) => string) => string,
): Promise<number[]> {
  const total: number[] = [];
  for (let pass = 0; pass < passes; pass++) {
    const [row = []] = await session.rows(
      query((column) => (passes === 1 ? 'true' : `${column} % ${passes} = ${pass}`)),
    );
    row.forEach((cell, i) => (total[i] = (total[i] ?? 0) + Number(cell)));
  }
  return total;
}

export function named(count: number, name: string): string[] {
  return count === 0 ? [] : [`${count} ${name}`];
}

/** The finding that `count` things are wrong; none where it is 0. */
export function found(
  count: number,
  code: FindingCode,
  message: (things: string) => string,
  noun: string,
  hint = FROM_LOGS,
): Finding[] {
  if (count === 0) return [];
  const things = `${count} ${noun}${count === 1 ? ' is' : 's are'}`;
  return [{ code, message: message(things), hint }];
}
