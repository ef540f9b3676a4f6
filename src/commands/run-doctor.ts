/** What `mapipe doctor` does. */
import { diagnose, type Diagnosis } from '../doctor/diagnosis.js';
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
  const store = await openStore(storePath(options, environment, config));
  const [diagnosis, renderer] = await Promise.all([diagnose(store, signal), loadDoctorRenderer(format)]);
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

/** Where something is unread, to read it. */
function nextCommand({ inputs }: Diagnosis): string {
  const unread = inputs.find(({ state }) => state === 'unread');
  if (!unread) return 'report';
  const source = unread.source === null ? '' : ` --source ${quoted(unread.source)}`;
  return `ingest ${quoted(unread.name)}${source}`;
}
