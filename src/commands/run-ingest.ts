/** What `mapipe ingest` does. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { DECODER_NAMES, type DecoderName } from '../decode/decoder.js';
import { EXIT, MapipeError, type ExitCode } from '../errors.js';
import type { IngestSummary } from '../ingest-summary.js';
import { STDIN } from '../input/expand-inputs.js';
import { renderAccounting } from '../report/render/accounting-text.js';
import { MAX_TERMINAL_ROWS } from '../report/render/report-view.js';
import { loadRenderer } from '../report/render/formats.js';
import { visible } from '../report/render/visible.js';
import { openStore } from '../store/open-store.js';
import type { Invocation, OptionValues } from './command.js';
import { readConfig } from './config.js';
import { decodeOptions, inputFormat } from './decode-options.js';
import { errorLine } from './error-line.js';
import { outputFormat, storePath, storeWait, timeZone } from './global-options.js';
import { namedInputs } from './named-inputs.js';
import { showProgress } from './progress.js';

export async function runIngest(invocation: Invocation): Promise<ExitCode> {
  const { inputs, options, terminal, environment, signal, help } = invocation;
  if (inputs.length === 0 && terminal.stdinIsTerminal()) {
    await terminal.stderr.write(help());
    return EXIT.usage;
  }
  const config = readConfig(process.cwd());
  const format = outputFormat(options);
  const maxErrorRate = errorRateOf(options.text('maxErrorRate'));
  const decode = decodeOptions(options, config);
  const zone = timeZone(options, environment, config);
  const named = inputs.length === 0 && options.flag('follow') !== true ? [STDIN] : inputs;
  const { paths, sourceName, follows, read } = await namedInputs(named, options);
  refuseRejectsIntoInput(options.text('rejects'), paths);
  const store =
    options.flag('store') === false
      ? null
      : await openStore(storePath(options, environment, config), {
          isBulk: !follows,
          ...storeWait(environment),
        });
  const progress = await showProgress(invocation, paths, {
    timeZone: zone,
    defaultCurrency: decode.defaultCurrency,
  });
  const { summary, faults } = await read({
    inputs: paths,
    format: inputFormat(options),
    decode,
    decoder: decoderOf(options),
    ...jobsOf(options.text('jobs')),
    store,
    sourceName,
    rejectsPath: options.text('rejects'),
    timeZone: zone,
    ...commitEventsOf(environment),
    signal,
    onStart: progress.start,
    onNotice: (text: string) => {
      progress.say(terminal.stderr.style.dim(visible(text)));
    },
  }).finally(async () => {
    progress.stop();
    // Also of an ingest that failed nothing is to be left beside the store.
    await store?.close();
  });

  const { stdout, stderr } = terminal;
  const { width } = stdout;
  const view = { style: stdout.style, width, maxRows: stdout.isTerminal ? MAX_TERMINAL_ROWS : undefined };
  const renderer = await loadRenderer(format);
  await stdout.writeAll(renderer.ingest(summary, view));
  // Where nothing could be read, the reason is all there is to say.
  const readNothing = faults.length > 0 && summary.lines === 0;
  if (!options.flag('quiet') && !readNothing) await stderr.write(closingNotes(summary, invocation));
  for (const fault of faults) await stderr.write(errorLine(fault));
  return exitCodeOf(summary, faults.length > 0, maxErrorRate);
}

function closingNotes(summary: IngestSummary, { terminal: { stderr, stdout }, options }: Invocation): string {
  const { style } = stderr;
  const notes = [stdout.isTerminal && summary.accepted > 0 ? '' : null, renderAccounting(summary, style)];
  if (summary.store !== null && !summary.resumable) {
    const after = summary.interrupted ? ', what came after is not' : '';
    notes.push(style.dim(`stdin cannot be read again: what is counted above is stored${after}`));
  }
  if (summary.interrupted && summary.store !== null && summary.resumable) {
    notes.push('run the same command again to go on where it stopped');
  }
  if (stderr.isTerminal && summary.store !== null && !summary.interrupted)
    notes.push(style.dim('\nNext: mapipe report'));
  if (options.flag('verbose') && summary.store !== null)
    notes.push(style.dim(`store: ${visible(summary.store)}`));
  return notes.filter((note) => note !== null).join('\n') + '\n';
}

function exitCodeOf(summary: IngestSummary, failed: boolean, maxErrorRate: number | null): ExitCode {
  if (summary.interrupted) return EXIT.interrupted;
  if (failed) return EXIT.failed;
  if (maxErrorRate !== null && summary.rejected > maxErrorRate * summary.lines) return EXIT.tooManyRejects;
  return EXIT.done;
}

/** Rejected lines added to the log they come from would be read again. */
function refuseRejectsIntoInput(rejects: string | null, inputs: readonly string[]): void {
  if (rejects === null || !existsSync(rejects)) return;
  const target = realpathSync(rejects);
  if (!statSync(target).isFile()) return;
  const same = inputs.find((input) => existsSync(input) && realpathSync(input) === target);
  if (same !== undefined)
    throw new MapipeError('MAPIPE_USAGE', `--rejects expects another file than the input, got ${same}`);
}

function jobsOf(text: string | null): { jobs?: number } {
  if (text === null) return {};
  if (/^[1-9]\d?$/.test(text)) return { jobs: Number(text) };
  throw new MapipeError('MAPIPE_USAGE', `--jobs expects a whole number from 1 to 99, got ${text}`);
}

function decoderOf(options: OptionValues): DecoderName {
  return DECODER_NAMES.find((name) => name === options.text('decoder')) ?? 'auto';
}

/** MAPIPE_COMMIT_EVENTS: smaller commits, for machines short of memory and for tests. */
function commitEventsOf(environment: NodeJS.ProcessEnv): { commitEvents?: number } {
  const text = environment['MAPIPE_COMMIT_EVENTS'];
  if (!text) return {};
  if (/^[1-9]\d{0,8}$/.test(text)) return { commitEvents: Number(text) };
  throw new MapipeError('MAPIPE_USAGE', `MAPIPE_COMMIT_EVENTS expects a whole number from 1, got ${text}`);
}

function errorRateOf(text: string | null): number | null {
  if (text === null) return null;
  const rate = Number(text);
  if (/^(\d+\.?\d*|\.\d+)$/.test(text) && rate <= 1) return rate;
  throw new MapipeError(
    'MAPIPE_USAGE',
    `--max-error-rate expects a share from 0 to 1 such as 0.01, got ${text}`,
  );
}
