/** JSON lines as programs write them: each log has a few shapes, and its lines are of one of them. */
import { CLICK_ID_KINDS } from '../../src/event/campaign-parameters.js';
import { namesOf } from '../../src/event/field-aliases.js';
import type { FieldName } from '../../src/event/raw-event.js';
import type { Random } from '../../scripts/random.mjs';
import { unknownText, valueOf, type Temper, type Value } from './values.js';

export type LineMaker = () => string;

/** A member of a shape: its name as JSON, and how its value is drawn. */
interface Member {
  readonly name: string;
  readonly draw: () => string;
}

interface Blanks {
  readonly open: string;
  readonly colon: string;
  readonly comma: string;
  readonly close: string;
}

const PLAIN: Blanks = { open: '', colon: ':', comma: ',', close: '' };
const BLANKS: readonly Blanks[] = [
  PLAIN,
  PLAIN,
  { open: '', colon: ': ', comma: ', ', close: '' },
  { open: ' ', colon: ' : ', comma: ' , ', close: ' ' },
  { open: '\t', colon: ':\t', comma: ',\t', close: '\t ' },
  { open: '', colon: ':', comma: ', ', close: '   ' },
  { open: '', colon: ':\r', comma: ',', close: '' },
];

const CLICK_FIELDS: readonly FieldName[] = [
  ...(['type', 'timestamp', 'campaign_id', 'user_id', 'source', 'medium', 'ad_id', 'term'] as const),
  ...(['click_id', 'click_id_kind', 'event_id', 'product'] as const),
];
const SALE_FIELDS: readonly FieldName[] = [
  ...(['type', 'timestamp', 'campaign_id', 'user_id', 'amount', 'currency', 'product'] as const),
  ...(['order_id', 'event_id'] as const),
];
const NEEDED = new Set<FieldName>(['type', 'timestamp', 'campaign_id', 'user_id', 'amount']);

/** Makes lines of a few shapes of its own. */
export function ndjsonLines(random: Random, temper: Temper): LineMaker {
  const shapes = Array.from({ length: random.integer(1, 9) }, () => shapeOf(random, temper));
  return () => random.pick(shapes)();
}

function shapeOf(random: Random, temper: Temper): LineMaker {
  switch (random.weightedIndex([10, 1, 1, 1])) {
    case 1:
      return ga4(random, temper);
    case 2:
      return segment(random, temper);
    case 3:
      return shopify(random, temper);
    default:
      return flat(random, temper);
  }
}

function flat(random: Random, temper: Temper): LineMaker {
  const fields = random.chance(0.6) ? CLICK_FIELDS : SALE_FIELDS;
  const members: Member[] = [];
  const usesAliases = random.chance(0.4);
  for (const field of fields) {
    if (!random.chance(NEEDED.has(field) ? 0.93 : 0.45)) continue;
    const names = namesOf(field);
    members.push(memberOf(usesAliases ? random.pick(names) : names[0], field, random, temper));
    // A second name of the same field, or the same name again.
    if (random.chance(0.04)) members.push(memberOf(random.pick(names), field, random, temper));
  }
  while (random.chance(0.2))
    members.push(memberOf(random.pick([...CLICK_ID_KINDS.keys()]), 'click_id', random, temper));
  while (random.chance(0.35)) members.push(unknownMember(random));
  if (random.chance(0.4)) members.sort(() => random.fraction() - 0.5);
  return objectOf(members, random, temper);
}

function memberOf(name: string | undefined, field: FieldName, random: Random, temper: Temper): Member {
  const style = random.integer(0, 9);
  // A program that writes a field as a number, or never, does so in each line; what is odd is odd in some.
  return { name: JSON.stringify(name), draw: () => jsonOf(valueOf(field, random, temper), style, random) };
}

/** A value as JSON text, in one of the ways in which programs escape. */
function jsonOf({ text, bare }: Value, style: number, random: Random): string {
  if (bare) return text;
  if (style === 0 && random.chance(0.5)) return asciiOnly(JSON.stringify(text));
  if (style === 1 && random.chance(0.2)) return JSON.stringify(text).replaceAll('/', '\\/');
  if (style === 2 && random.chance(0.1)) return JSON.stringify(text).replace(/[a-z]/, escaped);
  return JSON.stringify(text);
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

// eslint-disable-next-line no-control-regex -- all that is not ASCII is meant.
const asciiOnly = (json: string): string => json.replace(/[^\x00-\x7f]/g, escaped);

const UNKNOWN_NAMES = [
  ...[
    'ip',
    'user_agent',
    'referrer',
    'session',
    'page',
    'x',
    '',
    '__proto__',
    'TYPE',
    'User_id',
    'event.name',
    'été',
  ],
  ...[
    'properties',
    'context',
    'a_name_that_is_longer_than_the_gap_the_kernel_remembers',
    'line\u2028separator',
  ],
];

function unknownMember(random: Random): Member {
  const name = JSON.stringify(random.pick(UNKNOWN_NAMES));
  const kind = random.integer(0, 7);
  return {
    name: kind === 7 && name.length > 2 ? `"${escaped(name.charAt(1))}${name.slice(2)}` : name,
    draw: () => {
      if (kind < 3) return JSON.stringify(unknownText(random));
      if (kind < 5)
        return random.pick(['0', '1.5e-3', 'true', 'null', '-12', '"\\ud83c\\udf89"', '"\\ud800"', '"\\x"']);
      return nested(random, random.integer(0, 4));
    },
  };
}

function nested(random: Random, depth: number): string {
  if (depth === 0)
    return random.pick([
      '1',
      '"x"',
      '{}',
      '[]',
      'null',
      '[ ]',
      '{ }',
      '"}"',
      '"\\"]"',
      '-0.5E+3',
      '[1,]',
      '{,}',
    ]);
  const inner = nested(random, depth - 1);
  switch (random.integer(0, 4)) {
    case 0:
      return `[${inner}]`;
    case 1:
      return `[ ${inner} , ${nested(random, depth - 1)}\t]`;
    case 2:
      return `{"user_id":${inner}}`;
    case 3:
      return `{ "a" : ${inner} , "\\u0062":"${random.chance(0.5) ? 'é' : '{'}" }`;
    default:
      return `[[${inner}],{"k":${inner}}]`;
  }
}

function objectOf(members: readonly Member[], random: Random, temper: Temper): LineMaker {
  const { open, colon, comma, close } = random.pick(BLANKS);
  const drops = temper.odd / 4;
  return () => {
    const written = members
      .filter(() => !random.chance(drops))
      .map(({ name, draw }) => `${name}${colon}${draw()}`);
    return `{${open}${written.join(comma)}${close}}`;
  };
}

function known(name: string, field: FieldName, random: Random, temper: Temper): Member {
  return memberOf(name, field, random, temper);
}

function fixed(name: string, draw: () => string): Member {
  return { name: JSON.stringify(name), draw };
}

function ga4(random: Random, temper: Temper): LineMaker {
  const members = [
    fixed(random.pick(['event_name', 'event', 'type']), () =>
      random.pick(['"purchase"', '"purchase"', '"refund"', '"page_view"', '"Purchase"']),
    ),
    known(random.pick(['client_id', 'user_id']), 'user_id', random, temper),
    known('value', 'amount', random, temper),
    known('currency', 'currency', random, temper),
    known('transaction_id', 'order_id', random, temper),
    known(random.pick(['ts', 'created_at']), 'timestamp', random, temper),
    // What a purchase of GA4 says under other names does not go before its own.
    ...(random.chance(0.3)
      ? [known(random.pick(['amount', 'revenue', 'price']), 'amount', random, temper)]
      : []),
    ...(random.chance(0.3) ? [known(random.pick(['order_id', 'orderId']), 'order_id', random, temper)] : []),
    ...(random.chance(0.4) ? [known('campaign_id', 'campaign_id', random, temper)] : []),
  ];
  if (random.chance(0.5)) members.reverse();
  return objectOf(members, random, temper);
}

function segment(random: Random, temper: Temper): LineMaker {
  const isEnvelope = random.chance(0.7);
  const inner = objectOf(
    [
      known('order_id', 'order_id', random, temper),
      known(random.pick(['revenue', 'total']), 'amount', random, temper),
      known('currency', 'currency', random, temper),
    ],
    random,
    temper,
  );
  return objectOf(
    [
      ...(isEnvelope ? [fixed('type', () => '"track"')] : []),
      fixed('event', () =>
        random.pick(['"Order Completed"', '"Order Refunded"', '"Product Viewed"', '"order completed"']),
      ),
      known(random.pick(['userId', 'anonymousId']), 'user_id', random, temper),
      fixed('properties', inner),
      known('timestamp', 'timestamp', random, temper),
    ],
    random,
    temper,
  );
}

function shopify(random: Random, temper: Temper): LineMaker {
  const amount = known('amount', 'amount', random, temper);
  const order = known('id', 'order_id', random, temper);
  const currency = known('currencyCode', 'currency', random, temper);
  return objectOf(
    [
      fixed(random.pick(['name', 'event', 'type']), () => '"checkout_completed"'),
      known('customer_id', 'user_id', random, temper),
      known('time', 'timestamp', random, temper),
      fixed(
        'checkout',
        () =>
          `{"order":{"id":${order.draw()}},"totalPrice":{"amount":${amount.draw()}},"currencyCode":${currency.draw()}}`,
      ),
    ],
    random,
    temper,
  );
}
