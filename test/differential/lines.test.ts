/**
 * The kernel against the reference: generated and mutated lines, a million of them. `MAPIPE_DIFF_SEED` and
 * `MAPIPE_DIFF_LINES` choose which and how many; `MAPIPE_FUZZ_LINES=1000000` makes it as many of each format, also of
 * those that the reference alone reads. Each input has a seed of its own, told where it fails: that seed makes
 * the same input again, as the first one.
 */
import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../decode/decoding.js';
import { caseOf, type DrawnCase } from './cases.js';
import {
  accountFault,
  decodeByReference,
  differenceBetween,
  differenceOf,
  type Case,
} from './decode-both.js';
import { GENERATED_FORMATS, isKernels, KERNEL_FORMATS, type GeneratedFormat } from './kernel-formats.js';
import { shrink } from './shrink.js';

const SEED = Number(process.env['MAPIPE_DIFF_SEED'] ?? Date.now() % 2 ** 31);
const LINES_OF_A_FORMAT = Number(process.env['MAPIPE_FUZZ_LINES'] ?? 0);
const LINES =
  LINES_OF_A_FORMAT * KERNEL_FORMATS.length || Number(process.env['MAPIPE_DIFF_LINES'] ?? 1_000_000);
/** How many tests the lines of a format are shared out to. */
const PARTS = 10;
const REFERENCE_ONLY_LINES = LINES_OF_A_FORMAT || 20_000;

console.log(`differential test: MAPIPE_DIFF_SEED=${SEED} MAPIPE_DIFF_LINES=${LINES}`);

/** Cases of a format until so many lines have been drawn, each with its seed. */
function* cases(format: GeneratedFormat, firstSeed: number, lines: number): Iterable<[number, DrawnCase]> {
  let left = lines;
  for (let seed = firstSeed; left > 0; seed++) {
    const tried = caseOf(format, seed);
    yield [seed, tried];
    left -= tried.lines;
  }
}

/** Fails with the smallest input that can be found to differ. */
async function explain(
  tried: Case,
  seed: number,
  faultOf: (tried: Case) => Promise<string | null> = differenceOf,
): Promise<never> {
  const plain = { ...tried, cutSeed: 0 };
  const cases = [plain, tried];
  const differs = async (input: Buffer): Promise<boolean> => {
    for (const candidate of cases) if ((await faultOf({ ...candidate, input })) !== null) return true;
    return false;
  };
  const input = await shrink(tried.input, differs);
  const difference = (await faultOf({ ...plain, input })) ?? (await faultOf({ ...tried, input }));
  throw new Error(
    [
      `${tried.format}: ${difference}`,
      `input: ${JSON.stringify(input.toString('latin1').slice(0, 4_000))} (${input.length} bytes, one character a byte)`,
      `start: ${JSON.stringify(tried.start)}, ${tried.stepBytes} bytes a step, ${describeOptions(tried)}`,
      `again, as the first input: MAPIPE_DIFF_SEED=${seed} MAPIPE_DIFF_LINES=1`,
    ].join('\n'),
  );
}

/** Of a format that the kernel does not read: a wrong account, or another outcome where the bytes come in other chunks. */
async function referenceFault(tried: Case): Promise<string | null> {
  const cut = await decodeByReference(tried);
  const whole = await decodeByReference({ ...tried, cutSeed: 0 });
  return accountFault(whole, tried) ?? differenceBetween(whole, cut);
}

function describeOptions({ options }: Case): string {
  const { defaultCurrency, inputZone, includeBots, goals } = options;
  return `default currency ${defaultCurrency}, zone ${inputZone}, bots ${includeBots}, ${goals.length} goals`;
}

const headerOf = (format: GeneratedFormat): string => NAMES.join(format === 'tsv' ? '\t' : ',');
const NAMES = ['type', 'campaign_id', 'user_id'];

describe.each(GENERATED_FORMATS)('lines of %s', (format) => {
  it('are read by the kernel where KERNEL_FORMATS says so', () => {
    expect(isKernels(format, OPTIONS, headerOf(format)), 'kernel-formats.ts and kernelReads differ').toBe(
      KERNEL_FORMATS.includes(format),
    );
  });

  it('are left to the reference where the user says in which place of the line a field stands', () => {
    // Where a kernel learns to read these, `cases.ts` has to draw them.
    const fieldPaths = new Map([['user_id', 'visitor'] as const]);
    expect(isKernels(format, { ...OPTIONS, fieldPaths }, headerOf(format))).toBe(false);
  });

  if (!KERNEL_FORMATS.includes(format)) {
    it(
      `mean the same to the reference however they are cut, seed ${SEED}`,
      { timeout: 1_200_000 },
      async () => {
        for (const [seed, tried] of cases(format, SEED, REFERENCE_ONLY_LINES)) {
          if ((await referenceFault(tried)) !== null) await explain(tried, seed, referenceFault);
        }
      },
    );
    return;
  }

  const share = Math.ceil(LINES / KERNEL_FORMATS.length / PARTS);
  for (let part = 0; part < PARTS; part++) {
    const firstSeed = SEED + part * 1_000_000;
    it(`mean the same to kernel and reference, seed ${firstSeed}`, { timeout: 600_000 }, async () => {
      for (const [seed, tried] of cases(format, firstSeed, share)) {
        if ((await differenceOf(tried)) !== null) await explain(tried, seed);
      }
    });
  }
});
