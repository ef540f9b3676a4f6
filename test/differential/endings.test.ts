/**
 * What the kernel takes for granted of JSON lines that are like others, and what it does where they are not: endings
 * that come again, names of types within what is written between values, values as long as usual.
 */
import { expect, it } from 'vitest';
import { createRandom, type Random } from '../../scripts/random.mjs';
import { decodeByKernel, differenceOf, wholeCase, type Case } from './decode-both.js';

const ENDINGS: readonly string[] = [
  '"source":"google","medium":"cpc","ad_id":"ad_1"}',
  '"source":"google","medium":"cpc","ad_id":"ad_2"}',
  '"source":"google","medium":"","ad_id":"ad_2"}',
  '"source":"newsletter","medium":"email"}',
  '"source":"bing","medium":"cpc","term":"running shoes"}',
  // The line feed is the 63rd, the 64th and the 65th byte from the value of the source on.
  '"source":"f","medium":"m","ad_id":"123456789012345678901234567"}',
  '"source":"f","medium":"m","ad_id":"1234567890123456789012345678"}',
  '"source":"f","medium":"m","ad_id":"12345678901234567890123456789"}',
  '"source":"f","medium":"m","ad_id":"12345678901234567890123456789x"}',
];

function caseOf(lines: readonly string[], cutSeed = 0): Case {
  return wholeCase('ndjson', Buffer.from(`${lines.join('\n')}\n`), { cutSeed });
}

const timeOf = (number: number): string => new Date(1_780_000_000_000 + number * 997).toISOString();

function click(random: Random, number: number, ending = random.pick(ENDINGS)): string {
  const user = `u${random.integer(0, random.chance(0.1) ? 9 : 99_999)}`;
  return `{"type":"click","timestamp":"${timeOf(number)}","campaign_id":"c${random.integer(1, 9)}","user_id":"${user}",${ending}`;
}

/** Lines that begin, or end, as others do, but are something else. */
const ODD: readonly ((random: Random, number: number) => string)[] = [
  (random, number) => click(random, number).replace('"click"', '"conversion"'),
  (random, number) => click(random, number).replace('"click"', '"page_view"'),
  (random, number) => click(random, number).replace('"click"', '"refund"'),
  (random, number) => click(random, number).replace('"click"', '"Click"'),
  (random, number) => click(random, number).replace('"click"', '""'),
  (random, number) => click(random, number).replace('"type":"click",', ''),
  (random, number) => click(random, number).replace(/"campaign_id":"[^"]*",/, ''),
  (random, number) => click(random, number).replace(/"user_id":"[^"]*"/, '"user_id":""'),
  (random, number) => click(random, number).replace(/"user_id":"[^"]*"/, '"user_id":"\\u0075é"'),
  (random, number) => click(random, number).replace(/"timestamp":"[^"]*"/, '"timestamp":"2026-06-01"'),
  (random, number) => click(random, number).replace(/"timestamp":"[^"]*"/, '"timestamp":"yesterday"'),
  (random, number) => click(random, number).replace('"medium":', '"medium" :'),
  (random, number) => click(random, number).replace(/}$/, ' }'),
  (random, number) => click(random, number).replace(/}$/, '}\r'),
  (random, number) => click(random, number).replace(/}$/, ''),
  (random, number) => click(random, number).replace(/}$/, ',"source":"twice"}'),
  (random, number) => click(random, number).replace(/}$/, ',"type":"conversion","amount":1.5}'),
  (random, number) => click(random, number).replace(/}$/, ',"product":"hat"}'),
  (random, number) => click(random, number).replace(/}$/, ',"click_id":"x1"}'),
  (random, number) => click(random, number).replace(/}$/, ',"term":5}'),
  (random, number) => click(random, number).replace('google', 'go\tgle'),
  (random, number) => click(random, number).replace('google', 'gööle'),
  (random, number) =>
    click(random, number).replace('{"type":"click",', '{').replace(/}$/, ',"type":"click"}'),
  (random, number) =>
    `{"type":"refund","timestamp":"${timeOf(number)}","user_id":"u1",${random.pick(ENDINGS)}`,
  (random, number) =>
    `{"user_id":"u1","type":"click","campaign_id":"c1","timestamp":"${timeOf(number)}",${random.pick(ENDINGS)}`,
  (random, number) =>
    `{"type":"conversion","timestamp":"${timeOf(number)}","campaign_id":"c1","user_id":"u1","amount":9.99,${random.pick(ENDINGS)}`,
];

it.each([1, 2, 3, 4, 5, 6])('lines that are nearly like others mean what they say, seed %i', async (seed) => {
  const random = createRandom(seed);
  const share = random.pick([0.002, 0.02, 0.2]);
  const odd = random.chance(0.5) ? ODD : [random.pick(ODD), random.pick(ODD)];
  const lines = Array.from({ length: 20_000 }, (_, number) =>
    random.chance(share) ? random.pick(odd)(random, number) : click(random, number),
  );
  expect(await differenceOf(caseOf(lines, seed))).toBeNull();
});

it('endings are not taken for others when their texts have got other codes', async () => {
  const random = createRandom(7);
  // So many campaigns that dictionaries forget what they hold, and more ads than they always keep before those that come again.
  const lines = Array.from({ length: 130_000 }, (_, number) => {
    const ad = number < 3_000 || number % 50 === 0 ? `ad_${number}` : `top_${random.integer(1, 9)}`;
    const ending = `"source":"google","medium":"cpc","ad_id":"${ad}"}`;
    return click(random, number, ending).replace('"campaign_id":"c', `"campaign_id":"n${number}-`);
  });
  expect(await differenceOf(caseOf(lines))).toBeNull();
});

it('endings that do not come again are looked at like all else', async () => {
  const random = createRandom(8);
  const lines = Array.from({ length: 45_000 }, (_, number) =>
    click(
      random,
      number,
      number < 40_000 ? `"source":"google","medium":"cpc","ad_id":"ad_${number}"}` : undefined,
    ),
  );
  expect(await differenceOf(caseOf(lines))).toBeNull();
});

it('a gap is known by its last bytes, too', async () => {
  const lines = Array.from({ length: 2_000 }, (_, number) => {
    // The names differ in the 33rd byte of the line.
    const name = number % 3 === 0 ? 'timestamq' : 'timestamp';
    return `{"type": "conversion", "${name}": "${timeOf(number)}", "user_id": "u${number}", "amount": 1}`;
  });
  expect(await differenceOf(caseOf(lines))).toBeNull();
});

it('a value that is shorter than usual ends where it ends', async () => {
  const lines = Array.from({ length: 3_000 }, (_, number) =>
    number % 100 === 99
      ? '{"campaign_id":"c","user_id":"","z":"","z":"1","type":"click"}'
      : '{"campaign_id":"c","user_id":"aaaaaaa","z":"1","type":"click"}',
  );
  expect(await differenceOf(caseOf(lines))).toBeNull();
});

it('the names of types have all kinds of lengths, and come in any order', async () => {
  const random = createRandom(9);
  const types = [
    'click',
    'conversion',
    'refund',
    'purchase',
    'page_view',
    'ad_click',
    'x'.repeat(40),
    'Order Completed',
  ];
  const names = ['type', 'event_type', 'event', 'event_name'];
  for (const name of names) {
    for (const blank of ['', ' ', ' '.repeat(12)]) {
      const lines = Array.from({ length: 3_000 }, (_, number) => {
        const type = number < 400 ? types[Math.floor(number / 50)] : random.pick(types);
        const rest = `"amount":${random.integer(1, 99)}.5,"user_id":"u${number}","ad_id":"a","term":"t"}`;
        return `{"${name}":${blank}"${type}","timestamp":${blank}"${timeOf(number)}","campaign_id":"c",${rest}`;
      });
      expect(await differenceOf(caseOf(lines)), `${name}, ${blank.length} blanks`).toBeNull();
      expect(await differenceOf(caseOf(lines.toReversed())), `${name}, ${blank.length} blanks`).toBeNull();
    }
  }
});

it('lines that end alike are all there', () => {
  const random = createRandom(10);
  const lines = Array.from({ length: 5_000 }, (_, number) => click(random, number, ENDINGS[number % 4]));
  const ads = new Map<string, number>();
  for (const { events } of decodeByKernel(caseOf(lines))) {
    const { codes, dictionary } = events.texts.ad_id;
    for (const code of codes.subarray(0, events.length)) {
      const text = code === 0 ? '' : dictionary.text(code);
      ads.set(text, (ads.get(text) ?? 0) + 1);
    }
  }
  expect(Object.fromEntries(ads)).toEqual({ ad_1: 1_250, ad_2: 2_500, '': 1_250 });
});
