/** Whole inputs, drawn from a seed: lines of a format, some of them mutated, with the line ends and options of chance. */
import type { DecodeOptions } from '../../src/decode/format.js';
import { parseGoal, type Goal } from '../../src/decode/goal.js';
import { createRandom, type Random } from '../../scripts/random.mjs';
import { OPTIONS } from '../decode/decoding.js';
import { accessLines, GOALS } from './access-lines.js';
import { csvLines } from './csv-lines.js';
import { STEP_BYTES, type Case } from './decode-both.js';
import type { GeneratedFormat } from './kernel-formats.js';
import { logfmtLines } from './logfmt-lines.js';
import { lengthen, mutate } from './mutate.js';
import { ndjsonLines, type LineMaker } from './ndjson-lines.js';
import { textLines } from './text-lines.js';
import type { Temper } from './values.js';

const TEMPERS: readonly Temper[] = [
  { odd: 0, nasty: 0 },
  { odd: 0.02, nasty: 0.002 },
  { odd: 0.1, nasty: 0.02 },
  { odd: 0.4, nasty: 0.1 },
];

/** How many lines a case has: what is remembered of shapes is limited, so many are short; a batch holds 30,720. */
const LINES: readonly (readonly [weight: number, lines: number])[] = [
  [4, 50],
  [4, 500],
  [8, 4_000],
  [1, 35_000],
];

/** A case, and how many lines were drawn for it. */
export interface DrawnCase extends Case {
  readonly lines: number;
}

/** The case of a seed. */
export function caseOf(format: GeneratedFormat, seed: number): DrawnCase {
  const random = createRandom(seed);
  const lines = LINES[random.weightedIndex(LINES.map(([weight]) => weight))]?.[1] ?? 1;
  const temper = random.pick(TEMPERS);
  const { header, line } = linesOf(format, random, temper);
  const input = inputOf({ header, line, lines, random, mutated: random.pick([0, 0.02, 0.3]) });
  const isLater = random.chance(0.2);
  return {
    lines,
    format,
    options: optionsOf(format, random),
    input,
    start: {
      offset: isLater ? random.integer(1, 2 ** 40) : 0,
      lines: isLater ? random.integer(1, 2 ** 31) : 0,
      firstLine: header ?? '',
      keepsOpenLine: random.chance(0.8),
    },
    stepBytes: random.pick([2048, 10_000, 1 << 16, 1 << 19, STEP_BYTES]),
    cutSeed: random.chance(0.1) ? 0 : random.integer(1, 2 ** 30),
  };
}

function linesOf(
  format: GeneratedFormat,
  random: Random,
  temper: Temper,
): { header: string | undefined; line: LineMaker } {
  switch (format) {
    case 'ndjson':
      return { header: undefined, line: ndjsonLines(random, temper) };
    case 'csv':
      return csvLines(random, temper, ',');
    case 'tsv':
      return csvLines(random, temper, '\t');
    case 'combined':
      return { header: undefined, line: accessLines(random, temper, true) };
    case 'common':
      return { header: undefined, line: accessLines(random, temper, false) };
    case 'logfmt':
      return { header: undefined, line: logfmtLines(random, temper) };
    case 'text':
      return { header: undefined, line: textLines(random, temper) };
  }
}

interface InputPlan {
  readonly header: string | undefined;
  readonly line: LineMaker;
  readonly lines: number;
  readonly random: Random;
  /** The share of lines to be mutated. */
  readonly mutated: number;
}

const BOM = Buffer.from('\ufeff');
const BLANK_LINES = ['', '', ' ', '\t \t', '\r', ' \r', '\u00a0', '\v\f', '\u2028'].map((text) =>
  Buffer.from(text),
);

function inputOf({ header, line, lines, random, mutated }: InputPlan): Buffer {
  const parts: Buffer[] = [];
  const [feed, carriage] = [Buffer.from('\n'), Buffer.from('\r\n')];
  const carriages = random.pick([0, 0, 1, 0.5]);
  const end = (): Buffer => (random.chance(carriages) ? carriage : feed);
  const blanks = random.pick([0, 0.001, 0.05]);
  if (random.chance(0.15)) parts.push(BOM);
  if (header !== undefined && random.chance(0.95)) parts.push(Buffer.from(header), end());
  let other: Buffer = feed;
  for (let i = 0; i < lines; i++) {
    if (random.chance(blanks)) parts.push(random.pick(BLANK_LINES), end());
    if (header !== undefined && random.chance(0.0005)) parts.push(Buffer.from(header), end());
    let bytes: Buffer = Buffer.from(line());
    if (random.chance(mutated)) bytes = mutate(bytes, random, other);
    if (random.chance(0.0001)) bytes = lengthen(bytes, random, random.integer(300, 70_000));
    other = bytes;
    parts.push(bytes, end());
  }
  if (random.chance(0.01)) parts.push(lengthen(other, random, (1 << 20) + random.integer(-200, 5000)), end());
  if (random.chance(0.3)) parts.push(mutate(other, random, other));
  return Buffer.concat(parts);
}

const PARSED_GOALS: readonly Goal[] = GOALS.map((text) => {
  const goal = parseGoal(text);
  if (typeof goal === 'string') throw new Error(goal);
  return goal;
});

/** Options that the kernel can have: where a field stands elsewhere (`fieldPaths`), the reference reads. */
function optionsOf(format: GeneratedFormat, random: Random): DecodeOptions {
  const isAccessLog = format === 'combined' || format === 'common';
  return {
    ...OPTIONS,
    ...(random.chance(0.3) ? { defaultCurrency: 'EUR' } : {}),
    ...(random.chance(0.04) ? { inputZone: 'Europe/Berlin' } : {}),
    ...(isAccessLog && random.chance(0.3) ? { includeBots: true } : {}),
    ...(isAccessLog && random.chance(0.6) ? { goals: PARSED_GOALS } : {}),
  };
}
