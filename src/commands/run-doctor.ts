/** What `mapipe doctor` does. */
import { diagnose, type Diagnosis } from '../doctor/diagnosis.js';
import { answerParent, APART, examineApart } from '../doctor/examine-apart.js';
import { EXIT, type ExitCode } from '../errors.js';
import { loadDoctorRenderer } from '../report/render/doctor-formats.js';
import { openStore } from '../store/open-store.js';
import type { Invocation } from './command.js';
import { readConfig } from './config.js';
import { outputFormat, storePath, timeZone } from './global-options.js';
import { quoted } from './quoted.js';

export async function runDoctor({ options, terminal, environment, signal }: Invocation): Promise<ExitCode> {
  const config = readConfig(process.cwd());
  const format = outputFormat(options);
  const zone = timeZone(options, environment, config);
  const location = storePath(options, environment, config);
  if (environment[APART] !== undefined) {
    await answerParent(await openStore(location));
    return EXIT.done;
  }
  const [examination, renderer] = await Promise.all([
    examineApart(location, signal).catch(unlessAborted(signal)),
    loadDoctorRenderer(format),
  ]);
  if (examination === null) return EXIT.interrupted;
  const diagnosis = await diagnose(location, examination, signal);
  if (signal.aborted) return EXIT.interrupted;
  const { stdout, stderr } = terminal;
  const width = stdout.width === undefined ? {} : { width: stdout.width };
  await stdout.write(renderer.diagnosis(diagnosis, { ...width, style: stdout.style, timeZone: zone }));
  if (renderer.isInputsOnly && diagnosis.verdict !== 'sound') {
    const { renderFindings } = await import('../report/render/doctor-text.js');
    await stderr.write(`${renderFindings(diagnosis, { style: stderr.style, timeZone: zone })}\n`);
  }
  if (stderr.isTerminal && stdout.isTerminal && !options.flag('quiet') && diagnosis.verdict !== 'damaged') {
    await stderr.write(stderr.style.dim(`\nNext: mapipe ${nextCommand(diagnosis)}\n`));
  }
  return diagnosis.verdict === 'damaged' ? EXIT.failed : EXIT.done;
}

/** Whoever interrupts it wants to hear nothing of what that led to. */
function unlessAborted(signal: AbortSignal): (error: unknown) => null {
  return (error) => {
    if (signal.aborted) return null;
    throw error;
  };
}

/** Where something is unread, to read it. */
function nextCommand({ inputs }: Diagnosis): string {
  const unread = inputs.find(({ state }) => state === 'unread');
  if (!unread) return 'report';
  const source = unread.source === null ? '' : ` --source ${quoted(unread.source)}`;
  return `ingest ${quoted(unread.name)}${source}`;
}
