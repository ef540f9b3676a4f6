/** Whether each event is there once, is one that could have been accepted, and is of an input that is known. */
import { EVENT_TYPES } from '../../event/event.js';
import type { Finding } from '../examination.js';
import { found, named, passesFor, sums } from './count-faults.js';
import type { DuckdbSession } from './engine.js';

/** Two events that are one: events of one `event_id`, or of one type and `order_id`. */
export async function examineIdentities(session: DuckdbSession): Promise<Finding[]> {
  const [identified = 0] = await sums(session, 1, () => `SELECT count(*) FROM detailed_events`);
  const tooMany = (columns: string, key: string) =>
    sums(
      session,
      passesFor(identified),
      (part) => `SELECT coalesce(sum(n - 1), 0) FROM (
         SELECT count(*) AS n FROM detailed_events WHERE ${key} <> 0 AND ${part(key)} GROUP BY ${columns} HAVING count(*) > 1)`,
    );
  const [byEventId = 0] = await tooMany('event_id_key', 'event_id_key');
  const [byOrder = 0] = await tooMany('type, order_id_key', 'order_id_key');
  const by = [...named(byEventId, 'by event_id'), ...named(byOrder, 'by type and order_id')].join(', ');
  return found(byEventId + byOrder, 'event_twice', (n) => `${n} counted twice: ${by}`, 'event');
}

export async function examineEvents(session: DuckdbSession): Promise<Finding[]> {
  const faults = {
    'of an unknown type': `type >= ${EVENT_TYPES.length}`,
    'with a negative amount': `amount_micros < 0`,
    'clicks with an amount': `type = 0 AND amount_micros <> 0`,
    'without a user': `user_id_key = 0`,
    'with money but no currency': `type <> 0 AND currency_key = 0`,
    'at no possible time': `NOT isfinite(timestamp) OR year(timestamp) NOT BETWEEN 0 AND 10000`,
  };
  const counts = await sums(
    session,
    1,
    () =>
      `SELECT ${Object.values(faults)
        .map((fault) => `count(*) FILTER (WHERE ${fault})`)
        .join(', ')},
              count(*) FILTER (WHERE ${Object.values(faults)
                .map((fault) => `(${fault})`)
                .join(' OR ')}) FROM all_events`,
  );
  const which = Object.keys(faults).flatMap((name, i) => named(counts[i] ?? 0, name));
  const [unknown = 0] = await sums(
    session,
    1,
    () => `SELECT count(*) FROM detailed_events
           WHERE provisional_key <> 0 AND provisional_key NOT IN (SELECT provisional_key FROM checkpoints)`,
  );
  return [
    ...found(counts.at(-1) ?? 0, 'event_invalid', (n) => `${n} not possible: ${which.join(', ')}`, 'event'),
    ...found(
      unknown,
      'open_event_unknown',
      (n) => `${n} of a last line that may grow, but of no input that is known`,
      'event',
    ),
  ];
}
