/** Faults that bytes come to on their way into a log, one line at a time. */
import type { Random } from '../../scripts/random.mjs';

const INSERTS: readonly Buffer[] = [
  '"',
  '\\',
  ',',
  ':',
  '{',
  '}',
  '[',
  ']',
  ' ',
  '\t',
  '\r',
  '\n',
  '\0',
  '\x01',
  '\x1f',
  '\x7f',
  'é',
  'e\u0301',
  '€',
  '🎉',
  '\u2028',
  '\ufeff',
  '\\u0041',
  '\\ud800',
  '\\n',
  '\\',
  '""',
  '%',
  '+',
  '&',
  '=',
  '#',
  '-',
  '0',
  '.',
].map((text) => Buffer.from(text));

/** What is not UTF-8: lone tails, overlong forms, surrogates, what lies above U+10FFFF, characters cut off. */
const NO_UTF8: readonly Buffer[] = [
  [0x80],
  [0xbf],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xc3],
  [0xc3, 0x22],
  [0xe0, 0x9f, 0xbf],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbf],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf0, 0x9f, 0x8e],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xff],
  [0xfe, 0xff],
].map((bytes) => Buffer.from(bytes));

type Mutation = (line: Buffer, random: Random, other: Buffer) => Buffer;

const cut = (line: Buffer, random: Random): number => random.integer(0, line.length);

function insert(line: Buffer, at: number, bytes: Buffer): Buffer {
  return Buffer.concat([line.subarray(0, at), bytes, line.subarray(at)]);
}

function replaceAt(line: Buffer, at: number, change: (byte: number) => number): Buffer {
  if (line.length === 0) return line;
  const changed = Buffer.from(line);
  const place = Math.min(at, line.length - 1);
  changed[place] = change(changed[place] ?? 0);
  return changed;
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

/** The first byte of a kind at or behind a random place. */
function place(line: Buffer, random: Random, isMeant: (byte: number) => boolean): number {
  const from = cut(line, random);
  const found = line.subarray(from).findIndex(isMeant);
  return found < 0 ? line.findIndex(isMeant) : from + found;
}

const MUTATIONS: readonly (readonly [weight: number, mutation: Mutation])[] = [
  [4, (line, random) => replaceAt(line, cut(line, random), (byte) => byte ^ (1 << random.integer(0, 7)))],
  [2, (line, random) => replaceAt(line, cut(line, random), () => random.integer(0, 255))],
  [4, (line, random) => insert(line, cut(line, random), random.pick(INSERTS))],
  [2, (line, random) => insert(line, cut(line, random), random.pick(NO_UTF8))],
  [
    3,
    (line, random) => {
      const at = cut(line, random);
      return Buffer.concat([line.subarray(0, at), line.subarray(at + random.integer(1, 4))]);
    },
  ],
  [
    2,
    (line, random) => {
      const at = cut(line, random);
      const [a, b] = [line.subarray(at, at + 1), line.subarray(at + 1, at + 2)];
      return Buffer.concat([line.subarray(0, at), b, a, line.subarray(at + 2)]);
    },
  ],
  // Another digit, or a few more of them.
  [
    4,
    (line, random) => {
      const at = place(line, random, isDigit);
      return at < 0 ? line : replaceAt(line, at, () => 0x30 + random.integer(0, 9));
    },
  ],
  [
    1,
    (line, random) => {
      const at = place(line, random, isDigit);
      return at < 0 ? line : insert(line, at, Buffer.from(random.text('0123456789', random.integer(1, 12))));
    },
  ],
  [
    2,
    (line, random) => {
      const at = place(line, random, isLetter);
      return at < 0 ? line : replaceAt(line, at, (byte) => byte ^ 0x20);
    },
  ],
  [1, (line) => Buffer.from(line.toString('latin1').toUpperCase(), 'latin1')],
  [2, (line, random) => line.subarray(0, cut(line, random))],
  // Two writers at once.
  [
    2,
    (line, random, other) =>
      Buffer.concat([line.subarray(0, cut(line, random)), other.subarray(cut(other, random))]),
  ],
  [1, (line, _, other) => Buffer.concat([line, other])],
  [
    2,
    (line, random) => {
      const from = cut(line, random);
      const part = line.subarray(from, from + random.integer(1, 60));
      return insert(line, from, Buffer.concat(Array.from({ length: random.integer(1, 3) }, () => part)));
    },
  ],
  // A member of a JSON object, a parameter of a query again, with what stands between two commas or ampersands.
  [
    2,
    (line, random) => {
      const mark = line.includes(0x26) && random.chance(0.5) ? 0x26 : 0x2c;
      const from = place(line, random, (byte) => byte === mark);
      const length = line.subarray(from + 1).indexOf(mark) + 1;
      const part = from < 0 || length === 0 ? line.subarray(0, 0) : line.subarray(from, from + length);
      const to = place(line, random, (byte) => byte === mark);
      return to < 0 ? line : insert(line, to, part);
    },
  ],
  [1, (line) => insert(line, 0, Buffer.from('\ufeff'))],
  [
    1,
    (line, random) =>
      insert(
        line,
        random.chance(0.5) ? 0 : line.length,
        Buffer.from(random.pick([' ', '\t', ' \r', '\v', '\u00a0'])),
      ),
  ],
];

const WEIGHTS = MUTATIONS.map(([weight]) => weight);

export function mutate(line: Buffer, random: Random, other: Buffer): Buffer {
  let mutated = line;
  do {
    mutated = MUTATIONS[random.weightedIndex(WEIGHTS)]?.[1](mutated, random, other) ?? mutated;
  } while (random.chance(0.25));
  return mutated;
}

/** Puts a very long run of one text into a line, where a value may stand. */
export function lengthen(line: Buffer, random: Random, length: number): Buffer {
  const unit = Buffer.from(
    random.pick(['x', 'ab', 'é', '🎉', '\\n', ' ', '"', '[', '{"a":', '\0', '0', '&a=b', ',']),
  );
  const run = Buffer.alloc(length, unit);
  return insert(line, place(line, random, isLetter) + 1, run);
}
