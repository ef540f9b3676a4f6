/** `mapipe ingest`: reads logs into the store, and shows what they added. */
import { statSync } from 'node:fs';
import { DECODER_NAMES } from '../decode/decoder.js';
import { startWorkerEarly, usualJobs } from '../early-worker.js';
import { LARGE_FILE_BYTES } from '../large-file.js';
import type { CommandSpec, OptionValues } from './command.js';
import { DECODE_OPTIONS, INPUT_FORMAT_OPTION } from './decode-options.js';
import { FOLLOW_OPTION } from './follow-option.js';

export const ingest: CommandSpec = {
  name: 'ingest',
  summary: 'Read logs into the store and show what they add',
  examples: [
    ['mapipe ingest data/sample_logs.txt', 'a file; again, it adds nothing'],
    ['tail -f app.log | mapipe ingest', 'a live stream'],
    ['mapipe ingest --follow /var/log/nginx/access.log', 'and go on as it grows and is rotated'],
    [
      `mapipe ingest access.log* --goal '/thank-you?amount=total'`,
      'access logs, with a page that means a sale',
    ],
    ['mapipe ingest big.ndjson.gz --no-store --json', 'nothing stored'],
  ],
  argument: { name: '[inputs...]', description: 'files, globs or - for stdin; .gz is decompressed' },
  options: [
    INPUT_FORMAT_OPTION,
    FOLLOW_OPTION,
    { flags: '--no-store', description: 'store nothing: only count and show' },
    {
      flags: '--rejects <file>',
      description: 'add every rejected line to this file, with its reason and byte offset',
    },
    {
      flags: '--max-error-rate <share>',
      description: 'exit with 3 if a larger share of lines is rejected, such as 0.01',
    },
    {
      flags: '--decoder <name>',
      description: 'how lines are decoded: auto takes the fast kernel where it can; all give the same',
      choices: DECODER_NAMES,
    },
    {
      flags: '--jobs <n>',
      description: 'threads that decode a large file (default: one a processor, at most 8)',
    },
    { flags: '--source <name>', description: 'know the input again by this name, not by what it holds' },
    ...DECODE_OPTIONS,
  ],
  load: async (inputs, options) => {
    if (wantsWorkers(inputs, options)) startWorkerEarly();
    return (await import('./run-ingest.js')).runIngest;
  },
};

/** Whether a file is so large that several threads read it, most likely; of patterns nobody knows yet. */
function wantsWorkers(inputs: readonly string[], options: OptionValues): boolean {
  const jobs = options.text('jobs') ?? String(usualJobs());
  if (options.text('decoder') === 'reference' || jobs === '1') return false;
  return inputs.some((path) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= LARGE_FILE_BYTES);
}
