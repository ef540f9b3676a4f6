/** Whether the dictionary of a store has each text that events name, and once. */
import { TEXT_FIELDS, type TextField } from '../../event/event.js';
import type { Finding } from '../examination.js';
import { found, passesFor, sums } from './count-faults.js';
import type { DuckdbSession } from './engine.js';

export async function examineTexts(
  session: DuckdbSession,
): Promise<{ readonly count: number; readonly findings: Finding[] }> {
  const [count = 0] = await sums(session, 1, () => `SELECT count(*) FROM texts`);
  const [distinct = 0] = await sums(
    session,
    passesFor(count),
    (part) => `SELECT count(*) FROM (SELECT DISTINCT key FROM texts WHERE ${part('key')})`,
  );
  return {
    count,
    findings: found(count - distinct, 'text_twice', (n) => `${n} too many, as two have one key`, 'text'),
  };
}

/** Of each field: how many different texts events name, and how many of those are not there. */
export async function examineKeys(
  session: DuckdbSession,
  textCount: number,
): Promise<{ readonly distinct: ReadonlyMap<TextField, number>; readonly findings: Finding[] }> {
  const distinct = new Map<TextField, number>();
  const missing: [TextField, number][] = [];
  for (const field of TEXT_FIELDS) {
    const [keys = 0, without = 0] = await sums(
      session,
      passesFor(textCount),
      (
        part,
      ) => `SELECT count(*), count(*) FILTER (WHERE key NOT IN (SELECT key FROM texts WHERE ${part('key')}))
         FROM (SELECT DISTINCT ${field}_key AS key FROM all_events WHERE ${field}_key <> 0 AND ${part(`${field}_key`)})`,
    );
    distinct.set(field, keys);
    if (without > 0) missing.push([field, without]);
  }
  const perField = missing.map(([field, n]) => `${n} of ${field}`).join(', ');
  const total = missing.reduce((sum, [, n]) => sum + n, 0);
  return {
    distinct,
    findings: found(
      total,
      'text_missing',
      (n) => `${n} not there, though events name them: ${perField}`,
      'text',
    ),
  };
}
