/** Logs of any other kind, with JSON objects somewhere in their lines. */
import type { Random } from '../../scripts/random.mjs';
import { ndjsonLines, type LineMaker } from './ndjson-lines.js';
import { unknownText, type Temper } from './values.js';

export function textLines(random: Random, temper: Temper): LineMaker {
  const json = ndjsonLines(random, temper);
  const before = random.pick(['2026-06-01 12:00:00 INFO tracked ', '', '[worker 7] ', 'event: ', '{brace} ']);
  const after = random.pick(['', '', ' in 3 ms', ' }']);
  return () => {
    if (random.chance(0.1)) return `2026-06-01 12:00:00 DEBUG ${unknownText(random)}`;
    if (random.chance(temper.odd)) return `${before}${json()} ${json()}${after}`;
    return `${before}${json()}${after}`;
  };
}
