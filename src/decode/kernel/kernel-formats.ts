/** Which inputs the kernel can read, and what it has to know of each. */
import type { DecodeOptions, Format } from '../format.js';
import { areKernelGoals, isAccessLog } from './access-tables.js';
import type { Kernel } from './kernel.js';
import { csvHeaderOf } from './kernel-csv.js';

/** Whether the kernel can read an input of a format under these options; what it can not, the reference reads. */
export function kernelReads(format: Format, options: DecodeOptions, firstLine: string): boolean {
  if (options.fieldPaths.size > 0) return false;
  if (isAccessLog(format.name)) return areKernelGoals(options.goals);
  return format.name === 'ndjson' || csvHeaderOf(format, firstLine) !== null;
}

/** Sets a kernel to a format that it can read. */
export function setFormat(kernel: Kernel, format: Format, firstLine: string): void {
  const header = csvHeaderOf(format, firstLine);
  if (header) kernel.readDelimited(header);
  else if (isAccessLog(format.name)) kernel.readAccessLog();
  else kernel.readJson();
}
