/** argv → program. The only place that ends the process or prints an error. */
import { readFileSync } from 'node:fs';
import { abandonment } from './abandonment.js';
import { bugReport, errorLine } from './commands/error-line.js';
import { runProgram } from './commands/program.js';
import { EXIT, MapipeError, systemErrorCode } from './errors.js';
import { armFaults } from './fail-point.js';
import { packageFile } from './package-files.js';

/** How long the work has to end in order once a signal came; what is not committed by then is read again next time. */
const GRACE_MS = 4_000;
/** How long threads have that wait for this one, to hear that it ends. */
const LEAVE_MS = 30;

// Whatever mapipe creates is the user's alone: logs and stores hold personal data.
process.umask(0o077);

process.stdout.on('error', (error: Error) => {
  // `| head` has read enough: that is success.
  if (systemErrorCode(error) === 'EPIPE') process.exit(EXIT.done);
  process.stderr.write(`mapipe: the output cannot be written: ${error.message}\n`);
  process.exit(EXIT.failed);
});
// With nobody to read them, messages go nowhere; the work goes on.
process.stderr.on('error', () => undefined);

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first one ends the work in order, the second one at once.
    if (interruption.signal.aborted) leave();
    interruption.abort();
    setTimeout(() => {
      process.stderr.write('mapipe: interrupted while waiting; run the same command again to go on\n');
      leave();
    }, GRACE_MS).unref();
  });
}

/** Ends the process as soon as no other thread waits for this one any more. */
function leave(): void {
  abandonment.abort();
  setTimeout(() => process.exit(EXIT.interrupted), LEAVE_MS);
}

// Not awaited here: the build is CommonJS.
void main();

async function main(): Promise<void> {
  // Should the run end without having come to its end.
  process.exitCode = EXIT.failed;
  try {
    armFaults(process.env);
    process.exitCode = await runProgram(process.argv.slice(2), {
      version: readVersion(),
      environment: process.env,
      stdout: process.stdout,
      stderr: process.stderr,
      stdinIsTerminal: () => process.stdin.isTTY,
      signal: interruption.signal,
    });
  } catch (error) {
    if (abandonment.signal.aborted) return;
    const known = error instanceof MapipeError;
    process.stderr.write(known ? errorLine(error) : bugReport(error));
    process.exitCode = known ? error.exitCode : EXIT.failed;
  }
  // To take memory apart that is about to go takes 20 ms after a large ingest.
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit();
}

/** Resolves when all that was written to a stream has gone out, or never will. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return String(version);
}
