/** Loads the kernel, once a process; the module can be handed to workers as it is. */
import { readFileSync } from 'node:fs';
import type { DecodeOptions } from '../decode/format.js';
import type { BatchMaker, RowUse } from '../decode/kernel/batch-maker.js';
import { ColumnReader } from '../decode/kernel/column-reader.js';
import { packageFile } from '../package-files.js';
import type { Kernel } from '../decode/kernel/kernel.js';
import { createBatchMaker, createKernel } from '../decode/kernel/kernel-stage.js';

let loaded: WebAssembly.Module | undefined;

export function loadKernel(): WebAssembly.Module {
  loaded ??= new WebAssembly.Module(readFileSync(packageFile('dist/kernel.wasm')));
  return loaded;
}

/** A kernel that decodes nothing. */
export function createCountingKernel(): Kernel {
  return createKernel(loadKernel(), { use: 'counted', blockBytes: 0 }, COUNTING_OPTIONS);
}

/** A kernel that one input after the other can be read by, with the reader of what it copies out. */
export interface ReadyKernel {
  readonly batches: BatchMaker;
  readonly columns: ColumnReader;
}

/** What lines mean is of no matter to a kernel that reads none. */
const COUNTING_OPTIONS: DecodeOptions = {
  defaultCurrency: 'USD',
  inputZone: 'UTC',
  fieldPaths: new Map(),
  goals: [],
  includeBots: false,
  receivedAtMicros: () => 0n,
};

const MAX_IDLE = 2;
const idle: { readonly rules: string; readonly kernel: ReadyKernel }[] = [];

/** A kernel set up for these options: one that was given back, if there is any. */
export function takeKernel(use: RowUse, options: DecodeOptions): ReadyKernel {
  const rules = rulesOf(use, options);
  const at = idle.findIndex((one) => one.rules === rules);
  const [found] = at < 0 ? [] : idle.splice(at, 1);
  return (
    found?.kernel ?? { batches: createBatchMaker(loadKernel(), use, options), columns: new ColumnReader() }
  );
}

/** To be called once all that the kernel has counted was taken. */
export function giveKernelBack(use: RowUse, options: DecodeOptions, kernel: ReadyKernel): void {
  if (kernel.batches.takeSums() !== null) return;
  idle.push({ rules: rulesOf(use, options), kernel });
  if (idle.length > MAX_IDLE) idle.shift();
}

function rulesOf(use: RowUse, { defaultCurrency, inputZone, includeBots, goals }: DecodeOptions): string {
  return JSON.stringify([use, defaultCurrency, inputZone, includeBots, goals.map(({ text }) => text)]);
}
