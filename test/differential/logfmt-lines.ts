/** logfmt as programs write it: pairs in an order of the log's own, quoted where they must be, and now and then not. */
import { namesOf } from '../../src/event/field-aliases.js';
import { FIELD_NAMES } from '../../src/event/raw-event.js';
import type { Random } from '../../scripts/random.mjs';
import type { LineMaker } from './ndjson-lines.js';
import { unknownText, valueOf, type Temper } from './values.js';

const OFTEN_ABSENT: readonly string[] = ['term', 'click_id', 'click_id_kind', 'order_id', 'event_id'];

export function logfmtLines(random: Random, temper: Temper): LineMaker {
  const fields = FIELD_NAMES.filter((field) => random.chance(OFTEN_ABSENT.includes(field) ? 0.4 : 0.95));
  const pairs = fields.map((field) => {
    const name = random.chance(0.8) ? field : random.pick(namesOf(field));
    return () => `${name}=${written(valueOf(field, random, temper).text, random, temper)}`;
  });
  const others = ['level=info', 'msg', 'empty=', '__proto__=x'];
  if (random.chance(0.3)) pairs.push(() => `note=${written(unknownText(random), random, temper)}`);
  return () => {
    const parts = pairs.filter(() => random.chance(0.97)).map((pair) => pair());
    if (random.chance(temper.odd)) parts.splice(random.integer(0, parts.length), 0, random.pick(others));
    return parts.join(random.chance(temper.odd) ? random.pick(['  ', '\t', ' \t ']) : ' ');
  };
}

function written(text: string, random: Random, temper: Temper): string {
  if (random.chance(temper.nasty)) return random.pick([text, `"${text}`, `"${text}"x`, `${text}"`]);
  if (text !== '' && !/[\s"=\\]/.test(text) && !random.chance(0.05)) return text;
  const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${escaped.replaceAll('\t', random.chance(0.5) ? '\\t' : '\t')}"`;
}
