/** The formats that the kernel reads. Extend it as kernels land: the tests fail where this and `kernelReads` differ. */
import type { DecodeOptions, FormatName } from '../../src/decode/format.js';
import { formatNamed } from '../../src/decode/formats.js';
import { kernelReads } from '../../src/decode/kernel/kernel-formats.js';

export const KERNEL_FORMATS: readonly FormatName[] = ['ndjson', 'csv', 'tsv', 'combined', 'common'];

/** The formats that lines are generated of. */
export const GENERATED_FORMATS = [
  'ndjson',
  'csv',
  'tsv',
  'combined',
  'common',
  'logfmt',
  'text',
] as const satisfies readonly FormatName[];
export type GeneratedFormat = (typeof GENERATED_FORMATS)[number];

export function isKernels(format: FormatName, options: DecodeOptions, firstLine: string): boolean {
  return KERNEL_FORMATS.includes(format) && kernelReads(formatNamed(format), options, firstLine);
}
