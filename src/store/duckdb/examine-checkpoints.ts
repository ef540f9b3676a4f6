/** Whether checkpoints say something possible, and the events are there that they speak of. */
import { FINGERPRINT_BYTES } from '../checkpoint.js';
import type { Finding } from '../examination.js';
import { found, sums } from './count-faults.js';
import type { DuckdbSession } from './engine.js';

export async function examineCheckpoints(session: DuckdbSession): Promise<Finding[]> {
  const [twice = 0] = await sums(
    session,
    1,
    () => `SELECT count(*) - count(DISTINCT (run_id, input_number)) FROM checkpoints`,
  );
  const [invalid = 0] = await sums(
    session,
    1,
    () => `SELECT count(*) FROM checkpoints
           WHERE "offset" < 0 OR lines < 0 OR input_number < 0
              OR head_length NOT BETWEEN 0 AND least("offset", ${FINGERPRINT_BYTES}) OR head_hash = ''
              OR tail_length NOT BETWEEN 0 AND least("offset", ${FINGERPRINT_BYTES}) OR tail_hash = ''
              OR open_offset NOT BETWEEN 0 AND "offset"`,
  );
  // An event is rightly gone where its line was read again: then another checkpoint lies further on in what may be the
  // same content (of a short head nobody can tell), or the line is to be read anew in any case.
  const [missing = 0] = await sums(
    session,
    1,
    () => `SELECT count(*) FROM checkpoints AS c
           WHERE c.provisional_key <> 0 AND NOT c.rereads
             AND c.provisional_key NOT IN (SELECT provisional_key FROM detailed_events)
             AND NOT EXISTS (FROM checkpoints AS later WHERE later."offset" > c."offset"
                             AND (later.head_hash = c.head_hash OR c.head_length < ${FINGERPRINT_BYTES}))`,
  );
  return [
    ...found(twice, 'checkpoint_twice', (n) => `${n} too many, as a run has one an input`, 'checkpoint'),
    ...found(invalid, 'checkpoint_invalid', (n) => `${n} of impossible figures`, 'checkpoint'),
    ...found(
      missing,
      'open_event_missing',
      (n) => `${n} without the event of a last line that had no end yet`,
      'input',
      'it stays missing if that line gets no more than its end: compare the report with the log',
    ),
  ];
}
