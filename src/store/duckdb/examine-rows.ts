/** Whether the rows of a store say together what they should, and what they hold. */
import { EVENT_TYPES } from '../../event/event.js';
import type { Finding, StoreContents } from '../examination.js';
import type { DuckdbSession } from './engine.js';
import { examineCheckpoints } from './examine-checkpoints.js';
import { examineEvents, examineIdentities } from './examine-events.js';
import { examineKeys, examineTexts } from './examine-texts.js';

export interface RowsExamination {
  readonly findings: readonly Finding[];
  readonly contents: StoreContents;
}

export async function examineRows(session: DuckdbSession): Promise<RowsExamination> {
  const texts = await examineTexts(session);
  const keys = await examineKeys(session, texts.count);
  return {
    findings: [
      ...keys.findings,
      ...texts.findings,
      ...(await examineIdentities(session)),
      ...(await examineEvents(session)),
      ...(await examineCheckpoints(session)),
    ],
    contents: {
      ...(await readTotals(session)),
      campaigns: keys.distinct.get('campaign_id') ?? 0,
      users: keys.distinct.get('user_id') ?? 0,
      texts: texts.count,
      currencies: await readCurrencies(session),
    },
  };
}

async function readTotals(
  session: DuckdbSession,
): Promise<Pick<StoreContents, 'events' | 'firstEventMicros' | 'lastEventMicros'>> {
  const rows = await session.rows(`SELECT type, count(*) FROM all_events GROUP BY type`);
  const counts = new Map(rows.map(([type, count]) => [Number(type), Number(count)]));
  const [span = []] = await session.rows(
    `SELECT epoch_us(min(timestamp)), epoch_us(max(timestamp)) FROM all_events WHERE isfinite(timestamp)`,
  );
  const [first, last] = span;
  return {
    events: new Map(EVENT_TYPES.map((type, i) => [type, counts.get(i) ?? 0])),
    firstEventMicros: typeof first === 'bigint' ? first : null,
    lastEventMicros: typeof last === 'bigint' ? last : null,
  };
}

async function readCurrencies(session: DuckdbSession): Promise<string[]> {
  const rows = await session.rows(
    `SELECT DISTINCT text FROM texts WHERE key IN (SELECT DISTINCT currency_key FROM all_events) ORDER BY text`,
  );
  return rows.map(([text]) => String(text));
}
