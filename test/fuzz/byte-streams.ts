/** Whole inputs, spoilt as bytes: cut, spliced, repeated, overwritten, whatever lines that makes. */
import { createRandom, type Random } from '../../scripts/random.mjs';
import { caseOf } from '../differential/cases.js';
import { GENERATED_FORMATS, type GeneratedFormat } from '../differential/kernel-formats.js';

export interface ByteStream {
  readonly format: GeneratedFormat;
  readonly bytes: Buffer;
  /** How many lines were drawn for it. */
  readonly lines: number;
}

/** A spoilt input lies between these, so that a failure is soon made small. */
const MAX_BYTES = 4 << 20;

/** The stream of a seed. */
export function byteStreamOf(seed: number): ByteStream {
  const random = createRandom(seed);
  const format = random.pick(GENERATED_FORMATS);
  const { input, lines } = caseOf(format, seed);
  const other = caseOf(random.chance(0.5) ? format : random.pick(GENERATED_FORMATS), seed + 1);
  let bytes = input;
  do {
    bytes = random.pick(FAULTS)(bytes, random, other.input).subarray(0, MAX_BYTES);
  } while (random.chance(0.5));
  return { format, bytes, lines };
}

type Fault = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

/** Where in `bytes`, and how many of them: mostly few, now and then many. */
function part(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = random.integer(0, bytes.length);
  const length = random.integer(0, random.pick([1, 16, 1_000, 200_000]));
  return [from, Math.min(bytes.length, from + length)];
}

function replaced(bytes: Buffer, [from, to]: [number, number], by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]);
}

function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.integer(0, 255)));
}

const FAULTS: readonly Fault[] = [
  // The writer died, or the log begins in the middle.
  (bytes, random) => bytes.subarray(0, random.integer(0, bytes.length)),
  (bytes, random) => bytes.subarray(random.integer(0, bytes.length)),
  // A part is lost, or there twice, or many times.
  (bytes, random) => replaced(bytes, part(bytes, random), Buffer.alloc(0)),
  (bytes, random) => {
    const [from, to] = part(bytes, random);
    const times = random.pick([1, 1, 2, 30]);
    return replaced(
      bytes,
      [to, to],
      Buffer.concat(Array.from({ length: times }, () => bytes.subarray(from, to))),
    );
  },
  // Two writers in one file.
  (bytes, random, other) => replaced(bytes, part(bytes, random), other.subarray(...part(other, random))),
  (bytes, random, other) => Buffer.concat([bytes, other.subarray(random.integer(0, other.length))]),
  // A bad disk; pages of zeros after a crash.
  (bytes, random) => replaced(bytes, part(bytes, random), randomBytes(random, random.integer(0, 5_000))),
  (bytes, random) => replaced(bytes, part(bytes, random), Buffer.alloc(random.integer(0, 100_000))),
  (bytes, random) => {
    const spoilt = Buffer.from(bytes);
    for (let i = random.integer(1, 200); i > 0 && spoilt.length > 0; i--)
      spoilt[random.integer(0, spoilt.length - 1)] = random.integer(0, 255);
    return spoilt;
  },
  // Line ends of another system, or none.
  (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
  (bytes, random) => {
    const [from, to] = part(bytes, random);
    return replaced(
      bytes,
      [from, to],
      Buffer.from(bytes.toString('latin1', from, to).replaceAll('\n', ' '), 'latin1'),
    );
  },
];
