/** What `mapipe serve` does. */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { EXIT, MapipeError, type ExitCode } from '../errors.js';
import type { IngestRequest } from '../ingest/ingest-request.js';
import { renderAccounting } from '../report/render/accounting-text.js';
import { visible } from '../report/render/visible.js';
import { AllowedHosts, isLoopback } from '../serve/allowed-hosts.js';
import { createDemoFolder, Demo } from '../serve/demo.js';
import type { HttpSettings } from '../serve/http-server.js';
import { serve } from '../serve/serve.js';
import { Tokens } from '../serve/tokens.js';
import { openStore } from '../store/open-store.js';
import type { Store } from '../store/store.js';
import { OptionValues, type Invocation } from './command.js';
import { readConfig, type Config } from './config.js';
import { decodeOptions, inputFormat } from './decode-options.js';
import { bugReport, errorLine } from './error-line.js';
import { storePath, storeWait, timeZone } from './global-options.js';
import { namedInputs, type NamedInputs } from './named-inputs.js';
import { quoted } from './quoted.js';
import { DEFAULT_HOST, DEFAULT_PORT } from './serve.js';

const REPEAT_ERROR_MS = 10_000;

export async function runServe(invocation: Invocation): Promise<ExitCode> {
  const { version, options, terminal, environment, signal, inputs } = invocation;
  const { stderr } = terminal;
  const config = readConfig(process.cwd());
  const http = httpSettings(options, environment);
  const decode = decodeOptions(options, config);
  const zone = timeZone(options, environment, config);
  const isDemo = options.flag('demo') ?? false;
  if (isDemo && inputs.length > 0) {
    throw new MapipeError('MAPIPE_USAGE', '--demo shows simulated data only, so it takes no inputs', {
      hint: 'leave out one of the two',
    });
  }
  if (isDemo && options.text('store') !== null) {
    throw new MapipeError('MAPIPE_USAGE', '--demo has a store of its own, so it takes no --store', {
      hint: 'leave out one of the two',
    });
  }
  const named =
    inputs.length > 0 || options.flag('follow') === true ? await namedInputs(inputs, options) : null;
  const demoFolder = isDemo ? await createDemoFolder() : null;
  try {
    const location = demoFolder?.storePath ?? storePath(options, environment, config);
    const store = await openStore(location, storeWait(environment));
    const demo = isDemo ? await Demo.fill(store, decode, signal) : null;
    const server = await serve({
      store,
      http,
      decode,
      timeZone: zone,
      demo: isDemo,
      version,
      commands: commandsFor(location, environment, config),
      onError: reporter(invocation),
    });
    demo?.start((event) => server.submit(event));
    if (!options.flag('quiet')) await stderr.write(banner(server.url, location, isDemo, invocation));
    const ingesting = ingestMeanwhile(named, store, invocation, { decode, timeZone: zone });
    await stopped(signal);
    demo?.stop();
    if (!options.flag('quiet'))
      await stderr.write(stderr.style.dim('stopping: what was accepted is stored …\n'));
    await Promise.all([server.close(), ingesting]);
    await store.close();
  } finally {
    await demoFolder?.remove();
  }
  return EXIT.done;
}

function httpSettings(options: OptionValues, environment: NodeJS.ProcessEnv): HttpSettings {
  const host = options.text('host') ?? DEFAULT_HOST;
  const tokens = Tokens.read(
    environment,
    options.text('tokenFile') ?? (environment['MAPIPE_TOKEN_FILE'] || null),
  );
  if (!isLoopback(host) && !tokens.required) {
    throw new MapipeError(
      'MAPIPE_TOKEN_NEEDED',
      `--host ${host} lets others in, so it needs tokens: MAPIPE_READ_TOKEN, MAPIPE_INGEST_TOKEN or --token-file`,
      { hint: 'make one: openssl rand -hex 32' },
    );
  }
  return {
    host,
    port: portOf(options, environment),
    hosts: new AllowedHosts(host, options.texts('allowHost')),
    tokens,
    origins: options.texts('allowOrigin').map(originOf),
    requestsPerSecond: rateOf(options.text('rateLimit')),
  };
}

function portOf(options: OptionValues, environment: NodeJS.ProcessEnv): number {
  const [text, from] =
    options.text('port') !== null
      ? [options.text('port') ?? '', '--port']
      : [environment['PORT'] ?? '', 'PORT'];
  if (text === '' && from === 'PORT') return DEFAULT_PORT;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new MapipeError('MAPIPE_USAGE', `${from} expects a port from 0 to 65535, got ${text}`);
}

function originOf(text: string): string {
  try {
    const url = new URL(text);
    if (url.origin === text && /^https?:$/.test(url.protocol)) return text;
  } catch {
    // Told below.
  }
  throw new MapipeError('MAPIPE_USAGE', `--allow-origin expects scheme, host and port only, got ${text}`, {
    hint: 'for example https://dashboard.example.com',
  });
}

function rateOf(text: string | null): number | null {
  if (text === null) return null;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new MapipeError('MAPIPE_USAGE', `--rate-limit expects a whole number from 1, got ${text}`);
}

/** Reads the inputs into the store while the server runs; what goes wrong with them does not stop it. */
async function ingestMeanwhile(
  named: NamedInputs | null,
  store: Store,
  { options, terminal: { stderr }, signal }: Invocation,
  reading: Pick<IngestRequest, 'decode' | 'timeZone'>,
): Promise<void> {
  if (named === null) return;
  const isQuiet = options.flag('quiet') ?? false;
  try {
    const { summary, faults } = await named.read({
      inputs: named.paths,
      format: inputFormat(options),
      store,
      sourceName: named.sourceName,
      rejectsPath: null,
      signal,
      onNotice: (text) => void (isQuiet || stderr.write(`${stderr.style.dim(visible(text))}\n`)),
      ...reading,
    });
    for (const fault of faults) await stderr.write(errorLine(fault));
    if (!isQuiet && (faults.length === 0 || summary.lines > 0)) {
      await stderr.write(`${renderAccounting(summary, stderr.style)}\n`);
    }
  } catch (error) {
    await stderr.write(error instanceof MapipeError ? errorLine(error) : bugReport(error));
  }
}

function banner(
  url: string,
  location: string,
  isDemo: boolean,
  { terminal: { stderr } }: Invocation,
): string {
  const { style } = stderr;
  const store = isDemo
    ? 'sample data and simulated visitors, gone when this stops'
    : `store ${visible(location)}`;
  return `mapipe serves ${style.bold(url)}\n${style.dim(`${store}\nAPI ${url}/api/docs\nCtrl-C stops it`)}\n`;
}

/** The commands that a user of this store writes; `--store` only where another would be taken without it. */
function commandsFor(
  location: string,
  environment: NodeJS.ProcessEnv,
  config: Config,
): { ingest: string; report: string } {
  const byDefault = storePath(new OptionValues({}), { ...environment, MAPIPE_STORE: '' }, config);
  const store = location === byDefault ? '' : ` --store ${quoted(resolve(location))}`;
  return { ingest: `mapipe ingest FILE${store}`, report: `mapipe report${store}` };
}

/** Prints what goes wrong while it serves; the same again at most once in a while. */
function reporter({ terminal: { stderr } }: Invocation): (error: unknown) => void {
  const printedAtMs = new Map<string, number>();
  return (error) => {
    const text = error instanceof MapipeError ? errorLine(error) : bugReport(error);
    const now = performance.now();
    if (now - (printedAtMs.get(text) ?? -Infinity) < REPEAT_ERROR_MS) return;
    if (printedAtMs.size > 100) printedAtMs.clear();
    printedAtMs.set(text, now);
    void stderr.write(text);
  };
}

async function stopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
